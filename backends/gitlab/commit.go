package gitlab

import (
	"context"
	"path"
	"slices"
	"strings"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
)

// maxTries is how often a commit is tried on a branch that others move all the time.
const maxTries = 12

// lostTries is how often a commit without an answer is tried again.
const lostTries = 3

// Commit implements driver.Driver. GitLab adds a commit to wherever a branch is, and
// compares the files that it touches with those at the head that was seen.
func (r *Repo) Commit(ctx context.Context, c driver.Commit) (driver.Committed, error) {
	way, err := changeset.WayOf(c)
	if err != nil {
		return driver.Committed{}, err
	}
	var head string
	switch way {
	case changeset.BranchOff:
		head, err = c.Base, r.createBranch(ctx, c.Branch, c.Base)
	case changeset.Create:
		head, err = r.create(ctx, c)
	case changeset.Replace:
		head, err = r.replace(ctx, c)
	default:
		head, err = r.advance(ctx, c)
	}
	if err != nil {
		return driver.Committed{}, err
	}
	r.heads.Wrote(c.Branch, c.ExpectedHead, head, r.api.clock.Now())
	return driver.Committed{Head: head}, nil
}

// advance adds a commit to a branch, wherever that is as long as others touched other
// files. What GitLab refuses is looked at: only the two ends count, and it may have
// been this very commit that changed them.
func (r *Repo) advance(ctx context.Context, c driver.Commit) (string, error) {
	paths := changeset.Paths(c.Changes)
	seen, err := changeset.Look(ctx, r, c.ExpectedHead, paths)
	if err != nil {
		return "", r.unseen(ctx, c, err)
	}
	parent, at := c.ExpectedHead, seen
	for try := range maxTries {
		if err := changeset.Check(ctx, r, parent, c.Changes, at); err != nil {
			return "", err
		}
		made, err := r.recordAt(ctx, c, parent, at)
		if err == nil {
			return made.id, r.checkParent(ctx, c, made, parent, seen)
		}
		now, err := r.headAfter(ctx, c.Branch, parent, try, err)
		if err != nil {
			return "", err
		}
		if now != parent {
			if found, err := r.contains(ctx, now, c.ExpectedHead, c, seen); found || err != nil {
				return now, err
			}
		}
		if at, err = changeset.Look(ctx, r, now, paths); err != nil {
			return "", err
		}
		if err := changeset.Moved(c.Changes, seen, at); err != nil {
			return "", err
		}
		parent = now
	}
	return "", cmserr.New(cmserr.Conflict, "Others change the branch “"+c.Branch+"” all the time. Try again in a moment.")
}

// recordAt makes a commit on a branch that was seen at parent, unless it creates a file
// that could be a folder there by now: GitLab would put it in the folder's place.
func (r *Repo) recordAt(ctx context.Context, c driver.Commit, parent string, at changeset.Places) (recorded, error) {
	mayBeFolder := func(ch driver.Change) bool {
		return ch.Op != driver.Delete && !at[ch.Path].Taken() && path.Ext(ch.Path) == ""
	}
	if slices.ContainsFunc(c.Changes, mayBeFolder) {
		switch head, err := r.headNow(ctx, c.Branch); {
		case err != nil:
			return recorded{}, err
		case head != parent:
			return recorded{}, errStale
		}
	}
	return r.record(ctx, c, start{seen: parent}, at)
}

// errStale says that a branch has moved, as GitLab would.
var errStale = &cmserr.Error{Kind: cmserr.Invalid, Status: 400, Msg: "The branch has moved since you started editing."}

// unseen is why a commit can't be looked at: its branch may be gone with it.
func (r *Repo) unseen(ctx context.Context, c driver.Commit, err error) error {
	if !cmserr.Is(err, cmserr.NotFound) {
		return err
	}
	if _, gone := r.Head(ctx, c.Branch); gone != nil {
		return gone
	}
	return err
}

