//go:build js && wasm

package jsbackend

import (
	"context"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/content"
	"mooring/wasm/bridge"
)

func getMedia(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	q := cms.MediaQuery{
		Folder: d.OptString("folder"), Subfolders: d.OptBool("folderSupport"),
		Public: d.OptString("publicFolder"),
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	files, err := b.Media(ctx, q)
	if err != nil {
		return nil, err
	}
	return array(func(j *bridge.JSON) {
		for _, f := range files {
			j.Object(func() { mediaFields(j, f) })
		}
	}), nil
}

func getMediaFile(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	path := d.String("path")
	if err := d.Err(); err != nil {
		return nil, err
	}
	return encodeMediaFile(b.MediaFile(ctx, path))
}

func getMediaThumbnail(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	path := d.String("path")
	if err := d.Err(); err != nil {
		return nil, err
	}
	return encodeMediaFile(b.Thumbnail(ctx, path))
}

func persistMedia(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	asset, message := decodeAsset(d.Object("asset")), d.String("message")
	if err := d.Err(); err != nil {
		return nil, err
	}
	f, err := b.PersistMedia(ctx, asset, message)
	f.Content = nil // the page has it already
	return encodeMediaFile(f, err)
}

func encodeMediaFile(f cms.MediaFile, err error) (*bridge.Result, error) {
	if err != nil {
		return nil, err
	}
	r := object(func(j *bridge.JSON) { mediaFields(j, f) })
	if f.Content != nil {
		r.Blobs = []content.Content{f.Content}
	}
	return r, nil
}

func mediaFields(j *bridge.JSON, f cms.MediaFile) {
	j.Field("id").String(f.ID)
	j.Field("name").String(f.Name)
	j.Field("path").String(f.Path)
	j.Field("isDirectory").Bool(f.IsDir)
	if f.Size >= 0 && !f.IsDir {
		j.Field("size").Int(int(f.Size))
	}
}
