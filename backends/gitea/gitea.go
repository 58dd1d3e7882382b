// Package gitea is the driver for Gitea (1.22 and newer) and Forgejo (9 and newer).
//
// It speaks REST alone, which is all that they have, and uses what newer versions
// offer: many files in one answer, branches that move only from where they were seen.
//
// Each file has one job, under the same name in every host: tree.go lists, blob.go
// reads, commit.go writes, pull.go has pull requests, errors.go says what the server's
// answers mean. Sources: https://docs.gitea.com/api and
// https://forgejo.org/docs/latest/user/api-usage; where they are silent, the servers'
// own source.
package gitea

import (
	"context"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/memo"
	"mooring/backends/rest"
)

// DefaultRoot is the API of the server on which Gitea can be tried.
const DefaultRoot = "https://try.gitea.io/api/v1"

// Config is what a site says of its repository.
type Config struct {
	Repo       string // owner/name
	APIRoot    string // "" for DefaultRoot; else https://host/api/v1
	AuthScheme string // "" for token, as personal tokens and OAuth's both have it
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
	api   *api
	name  string // owner/name
	trees memo.Trees
	heads memo.Heads
	names memo.Names
	seen  seenHeads
	facts factsMemo
	texts textMemo
}

// The driver and what it can do besides.
var (
	_ driver.Driver         = (*Repo)(nil)
	_ driver.Brancher       = (*Repo)(nil)
	_ driver.BranchLister   = (*Repo)(nil)
	_ driver.PullRequester  = (*Repo)(nil)
	_ driver.PullFiler      = (*Repo)(nil)
	_ driver.Labeler        = (*Repo)(nil)
	_ driver.Comparer       = (*Repo)(nil)
	_ driver.Rebaser        = (*Repo)(nil)
	_ driver.PushChecker    = (*Repo)(nil)
	_ driver.StatusReader   = (*Repo)(nil)
	_ driver.MetadataReader = (*Repo)(nil)
	_ driver.LFSReader      = (*Repo)(nil)
	_ driver.Namer          = (*Repo)(nil)
)

// Open makes the driver of a repository. Nothing is asked of the server yet.
func Open(cfg Config, env Env) (*Repo, error) {
	owner, name, ok := strings.Cut(cfg.Repo, "/")
	if !ok || owner == "" || name == "" || strings.Contains(name, "/") {
		return nil, cmserr.New(cmserr.Invalid,
			"`backend.repo` must be “owner/name”, as in the repository's address on the server, not “"+cfg.Repo+"”.")
	}
	a, err := newAPI(cfg, env)
	if err != nil {
		return nil, err
	}
	return &Repo{api: a, name: cfg.Repo}, nil
}

// path is the path of something in the repository, under the name that it has now: the
// server leads from an old name to the new one, but browsers make a GET of a POST that is
// led elsewhere. Parts are escaped.
func (r *Repo) path(parts ...string) string {
	owner, name, _ := strings.Cut(r.fullName(), "/")
	p := "/repos/" + rest.EscapeSegment(owner) + "/" + rest.EscapeSegment(name)
	for _, part := range parts {
		p += "/" + part
	}
	return p
}
