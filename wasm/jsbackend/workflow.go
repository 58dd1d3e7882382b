//go:build js && wasm

package jsbackend

import (
	"context"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/wasm/bridge"
)

func unpublishedEntries(ctx context.Context, b *backends.Backend, _ *bridge.Decoder) (*bridge.Result, error) {
	keys, err := b.Drafts(ctx)
	if err != nil {
		return nil, err
	}
	return array(func(j *bridge.JSON) {
		for _, key := range keys {
			j.String(key)
		}
	}), nil
}

// unpublishedEntry takes {id} (a content key) or {collection, slug}. The CMS's board
// asks by id, for each entry that was just listed; its editor by collection and slug,
// and must hear what is there now.
func unpublishedEntry(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	key := cms.Key{Collection: d.OptString("collection"), Slug: d.OptString("slug")}
	tell := b.Draft
	if id := d.OptString("id"); id != "" {
		var ok bool
		if key, ok = cms.ParseKey(id); !ok {
			return nil, cmserr.New(cmserr.Invalid,
				"unpublishedEntry: id must be of the form collection/slug.")
		}
		tell = b.ListedDraft
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	draft, err := tell(ctx, key)
	if err != nil {
		return nil, err
	}
	return object(func(j *bridge.JSON) { draftFields(j, draft) }), nil
}

func draftFields(j *bridge.JSON, draft cms.Draft) {
	j.Field("collection").String(draft.Collection)
	j.Field("slug").String(draft.Slug)
	j.Field("status").String(draft.Status)
	j.Field("updatedAt").String(draft.UpdatedAt)
	j.FieldIf("pullRequestAuthor", draft.Author)
	j.Field("openAuthoring").Bool(draft.OpenAuthoring)
	j.Field("diffs").Array(func() {
		for _, diff := range draft.Diffs {
			j.Object(func() {
				j.Field("id").String(diff.ID)
				j.Field("path").String(diff.Path)
				j.Field("newFile").Bool(diff.NewFile)
			})
		}
	})
}

func unpublishedEntryDataFile(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	key, path, id := decodeKey(d), d.String("path"), d.OptString("id")
	if err := d.Err(); err != nil {
		return nil, err
	}
	text, err := b.DraftData(ctx, key, path, id)
	if err != nil {
		return nil, err
	}
	return &bridge.Result{Texts: []string{text}}, nil
}

func unpublishedEntryMediaFile(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	key, path, id := decodeKey(d), d.String("path"), d.OptString("id")
	if err := d.Err(); err != nil {
		return nil, err
	}
	return encodeMediaFile(b.DraftMedia(ctx, key, path, id))
}

func updateUnpublishedEntryStatus(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	key, status := decodeKey(d), d.String("status")
	if err := d.Err(); err != nil {
		return nil, err
	}
	return nil, b.SetDraftStatus(ctx, key, status)
}

func publishUnpublishedEntry(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	key := decodeKey(d)
	if err := d.Err(); err != nil {
		return nil, err
	}
	return nil, b.PublishDraft(ctx, key)
}

func deleteUnpublishedEntry(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	key := decodeKey(d)
	if err := d.Err(); err != nil {
		return nil, err
	}
	return nil, b.DeleteDraft(ctx, key)
}

// getDeployPreview answers null where there is no preview.
func getDeployPreview(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	key := decodeKey(d)
	if err := d.Err(); err != nil {
		return nil, err
	}
	preview, err := b.DeployPreview(ctx, key)
	if err != nil || preview == nil {
		return nil, err
	}
	return object(func(j *bridge.JSON) {
		j.Field("url").String(preview.URL)
		j.Field("status").String(preview.Status)
	}), nil
}

func decodeKey(d *bridge.Decoder) cms.Key {
	return cms.Key{Collection: d.String("collection"), Slug: d.String("slug")}
}
