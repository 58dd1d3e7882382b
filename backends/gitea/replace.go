package gitea

import (
	"context"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
)

// replace puts a branch of our own onto another base: the commit is made on a branch
// beside it, and then the branch is moved there from where it was seen.
func (r *Repo) replace(ctx context.Context, c driver.Commit) (string, error) {
	head, err := r.Head(ctx, c.Branch)
	switch {
	case err != nil:
		return "", err
	case head != c.ExpectedHead:
		return "", changeset.BranchMoved(c.Branch)
	}
	server, err := r.api.serverVersion(ctx)
	switch {
	case err != nil:
		return "", err
	case !server.swaps():
		return "", cannotReplace(nil)
	}
	beside := c
	beside.Branch, beside.ExpectedHead = besideOf(c), ""
	commit, err := r.create(ctx, beside)
	if cmserr.Is(err, cmserr.Conflict) { // left behind by one that was broken off
		if err = r.dropBranch(ctx, beside.Branch); err == nil {
			commit, err = r.create(ctx, beside)
		}
	}
	if err != nil {
		return "", err
	}
	err = r.swap(ctx, c.Branch, c.ExpectedHead, commit)
	// What can't be removed is in the way of the same replacing alone.
	_ = r.dropBranch(context.WithoutCancel(ctx), beside.Branch)
	return commit, err
}

// besideOf is the name of the branch on which a commit is made that is to replace
// another. It is no draft's, and two that replace the same are in each other's way.
func besideOf(c driver.Commit) string {
	return "cms-replacing-" + c.ExpectedHead[:min(20, len(c.ExpectedHead))]
}

func cannotReplace(cause error) error {
	return cmserr.Wrap(cmserr.Unsupported, cause,
		"This server can't put a branch onto another base (Gitea can from version 1.26 on).")
}

// swap moves a branch from one commit to another; a Conflict if it is somewhere else.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoUpdateBranch
func (r *Repo) swap(ctx context.Context, branch, from, to string) error {
	var j rest.JSON
	j.Object().Field("new_commit_id", to).Field("old_commit_id", from).Key("force").Bool(true).EndObject()
	_, err := r.api.Send(ctx, "PUT", r.path("branches", rest.EscapePath(branch)), &j, rest.Repeatable)
	switch {
	case err == nil:
		return nil
	case noRoute(err):
		return cannotReplace(err)
	case !uncertain(err) && cmserr.From(err).Status != 422:
		return err
	}
	head, headErr := r.headAfter(ctx, branch, 0, err)
	switch {
	case headErr != nil:
		return headErr
	case head == to: // done by a request before, whose answer was lost
		return nil
	case head != from:
		return changeset.BranchMoved(branch)
	}
	return err
}
