package bitbucket

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// mergePatience is how long a merge is waited for that Bitbucket makes in the background.
const mergePatience = time.Minute

// MergePull implements driver.PullRequester. Bitbucket merges whatever is there, so the
// head is looked at right before, each time.
func (r *Repo) MergePull(ctx context.Context, number int, m driver.Merge) error {
	for try := 0; ; try++ {
		pull, err := r.pull(ctx, number)
		switch {
		case err != nil:
			return err
		case try > 0 && isMergedAs(pull, m):
			return nil // an answer was lost
		}
		if err := r.isReviewed(ctx, pull, m); err != nil {
			return err
		}
		err = r.merge(ctx, number, m, strategyFor(pull, m.Squash))
		moving := cmserr.From(err).Status == 409 // a branch moved while it was merged
		if err == nil || try == lostTries || !moving && !lost(err) {
			return blocked(pull, err)
		}
		if err := r.api.clock.Sleep(ctx, 300*time.Millisecond<<try); err != nil {
			return cmserr.From(err)
		}
	}
}

// isReviewed says whether a pull request is still what was reviewed.
func (r *Repo) isReviewed(ctx context.Context, pull gjson.Result, m driver.Merge) error {
	if !isOpen(pull) {
		return closedMeanwhile()
	}
	head := pull.Get("source.commit.hash").String()
	if isOurs(pull) { // what a pull request tells may lag behind its branch
		var err error
		if head, err = r.headNow(ctx, pull.Get("source.branch.name").String()); err != nil {
			return err
		}
	}
	if !strings.HasPrefix(m.ExpectedHead, head) {
		return cmserr.New(cmserr.Conflict, "The draft has changed meanwhile. Reload it and publish again.")
	}
	return nil
}

// strategyFor is how to merge: as asked for, or else as the branch has it.
func strategyFor(pull gjson.Result, squash bool) string {
	wanted := "merge_commit"
	if squash {
		wanted = "squash"
	}
	branch := pull.Get("destination.branch")
	var allowed []string
	for _, s := range branch.Get("merge_strategies").Array() {
		allowed = append(allowed, s.String())
	}
	if instead := branch.Get("default_merge_strategy").String(); instead != "" && len(allowed) > 0 && !slices.Contains(allowed, wanted) {
		return instead
	}
	return wanted
}

// merge merges, and waits until that is done: what takes longer Bitbucket goes on with in
// the background.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-merge-post
func (r *Repo) merge(ctx context.Context, number int, m driver.Merge, strategy string) error {
	var j rest.JSON
	j.Object().Field("type", "pullrequest").Field("message", m.Message)
	j.Key("close_source_branch").Bool(false).Field("merge_strategy", strategy).EndObject()
	res, err := r.api.Do(ctx, &rest.Request{Method: "POST", URL: r.pullPath(number) + "/merge", Body: j.Bytes()})
	if err != nil || res.Status != 202 {
		return r.named(err, noSuchPull(number))
	}
	task := r.api.here(res.Header.Get("location"))
	waited := time.Duration(0)
	for pause := 300 * time.Millisecond; waited < mergePatience; pause = min(2*pause, 5*time.Second) {
		if err := r.api.clock.Sleep(ctx, pause); err != nil {
			return cmserr.From(err)
		}
		waited += pause
		if done, err := r.isDone(ctx, number, m, task); done || err != nil {
			return err
		}
	}
	return cmserr.New(cmserr.Unknown, "Bitbucket has not finished merging the draft. Look at it in a while; if it stays so, "+
		"merge the pull request on Bitbucket.")
}

// isDone says whether a merge in the background has come to its end. Its task tells, and
// why it failed; but where that is, browsers keep from pages, which see the pull request.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-merge-task-status-task-id-get
func (r *Repo) isDone(ctx context.Context, number int, m driver.Merge, task string) (bool, error) {
	if task != "" {
		v, err := r.api.Get(ctx, task)
		return v.Get("task_status").String() == "SUCCESS", err
	}
	pull, err := r.pull(ctx, number)
	switch {
	case err != nil:
		return false, err
	case isMergedAs(pull, m):
		return true, nil
	case !isOpen(pull):
		return false, closedMeanwhile()
	}
	return false, nil
}

// isMergedAs says whether a pull request was merged as it was reviewed.
func isMergedAs(pull gjson.Result, m driver.Merge) bool {
	return pull.Get("state").String() == "MERGED" && strings.HasPrefix(m.ExpectedHead, pull.Get("source.commit.hash").String())
}

func closedMeanwhile() error {
	return cmserr.New(cmserr.Conflict, "The pull request was closed. Reload the workflow.")
}

// blocked is what stands in the way of a merge.
// https://support.atlassian.com/bitbucket-cloud/docs/suggest-or-require-checks-before-a-merge/
func blocked(pull gjson.Result, err error) error {
	e := cmserr.From(err)
	see := " See " + pull.Get("links.html.href").String() + "."
	said := strings.ToLower(e.Msg)
	switch {
	case err == nil || lost(err):
		return err
	case strings.Contains(said, "conflict"):
		return cmserr.Wrap(cmserr.Conflict, err, "The draft and what is published changed the same lines, so Bitbucket can't "+
			"merge them. Open the draft, copy your text, delete the draft and make it anew; or resolve it."+see)
	case e.Kind == cmserr.Conflict:
		return cmserr.Wrap(cmserr.Conflict, err, "The pull request has changed meanwhile. Reload the workflow."+see)
	case e.Kind == cmserr.Invalid, e.Kind == cmserr.Forbidden:
		out := cmserr.Wrap(cmserr.Forbidden, err, "Bitbucket does not let the draft be merged: "+
			rest.Remark(strings.TrimPrefix(e.Msg, "Bitbucket refused: "))+see)
		out.Status = e.Status
		return out
	}
	return err
}
