package github

import (
	"context"
	"errors"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest/graphql"
)

// maxTries is how often a commit is tried on a branch that others move all the time.
const maxTries = 12

// errMoved says that a branch is not where it was expected. It never leaves here.
var errMoved = errors.New("the branch has moved")

// Commit implements driver.Driver. One mutation does it where it can say the
// change: it gives commits that GitHub signs, and moves the branch only from where
// it was seen. For all else there are blobs, a tree, a commit and the ref.
func (r *Repo) Commit(ctx context.Context, c driver.Commit) (driver.Committed, error) {
	way, err := changeset.WayOf(c)
	if err != nil {
		return driver.Committed{}, err
	}
	var head string
	switch way {
	case changeset.BranchOff:
		head, err = c.Base, r.createRef(ctx, c.Branch, c.Base)
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

// advance adds a commit to a branch, and redoes it on a head that others have moved
// as long as they touched other files.
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
		head, err := r.write(ctx, c, parent, at)
		_, lost := errors.AsType[lostAnswer](err)
		if !lost && !errors.Is(err, errMoved) {
			return head, err
		}
		now, err := r.headAfter(ctx, c.Branch, try, lost, err)
		if err != nil {
			return "", err
		}
		// Even where no answer was lost: when a connection ends, browsers send a
		// request again by themselves, and then it was this commit that moved the branch.
		if now != parent {
			if found, err := r.contains(ctx, now, parent, c); found || err != nil {
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

// lostTries is how often a commit without an answer is tried again.
const lostTries = 3

// headAfter is where a branch is after a commit that failed. What is read right
// after a write may be old, so a little time is given.
func (r *Repo) headAfter(ctx context.Context, branch string, try int, lost bool, cause error) (string, error) {
	if lost && try >= lostTries {
		return "", cause
	}
	if try > 0 || lost {
		pause := min(250*time.Millisecond<<min(try, 4), 2*time.Second)
		if err := r.api.clock.Sleep(ctx, pause); err != nil {
			return "", cmserr.From(err)
		}
	}
	return r.headNow(ctx, branch)
}

// write makes the commit on parent, in the way that can say it.
func (r *Repo) write(ctx context.Context, c driver.Commit, parent string, at changeset.Places) (string, error) {
	if r.canMutate(c, at) {
		head, err := r.queries.mutate(ctx, c, parent)
		if !errors.Is(err, graphql.ErrNone) {
			return head, err
		}
	}
	commit, err := r.record(ctx, c, parent, at)
	if err != nil {
		return "", err
	}
	return commit, r.forward(ctx, c.Branch, commit)
}

// create makes a branch with one commit. A branch that exists is a Conflict.
func (r *Repo) create(ctx context.Context, c driver.Commit) (string, error) {
	at, err := changeset.Look(ctx, r, c.Base, changeset.Paths(c.Changes))
	if err != nil {
		return "", err
	}
	if err := changeset.Check(ctx, r, c.Base, c.Changes, at); err != nil {
		return "", err
	}
	if r.canMutate(c, at) {
		head, err := r.createAndMutate(ctx, c)
		if !errors.Is(err, graphql.ErrNone) {
			return head, err
		}
	}
	commit, err := r.record(ctx, c, c.Base, at)
	if err != nil {
		return "", err
	}
	return commit, r.createRef(ctx, c.Branch, commit)
}

// createAndMutate makes the branch where it starts and then the commit, or else
// removes the branch again.
func (r *Repo) createAndMutate(ctx context.Context, c driver.Commit) (string, error) {
	if err := r.createRef(ctx, c.Branch, c.Base); err != nil {
		return "", err
	}
	head, err := r.queries.mutate(ctx, c, c.Base)
	if _, lost := errors.AsType[lostAnswer](err); lost || errors.Is(err, errMoved) {
		head, err = r.again(ctx, c)
	}
	switch {
	case errors.Is(err, errMoved):
		return "", changeset.BranchMoved(c.Branch)
	case err != nil:
		// What can't be removed is a branch without a change: the next draft takes it over.
		_ = r.DeleteBranch(context.WithoutCancel(ctx), c.Branch, c.Base)
		return "", err
	}
	return head, nil
}

// again asks what became of the first commit of a new branch, whose answer was
// lost or came to a request that a browser had sent twice, and makes it if it was
// never made.
func (r *Repo) again(ctx context.Context, c driver.Commit) (string, error) {
	now, err := r.headAfter(ctx, c.Branch, 0, true, nil)
	switch {
	case err != nil:
		return "", err
	case now == c.Base:
		return r.queries.mutate(ctx, c, c.Base)
	}
	found, err := r.contains(ctx, now, c.Base, c)
	switch {
	case err != nil:
		return "", err
	case !found:
		return "", errMoved
	}
	return now, nil
}

// replace puts a branch of our own onto another base.
func (r *Repo) replace(ctx context.Context, c driver.Commit) (string, error) {
	head, err := r.Head(ctx, c.Branch)
	switch {
	case err != nil:
		return "", err
	case head != c.ExpectedHead:
		return "", changeset.BranchMoved(c.Branch)
	}
	at, err := changeset.Look(ctx, r, c.Base, changeset.Paths(c.Changes))
	if err != nil {
		return "", err
	}
	if err := changeset.Check(ctx, r, c.Base, c.Changes, at); err != nil {
		return "", err
	}
	commit, err := r.record(ctx, c, c.Base, at)
	if err != nil {
		return "", err
	}
	err = r.queries.swap(ctx, c.Branch, c.ExpectedHead, commit)
	if errors.Is(err, graphql.ErrNone) {
		err = r.force(ctx, c.Branch, c.ExpectedHead, commit)
	}
	return commit, err
}
