package gitea

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// mergePatience is how long a merge is tried while the server works out whether it can
// be made: it does so after each push to either branch, in its own time, and what it
// answers meanwhile is what it answers about conflicts.
const mergePatience = 6 * time.Second

// allowances are the fields of a repository that say which ways to merge it allows.
var allowances = map[string]string{
	"merge": "allow_merge_commits", "squash": "allow_squash_merge", "rebase": "allow_rebase",
	"rebase-merge": "allow_rebase_explicit", "fast-forward-only": "allow_fast_forward_only_merge",
}

// MergePull implements driver.PullRequester. It is never forced.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoMergePullRequest
func (r *Repo) MergePull(ctx context.Context, number int, m driver.Merge) error {
	style := "merge"
	if m.Squash {
		style = "squash"
	}
	waited := time.Duration(0)
	for pause := 300 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		err := r.merge(ctx, number, m, style)
		if strings.Contains(said(err), "allowed merge style") {
			if style, err = r.otherStyle(ctx, style, err); err == nil {
				continue
			}
		}
		if err == nil {
			return nil
		}
		again, err := r.mergeAgain(ctx, number, m, err, waited >= mergePatience)
		if err != nil || !again {
			return err
		}
		if err := r.api.clock.Sleep(ctx, pause); err != nil {
			return cmserr.From(err)
		}
		waited += pause
	}
}

func (r *Repo) merge(ctx context.Context, number int, m driver.Merge, style string) error {
	// The title is the server's own: it names the pull request, and links to it.
	var j rest.JSON
	j.Object().Field("Do", style).Field("head_commit_id", m.ExpectedHead).Field("MergeMessageField", m.Message).EndObject()
	_, err := r.api.Send(ctx, "POST", r.path("pulls", strconv.Itoa(number), "merge"), &j)
	return err
}

// otherStyle is a way to merge that the repository allows, if it does not allow this one.
func (r *Repo) otherStyle(ctx context.Context, style string, cause error) (string, error) {
	f, err := r.describe(ctx)
	if err != nil {
		return "", err
	}
	order := []string{"merge", "rebase-merge", "squash", "rebase", "fast-forward-only"}
	if style == "squash" {
		order = []string{"squash", "merge", "rebase-merge", "rebase", "fast-forward-only"}
	}
	for _, other := range order {
		if other != style && f.styles[other] {
			return other, nil
		}
	}
	return "", cmserr.Wrap(cmserr.Forbidden, cause,
		"The repository allows no way to merge pull requests. Allow one in its settings.")
}

// mergeAgain says whether a merge that failed is worth another try, or why it isn't;
// neither if it was done after all.
func (r *Repo) mergeAgain(ctx context.Context, number int, m driver.Merge, cause error, late bool) (bool, error) {
	e := cmserr.From(cause)
	if !uncertain(cause) && !slices.Contains([]int{404, 405, 409}, e.Status) {
		return false, cause
	}
	pull, err := r.pull(ctx, number)
	head := pull.Get("head.sha").String()
	switch {
	case err != nil:
		return false, err
	case pull.Get("merged").Bool() && head == m.ExpectedHead:
		return false, nil // an answer was lost
	case head != m.ExpectedHead:
		return false, cmserr.Wrap(cmserr.Conflict, cause, "The draft has changed meanwhile. Reload it and publish again.")
	case !isOpen(pull):
		return false, cmserr.Wrap(cmserr.Conflict, cause, "The pull request was closed. Reload the workflow.")
	case uncertain(cause) && late:
		return false, cause
	case uncertain(cause):
		return true, nil
	}
	return mergeable(pull, cause, late)
}

// mergeable is why the server did not merge what it could: the base moved, it does not
// know yet, the files are in conflict, or somebody wants something else first.
func mergeable(pull gjson.Result, cause error, late bool) (bool, error) {
	why := said(cause)
	switch {
	case strings.Contains(why, "push out of date") || strings.Contains(why, "cannot lock ref"):
		if late {
			return false, cmserr.Wrap(cmserr.Conflict, cause, "The published branch changes all the time. Try again in a moment.")
		}
		return true, nil
	case strings.Contains(why, "try again later") && !late:
		return true, nil
	case strings.Contains(why, "try again later"),
		cmserr.From(cause).Status == 409 && !strings.Contains(why, "PushRejected"):
		return false, cmserr.Wrap(cmserr.Conflict, cause,
			"The draft and what is published changed the same lines, so the server can't merge them. "+
				"Open the draft, copy your text, delete the draft and make it anew; or resolve it at "+
				pull.Get("html_url").String()+".")
	case strings.Contains(why, "ork in progress"):
		return false, cmserr.Wrap(cmserr.Forbidden, cause, "The title of the pull request marks it as work in progress. "+
			"Take the mark off at "+pull.Get("html_url").String()+" first.")
	}
	return false, cmserr.Wrap(cmserr.Forbidden, cause, "The server does not let this be merged: "+rest.Remark(why)+
		" See "+pull.Get("html_url").String()+" for what is missing.")
}
