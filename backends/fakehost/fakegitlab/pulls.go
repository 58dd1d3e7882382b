package fakegitlab

import (
	"cmp"
	"fmt"
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
	defaults := map[string]string{"state": "all", "order_by": "created_at", "sort": "desc", "with_labels_details": "false", "with_merge_status_recheck": "false"}
	return paged(c, list, withTotals, defaults, convert)
}

func (c *call) checkListing() error {
	for name, values := range map[string][]string{"state": {"opened", "closed", "locked", "merged", "all"}, "sort": {"asc", "desc"}, "wip": {"yes", "no"},
		"view": {"simple"}, "order_by": {"created_at", "label_priority", "milestone_due", "popularity", "priority", "title", "updated_at", "merged_at"}} {
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

// createPull: https://docs.gitlab.com/api/merge_requests/#create-merge-request.
// The path names the project that the source branch is in.
func createPull(c *call) (*answer, error) {
	if err := c.params.require("title", "source_branch", "target_branch"); err != nil {
		return nil, err
	}
	if err := c.need(fakehost.Write); err != nil {
		return nil, err
	}
	source := c.repo
	if p := c.params; p.has("target_project_id") {
		target, found := c.findProject(p.text("target_project_id"))
		if !found || target.Source() != source.Source() {
			return nil, &apiError{status: http.StatusUnprocessableEntity, message: []string{"Source project is not a fork of the target project"}}
		}
		c.repo = target
	}
	p, err := c.openPull(source)
	if err != nil {
		return nil, err
	}
	o, err := c.pullDetail(p)
	if err != nil {
		return nil, err
	}
	return created(o)
}

func (c *call) openPull(source *fakehost.Repository) (fakehost.PullRequest, error) {
	p := c.params
	from, into := p.text("source_branch"), p.text("target_branch")
	if source == c.repo && from == into {
		return fakehost.PullRequest{}, &apiError{status: http.StatusUnprocessableEntity,
			message: []string{"You can't use same project/branch for source and target"}}
	}
	if err := c.conflicting(source, from, into, 0); err != nil {
		return fakehost.PullRequest{}, err
	}
	squash := p.flag("squash") || !p.has("squash") && c.repo.Info().SquashByDefault
	remove := p.flag("remove_source_branch") || !p.has("remove_source_branch") && c.repo.Info().DeleteBranchOnMerge
	pr, err := c.repo.CreatePull(fakehost.NewPull{By: c.user.Login, Title: p.text("title"), Body: p.text("description"), Head: source,
		HeadBranch: from, BaseBranch: into, Draft: draftTitle(p.text("title")), Squash: squash, RemoveBranch: remove})
	if fakehost.KindOf(err) == fakehost.Invalid {
		field := map[bool]string{true: "source_branch", false: "target_branch"}[strings.Contains(err.Error(), "head")]
		return pr, &apiError{status: http.StatusBadRequest, message: obj{field: []string{"does not exist"}}}
	}
	if err != nil {
		return pr, err
	}
	return c.labelPull(pr.Number, append(p.list("labels"), p.list("add_labels")...), nil)
}

// conflicting refuses a second open merge request of two branches.
func (c *call) conflicting(source *fakehost.Repository, from, into string, but int) error {
	for _, p := range c.repo.Pulls() {
		if p.Open && p.Number != but && p.Head.Repo == source && p.Head.Branch == from && p.Base.Branch == into {
			return &apiError{status: http.StatusConflict,
				message: []string{fmt.Sprintf("Another open merge request already exists for this source branch: !%d", p.Number)}}
		}
	}
	return nil
}

// labelPull adds and removes labels; what the project lacks is made.
func (c *call) labelPull(number int, add, remove []string) (fakehost.PullRequest, error) {
	if err := c.makeLabels(add); err != nil {
		return fakehost.PullRequest{}, err
	}
	p, _ := c.repo.Pull(number)
	labels := slices.DeleteFunc(append(p.Labels, add...), func(name string) bool { return slices.Contains(remove, name) })
	slices.Sort(labels)
	if err := c.repo.SetLabels(number, slices.Compact(labels)); err != nil {
		return p, err
	}
	p, _ = c.repo.Pull(number)
	return p, nil
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

// updateKeys are the parameters of which an update needs one.
var updateKeys = []string{"assignee_id", "assignee_ids", "reviewer_ids", "description", "labels", "add_labels", "remove_labels", "milestone_id",
	"remove_source_branch", "allow_collaboration", "allow_maintainer_to_push", "squash", "target_branch", "title", "state_event", "discussion_locked", "merge_after"}

// updatePull: https://docs.gitlab.com/api/merge_requests/#update-merge-request
func updatePull(c *call) (*answer, error) {
	if err := c.signIn(); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(updateKeys, func(k string) bool { _, given := c.params[k]; return given }) {
		return nil, &apiError{status: http.StatusBadRequest, body: obj{
			"error": strings.Join(updateKeys, ", ") + " are missing, at least one parameter must be provided"}}
	}
	if err := c.params.oneOf("state_event", "close", "reopen"); err != nil {
		return nil, err
	}
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	if p.Author != c.user.Login && c.repo.Permission(c.user.Login) < fakehost.Write || c.repo.Info().Archived {
		return nil, forbidden("")
	}
	if p, err = c.editPull(p); err != nil {
		return nil, err
	}
	o, err := c.pullDetail(p)
	if err != nil {
		return nil, err
	}
	return ok(o)
}

func (c *call) editPull(p fakehost.PullRequest) (fakehost.PullRequest, error) {
	in, edit := c.params, fakehost.PullEdit{By: c.user.Login}
	text := func(name string, to **string) {
		if v := in.text(name); in.has(name) {
			*to = &v
		}
	}
	text("title", &edit.Title)
	text("description", &edit.Body)
	text("target_branch", &edit.Base)
	if edit.Title != nil {
		draft := draftTitle(*edit.Title)
		edit.Draft = &draft
	}
	if in.has("squash") {
		squash := in.flag("squash")
		edit.Squash = &squash
	}
	if in.has("remove_source_branch") {
		remove := in.flag("remove_source_branch")
		edit.RemoveBranch = &remove
	}
	if event := in.text("state_event"); event != "" && !p.Merged {
		open := event == "reopen"
		edit.Open = &open
		if err := c.conflicting(p.Head.Repo, p.Head.Branch, p.Base.Branch, p.Number); open && err != nil {
			return p, err
		}
	}
	if _, err := c.repo.EditPull(p.Number, edit); err != nil {
		return p, err
	}
	remove := in.list("remove_labels")
	add := in.list("add_labels")
	if _, given := in["labels"]; given {
		remove, add = append(remove, without(p.Labels, in.list("labels"))...), append(add, in.list("labels")...)
	}
	return c.labelPull(p.Number, add, remove)
}

// without are the texts of list that aren't among others.
func without(list, others []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(others, s) })
}
