package bitbucket

import (
	"context"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// Compare implements driver.Comparer.
func (r *Repo) Compare(ctx context.Context, base, head string) (driver.Comparison, error) {
	if err := ctx.Err(); err != nil {
		return driver.Comparison{}, cmserr.From(err)
	}
	var c driver.Comparison
	steps := []func(context.Context) error{
		func(ctx context.Context) (err error) {
			c.MergeBase, err = r.mergeBase(ctx, base, head)
			return err
		},
		func(ctx context.Context) (err error) {
			c.Files, err = r.diffstat(ctx, head, base, sinceTheyParted, 0)
			return err
		},
	}
	err := rest.Together(ctx, len(steps), func(ctx context.Context, i int) error { return steps[i](ctx) })
	if err != nil {
		return driver.Comparison{}, err
	}
	identify(c.Files, head, c.MergeBase)
	return c, nil
}

// mergeBase is the newest commit that two have in common.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/#api-repositories-workspace-repo-slug-merge-base-revspec-get
func (r *Repo) mergeBase(ctx context.Context, base, head string) (string, error) {
	spec := rest.EscapeSegment(head) + ".." + rest.EscapeSegment(base)
	v, err := r.api.Get(ctx, r.path("merge-base", spec)+"?fields=hash")
	if err != nil {
		return "", err
	}
	id := v.Get("hash").String()
	if id == "" {
		return "", misshapen("commit")
	}
	return id, nil
}

// identify names what files hold at head, and what they held at base; "" for a base that
// is not known.
func identify(files []driver.FileDiff, head, base string) {
	for i := range files {
		f := &files[i]
		if f.Status != driver.Deleted {
			f.ID = idOf(head, f.Path, false)
		}
		old := f.Path
		if f.Status == driver.Renamed {
			old = f.OldPath
		}
		if f.Status != driver.Added && base != "" {
			f.OldID = idOf(base, old, false)
		}
	}
}

// PullFiles implements driver.PullFiler. It spares the merge base of each.
func (r *Repo) PullFiles(ctx context.Context, pulls []driver.Pull) ([][]driver.FileDiff, error) {
	if err := ctx.Err(); err != nil {
		return nil, cmserr.From(err)
	}
	bases := map[string]string{}
	for _, p := range pulls {
		bases[p.Base] = ""
	}
	for branch := range bases {
		head, err := r.headNow(ctx, branch)
		if err != nil {
			return nil, err
		}
		bases[branch] = head
	}
	files := make([][]driver.FileDiff, len(pulls))
	err := rest.Together(ctx, len(pulls), func(ctx context.Context, i int) (err error) {
		files[i], err = r.diffstat(ctx, pulls[i].HeadCommit, bases[pulls[i].Base], sinceTheyParted, 0)
		identify(files[i], pulls[i].HeadCommit, "")
		return err
	})
	if err != nil {
		return nil, err
	}
	return files, nil
}
