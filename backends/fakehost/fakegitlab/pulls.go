package fakegitlab

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"mooring/backends/fakehost"
)

// pull is the merge request that the path names.
func (c *call) pull() (fakehost.PullRequest, error) {
	number, err := strconv.Atoi(c.path["iid"])
	if err != nil {
		return fakehost.PullRequest{}, &apiError{status: http.StatusBadRequest, body: obj{"error": "merge_request_iid is invalid"}}
	}
	c.autoMerge(number)
	p, found := c.repo.SeenPull(number)
	if !found {
		return p, notFound("")
	}
	return p, nil
}

// listPulls: https://docs.gitlab.com/api/merge_requests/#list-project-merge-requests
func listPulls(c *call) (*answer, error) {
	if err := c.checkListing(); err != nil {
		return nil, err
	}
	for _, p := range c.repo.Pulls() {
		c.autoMerge(p.Number)
	}
	filter, err := c.pullFilter()
	if err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(c.repo.SeenPulls(), func(p fakehost.PullRequest) bool { return !filter(p) })
	by := func(p fakehost.PullRequest) int64 { return p.CreatedAt.UnixNano() }
	switch c.params.text("order_by") {
	case "updated_at":
		by = func(p fakehost.PullRequest) int64 { return p.UpdatedAt.UnixNano() }
	case "title":
		slices.SortStableFunc(list, func(a, b fakehost.PullRequest) int { return strings.Compare(b.Title, a.Title) })
		by = func(fakehost.PullRequest) int64 { return 0 }
	}
	slices.SortStableFunc(list, func(a, b fakehost.PullRequest) int { return cmp.Compare(by(b), by(a)) })
	if c.params.text("sort") == "asc" {
		slices.Reverse(list)
	}
	convert := c.pullJSON
	if c.params.text("view") == "simple" {
		convert = c.pullSimple
	}
	return paged(c, list, withTotals, listDefaults, convert)
}

// listDefaults are what a list's links name though the client didn't.
var listDefaults = map[string]string{"state": "all", "order_by": "created_at", "sort": "desc",
	"with_labels_details": "false", "with_merge_status_recheck": "false"}

// listValues are what some of a list's parameters may be.
var listValues = map[string][]string{
	"state": {"opened", "closed", "locked", "merged", "all"}, "sort": {"asc", "desc"}, "wip": {"yes", "no"}, "view": {"simple"},
	"order_by": {"created_at", "label_priority", "milestone_due", "popularity", "priority", "title", "updated_at", "merged_at"},
}

func (c *call) checkListing() error {
	for name, values := range listValues {
		if err := c.params.oneOf(name, values...); err != nil {
			return err
		}
	}
	return nil
}

// pullFilter says which merge requests a request asks for.
func (c *call) pullFilter() (func(fakehost.PullRequest) bool, error) {
	p := c.params
	created, err := c.time("created_after")
	if err != nil {
		return nil, err
	}
	updated, err := c.time("updated_after")
	if err != nil {
		return nil, err
	}
	iids, labels := p.list("iids"), p.list("labels")
	is := func(name, value string) bool { return !p.has(name) || p.text(name) == value }
	return func(pr fakehost.PullRequest) bool {
		state := p.text("state")
		found := strings.Contains(strings.ToLower(pr.Title+"\n"+pr.Body), strings.ToLower(p.text("search")))
		return (state == "" || state == "all" || state == pullState(pr)) && found &&
			is("source_branch", pr.Head.Branch) && is("target_branch", pr.Base.Branch) && is("author_username", pr.Author) &&
			is("source_project_id", digits(pr.Head.Repo.Info().ID)) && is("wip", map[bool]string{true: "yes", false: "no"}[isDraft(pr)]) &&
			(p.text("scope") != "created_by_me" || pr.Author == c.user.Login) &&
			(iids == nil || slices.Contains(iids, strconv.Itoa(pr.Number))) && hasLabels(pr, labels) &&
			!pr.CreatedAt.Before(created) && !pr.UpdatedAt.Before(updated)
	}, nil
}

// hasLabels says whether a merge request has all the labels. Any stands for at
// least one, None for none.
func hasLabels(p fakehost.PullRequest, labels []string) bool {
	for _, name := range labels {
		switch strings.ToLower(name) {
		case "any":
			if len(p.Labels) == 0 {
				return false
			}
		case "none":
			if len(p.Labels) > 0 {
				return false
			}
		default:
			if !slices.Contains(p.Labels, name) {
				return false
			}
		}
	}
	return true
}

func pullState(p fakehost.PullRequest) string {
	switch {
	case p.Merged:
		return "merged"
	case p.Open:
		return "opened"
	}
	return "closed"
}

// isDraft says whether a title marks a draft, or the model does.
func isDraft(p fakehost.PullRequest) bool { return p.Draft || draftTitle(p.Title) }

// draftTitle: https://docs.gitlab.com/user/project/merge_requests/drafts/
func draftTitle(title string) bool {
	title = strings.ToLower(strings.TrimSpace(title))
	for _, mark := range []string{"draft:", "[draft]", "(draft)"} {
		if strings.HasPrefix(title, mark) {
			return true
		}
	}
	return false
}

// getPull: https://docs.gitlab.com/api/merge_requests/#get-single-mr
func getPull(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	rebasing := c.params.flag("include_rebase_in_progress") && c.repo.Rebasing(p.Number)
	if c.params.flag("include_rebase_in_progress") && !rebasing {
		p, _ = c.repo.SeenPull(p.Number) // which the rebase has moved
	}
	o, err := c.pullDetail(p)
	if err != nil {
		return nil, err
	}
	o["first_contribution"] = false
	if c.params.flag("include_rebase_in_progress") {
		o["rebase_in_progress"] = rebasing
	}
	if c.params.flag("include_diverged_commits_count") {
		if comparison, err := c.repo.ComparePull(p); err == nil {
			o["diverged_commits_count"] = comparison.Behind
		}
	}
	return ok(o)
}
