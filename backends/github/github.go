// Package github is the driver for GitHub.com and GitHub Enterprise Server.
//
// Reads and writes go through GraphQL where one request then does the work of many
// (blobs, commits, the files of pull requests), and through REST for all else, and
// for everything where GraphQL is refused (Git Gateway has none).
//
// Each file has one job, under the same name in every host: tree.go lists, blob.go
// reads, commit.go writes, pull.go has pull requests, errors.go says what GitHub's
// answers mean. Sources: https://docs.github.com/en/rest and
// https://docs.github.com/en/graphql.
package github

import (
	"context"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/memo"
	"mooring/backends/rest"
)

// DefaultRoot is the API of GitHub.com.
const DefaultRoot = "https://api.github.com"

// Config is what a site says of its repository.
type Config struct {
	Repo        string // owner/name
	APIRoot     string // "" for DefaultRoot; GitHub Enterprise: https://host/api/v3
	GraphQLRoot string // "" to derive it from APIRoot
	AuthScheme  string // "" for Bearer
	NoGraphQL   bool   // REST alone; see OpenREST
	StatusPage  string // "" for GitHub.com's own, which says nothing of other servers
}

// Env is what the driver gets from where it runs.
type Env struct {
	Doer rest.Doer
	// Token is the credential of whoever is signed in, "" for nobody.
	Token func(ctx context.Context) (string, error)
	// Govern is how the host is treated, and who hears of waits. Zero is fine.
	Govern rest.Options
}

// Repo is a repository, or a fork of one.
type Repo struct {
	api     *api
	queries queries
	name    string // owner/name
	origin  *Repo  // of a fork: what it was forked from; nil otherwise
	trees   memo.Trees
	heads   memo.Heads
	facts   factsMemo
	listed  listedPaths
}

// The driver and what it can do besides.
var (
	_ driver.Driver          = (*Repo)(nil)
	_ driver.Brancher        = (*Repo)(nil)
	_ driver.BranchLister    = (*Repo)(nil)
	_ driver.PullRequester   = (*Repo)(nil)
	_ driver.PullFiler       = (*Repo)(nil)
	_ driver.Labeler         = (*Repo)(nil)
	_ driver.Comparer        = (*Repo)(nil)
	_ driver.StatusReader    = (*Repo)(nil)
	_ driver.Forker          = (*Repo)(nil)
	_ driver.MetadataReader  = (*Repo)(nil)
	_ driver.LFSStore        = (*Repo)(nil)
	_ driver.Namer           = (*Repo)(nil)
	_ driver.ServiceStatuser = (*Repo)(nil)
)

// Open makes the driver of a repository. Nothing is asked of GitHub yet.
func Open(cfg Config, env Env) (*Repo, error) {
	r, err := OpenREST(cfg, env)
	if err == nil && !cfg.NoGraphQL {
		r.api.openGraphQL(cfg)
		r.queries = graph{r}
	}
	return r, err
}

// OpenREST is Open for a door that has no GraphQL: a program that has no need of the
// queries does without their code.
func OpenREST(cfg Config, env Env) (*Repo, error) {
	owner, name, ok := strings.Cut(cfg.Repo, "/")
	if !ok || owner == "" || name == "" || strings.Contains(name, "/") {
		return nil, cmserr.New(cmserr.Invalid,
			"`backend.repo` must be “owner/name”, as in the repository's address on GitHub, not “"+cfg.Repo+"”.")
	}
	a, err := newAPI(cfg, env)
	if err != nil {
		return nil, err
	}
	return &Repo{api: a, queries: noQueries{}, name: cfg.Repo}, nil
}

// OpenFork implements driver.Forker.
func (r *Repo) OpenFork(name string) driver.Driver { return r.openFork(name) }

func (r *Repo) openFork(name string) *Repo {
	fork := &Repo{api: r.api, name: name, origin: r.home()}
	fork.queries = r.queries.of(fork)
	return fork
}

// home is where pull requests are: the repository itself, or a fork's origin.
func (r *Repo) home() *Repo {
	if r.origin != nil {
		return r.origin
	}
	return r
}

// owner is the account or organisation that the repository belongs to.
func (r *Repo) owner() string {
	owner, _, _ := strings.Cut(r.name, "/")
	return owner
}

// path is the REST path of something in the repository. Parts are escaped.
func (r *Repo) path(parts ...string) string {
	owner, name, _ := strings.Cut(r.name, "/")
	p := "/repos/" + rest.EscapeSegment(owner) + "/" + rest.EscapeSegment(name)
	for _, part := range parts {
		p += "/" + part
	}
	return p
}
