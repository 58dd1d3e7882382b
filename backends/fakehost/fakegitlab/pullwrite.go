package fakegitlab

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"mooring/backends/fakehost"
)

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

// updateKeys are the parameters of which an update needs one.
var updateKeys = []string{"assignee_id", "assignee_ids", "reviewer_ids", "description", "labels", "add_labels", "remove_labels",
	"milestone_id", "remove_source_branch", "allow_collaboration", "allow_maintainer_to_push", "squash", "target_branch", "title",
	"state_event", "discussion_locked", "merge_after"}

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
