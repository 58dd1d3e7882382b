package fakegitlab

import (
	"fmt"
	"net/http"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// revertCommit: https://docs.gitlab.com/api/commits/#revert-a-commit
func revertCommit(c *call) (*answer, error) {
	if err := c.signIn(); err != nil {
		return nil, err
	}
	id, err := c.pathCommit()
	if err != nil {
		return nil, err
	}
	branch := c.params.text("branch")
	head, found := c.repo.Head(branch)
	switch {
	case !found:
		return nil, notFound("Branch")
	case !c.mayPush(branch):
		return nil, forbidden("You are not allowed to push into this branch")
	}
	made, err := c.revert(branch, head, id)
	if err != nil {
		return nil, err
	}
	o, err := c.commitByID(made)
	if err != nil {
		return nil, err
	}
	return created(o)
}

// revert commits to a branch that a commit's changes go.
func (c *call) revert(branch string, head, id plumbing.Hash) (plumbing.Hash, error) {
	commit, err := c.repo.CommitByID(id)
	if err != nil {
		return id, err
	}
	var before, after, now plumbing.Hash
	if len(commit.ParentHashes) > 0 {
		if before, err = c.repo.TreeOf(commit.ParentHashes[0]); err != nil {
			return id, err
		}
	}
	if after, err = c.repo.TreeOf(id); err != nil {
		return id, err
	}
	if now, err = c.repo.TreeOf(head); err != nil {
		return id, err
	}
	tree, err := c.repo.MergeTrees(after, now, before)
	if fakehost.KindOf(err) == fakehost.Conflict {
		return id, &apiError{status: http.StatusBadRequest, body: obj{"error_code": "conflict",
			"message": "Sorry, we cannot revert this commit automatically. This commit may already have been reverted, " +
				"or a more recent commit may have updated some of its content."}}
	}
	if err != nil {
		return id, err
	}
	by := c.host.Signature(c.user)
	made, err := c.repo.WriteCommit(object.Commit{TreeHash: tree, ParentHashes: []plumbing.Hash{head}, Author: by, Committer: by,
		Message: fmt.Sprintf("Revert \"%s\"\n\nThis reverts commit %s", title(commit.Message), id)})
	if err != nil {
		return id, err
	}
	return made, c.moveBranch(newCommit{branch: branch}, head, made)
}
