package backends

import (
	"context"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// PersistEntry implements cms.Entries.
func (r *Repository) PersistEntry(ctx context.Context, e cms.EntryDraft, o cms.PersistOptions) error {
	if o.UseWorkflow {
		return cmserr.New(cmserr.Unsupported, "This host has no editorial workflow. "+
			"Set `publish_mode: simple` in the CMS's configuration.")
	}
	return r.publishEntry(ctx, e, o)
}

// publishEntry saves an entry right on the published branch.
func (r *Repository) publishEntry(ctx context.Context, e cms.EntryDraft, o cms.PersistOptions) error {
	head, err := r.head(ctx)
	if err != nil {
		return err
	}
	p, err := r.plan(ctx, base{head, published}, e, o.NewEntry)
	if err != nil {
		return err
	}
	_, err = r.commit(ctx, driver.Commit{
		Branch:       r.cfg.branch(),
		ExpectedHead: head,
		Message:      messageOr(o.Message, "Update "+e.Files[0].Target()),
		Changes:      p.changes,
	}, p.large)
	if err == nil {
		r.remember(published, e, p)
	}
	return err
}

// commit makes a commit, or none when there is nothing to change, and answers with
// the branch's head. What the commit has pointers to is stored first.
func (r *Repository) commit(ctx context.Context, c driver.Commit, large []driver.LFSFile) (string, error) {
	if len(c.Changes) == 0 {
		return c.ExpectedHead, nil
	}
	if err := r.upload(ctx, large); err != nil {
		return "", err
	}
	done, err := r.d.Commit(ctx, c)
	if cmserr.Is(err, cmserr.Conflict) {
		if paths := cmserr.From(err).Paths; len(paths) > 0 {
			out := changedByOthers(paths)
			out.Err = err
			return "", out
		}
	}
	return done.Head, err
}

// remember takes down what the editor knows after a save.
func (r *Repository) remember(in space, e cms.EntryDraft, p plan) {
	for _, c := range p.changes {
		if c.Op == driver.Move {
			r.versions.move(in, c.From, c.Path)
		}
	}
	for _, f := range e.Files {
		r.versions.wrote(in, f.Target(), f.Raw)
	}
}

// DeleteFiles implements cms.Service.
func (r *Repository) DeleteFiles(ctx context.Context, paths []string, message string) error {
	head, err := r.head(ctx)
	if err != nil {
		return err
	}
	found, err := r.trees.lookup(ctx, head, paths)
	if err != nil {
		return err
	}
	var changes []driver.Change
	for _, p := range paths {
		if e, ok := found[p]; ok && !e.IsDir() {
			changes = append(changes, driver.Change{Op: driver.Delete, Path: p})
		}
	}
	_, err = r.commit(ctx, driver.Commit{
		Branch:       r.cfg.branch(),
		ExpectedHead: head,
		Message:      messageOr(message, "Delete "+paths[0]),
		Changes:      changes,
	}, nil)
	if err != nil {
		return err
	}
	for _, p := range paths {
		r.versions.forget(published, p)
	}
	return nil
}

func messageOr(message, instead string) string {
	if message == "" {
		return instead
	}
	return message
}

// conflict is a Conflict about paths that says what happened and what to do.
func conflict(paths []string, one, many, advice string) *cmserr.Error {
	names := ""
	for i, p := range paths {
		if i > 0 {
			names += ", "
		}
		names += p
	}
	what := one
	if len(paths) > 1 {
		what = many
	}
	e := cmserr.New(cmserr.Conflict, names+" "+what+" "+advice)
	e.Path, e.Paths = paths[0], paths
	return e
}

const reload = "Copy your text, reload the entry and save again."

func changedByOthers(paths []string) *cmserr.Error {
	return conflict(paths, "was changed by someone else since you opened it.",
		"were changed by someone else since you opened them.", reload)
}

func deletedByOthers(paths []string) *cmserr.Error {
	return conflict(paths, "was deleted by someone else since you opened it.",
		"were deleted by someone else since you opened them.",
		"Copy your text, and create the entry anew if it is still wanted.")
}

func alreadyThere(paths []string) *cmserr.Error {
	return conflict(paths, "already exists.", "already exist.",
		"Choose another name, or open and edit what is there.")
}
