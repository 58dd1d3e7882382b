package testrepo

import (
	"context"
	"slices"

	"mooring/backends/cmserr"
)

// Head implements driver.Driver.
func (r *Repo) Head(ctx context.Context, branch string) (string, error) {
	var id string
	err := r.reading(ctx, func() error {
		head, err := r.head(branch)
		if err == nil {
			id = head.id
		}
		return err
	})
	return id, err
}

// DeleteBranch implements driver.Brancher. As on GitHub, pull requests from or
// into the branch are closed with it, and the default branch can't be deleted.
func (r *Repo) DeleteBranch(ctx context.Context, branch, expectedHead string) error {
	return r.writing(ctx, func() error {
		head, err := r.head(branch)
		switch {
		case err != nil:
			return err
		case head.id != expectedHead:
			return fail(cmserr.Conflict, "The branch '"+branch+"' has changed meanwhile.")
		case branch == r.branch:
			return fail(cmserr.Forbidden, "The default branch '"+branch+"' can't be deleted.")
		}
		delete(r.branches, branch)
		for _, p := range r.pulls {
			if p.state == pullOpen && (p.head == branch || p.base == branch) {
				p.state, p.updated = pullClosed, r.now()
			}
		}
		return nil
	})
}

func (r *Repo) head(branch string) (*commit, error) {
	if head, ok := r.branches[branch]; ok {
		return head, nil
	}
	return nil, fail(cmserr.NotFound, "There is no branch '"+branch+"'.")
}

// advance points a branch to a commit, and notes what OnChange is to be told.
func (r *Repo) advance(branch string, to *commit) {
	from := r.branches[branch]
	r.branches[branch] = to
	for _, p := range r.pulls {
		if p.state == pullOpen && p.head == branch {
			p.updated = r.now()
		}
	}
	if branch != r.branch || r.onChange == nil {
		return
	}
	changed := map[string][]byte{}
	for path := range from.files {
		if _, stays := to.files[path]; !stays {
			changed[path] = nil
		}
	}
	for path, f := range to.files {
		if from.files[path] != f {
			changed[path] = slices.Clone(r.blobs[f.id])
		}
	}
	r.changes = append(r.changes, changed)
}

// tell hands the noted changes to OnChange, in order. It holds no lock then, so
// that OnChange may call the repository; who finds it running leaves his change
// to the one who runs it.
func (r *Repo) tell() {
	for {
		r.mu.Lock()
		if r.telling || len(r.changes) == 0 {
			r.mu.Unlock()
			return
		}
		changed := r.changes[0]
		r.changes = r.changes[1:]
		r.telling = true
		r.mu.Unlock()
		r.tellOne(changed)
	}
}

// tellOne clears the flag even if OnChange panics: the next change is then told.
func (r *Repo) tellOne(changed map[string][]byte) {
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.telling = false
	}()
	r.onChange(changed)
}
