package github

import (
	"cmp"
	"context"
	"strings"
	"sync/atomic"

	"mooring/backends/cmserr"
	"mooring/backends/driver/memo"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
	"mooring/backends/rest/lfs"
)

const (
	typeJSON = "application/vnd.github+json"
	typeRaw  = "application/vnd.github.raw+json"
	// version is the REST API's, so that its answers stay as they are.
	version = "2022-11-28"
	perPage = "per_page=100"
	atOnce  = 4 // batches that are asked for at the same time
)

// api is how GitHub is spoken to. All repositories and forks of one session share it.
type api struct {
	rest.API
	graphQL    graphql.Client
	outside    rest.Doer // to other origins: no credential goes there by itself
	large      rest.Doer // to where Git LFS keeps files
	scheme     string
	statusPage string
	clock      rest.Clock
	token      func(context.Context) (string, error)
	people     memo.Names
	noCommits  atomic.Bool // createCommitOnBranch is not known (GitHub Enterprise before 3.3)

	blobSizes, pullSizes, historySizes *rest.Sizer
}

func newAPI(cfg Config, env Env) (*api, error) {
	root := strings.TrimRight(cfg.APIRoot, "/")
	if root == "" {
		root = DefaultRoot
	}
	if !strings.HasPrefix(root, "https://") && !strings.HasPrefix(root, "http://") {
		return nil, cmserr.New(cmserr.Invalid,
			"`backend.api_root` must be a whole address such as “https://github.example.com/api/v3”, not “"+cfg.APIRoot+"”.")
	}
	govern := env.Govern
	govern.Host, govern.Limited = "GitHub", graphQLLimit
	if govern.Clock == nil {
		govern.Clock = rest.RealClock()
	}
	a := &api{
		outside: env.Doer, large: lfs.NewStore("GitHub", env.Doer, govern), scheme: cmp.Or(cfg.AuthScheme, "Bearer"),
		statusPage: cfg.StatusPage, clock: govern.Clock, token: env.Token,
		blobSizes:    rest.NewSizer(250, 400),
		pullSizes:    rest.NewSizer(100, 100),
		historySizes: rest.NewSizer(50, 100),
	}
	a.API = rest.API{
		Root: root, Doer: rest.NewETags(rest.NewGovernor(env.Doer, govern)), Header: a.header, Fail: refused,
	}
	if a.statusPage == "" && root == DefaultRoot {
		a.statusPage = publicStatus
	}
	a.graphQL.Off.Store(true)
	return a, nil
}

// openGraphQL has GraphQL used.
func (a *api) openGraphQL(cfg Config) {
	a.graphQL.API, a.graphQL.Host, a.graphQL.Token, a.graphQL.Fail = a.API, "GitHub", a.token, refusedQuery
	a.graphQL.API.Root = cmp.Or(cfg.GraphQLRoot, graphQLRoot(a.Root))
	a.graphQL.Off.Store(false)
}

// graphQLRoot is beside the REST API: /graphql, or /api/graphql on GitHub Enterprise.
func graphQLRoot(root string) string {
	if server, ok := strings.CutSuffix(root, "/api/v3"); ok {
		return server + "/api/graphql"
	}
	return root + "/graphql"
}

// header says who asks, and for which version of the API.
func (a *api) header(ctx context.Context) (rest.Header, error) {
	token, err := a.token(ctx)
	if err != nil {
		return nil, err
	}
	h := rest.Header{"accept": typeJSON, "x-github-api-version": version}
	if token != "" {
		h["authorization"] = a.scheme + " " + token
	}
	return h, nil
}

func misshapen(what string) error { return rest.Misshapen("GitHub", what) }
