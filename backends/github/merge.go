package github

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// mergeTries is how often a merge is tried while GitHub works out whether it can be
// merged, or while the base branch moves.
const mergeTries = 5

// MergePull implements driver.PullRequester. It is never forced.
// https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
func (r *Repo) MergePull(ctx context.Context, number int, m driver.Merge) error {
	for pause := 300 * time.Millisecond; ; pause *= 2 {
		err := r.merge(ctx, number, m)
		if err == nil {
			return nil
		}
		again, err := r.mergeAgain(ctx, number, m, err)
		if err != nil || !again {
			return err
		}
		if pause > 300*time.Millisecond<<mergeTries {
			return cmserr.New(cmserr.Conflict, "The published branch changes all the time. Try again in a moment.")
		}
		if err := r.api.clock.Sleep(ctx, pause); err != nil {
			return cmserr.From(err)
		}
	}
}

func (r *Repo) merge(ctx context.Context, number int, m driver.Merge) error {
	method := "merge"
	if m.Squash {
		method = "squash"
	}
	// The title is GitHub's own: it names the pull request, and links to it.
	var j rest.JSON
	j.Object().Field("sha", m.ExpectedHead).Field("merge_method", method).Field("commit_message", m.Message).EndObject()
	_, err := r.api.Send(ctx, "PUT", r.home().path("pulls", strconv.Itoa(number), "merge"), &j)
	return err
}

// mergeAgain says whether a merge that failed is worth another try, or why it isn't;
// neither if it was done after all.
func (r *Repo) mergeAgain(ctx context.Context, number int, m driver.Merge, cause error) (bool, error) {
	e := cmserr.From(cause)
	if e.Status == 409 {
		return false, cmserr.Wrap(cmserr.Conflict, cause, "The draft has changed meanwhile. Reload it and publish again.")
	}
	if e.Status != 405 && e.Kind != cmserr.Network {
		return false, cause
	}
	v, err := r.api.Get(ctx, r.home().path("pulls", strconv.Itoa(number)))
	switch {
	case err != nil:
		return false, err
	case v.Get("merged").Bool() && v.Get("head.sha").String() == m.ExpectedHead:
		return false, nil // an answer was lost
	case v.Get("head.sha").String() != m.ExpectedHead:
		return false, cmserr.Wrap(cmserr.Conflict, cause, "The draft has changed meanwhile. Reload it and publish again.")
	case v.Get("state").String() != "open":
		return false, cmserr.Wrap(cmserr.Conflict, cause, "The pull request was closed. Reload the workflow.")
	case e.Kind == cmserr.Network:
		return true, nil
	}
	return mergeable(v, e)
}

// mergeable is why GitHub answered 405: it does so for everything that is in the
// way of a merge, and while it does not know yet.
func mergeable(pull gjson.Result, e *cmserr.Error) (bool, error) {
	state := pull.Get("mergeable_state").String()
	said := strings.TrimPrefix(e.Message(), "GitHub refused: ")
	out := *e
	out.Err = e
	switch {
	case state == "dirty":
		out.Kind, out.Msg = cmserr.Conflict,
			"The draft and what is published changed the same lines, so GitHub can't merge them. "+
				"Open the draft, copy your text, delete the draft and make it anew; or resolve it at "+pull.Get("html_url").String()+"."
	case strings.Contains(said, "Base branch was modified"), state == "unknown", !pull.Get("mergeable").Exists():
		return true, nil
	case strings.Contains(said, "are not allowed on this repository"):
		out.Kind, out.Msg = cmserr.Forbidden,
			said+" Allow the kind of merge in the repository's settings, or change `backend.squash_merges`."
	case state == "draft":
		out.Kind, out.Msg = cmserr.Forbidden, "The pull request is marked as a draft on GitHub. Mark it as ready there first."
	default:
		out.Kind, out.Msg = cmserr.Forbidden, "GitHub does not let this be merged: "+said+
			" See "+pull.Get("html_url").String()+" for what is missing."
	}
	return false, &out
}
