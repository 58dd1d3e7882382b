package gitgateway

import (
	"context"
	"strings"
	"sync"

	"github.com/tidwall/gjson"

	"mooring/backends/driver"
	"mooring/backends/github"
	"mooring/backends/rest"
)

// nobody stands for an account, and a repository, whose name is not known. No account at
// GitHub or GitLab can be called so.
const nobody = "-"

// overGitHub is what can be done at GitHub through the gateway. It passes neither
// GraphQL, nor accounts, nor the making of forks.
type overGitHub struct {
	*guest
	driver.Brancher
	driver.BranchLister
	driver.PullRequester
	driver.PullFiler
	driver.Labeler
	driver.Comparer
	driver.StatusReader
	driver.MetadataReader
	*largeMedia
	*netlify
}

var (
	_ driver.LFSChooser  = (*overGitHub)(nil)
	_ driver.Thumbnailer = (*overGitHub)(nil)
	_ driver.Previewer   = (*overGitHub)(nil)
)

// OpenGitHub makes the driver of the repository at GitHub that a gateway leads to.
// Nothing is asked of it yet.
func OpenGitHub(cfg Config, env Env) (driver.Driver, error) {
	cfg, err := cfg.check()
	if err != nil {
		return nil, err
	}
	root := cfg.URL + "/github"
	owner := &ownerMemo{}
	repo, err := github.OpenREST(github.Config{Repo: nobody + "/" + nobody, APIRoot: root}, github.Env{
		Doer: &door{
			next: env.renewing(), provider: "GitHub", root: root, inside: "/repos/" + nobody + "/" + nobody,
			passes: gitHubPasses, via: owner.send,
		},
		Token: env.Token, Govern: env.Govern,
	})
	if err != nil {
		return nil, err
	}
	media := newLargeMedia(repo, cfg, env)
	media.own = repo
	return &overGitHub{
		guest:    &guest{repo, cfg.Identity, env.Token},
		Brancher: repo, BranchLister: repo, PullRequester: repo, PullFiler: repo, Labeler: repo,
		Comparer: repo, StatusReader: repo, MetadataReader: repo,
		largeMedia: media, netlify: newNetlify(cfg, env),
	}, nil
}

// gitHubPasses is the gateway's rule.
// https://github.com/netlify/git-gateway/blob/master/api/github.go
func gitHubPasses(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	switch parts[0] {
	case "git", "contents", "pulls", "branches", "merges", "statuses", "compare", "commits":
		return true
	case "issues": // it unescapes slashes in the names of labels, of which GitHub then knows none
		return len(parts) > 2 && parts[2] == "labels" && !strings.Contains(path, "%2F")
	}
	return false
}

// ownerMemo remembers who owns the repository. GitHub lists the pull requests of a branch
// by its owner's name, which nobody tells but what it answers.
type ownerMemo struct {
	mu    sync.Mutex
	known string
}

// byHead is how a query for the pull requests of a branch begins.
const byHead = "head=" + nobody + "%3A"

// send puts the owner into such a query, or takes it out where none can be found: the
// package looks at what comes all the same.
func (o *ownerMemo) send(ctx context.Context, d *door, req *rest.Request, path string) (*rest.Response, error) {
	before, after, found := strings.Cut(path, byHead)
	if !found {
		return d.send(ctx, req, path)
	}
	owner, err := o.ask(ctx, d, req)
	if err != nil {
		return nil, err
	}
	if owner == "" {
		_, after, _ = strings.Cut(after, "&")
		return d.send(ctx, req, before+after)
	}
	return d.send(ctx, req, before+"head="+rest.EscapeQuery(owner)+"%3A"+after)
}

// ask finds the owner in the address of some commit.
// https://docs.github.com/en/rest/commits/commits#list-commits
func (o *ownerMemo) ask(ctx context.Context, d *door, req *rest.Request) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known != "" {
		return o.known, nil
	}
	res, err := d.send(ctx, &rest.Request{Method: "GET", Header: req.Header}, "commits?per_page=1")
	if err != nil {
		return "", err
	}
	_, repository, _ := strings.Cut(gjson.GetBytes(res.Body, "0.url").String(), "/repos/")
	o.known, _, _ = strings.Cut(repository, "/")
	return o.known, nil
}