// headAfter is where a branch is after a commit failed, "" if there is none; or why it
// makes no sense to go on: where the branch did not move, few failures pass. What is
// read right after a write may be old, so a little time is given.
func (r *Repo) headAfter(ctx context.Context, branch, before string, try int, cause error) (string, error) {
	if !leavesOpen(cause) {
		return "", cause
	}
	if try > 0 || cmserr.Is(cause, cmserr.Network) {
		pause := min(250*time.Millisecond<<min(try, 4), 2*time.Second)
		if err := r.api.clock.Sleep(ctx, pause); err != nil {
			return "", cmserr.From(err)
		}
	}
	head, err := r.headNow(ctx, branch)
	if cmserr.Is(err, cmserr.NotFound) && before == "" {
		err = nil
	}
	if err == nil && head == before && (try >= lostTries || !mayPass(cause)) {
		err = cause
	}
	return head, err
}

// leavesOpen says whether a failed commit may have been made, by a request whose answer
// was lost or by one that a browser had sent twice, or was refused for what others did.
func leavesOpen(err error) bool {
	e := cmserr.From(err)
	return e.Kind == cmserr.Network || e.Kind == cmserr.Invalid && e.Status == 400
}

// mayPass says whether a commit that failed on an unchanged branch may go well next.
func mayPass(err error) bool {
	return cmserr.Is(err, cmserr.Network) || strings.Contains(cmserr.From(err).Message(), "try again") || isStale(err)
}

// isStale says whether GitLab found a file changed since it was seen.
func isStale(err error) bool {
	return strings.Contains(cmserr.From(err).Message(), "since you started editing")
}

// create makes a branch with one commit. A branch that exists is a Conflict. GitLab
// keeps files in Git LFS by what .gitattributes says on the branch, so where there may
// be such files the branch has to come first.
func (r *Repo) create(ctx context.Context, c driver.Commit) (string, error) {
	large, err := r.hasAttributes(ctx, c.Base, c.Changes)
	switch {
	case err != nil:
		return "", err
	case !large:
		return r.begin(ctx, c, false)
	}
	if err := r.createBranch(ctx, c.Branch, c.Base); err != nil {
		return "", err
	}
	on := c
	on.ExpectedHead, on.Base = c.Base, ""
	head, err := r.advance(ctx, on)
	if err != nil {
		// What can't be removed is a branch without a change: the next draft takes it over.
		_ = r.DeleteBranch(context.WithoutCancel(ctx), c.Branch, c.Base)
	}
	return head, err
}

// replace puts a branch of our own onto another base. GitLab can't be told from where,
// so the branch is looked at right before.
func (r *Repo) replace(ctx context.Context, c driver.Commit) (string, error) {
	head, err := r.Head(ctx, c.Branch)
	switch {
	case err != nil:
		return "", err
	case head != c.ExpectedHead:
		return "", changeset.BranchMoved(c.Branch)
	}
	return r.begin(ctx, c, true)
}

// begin makes a commit on its base, and the branch that points to it.
func (r *Repo) begin(ctx context.Context, c driver.Commit, force bool) (string, error) {
	at, err := changeset.Look(ctx, r, c.Base, changeset.Paths(c.Changes))
	if err != nil {
		return "", err
	}
	if err := changeset.Check(ctx, r, c.Base, c.Changes, at); err != nil {
		return "", err
	}
	for try := 0; ; try++ {
		made, err := r.record(ctx, c, start{at: c.Base, force: force}, at)
		if err == nil {
			return made.id, nil
		}
		head, err := r.headAfter(ctx, c.Branch, c.ExpectedHead, try, err)
		switch {
		case err != nil:
			return "", err
		case head == c.ExpectedHead:
			continue
		}
		found, err := r.contains(ctx, head, c.Base, c, at)
		switch {
		case found || err != nil:
			return head, err
		case force:
			return "", changeset.BranchMoved(c.Branch)
		}
		return "", cmserr.New(cmserr.Conflict, "The branch “"+c.Branch+"” exists already.")
	}
}
