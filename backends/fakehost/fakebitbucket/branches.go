package fakebitbucket

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"mooring/backends/fakehost"
)

const (
	headsPrefix = "refs/heads/"
	tagsPrefix  = "refs/tags/"
)

// strategies are the ways to merge that a branch allows when nobody chose, and
// allStrategies those that there are
// (https://support.atlassian.com/bitbucket-cloud/docs/configure-a-pull-requests-merge-strategy/).
var (
	strategies    = []string{"merge_commit", "squash", "fast_forward"}
	allStrategies = append(slices.Clone(strategies), "squash_fast_forward", "rebase_fast_forward", "rebase_merge")
)

func (c *call) refJSON(ref fakehost.Ref) (obj, error) {
	commit, err := c.repo.CommitByID(ref.ID)
	if err != nil {
		return nil, err
	}
	name, kind, folder := ref.Branch(), "branch", "branches"
	if name == "" {
		name, kind, folder = strings.TrimPrefix(ref.Name, tagsPrefix), "tag", "tags"
	}
	o := obj{"type": kind, "name": name, "target": c.commitOfBranch(commit), "links": obj{
		"self": href(c.inRepo("refs", folder, name)), "commits": href(c.inRepo("commits", name)), "html": href(c.web(c.repo.FullName(), kind, name)),
	}}
	if kind == "branch" {
		o["default_merge_strategy"], o["merge_strategies"] = "merge_commit", strategies
	}
	return o, nil
}

// listBranches: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/#api-repositories-workspace-repo-slug-refs-branches-get
func listBranches(c *call) (*answer, error) {
	return paged(c, c.repo.SeenRefs(headsPrefix), usualListing, c.refJSON)
}

// listTags: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/#api-repositories-workspace-repo-slug-refs-tags-get
func listTags(c *call) (*answer, error) {
	return paged(c, c.repo.SeenRefs(tagsPrefix), usualListing, c.refJSON)
}

// listRefs: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/#api-repositories-workspace-repo-slug-refs-get
func listRefs(c *call) (*answer, error) {
	return paged(c, append(c.repo.SeenRefs(headsPrefix), c.repo.SeenRefs(tagsPrefix)...), usualListing, c.refJSON)
}

// getBranch: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/#api-repositories-workspace-repo-slug-refs-branches-name-get
func getBranch(c *call) (*answer, error) {
	ref, found := c.repo.SeenRef(headsPrefix + c.path["name"])
	if !found {
		return nil, errNoBranch(c.path["name"])
	}
	o, err := c.refJSON(ref)
	return &answer{body: o}, err
}

func errNoBranch(name string) error { return notFound(`Branch "` + name + `" does not exist.`) }

// createBranch: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/#api-repositories-workspace-repo-slug-refs-branches-post
func createBranch(c *call) (*answer, error) {
	var in struct {
		Name   string
		Target struct{ Hash string }
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Name == "" || in.Target.Hash == "" {
		return nil, badRequest("A branch needs a name and a target hash.")
	}
	id, err := c.commitOf(in.Target.Hash)
	if err != nil {
		return nil, err
	}
	if err := c.repo.CreateRef(c.user.Login, headsPrefix+in.Name, id); err != nil {
		return nil, branchError(in.Name, err)
	}
	o, err := c.refJSON(fakehost.Ref{Name: headsPrefix + in.Name, ID: id})
	return &answer{status: http.StatusCreated, body: o}, err
}

// branchError is why a branch can't be made.
func branchError(name string, err error) error {
	switch fakehost.KindOf(err) {
	case fakehost.Exists:
		return &apiError{status: http.StatusBadRequest, message: `Branch "` + name + `" already exists.`,
			data: obj{"key": "BRANCH_ALREADY_EXISTS", "arguments": obj{"branch": name}}}
	case fakehost.Conflict: // a/b beside a
		return badRequest("Something went wrong")
	}
	return err
}

// deleteBranch: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/#api-repositories-workspace-repo-slug-refs-branches-name-delete
func deleteBranch(c *call) (*answer, error) {
	name := c.path["name"]
	if name == c.repo.Info().DefaultBranch {
		return nil, badRequest("The main branch can not be deleted")
	}
	err := c.repo.DeleteRef(c.user.Login, headsPrefix+name)
	switch fakehost.KindOf(err) {
	case fakehost.NotFound:
		return nil, errNoBranch(name)
	case fakehost.Protected:
		return nil, forbidden("Permission denied to delete branch " + name + ".")
	}
	return empty(http.StatusNoContent), err
}

// decode reads a JSON body.
func (c *call) decode(into any) error {
	if err := json.Unmarshal(c.body, into); err != nil {
		return badRequest("Bad request")
	}
	return nil
}
