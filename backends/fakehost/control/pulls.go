package control

import (
	"fmt"
	"net/http"

	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// addPull opens a pull request of {repository, author, branch, title, body,
// labels} to the default branch, and answers {"number"}.
func (c *controller) addPull(r *http.Request) (any, error) {
	var in struct {
		Repository, Author, Branch, Title, Body string
		Labels                                  []string
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	repo, err := c.repository(in.Repository)
	if err != nil {
		return nil, err
	}
	p, err := repo.CreatePull(fakehost.NewPull{By: in.Author, Title: in.Title, Body: in.Body,
		HeadBranch: in.Branch, BaseBranch: repo.Info().DefaultBranch})
	if err != nil {
		return nil, err
	}
	return map[string]int{"number": p.Number}, repo.AddLabels(p.Number, in.Labels)
}

// addLabels puts {labels} on the pull request {repository, number}, beside
// those that it has.
func (c *controller) addLabels(r *http.Request) (any, error) {
	var in struct {
		Repository string
		Number     int
		Labels     []string
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	repo, err := c.repository(in.Repository)
	if err != nil {
		return nil, err
	}
	return nil, repo.AddLabels(in.Number, in.Labels)
}

// pull is a pull request in JSON. State is open, closed or merged.
type pull struct {
	Number int      `json:"number"`
	Title  string   `json:"title"`
	Body   string   `json:"body"`
	Author string   `json:"author"`
	Base   string   `json:"base"`
	Head   string   `json:"head"` // owner:branch
	Labels []string `json:"labels"`
	State  string   `json:"state"`
}

// pulls answers all pull requests of ?repository=…, in order of their numbers.
func (c *controller) pulls(r *http.Request) (any, error) {
	repo, err := c.repository(r.URL.Query().Get("repository"))
	if err != nil {
		return nil, err
	}
	out := make([]pull, 0)
	for _, p := range repo.Pulls() {
		out = append(out, pull{Number: p.Number, Title: p.Title, Body: p.Body, Author: p.Author,
			Base: p.Base.Branch, Head: p.Head.Label(), Labels: p.Labels, State: stateOf(p)})
	}
	return out, nil
}

func stateOf(p fakehost.PullRequest) string {
	switch {
	case p.Merged:
		return "merged"
	case p.Open:
		return "open"
	}
	return "closed"
}

// commitJSON is a commit in JSON.
type commitJSON struct {
	SHA     string   `json:"sha"`
	Parents []string `json:"parents"`
	Message string   `json:"message"`
	Author  string   `json:"author"` // name
}

// commits answers the history of ?repository=…&branch=…, newest first.
func (c *controller) commits(r *http.Request) (any, error) {
	q := r.URL.Query()
	repo, err := c.repository(q.Get("repository"))
	if err != nil {
		return nil, err
	}
	head, ok := repo.Head(q.Get("branch"))
	if !ok {
		return nil, fmt.Errorf("%s has no branch %q", repo.FullName(), q.Get("branch"))
	}
	var out []commitJSON
	err = repo.Log(head, "", func(commit *object.Commit) bool {
		one := commitJSON{SHA: commit.Hash.String(), Parents: make([]string, 0), Message: commit.Message, Author: commit.Author.Name}
		for _, id := range commit.ParentHashes {
			one.Parents = append(one.Parents, id.String())
		}
		out = append(out, one)
		return true
	})
	return out, err
}

// forks answers the names of the forks of ?repository=…, newest first.
func (c *controller) forks(r *http.Request) (any, error) {
	repo, err := c.repository(r.URL.Query().Get("repository"))
	if err != nil {
		return nil, err
	}
	out := make([]string, 0)
	for _, fork := range repo.Forks() {
		out = append(out, fork.FullName())
	}
	return out, nil
}
