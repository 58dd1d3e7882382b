package gitea

import (
	"context"
	"strconv"

	"mooring/backends/cmserr"
)

// Rebase implements driver.Rebaser. The server can't say where it rebases a branch from:
// it is looked at right before.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoUpdatePullRequest
func (r *Repo) Rebase(ctx context.Context, number int, expectedHead string) (string, error) {
	pull, err := r.pull(ctx, number)
	switch {
	case err != nil:
		return "", err
	case !isOpen(pull):
		return "", cmserr.New(cmserr.NotFound, "The pull request was closed.")
	case pull.Get("head.sha").String() != expectedHead:
		return "", draftMoved(nil)
	}
	_, err = r.api.Send(ctx, "POST", r.path("pulls", strconv.Itoa(number), "update")+"?style=rebase", nil)
	switch {
	case cmserr.From(err).Status == 409:
		return "", cmserr.Wrap(cmserr.Conflict, err, "The draft and what is published changed the same lines.")
	case err != nil && !uncertain(err):
		return "", err
	}
	return r.rebased(ctx, number, headBranch(pull), expectedHead, err)
}

// rebased is where a branch is after it was rebased, as far as the server told. There is
// an error too when it is on top already.
func (r *Repo) rebased(ctx context.Context, number int, branch, before string, cause error) (string, error) {
	head, err := r.headAfter(ctx, branch, 0, cause)
	if err != nil || cause == nil {
		return head, r.wroteHead(branch, before, head, err)
	}
	if head != before {
		return head, r.wroteHead(branch, before, head, nil)
	}
	pull, err := r.pull(ctx, number)
	if err != nil {
		return "", err
	}
	base := pull.Get("base.sha").String()
	if same, err := r.onTop(ctx, base, head); err != nil || same {
		return head, err
	}
	return "", cause
}

func (r *Repo) wroteHead(branch, before, head string, err error) error {
	if err == nil {
		r.heads.Wrote(branch, before, head, r.api.clock.Now())
	}
	return err
}

// onTop says whether a commit has all of another's history.
func (r *Repo) onTop(ctx context.Context, base, head string) (bool, error) {
	v, err := r.missing(ctx, head, base)
	return len(v) == 0, err
}

func draftMoved(cause error) error {
	return cmserr.Wrap(cmserr.Conflict, cause, "The draft has changed meanwhile. Reload it.")
}
