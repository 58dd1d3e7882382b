package gitlab

import (
	"context"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// errNeedsRebase says that a merge request has to be rebased first. It never leaves here.
var errNeedsRebase = cmserr.New(cmserr.Conflict, "The draft has to be rebased first.")

// MergePull implements driver.PullRequester. Where the project wants a straight
// history, the merge request is rebased first.
func (r *Repo) MergePull(ctx context.Context, number int, m driver.Merge) error {
	err := r.mergeWhenReady(ctx, number, m)
	if err != errNeedsRebase {
		return err
	}
	if m.ExpectedHead, err = r.Rebase(ctx, number, m.ExpectedHead); err != nil {
		return err
	}
	return r.mergeWhenReady(ctx, number, m)
}

// mergeWhenReady merges as soon as GitLab has worked out whether it can be, which it
// does in the background after every push.
func (r *Repo) mergeWhenReady(ctx context.Context, number int, m driver.Merge) error {
	late := cmserr.New(cmserr.Forbidden, "GitLab does not say whether the draft can be merged. Try again in a moment.")
	return r.waitFor(ctx, late, func() (bool, error) {
		err := r.merge(ctx, number, m)
		if err == nil {
			return true, nil
		}
		late.Err = err
		return r.mergedAfterAll(ctx, number, m, err)
	})
}

// https://docs.gitlab.com/api/merge_requests/#merge-a-merge-request
func (r *Repo) merge(ctx context.Context, number int, m driver.Merge) error {
	message := "merge_commit_message"
	if m.Squash {
		message = "squash_commit_message"
	}
	var j rest.JSON
	j.Object().Field("sha", m.ExpectedHead).Field(message, m.Message)
	j.Key("squash").Bool(m.Squash).Key("should_remove_source_branch").Bool(true).EndObject()
	_, err := r.api.Send(ctx, "PUT", r.pullPath(number)+"/merge", &j)
	return r.named(err, noSuchPull(number))
}

// mergedAfterAll looks at a merge that failed: true if it was done after all, false if
// it is worth another try, or why it isn't.
func (r *Repo) mergedAfterAll(ctx context.Context, number int, m driver.Merge, cause error) (bool, error) {
	switch e := cmserr.From(cause); e.Status {
	case 400, 401, 405, 406, 409, 422:
	default:
		if e.Kind != cmserr.Network {
			return false, cause
		}
	}
	pull, err := r.pull(ctx, number)
	if err != nil {
		return false, err
	}
	same := pull.Get("sha").String() == m.ExpectedHead
	switch state := pull.Get("state").String(); {
	case state == "merged" && same:
		return true, nil
	case state == "merged", state == "closed":
		return false, cmserr.Wrap(cmserr.Conflict, cause, "The merge request was closed. Reload the workflow.")
	case state == "locked":
		return false, nil
	case !same:
		return false, r.movedOn(ctx, pull, m, cause)
	}
	return false, blocked(pull, cmserr.From(cause))
}

// movedOn says whether a merge request has changed, or GitLab has not yet seen the
// last push to it.
func (r *Repo) movedOn(ctx context.Context, pull gjson.Result, m driver.Merge, cause error) error {
	if pull.Get("source_project_id").String() == pull.Get("target_project_id").String() {
		head, err := r.headNow(ctx, pull.Get("source_branch").String())
		if err != nil || head == m.ExpectedHead {
			return err
		}
	}
	return cmserr.Wrap(cmserr.Conflict, cause, "The draft has changed meanwhile. Reload it and publish again.")
}

// blocked is what stands in the way of a merge, nil if GitLab does not know yet.
// https://docs.gitlab.com/api/merge_requests/#merge-status
func blocked(pull gjson.Result, cause *cmserr.Error) error {
	out := *cause
	out.Err = cause
	see := " See " + pull.Get("web_url").String() + "."
	status := statusOf(pull)
	why, known := obstacles[status]
	switch {
	case cause.Status == 401:
		out.Kind, out.Msg = cmserr.Forbidden, "This account may not merge into “"+pull.Get("target_branch").String()+
			"”. Ask a maintainer of the project to merge the draft, or to allow it."+see
	case status == "conflict", status == "broken_status":
		out.Kind, out.Msg = cmserr.Conflict,
			"The draft and what is published changed the same lines, so GitLab can't merge them. "+
				"Open the draft, copy your text, delete the draft and make it anew; or resolve it at "+pull.Get("web_url").String()+"."
	case status == "need_rebase":
		return errNeedsRebase
	case known:
		out.Kind, out.Msg = cmserr.Forbidden, "GitLab does not let the draft be merged: "+why+see
	case passing[status] && cause.Status != 400: // which it would answer again
		return nil
	default:
		out.Kind, out.Msg = cmserr.Forbidden, "GitLab does not let the draft be merged ("+status+"): "+cause.Message()+see
	}
	return &out
}

// obstacles are the states in which GitLab lets nothing be merged, and why.
var obstacles = map[string]string{
	"commits_status":             "it has no changes that are not published already.",
	"ci_must_pass":               "its pipeline must succeed first.",
	"ci_still_running":           "its pipeline must succeed first, and is still running. Try again when it has ended.",
	"discussions_not_resolved":   "all its threads must be resolved first.",
	"draft_status":               "it is marked as a draft on GitLab. Mark it as ready there first.",
	"not_approved":               "a review must approve it first.",
	"approvals_syncing":          "its approvals are being worked out. Try again in a moment.",
	"requested_changes":          "a review asks for changes.",
	"merge_request_blocked":      "another merge request must be merged first.",
	"blocked_status":             "another merge request must be merged first.",
	"external_status_checks":     "its status checks must succeed first.",
	"status_checks_must_pass":    "its status checks must succeed first.",
	"jira_association_missing":   "its title or description must name a Jira issue.",
	"locked_paths":               "somebody has locked a file that it changes.",
	"locked_lfs_files":           "somebody has locked a file that it changes.",
	"title_regex":                "its title does not follow the project's rule.",
	"merge_time":                 "it may be merged only later.",
	"policies_denied":            "a policy of the project forbids it.",
	"security_policy_violations": "a policy of the project forbids it.",
}

// passing are the states that change by themselves. A merge request that was found to
// be mergeable since is tried again.
var passing = map[string]bool{
	"unchecked": true, "checking": true, "preparing": true, "mergeable": true, "": true,
}

// statusOf is the detailed status of GitLab 15.6, or what older servers tell instead.
func statusOf(pull gjson.Result) string {
	if detailed := pull.Get("detailed_merge_status").String(); detailed != "" {
		return detailed
	}
	pipeline := pull.Get("head_pipeline.status").String()
	resolved := pull.Get("blocking_discussions_resolved")
	switch status := pull.Get("merge_status").String(); {
	case pull.Get("draft").Bool(), pull.Get("work_in_progress").Bool():
		return "draft_status"
	case status == "unchecked", status == "checking", status == "cannot_be_merged_recheck", status == "cannot_be_merged_rechecking":
		return "checking"
	case pull.Get("has_conflicts").Bool(), status == "cannot_be_merged":
		return "conflict"
	case resolved.Exists() && !resolved.Bool():
		return "discussions_not_resolved"
	case pipeline == "running", pipeline == "pending", pipeline == "created", pipeline == "preparing":
		return "ci_still_running"
	case pipeline == "failed", pipeline == "canceled", pipeline == "skipped":
		return "ci_must_pass"
	}
	return "mergeable"
}
