package backends

import (
	"context"
	"path"

	"mooring/backends/cms"
	"mooring/backends/content"
	"mooring/backends/driver"
)

// folderMarker is what the CMS puts into a new media folder, since Git keeps no
// empty ones.
const folderMarker = ".gitkeep"

// Media implements cms.Media. A folder that does not exist has no files.
func (r *Repository) Media(ctx context.Context, q cms.MediaQuery) ([]cms.MediaFile, error) {
	head, err := r.head(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := r.trees.list(ctx, head, q.Folder, false)
	if err != nil {
		return nil, err
	}
	files := make([]cms.MediaFile, 0, len(entries))
	for _, e := range entries {
		shown := e.IsFile() && path.Base(e.Path) != folderMarker
		if shown || e.IsDir() && q.Subfolders {
			files = append(files, mediaFile(e, nil))
		}
	}
	return files, nil
}

func mediaFile(e driver.TreeEntry, file content.Content) cms.MediaFile {
	size := e.Size
	switch {
	case file != nil:
		size = file.Size()
	case e.IsDir():
		size = -1
	}
	return cms.MediaFile{ID: e.ID, Name: path.Base(e.Path), Path: e.Path, Size: size, IsDir: e.IsDir(), Content: file}
}

// MediaFile implements cms.Media.
func (r *Repository) MediaFile(ctx context.Context, path string) (cms.MediaFile, error) {
	head, err := r.head(ctx)
	if err != nil {
		return cms.MediaFile{}, err
	}
	e, file, err := r.readFile(ctx, head, path)
	if err != nil {
		return cms.MediaFile{}, err
	}
	return mediaFile(e, file), nil
}

// Thumbnail implements cms.Thumbnailer.
func (r *Repository) Thumbnail(ctx context.Context, path string) (cms.MediaFile, error) {
	shrinker, ok := r.d.(driver.Thumbnailer)
	if !ok {
		return r.MediaFile(ctx, path)
	}
	head, err := r.head(ctx)
	if err != nil {
		return cms.MediaFile{}, err
	}
	e, err := r.find(ctx, head, path)
	if err != nil {
		return cms.MediaFile{}, err
	}
	ref := driver.BlobRef{ID: e.ID, Path: path, Commit: head}
	data, err := r.blobs.read(ctx, []driver.BlobRef{ref})
	if err != nil {
		return cms.MediaFile{}, err
	}
	p, large := parsePointer(data[0])
	if !large {
		return mediaFile(e, content.Bytes(data[0])), nil
	}
	r.pointers.add(ref)
	small, err := shrinker.Thumbnail(ctx, p, ref)
	if err != nil {
		return cms.MediaFile{}, err
	}
	return mediaFile(e, small), nil
}

// PersistMedia implements cms.Media.
func (r *Repository) PersistMedia(ctx context.Context, a cms.Asset, message string) (cms.MediaFile, error) {
	head, err := r.head(ctx)
	if err != nil {
		return cms.MediaFile{}, err
	}
	if a.Content == nil {
		a.Content = content.Bytes(nil)
	}
	p, err := r.plan(ctx, base{head, published}, cms.EntryDraft{Assets: []cms.Asset{a}}, false)
	if err != nil {
		return cms.MediaFile{}, err
	}
	head, err = r.commit(ctx, driver.Commit{
		Branch:       r.cfg.branch(),
		ExpectedHead: head,
		Message:      messageOr(message, "Upload "+a.Path),
		Changes:      p.changes,
	}, p.large)
	if err != nil {
		return cms.MediaFile{}, err
	}
	return mediaFile(r.stored(ctx, head, a.Path), a.Content), nil
}

// stored is the tree's entry of a file that was just written, by a commit that some hosts
// don't tell. The file is safe even if it can't be looked up; then its path has to name it.
func (r *Repository) stored(ctx context.Context, commit, path string) driver.TreeEntry {
	if commit == "" {
		if head, err := r.head(ctx); err == nil {
			commit = head
		}
	}
	found, err := r.trees.lookup(ctx, commit, []string{path})
	if e, ok := found[path]; err == nil && ok {
		return e
	}
	return driver.TreeEntry{ID: path, Path: path, Mode: driver.ModeRegular, Size: -1}
}
