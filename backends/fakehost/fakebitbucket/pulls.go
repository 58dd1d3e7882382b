package fakebitbucket

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

// pullListing: who takes part can't be filtered by.
var pullListing = listing{usual: 10, most: 50, unfiltered: []string{"participants"}}

// listPulls: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-get
//
// With q the parameter state counts for nothing.
func listPulls(c *call) (*answer, error) {
	states := c.params["state"]
	if len(states) == 0 {
		states = []string{"OPEN"}
	}
	list := slices.DeleteFunc(c.repo.SeenPulls(), func(p fakehost.PullRequest) bool {
		return c.param("q") == "" && !slices.ContainsFunc(states, func(s string) bool { return strings.EqualFold(s, pullState(p)) })
	})
	return paged(c, list, pullListing, func(p fakehost.PullRequest) (obj, error) { return c.pullJSON(p), nil })
}

// pull finds the pull request that the path names.
func (c *call) pull() (fakehost.PullRequest, error) {
	number, err := strconv.Atoi(c.path["id"])
	if err == nil {
		c.advance(number)
		if p, found := c.repo.SeenPull(number); found {
			return p, nil
		}
	}
	return fakehost.PullRequest{}, notFound("Pull request " + c.path["id"] + " not found")
}

// getPull: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-get
func getPull(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	return ok(c.pullDetail(p))
}

// branchIn is a side of a pull request in a request.
type branchIn struct {
	Branch     struct{ Name string }
	Repository struct {
		FullName string `json:"full_name"`
	}
}

type pullIn struct {
	Title, Description  *string
	Source, Destination *branchIn
	CloseSourceBranch   *bool `json:"close_source_branch"`
	Draft               *bool
	State               *string
}

// createPull: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-post
//
// Of a source and a destination that have an open pull request it is that one,
// with another title.
func createPull(c *call) (*answer, error) {
	var in pullIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Title == nil || *in.Title == "" {
		return nil, badField("title", "This field is required.")
	}
	if in.Source == nil || in.Source.Branch.Name == "" {
		return nil, badField("source", "This field is required.")
	}
	n, err := c.newPull(in)
	if err != nil {
		return nil, err
	}
	p, err := c.repo.CreatePull(n)
	switch fakehost.KindOf(err) {
	case fakehost.Exists:
		p, err = c.overwrite(n)
	case fakehost.Invalid:
		err = badRequest("There are no changes to be pulled")
	}
	if err != nil {
		return nil, err
	}
	return &answer{status: http.StatusCreated, body: c.pullDetail(p), header: map[string]string{"Location": c.inRepo("pullrequests", digits(p.Number))}}, nil
}

func (c *call) newPull(in pullIn) (fakehost.NewPull, error) {
	n := fakehost.NewPull{By: c.user.Login, Title: *in.Title, Head: c.repo, HeadBranch: in.Source.Branch.Name, BaseBranch: c.repo.Info().DefaultBranch}
	if name := in.Source.Repository.FullName; name != "" {
		owner, slug, _ := strings.Cut(name, "/")
		head, found := c.findRepository(owner, slug)
		if !found {
			return n, badField("source", "repository not found: "+name)
		}
		n.Head = head
	}
	if in.Destination != nil {
		n.BaseBranch = cmp.Or(in.Destination.Branch.Name, n.BaseBranch)
	}
	if _, found := n.Head.Head(n.HeadBranch); !found {
		return n, badField("source", "branch not found: "+n.HeadBranch)
	}
	if _, found := c.repo.Head(n.BaseBranch); !found {
		return n, badField("destination", "branch not found: "+n.BaseBranch)
	}
	if in.Description != nil {
		n.Body = *in.Description
	}
	n.Draft, n.RemoveBranch = in.Draft != nil && *in.Draft, in.CloseSourceBranch != nil && *in.CloseSourceBranch
	return n, nil
}

func (c *call) overwrite(n fakehost.NewPull) (fakehost.PullRequest, error) {
	pulls := c.repo.Pulls()
	i := slices.IndexFunc(pulls, func(p fakehost.PullRequest) bool {
		return p.Open && p.Head.Repo == n.Head && p.Head.Branch == n.HeadBranch && p.Base.Branch == n.BaseBranch
	})
	if i < 0 { // it was closed meanwhile
		return c.repo.CreatePull(n)
	}
	return c.repo.EditPull(pulls[i].Number, fakehost.PullEdit{Title: &n.Title, RemoveBranch: &n.RemoveBranch})
}

// updatePull changes what the body has
// (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-put).
func updatePull(c *call) (*answer, error) {
	var in pullIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	if !p.Open {
		return nil, badRequest("Can only update an open pull request.")
	}
	e := fakehost.PullEdit{Title: in.Title, Body: in.Description, RemoveBranch: in.CloseSourceBranch, Draft: in.Draft}
	if in.Destination != nil {
		e.Base = &in.Destination.Branch.Name
	}
	p, err = c.repo.EditPull(p.Number, e)
	if fakehost.KindOf(err) == fakehost.Invalid {
		err = badField("destination", "branch not found: "+*e.Base)
	}
	if err != nil {
		return nil, err
	}
	return ok(c.pullDetail(p))
}

// declinePull: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-decline-post
func declinePull(c *call) (*answer, error) {
	var in struct{ Message string }
	if len(c.body) > 0 {
		if err := c.decode(&in); err != nil {
			return nil, err
		}
	}
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	if !p.Open {
		return nil, errClosed
	}
	if c.repo.Permission(c.user.Login) < fakehost.Write && p.Author != c.user.Login {
		return nil, forbidden("Access denied. You must have write or admin access.")
	}
	open := false
	p, err = c.repo.EditPull(p.Number, fakehost.PullEdit{Open: &open, By: c.user.Login, Reason: &in.Message})
	if err != nil {
		return nil, err
	}
	return ok(c.pullDetail(p))
}

// errClosed is what can't be done to a pull request that isn't open.
var errClosed = badField("newstatus", "This pull request is already closed.")

// pullCommits: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-commits-get
func pullCommits(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	brought, err := c.repo.ComparePull(p)
	if err != nil {
		return nil, err
	}
	slices.Reverse(brought.Ahead)
	l := usualListing
	l.uncounted = true
	return paged(c, brought.Ahead, l, func(id plumbing.Hash) (obj, error) {
		commit, err := c.repo.CommitByID(id)
		if err != nil {
			return nil, err
		}
		return c.commitJSON(commit)
	})
}

// redirectToDiff and redirectToDiffstat lead to the diff of the commits
// (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-diff-get).
func redirectToDiff(c *call) (*answer, error)     { return c.redirect("diff") }
func redirectToDiffstat(c *call) (*answer, error) { return c.redirect("diffstat") }

func (c *call) redirect(kind string) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	to := c.pullSpan(p, kind)
	if c.r.URL.RawQuery != "" {
		to += "&" + c.r.URL.RawQuery
	}
	a := empty(http.StatusFound)
	a.header = map[string]string{"Location": to}
	return a, nil
}
