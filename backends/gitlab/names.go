package gitlab

import (
	"cmp"
	"context"
	"errors"
	"strconv"

	"github.com/tidwall/gjson"

	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

// Names implements driver.Namer. Those who opened a merge request that was listed are
// known; the others are asked for all at once through GraphQL, or else one by one.
func (r *Repo) Names(ctx context.Context, logins []string) ([]string, error) {
	return r.api.people.Names(logins, func(unknown []string) ([]string, error) { return r.ask(ctx, unknown) })
}

func (r *Repo) ask(ctx context.Context, logins []string) ([]string, error) {
	names, err := r.queries.names(ctx, logins)
	if errors.Is(err, graphql.ErrNone) {
		return r.namesOneByOne(ctx, logins)
	}
	return names, err
}

// names asks for up to a page of people at a time.
// https://docs.gitlab.com/api/graphql/reference/#queryusers
func (r graph) names(ctx context.Context, logins []string) ([]string, error) {
	names := map[string]string{}
	for from := 0; from < len(logins); from += pageSize {
		o := &operation{}
		o.raw("users(usernames:").strs(logins[from:min(from+pageSize, len(logins))])
		o.raw(",first:" + strconv.Itoa(pageSize) + "){nodes{username name}}")
		data, err := r.repo.api.graphQL.Read(ctx, o.query("Names", "", ""))
		if err != nil {
			return nil, err
		}
		for _, u := range data.Get("users.nodes").Array() {
			names[u.Get("username").String()] = u.Get("name").String()
		}
	}
	out := make([]string, len(logins))
	for i, login := range logins {
		out[i] = cmp.Or(names[login], login)
	}
	return out, nil
}

// namesOneByOne asks for each account.
// https://docs.gitlab.com/api/users/#list-users
func (r *Repo) namesOneByOne(ctx context.Context, logins []string) ([]string, error) {
	out := make([]string, len(logins))
	err := rest.Together(ctx, len(logins), func(ctx context.Context, i int) error {
		v, err := r.api.Get(ctx, "/users"+rest.Query("username", logins[i]))
		out[i] = nameOf(v.Get("0"), logins[i])
		return err
	})
	return out, err
}

func nameOf(account gjson.Result, login string) string {
	return cmp.Or(account.Get("name").String(), login)
}
