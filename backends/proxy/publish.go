package proxy

import (
	"context"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// PublishDraft merges a draft and removes it. The servers merge into whatever
// branch is checked out, and say that all went well: that the published branch
// changed is looked up, and an error if it did not.
func (c *Client) PublishDraft(ctx context.Context, key cms.Key) error {
	return c.do(ctx, actPublish, "", func() error {
		before, err := c.published(ctx, key)
		if err != nil {
			return err
		}
		err = c.done(ctx, c.o.Branch, actPublish, func(j *rest.JSON) { writeKey(j, key) })
		if err != nil {
			return c.because(ctx, key, err)
		}
		defer c.forgetBranch(draftBranch(key))
		return c.verifyPublished(ctx, key, before)
	})
}

// published reads what the published branch has at the paths that a draft changes.
// A draft without changes has none.
func (c *Client) published(ctx context.Context, key cms.Key) ([]entry, error) {
	answer, err := c.call(ctx, actDraft, func(j *rest.JSON) { writeKey(j, key) })
	if failedInside(err) {
		return nil, c.mustExist(ctx, key)
	}
	if err != nil {
		return nil, err
	}
	draft, ok := decodeDraft(answer)
	if !ok {
		return nil, c.misshapen(actDraft)
	}
	if len(draft.Diffs) == 0 {
		return nil, nil
	}
	return c.readAgain(ctx, draft.Diffs)
}

func (c *Client) readAgain(ctx context.Context, diffs []cms.Diff) ([]entry, error) {
	files := make([]cms.File, len(diffs))
	for i, d := range diffs {
		files[i].Path = d.Path
	}
	all, err := c.files(ctx, c.o.Branch, files)
	for i := range all {
		all[i].Path = files[i].Path
	}
	return all, err
}

// verifyPublished checks that a file changed, and carries the editor's notes over
// from the draft: its text is what they have before them.
func (c *Client) verifyPublished(ctx context.Context, key cms.Key, before []entry) error {
	if len(before) == 0 {
		return nil
	}
	diffs := make([]cms.Diff, len(before))
	for i, e := range before {
		diffs[i].Path = e.Path
	}
	after, err := c.readAgain(ctx, diffs)
	if err != nil {
		return err
	}
	changed := false
	for i, e := range after {
		changed = changed || e.exists != before[i].exists || e.ID != before[i].ID || e.Data != before[i].Data
		if n := c.noted(draftBranch(key), e.Path); n != nil {
			c.notes[noteKey{c.o.Branch, e.Path}] = n
		} else {
			delete(c.notes, noteKey{c.o.Branch, e.Path})
		}
	}
	if changed {
		return nil
	}
	return cmserr.New(cmserr.Unknown, "The proxy server at "+c.origin()+" says that it published the entry, but "+
		c.o.Branch+" did not change. It merges into the branch that is checked out: check out "+c.o.Branch+
		" in the repository, and merge the entry's commits there by hand.")
}
