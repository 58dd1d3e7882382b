package backends

import (
	"context"
	"strings"

	"mooring/backends/cms"
)

// Media implements cms.Media. An empty folder is the configured one.
func (b *Backend) Media(ctx context.Context, q cms.MediaQuery) ([]cms.MediaFile, error) {
	const op = "getMedia"
	if q.Folder == "" {
		q.Folder = b.cfg.MediaFolder
	}
	var err error
	if q.Folder, err = cleanFolder(op, "mediaFolder", q.Folder); err != nil {
		return nil, b.at(err, op, q.Folder)
	}
	files, err := b.svc.Media(ctx, q)
	return files, b.at(err, op, q.Folder)
}

// MediaFile implements cms.Media.
func (b *Backend) MediaFile(ctx context.Context, path string) (cms.MediaFile, error) {
	const op = "getMediaFile"
	p, err := cleanPath(op, "path", path)
	if err != nil {
		return cms.MediaFile{}, b.at(err, op, path)
	}
	file, err := b.svc.MediaFile(ctx, p)
	return file, b.at(err, op, p)
}

// Thumbnail implements cms.Thumbnailer. Where nothing can be shown smaller, it is
// MediaFile.
func (b *Backend) Thumbnail(ctx context.Context, path string) (cms.MediaFile, error) {
	const op = "getMediaDisplayURL"
	p, err := cleanPath(op, "path", path)
	if err != nil {
		return cms.MediaFile{}, b.at(err, op, path)
	}
	read := b.svc.MediaFile
	if t, ok := b.svc.(cms.Thumbnailer); ok {
		read = t.Thumbnail
	}
	file, err := read(ctx, p)
	return file, b.at(err, op, p)
}

// PersistMedia implements cms.Media.
func (b *Backend) PersistMedia(ctx context.Context, a cms.Asset, message string) (cms.MediaFile, error) {
	const op = "persistMedia"
	p, err := cleanPath(op, "path", a.Path)
	if err == nil && strings.HasSuffix(a.Path, "/") {
		err = invalid(op, "path", quote(a.Path)+" has no file name")
	}
	if err != nil {
		return cms.MediaFile{}, b.at(err, op, a.Path)
	}
	a.Path = p
	var file cms.MediaFile
	err = b.write(ctx, func() error {
		file, err = b.svc.PersistMedia(ctx, a, message)
		return err
	})
	return file, b.at(err, op, p)
}
