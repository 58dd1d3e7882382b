// Package gitlab is the driver for GitLab.com and self-managed GitLab servers.
//
// Reads go through GraphQL where one request then does the work of many (trees, blobs,
// merge requests and their files), and through REST for all else, and for everything
// where GraphQL is refused. Writes go through REST.
//
// Each file has one job, under the same name in every host: tree.go lists, blob.go
// reads, commit.go writes, pull.go has merge requests, errors.go says what GitLab's
// answers mean. Sources: https://docs.gitlab.com/api/rest/ and
// https://docs.gitlab.com/api/graphql/.
package gitlab

import (
	"context"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/memo"
	"mooring/backends/rest"
)

// DefaultRoot is the API of GitLab.com.
const DefaultRoot = "https://gitlab.com/api/v4"

// Config is what a site says of its repository.
type Config struct {
	Repo        string // the project's full path: group/project, or group/subgroup/project
	APIRoot     string // "" for DefaultRoot; self-managed: https://host/api/v4
	GraphQLRoot string // "" to derive it from APIRoot
	AuthScheme  string // "" for Bearer
	NoGraphQL   bool   // REST alone; see OpenREST
}

// Env is what the driver gets from where it runs.
type Env struct {
	Doer rest.Doer
	// Token is the credential of whoever is signed in, "" for nobody.
	Token func(ctx context.Context) (string, error)
	// Govern is how the host is treated, and who hears of waits. Zero is fine.
	Govern rest.Options
}

// Repo is a project's repository.
type Repo struct {
	api     *api
	queries queries
	name    string // the project's full path
	trees   memo.Trees
	heads   memo.Heads

	listed listedFiles
	texts  textMemo
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
	_ driver.Rebaser         = (*Repo)(nil)
	_ driver.PushChecker     = (*Repo)(nil)
	_ driver.StatusReader    = (*Repo)(nil)
	_ driver.MetadataReader  = (*Repo)(nil)
	_ driver.LFSReader       = (*Repo)(nil)
	_ driver.Namer           = (*Repo)(nil)
	_ driver.ServiceStatuser = (*Repo)(nil)
)

// Open makes the driver of a repository. Nothing is asked of GitLab yet.
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
	if !isFullPath(cfg.Repo) {
		return nil, cmserr.New(cmserr.Invalid, "`backend.repo` must be the project's full path, such as “group/project” or "+
			"“group/subgroup/project”, as in its address on GitLab, not “"+cfg.Repo+"”.")
	}
	a, err := newAPI(cfg, env)
	if err != nil {
		return nil, err
	}
	return &Repo{api: a, queries: noQueries{}, name: cfg.Repo}, nil
}

// isFullPath says whether a project can be called so: groups within groups, and a name.
func isFullPath(path string) bool {
	parts := strings.Split(path, "/")
	for _, p := range parts {
		if p == "" || strings.ContainsAny(p, ":?# ") {
			return false
		}
	}
	return len(parts) > 1
}

// path is the REST path of something of the project. Parts are escaped.
// https://docs.gitlab.com/api/rest/#namespaced-paths
func (r *Repo) path(parts ...string) string {
	p := "/projects/" + rest.EscapeSegment(r.name)
	for _, part := range parts {
		p += "/" + part
	}
	return p
}
