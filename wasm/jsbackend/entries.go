//go:build js && wasm

package jsbackend

import (
	"context"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/wasm/bridge"
)

func entriesByFolder(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	q := cms.FolderQuery{
		Folder: d.String("folder"), Extension: d.OptString("extension"), Depth: d.OptInt("depth"),
		Offset: d.OptInt("offset"), Limit: d.OptInt("limit"),
		Metadata: d.OptBool("metadata"),
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	page, err := b.EntriesByFolder(ctx, q)
	if err != nil {
		return nil, err
	}
	return encodeEntries(page), nil
}

func entriesByFiles(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	var files []cms.File
	d.Each("files", func(f *bridge.Decoder) {
		files = append(files, cms.File{
			Path: f.String("path"), Label: f.OptString("label"), Metadata: f.OptBool("metadata"),
		})
	})
	if err := d.Err(); err != nil {
		return nil, err
	}
	entries, err := b.EntriesByFiles(ctx, files)
	if err != nil {
		return nil, err
	}
	return encodeEntries(cms.Page{Entries: entries, Total: len(entries)}), nil
}

func getEntry(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	path := d.String("path")
	if err := d.Err(); err != nil {
		return nil, err
	}
	entry, err := b.Entry(ctx, path)
	if err != nil {
		return nil, err
	}
	return encodeEntries(cms.Page{Entries: []cms.Entry{entry}, Total: 1}), nil
}

// encodeEntries puts the files' texts beside their descriptions, in their order.
func encodeEntries(page cms.Page) *bridge.Result {
	r := &bridge.Result{Texts: make([]string, len(page.Entries))}
	j := &r.Meta
	j.Object(func() {
		j.Field("total").Int(page.Total)
		j.Field("more").Bool(page.More)
		j.Field("files").Array(func() {
			for i, e := range page.Entries {
				r.Texts[i] = e.Data
				j.Object(func() {
					j.Field("path").String(e.Path)
					j.FieldIf("label", e.Label)
					j.FieldIf("id", e.ID)
					j.FieldIf("author", e.Author)
					j.FieldIf("updatedOn", e.UpdatedOn)
				})
			}
		})
	})
	return r
}

func persistEntry(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	var draft cms.EntryDraft
	entry := d.Object("entry")
	entry.Each("dataFiles", func(f *bridge.Decoder) {
		draft.Files = append(draft.Files, cms.DataFile{
			Path: f.String("path"), Slug: f.OptString("slug"), Raw: f.String("raw"),
			NewPath: f.OptString("newPath"),
		})
	})
	entry.Each("assets", func(a *bridge.Decoder) { draft.Assets = append(draft.Assets, decodeAsset(a)) })
	options := d.Object("options")
	o := cms.PersistOptions{
		NewEntry: options.OptBool("newEntry"), Message: options.String("commitMessage"),
		Collection: options.OptString("collectionName"), UseWorkflow: options.OptBool("useWorkflow"),
		Status: options.OptString("status"),
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	return nil, b.PersistEntry(ctx, draft, o)
}

func deleteFiles(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	paths, message := d.Strings("paths"), d.String("message")
	if err := d.Err(); err != nil {
		return nil, err
	}
	return nil, b.DeleteFiles(ctx, paths, message)
}

func decodeAsset(d *bridge.Decoder) cms.Asset {
	return cms.Asset{Path: d.String("path"), Content: d.Content("data")}
}
