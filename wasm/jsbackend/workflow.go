//go:build js && wasm

package jsbackend

import (
	"context"
	"sync"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/wasm/bridge"
)

// unpublishedEntries answers with each draft as it was listed: the CMS's board asks for all
// of them next, one by one, and for their texts. One that can't be told of is its own
// error: [{collection, slug, …} | {collection, slug, error}]. The texts come in the order
// of the files of all of them that say they have one.
func unpublishedEntries(ctx context.Context, b *backends.Backend, _ *bridge.Decoder) (*bridge.Result, error) {
	ids, err := b.Drafts(ctx)
	if err != nil {
		return nil, err
	}
	drafts := make([]cms.Draft, len(ids))
	errs := together(len(ids), func(i int) (err error) {
		key, _ := cms.ParseKey(ids[i])
		drafts[i], err = b.ListedDraft(ctx, key)
		drafts[i].Key = key
		return err
	})
	r := array(func(j *bridge.JSON) {
		for i, draft := range drafts {
			j.Object(func() {
				draftFields(j, draft)
				if errs[i] != nil {
					j.Field("error").Error(errs[i])
				}
			})
		}
	})
	for _, draft := range drafts {
		for _, diff := range draft.Diffs {
			if diff.Text != nil {
				r.Texts = append(r.Texts, *diff.Text)
			}
		}
	}
	return r, nil
}

// unpublishedEntry takes {collection, slug}, as the CMS's editor asks, which must hear
// what is there now.
func unpublishedEntry(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	key := decodeKey(d)
	if err := d.Err(); err != nil {
		return nil, err
	}
	draft, err := b.Draft(ctx, key)
	if err != nil {
		return nil, err
	}
	return object(func(j *bridge.JSON) { draftFields(j, draft) }), nil
}

// draftTexts takes {files}, for each its collection, slug, path and id ("" for none),
// packed: the board asks for the text of each draft, all in one turn. It answers
// the texts, and [{} | {error}] beside them.
func draftTexts(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	files := d.Packed("files", 4)
	if err := d.Err(); err != nil {
		return nil, err
	}
	texts := make([]string, len(files)/4)
	errs := together(len(texts), func(i int) (err error) {
		f := files[4*i : 4*i+4]
		texts[i], err = b.DraftData(ctx, cms.Key{Collection: f[0], Slug: f[1]}, f[2], f[3])
		return err
	})
	r := array(func(j *bridge.JSON) {
		for _, err := range errs {
			j.Object(func() {
				if err != nil {
					j.Field("error").Error(err)
				}
			})
		}
	})
	r.Texts = texts
	return r, nil
}

// draftFile is a file of a draft.
type draftFile struct {
	key      cms.Key
	path, id string
}

func decodeDraftFile(d *bridge.Decoder) draftFile {
	return draftFile{decodeKey(d), d.String("path"), d.OptString("id")}
}

// together does n things at the same time. A panic in one is its error.
func together(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			defer func() {
				if cause := cmserr.Panicked(recover()); cause != nil {
					errs[i] = cause
				}
			}()
			errs[i] = do(i)
		})
	}
	wg.Wait()
	return errs
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
				if diff.Text != nil {
					j.Field("text").Bool(true)
				}
			})
		}
	})
}

func unpublishedEntryMediaFile(ctx context.Context, b *backends.Backend, d *bridge.Decoder) (*bridge.Result, error) {
	f := decodeDraftFile(d)
	if err := d.Err(); err != nil {
		return nil, err
	}
	return encodeMediaFile(b.DraftMedia(ctx, f.key, f.path, f.id))
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
