package github

import (
	"context"
	"strings"
	"sync/atomic"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
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
	graphQL    rest.API  // Root is the endpoint
	outside    rest.Doer // to other origins: no credential goes there by itself
	scheme     string
	statusPage string
	clock      rest.Clock
	token      func(context.Context) (string, error)
	noGraphQL  atomic.Bool // it was refused, or is not wanted
	people     people
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
		outside: env.Doer, scheme: or(cfg.AuthScheme, "Bearer"),
		statusPage: cfg.StatusPage, clock: govern.Clock, token: env.Token,
		blobSizes:    rest.NewSizer(250, 400),
		pullSizes:    rest.NewSizer(100, 100),
		historySizes: rest.NewSizer(50, 100),
	}
	a.API = rest.API{
		Root: root, Doer: rest.NewETags(rest.NewGovernor(env.Doer, govern)), Header: a.header, Fail: refused,
	}
	a.graphQL = a.API
	a.graphQL.Root = or(cfg.GraphQLRoot, graphQLRoot(root))
	if a.statusPage == "" && root == DefaultRoot {
		a.statusPage = publicStatus
	}
	a.noGraphQL.Store(cfg.NoGraphQL)
	return a, nil
}

func or(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
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

// each reads a list to its end, element by element.
func (a *api) each(ctx context.Context, path string, do func(gjson.Result) error) error {
	for page, err := range a.Pages(ctx, path) {
		if err != nil {
			return err
		}
		if !page.IsArray() {
			return misshapen("list")
		}
		for _, item := range page.Array() {
			if err := do(item); err != nil {
				return err
			}
		}
	}
	return nil
}

// has says whether an answer has all of fields.
func has(v gjson.Result, fields ...string) bool {
	for _, f := range fields {
		if !v.Get(f).Exists() {
			return false
		}
	}
	return true
}

func misshapen(what string) error {
	return cmserr.New(cmserr.Unknown, "GitHub's answer has no "+what+
		" where one was expected. Check `backend.api_root`: it must be the API's address.")
}
