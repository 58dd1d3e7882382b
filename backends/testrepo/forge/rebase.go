package forge

import (
	"context"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// Rebasing is the View of a host that also rebases pull requests by itself.
type Rebasing struct{ *View }

var _ driver.Rebaser = Rebasing{}

// Rebase implements driver.Rebaser. It makes one commit of all.
func (v Rebasing) Rebase(ctx context.Context, number int, expectedHead string) (string, error) {
	var head string
	err := v.change(ctx, "Rebase", func() error {
		p, err := v.find(ctx, number)
		switch {
		case err != nil:
			return err
		case p.Number == 0:
			return cmserr.New(cmserr.NotFound, "There is no such pull request.")
		case p.HeadCommit != expectedHead:
			return cmserr.New(cmserr.Conflict, "The branch '"+p.Head+"' has changed meanwhile.")
		}
		head, err = v.f.rebase(ctx, p)
		return err
	})
	return head, err
}

// rebase puts what a pull request changes on top of its base. The lock is held.
func (f *Forge) rebase(ctx context.Context, p driver.Pull) (string, error) {
	base, err := f.Repo.Head(ctx, p.Base)
	if err != nil {
		return "", err
	}
	ours, err := f.Repo.Compare(ctx, base, p.HeadCommit)
	if err != nil || ours.MergeBase == base {
		return p.HeadCommit, err
	}
	theirs, err := f.Repo.Compare(ctx, p.HeadCommit, base)
	if err != nil {
		return "", err
	}
	for _, a := range ours.Files {
		for _, b := range theirs.Files {
			if a.Path == b.Path || a.OldPath == b.Path || a.Path == b.OldPath {
				return "", cmserr.New(cmserr.Conflict, "Both branches changed '"+b.Path+"'.")
			}
		}
	}
	c := driver.Commit{Branch: p.Head, ExpectedHead: p.HeadCommit, Base: base, Message: p.Title}
	if c.Changes, err = f.changes(ctx, ours.Files, p.HeadCommit); err != nil {
		return "", err
	}
	done, err := f.Repo.Commit(ctx, c)
	if err != nil {
		return "", err
	}
	return done.Head, f.record(ctx, done.Head, driver.LastChange{Author: f.authors[p.Number], Date: f.now()}, base)
}

// changes says again what differs.
func (f *Forge) changes(ctx context.Context, files []driver.FileDiff, commit string) ([]driver.Change, error) {
	var out []driver.Change
	for _, d := range files {
		if d.Status == driver.Deleted {
			out = append(out, driver.Change{Op: driver.Delete, Path: d.Path})
			continue
		}
		data, err := f.Repo.Blobs(ctx, []driver.BlobRef{{ID: d.ID, Path: d.Path, Commit: commit}})
		if err != nil {
			return nil, err
		}
		c := driver.Change{Op: driver.Put, Path: d.Path, Data: data[0]}
		if d.Status == driver.Renamed {
			c.Op, c.From = driver.Move, d.OldPath
		}
		out = append(out, c)
	}
	return out, nil
}
