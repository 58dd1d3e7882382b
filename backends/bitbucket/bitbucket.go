// Package bitbucket is the driver for Bitbucket Cloud.
//
// Bitbucket tells no ids of blobs: what a file holds is named by a commit and a path.
// So a listing keeps its entries' names where a diff says that nothing changed, and
// whether something changed is asked of a diff, never of two names.
//
// Each file has one job, under the same name in every host: tree.go lists, blob.go
// reads, commit.go writes, pull.go has pull requests, errors.go says what Bitbucket's
// answers mean. Source: https://developer.atlassian.com/cloud/bitbucket/rest/.
package bitbucket

import (
	"context"
	"strings"
	"sync/atomic"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/memo"
	"mooring/backends/rest"
	"mooring/backends/rest/lfs"
)

// DefaultRoot is the API of Bitbucket Cloud.
const DefaultRoot = "https://api.bitbucket.org/2.0"

// Config is what a site says of its repository.
type Config struct {
	Repo       string // workspace/slug
	APIRoot    string // "" for DefaultRoot
	AuthScheme string // "" for Bearer
	// Labels are the texts that are labels where a comment says nothing else: Bitbucket
	// has no labels of its own. A pull request has the one that was written last.
	Labels []string
	// LFSRoot is where large files are kept, "" for Bitbucket's own.
	LFSRoot string
}

// Env is what the driver gets from where it runs.
type Env struct {
	Doer rest.Doer
	// Token is the credential of whoever is signed in, "" for nobody.
	Token func(ctx context.Context) (string, error)
	// Govern is how the host is treated, and who hears of waits. Zero is fine.
	Govern rest.Options
}

// Repo is a repository.
type Repo struct {
	api        *api
	lfs        *lfs.Client
	name       string // workspace/slug
	labels     []string
	sourceOnly atomic.Bool // a gateway passes files alone: heads come from there, too

	trees   memo.Trees
	heads   memo.Heads
	names   memo.Names
	begun   begunListings
	diffs   diffMemo
	seen    seenHeads
	own     ownCommits
	large   largeMemo
	written labelMemo
}

// The driver and what it can do besides.
var (
	_ driver.Driver          = (*Repo)(nil)
	_ driver.TreeUpdater     = (*Repo)(nil)
	_ driver.TreeBeginner    = (*Repo)(nil)
	_ driver.Brancher        = (*Repo)(nil)
	_ driver.BranchLister    = (*Repo)(nil)
	_ driver.PullRequester   = (*Repo)(nil)
	_ driver.PullFiler       = (*Repo)(nil)
	_ driver.Labeler         = (*Repo)(nil)
	_ driver.Comparer        = (*Repo)(nil)
	_ driver.PushChecker     = (*Repo)(nil)
	_ driver.StatusReader    = (*Repo)(nil)
	_ driver.MetadataReader  = (*Repo)(nil)
	_ driver.LFSStore        = (*Repo)(nil)
	_ driver.Namer           = (*Repo)(nil)
	_ driver.ServiceStatuser = (*Repo)(nil)
)

// Open makes the driver of a repository. Nothing is asked of Bitbucket yet.
func Open(cfg Config, env Env) (*Repo, error) {
	workspace, slug, ok := cutRepo(cfg.Repo)
	if !ok || workspace == "" || slug == "" || strings.ContainsAny(slug, "/:?# ") {
		return nil, cmserr.New(cmserr.Invalid, "`backend.repo` must be “workspace/repository”, "+
			"as in the repository's address on Bitbucket, not “"+cfg.Repo+"”.")
	}
	a, err := newAPI(cfg, env)
	if err != nil {
		return nil, err
	}
	return &Repo{api: a, lfs: newLFS(cfg, env, a), name: cfg.Repo, labels: cfg.Labels}, nil
}

// path is the path of something in the repository. Parts are escaped.
func (r *Repo) path(parts ...string) string {
	workspace, slug, _ := cutRepo(r.name)
	p := "/repositories/" + rest.EscapeSegment(workspace) + "/" + rest.EscapeSegment(slug)
	for _, part := range parts {
		p += "/" + part
	}
	return p
}
