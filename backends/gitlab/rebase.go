package gitlab

import (
	"context"
	"time"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver/changeset"
)

// longestWait is how long GitLab is given for what it does in the background.
const longestWait = 30 * time.Second

// Rebase implements driver.Rebaser. GitLab can't be told what is expected, so the branch
// is looked at right before.
// https://docs.gitlab.com/api/merge_requests/#rebase-a-merge-request
func (r *Repo) Rebase(ctx context.Context, number int, expectedHead string) (string, error) {
	pull, err := r.pull(ctx, number)
	if err != nil {
		return "", err
	}
	branch := pull.Get("source_branch").String()
	head, err := r.Head(ctx, branch)
	switch {
	case err != nil:
		return "", err
	case head != expectedHead:
		return "", changeset.BranchMoved(branch)
	}
	_, err = r.api.Send(ctx, "PUT", r.pullPath(number)+"/rebase", nil)
	if cmserr.Is(err, cmserr.Network) { // it may have been begun, and the same again begins no second one
		_, err = r.api.Send(ctx, "PUT", r.pullPath(number)+"/rebase", nil)
	}
	if err != nil && cmserr.From(err).Status != 409 { // 409: it is under way
		return "", r.named(err, noSuchPull(number))
	}
	if err := r.rebased(ctx, number); err != nil {
		return "", err
	}
	now, err := r.headNow(ctx, branch)
	if err == nil && now != head {
		r.heads.Wrote(branch, head, now, r.api.clock.Now())
	}
	return now, err
}

// rebased waits until a rebase has ended.
func (r *Repo) rebased(ctx context.Context, number int) error {
	late := cmserr.New(cmserr.Network, "GitLab takes too long to rebase the draft. Try again in a while.")
	return r.waitFor(ctx, late, func() (bool, error) {
		pull, err := r.pull(ctx, number)
		switch {
		case err != nil:
			return false, err
		case pull.Get("rebase_in_progress").Bool():
			return false, nil
		case pull.Get("merge_error").String() != "":
			return false, cmserr.New(cmserr.Conflict, "The draft can't be rebased onto what is published now: both changed the same lines. "+
				"Resolve it at "+pull.Get("web_url").String()+".")
		}
		return true, nil
	})
}

// waitFor asks until something is done, with pauses that grow; late if that takes too
// long.
func (r *Repo) waitFor(ctx context.Context, late error, done func() (bool, error)) error {
	waited := time.Duration(0)
	for pause := 300 * time.Millisecond; ; pause = min(pause*3/2, 3*time.Second) {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		if waited += pause; waited > longestWait {
			return late
		}
		if err := r.api.clock.Sleep(ctx, pause); err != nil {
			return cmserr.From(err)
		}
	}
}

// pull is GitLab's description of a merge request.
// https://docs.gitlab.com/api/merge_requests/#get-single-mr
func (r *Repo) pull(ctx context.Context, number int) (gjson.Result, error) {
	v, err := r.api.Get(ctx, r.pullPath(number)+"?include_rebase_in_progress=true")
	return v, r.named(err, noSuchPull(number))
}
