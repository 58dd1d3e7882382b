package gitlab

import (
	"cmp"
	"context"
	"strings"
	"sync/atomic"

	"mooring/backends/cmserr"
	"mooring/backends/driver/memo"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

// api is how GitLab is spoken to.
type api struct {
	rest.API
	graphQL    graphql.Client
	outside    rest.Doer // to other origins: no credential goes there by itself
	scheme     string
	statusPage string // "" on a server of one's own
	clock      rest.Clock
	token      func(context.Context) (string, error)
	people     memo.Names
	budget     budget
	opaque     atomic.Bool // cursors can't be computed: see cursorAt
	exact      atomic.Bool // last_commit_id has to be a file's own: see lastCommits
}

func newAPI(cfg Config, env Env) (*api, error) {
	root := strings.TrimRight(cfg.APIRoot, "/")
	if root == "" {
		root = DefaultRoot
	}
	if !strings.HasPrefix(root, "https://") && !strings.HasPrefix(root, "http://") {
		return nil, cmserr.New(cmserr.Invalid,
			"`backend.api_root` must be a whole address such as “https://gitlab.example.com/api/v4”, not “"+cfg.APIRoot+"”.")
	}
	govern := env.Govern
	govern.Host = "GitLab"
	if govern.Clock == nil {
		govern.Clock = rest.RealClock()
	}
	a := &api{
		outside: env.Doer, scheme: cmp.Or(cfg.AuthScheme, "Bearer"),
		clock: govern.Clock, token: env.Token,
	}
	a.API = rest.API{
		Root: root, Doer: rest.NewETags(rest.NewGovernor(env.Doer, govern)), Header: a.header, Fail: refused,
		PageSize: "per_page",
	}
	if root == DefaultRoot {
		a.statusPage = publicStatus
	}
	return a, nil
}

// openGraphQL has GraphQL used.
func (a *api) openGraphQL(cfg Config) {
	a.graphQL.API, a.graphQL.Host, a.graphQL.Token, a.graphQL.Fail = a.API, "GitLab", a.token, refusedQuery
	a.graphQL.API.Root = cmp.Or(cfg.GraphQLRoot, graphQLRoot(a.Root))
	a.graphQL.NotFor403 = true // REST then says what is missing
}

// graphQLRoot is beside the REST API, also below a relative URL.
func graphQLRoot(root string) string {
	return strings.TrimSuffix(root, "/v4") + "/graphql"
}

// header says who asks. Bearer is right for OAuth's tokens and for people's own.
// https://docs.gitlab.com/api/rest/authentication/
func (a *api) header(ctx context.Context) (rest.Header, error) {
	token, err := a.token(ctx)
	if err != nil || token == "" {
		return rest.Header{}, err
	}
	return rest.Header{"authorization": a.scheme + " " + token}, nil
}

func misshapen(what string) error { return rest.Misshapen("GitLab", what) }
