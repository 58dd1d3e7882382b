package gitea

import (
	"context"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
)

// maxTries is how often a commit is tried on a branch that others move all the time;
// lostTries, how often one that got no answer is.
const (
	maxTries  = 12
	lostTries = 3
)

// Commit implements driver.Driver. The server puts the changes on top of wherever the
// branch is, if the files that they replace are still those that were seen: that is
// the redoing that the contract asks for. What it refuses is looked at here.
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
	r.seen.note(c.Branch, head)
	return driver.Committed{Head: head}, nil
}

// advance adds a commit to a branch. Where the server refuses, it is looked at what
// became of the paths that the commit touches.
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
		made, err := r.write(ctx, c, target{branch: c.Branch}, at)
		if err == nil || !uncertain(err) && !stale(err) {
			return made.head, err
		}
		now, headErr := r.headAfter(ctx, c.Branch, try, err)
		if headErr != nil {
			return "", headErr
		}
		if now == parent && !racing(err) && (!uncertain(err) || try >= lostTries) {
			return "", err
		}
		// Even where an answer came: when a connection ends, browsers send a request
		// again by themselves, and then it was this commit that moved the branch.
		if now != parent {
			if found, err := r.contains(ctx, now, parent, c, uncertain(err)); found != "" || err != nil {
				return found, err
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

// uncertain says whether nobody knows if a commit was made: the answer was lost, or the
// server stumbled.
func uncertain(err error) bool {
	return cmserr.Is(err, cmserr.Network) || cmserr.From(err).Status >= 500
}

// racing says whether the server refused because somebody else's commit came in between.
// https://git-scm.com/docs/git-update-ref
func racing(err error) bool {
	return cmserr.From(err).Status == 403 && strings.Contains(said(err), "cannot lock ref")
}

// stale says whether the server refused because the branch is not as it was seen: a
// file differs (422), or it or the branch is gone (404).
func stale(err error) bool {
	status := cmserr.From(err).Status
	return racing(err) || status == 404 || status == 409 || status == 422
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

// headAfter is where a branch is after a commit that failed. The server may still be
// at work, so a little time is given.
func (r *Repo) headAfter(ctx context.Context, branch string, try int, cause error) (string, error) {
	if try > 0 || uncertain(cause) {
		pause := min(250*time.Millisecond<<min(try, 4), 2*time.Second)
		if err := r.api.clock.Sleep(ctx, pause); err != nil {
			return "", cmserr.From(err)
		}
	}
	return r.headNow(ctx, branch)
}

// contains looks in a branch's history for a commit whose answer was lost: one with
// the same message and content, that is not older than what was seen. It sits on
// parent; unless nobody knows, when it may sit on what others did meanwhile.
func (r *Repo) contains(ctx context.Context, head, parent string, c driver.Commit, unknown bool) (string, error) {
	commits, err := r.history(ctx, head, "")
	if err != nil {
		return "", err
	}
	for _, made := range commits {
		id := made.Get("sha").String()
		if id == parent {
			break
		}
		if !sameMessage(made, c) || !unknown && made.Get("parents.0.sha").String() != parent {
			continue
		}
		if same, err := changeset.Made(ctx, r, id, c.Changes); same || err != nil {
			return id, err
		}
	}
	return "", nil
}

func sameMessage(commit gjson.Result, c driver.Commit) bool {
	return strings.TrimSpace(commit.Get("commit.message").String()) == strings.TrimSpace(c.Message)
}

// create makes a branch with one commit. Where a branch is known to be at the base, that
// is one request; the answer tells whether it still was there.
func (r *Repo) create(ctx context.Context, c driver.Commit) (string, error) {
	at, err := changeset.Look(ctx, r, c.Base, changeset.Paths(c.Changes))
	if err != nil {
		return "", err
	}
	if err := changeset.Check(ctx, r, c.Base, c.Changes, at); err != nil {
		return "", err
	}
	if from := r.seen.at(c.Base); from != "" && from != c.Branch {
		made, err := r.write(ctx, c, target{branch: from, fresh: c.Branch}, at)
		switch {
		case err == nil && made.parent == c.Base:
			return made.head, nil
		case err == nil: // the other branch had moved on
			if err := r.dropBranch(ctx, c.Branch); err != nil {
				return "", err
			}
		case !uncertain(err) && !stale(err):
			return "", err
		default:
			if head, err := r.created(ctx, c, err); head != "" || err != nil {
				return head, err
			}
		}
		r.seen.forget(from)
	}
	return r.createAt(ctx, c, at)
}

// created is the first commit of a new branch after the server refused to make it, or
// nobody knows: ours, "" if there is no such branch, or the Conflict over somebody else's.
func (r *Repo) created(ctx context.Context, c driver.Commit, cause error) (string, error) {
	head, err := r.headAfter(ctx, c.Branch, 0, cause)
	switch {
	case cmserr.Is(err, cmserr.NotFound):
		return "", nil
	case err != nil:
		return "", err
	}
	found, err := r.contains(ctx, head, c.Base, c, false)
	if found == "" && err == nil {
		err = branchExists(c.Branch, cause)
	}
	return found, err
}

// createAt makes the branch where it starts and then the commit, or else removes the
// branch again.
func (r *Repo) createAt(ctx context.Context, c driver.Commit, at changeset.Places) (string, error) {
	if err := r.createBranch(ctx, c.Branch, c.Base); err != nil {
		return "", err
	}
	var made committed
	var err error
	for try := range lostTries {
		if made, err = r.write(ctx, c, target{branch: c.Branch}, at); err == nil || !uncertain(err) && !stale(err) {
			break
		}
		head, headErr := r.headAfter(ctx, c.Branch, try, err)
		if headErr != nil {
			return "", headErr
		}
		if head != c.Base {
			found, err := r.contains(ctx, head, c.Base, c, false)
			if found == "" && err == nil {
				err = changeset.BranchMoved(c.Branch)
			}
			return found, err
		}
		if !uncertain(err) && !racing(err) {
			break
		}
	}
	if err != nil {
		// What can't be removed is a branch without a change: the next draft takes it over.
		_ = r.DeleteBranch(context.WithoutCancel(ctx), c.Branch, c.Base)
		return "", err
	}
	return made.head, nil
}

// createBranch makes a branch; one that exists is a Conflict. Without an answer it is
// looked at, and tried once more if it is not there.
func (r *Repo) createBranch(ctx context.Context, branch, commit string) error {
	err := r.postBranch(ctx, branch, commit)
	if err == nil || !uncertain(err) {
		return err
	}
	head, headErr := r.headAfter(ctx, branch, 0, err)
	switch {
	case headErr == nil && head == commit:
		return nil
	case headErr == nil:
		return branchExists(branch, err)
	case !cmserr.Is(headErr, cmserr.NotFound):
		return headErr
	}
	if cmserr.From(err).Status == 500 { // what an unknown commit is to the server
		if _, lookErr := r.Tree(ctx, commit, "", false); lookErr != nil {
			return lookErr
		}
	}
	return r.postBranch(ctx, branch, commit)
}

// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoCreateBranch
func (r *Repo) postBranch(ctx context.Context, branch, commit string) error {
	var j rest.JSON
	j.Object().Field("new_branch_name", branch).Field("old_ref_name", commit).EndObject()
	_, err := r.api.Send(ctx, "POST", r.path("branches"), &j)
	if cmserr.From(err).Status == 409 {
		return branchExists(branch, err)
	}
	return err
}

func branchExists(branch string, cause error) error {
	return cmserr.Wrap(cmserr.Conflict, cause, "The branch “"+branch+"” exists already, or one whose name is in its way.")
}
