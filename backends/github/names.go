package github

import (
	"cmp"
	"context"
	"errors"
	"strconv"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

// Names implements driver.Namer. Those who opened a pull request that was listed are
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

// names asks for all at once.
// https://docs.github.com/en/graphql/reference/objects#user
func (r graph) names(ctx context.Context, logins []string) ([]string, error) {
	q := &graphql.Query{Again: true}
	q.Raw("query Names{")
	for i, login := range logins {
		q.Raw("u" + strconv.Itoa(i) + ":user(login:").Quoted(login).Raw("){name}")
	}
	a, err := r.repo.api.graphQL.Ask(ctx, q.Raw("}"))
	if err != nil {
		return nil, err
	}
	if !a.Data.IsObject() {
		return nil, refusedQuery(a)
	}
	out := make([]string, len(logins))
	for i, login := range logins { // a bot is no user, which is an error among the others' answers
		out[i] = nameOf(a.Data.Get("u"+strconv.Itoa(i)), login)
	}
	return out, nil
}

// namesOneByOne asks for each account.
// https://docs.github.com/en/rest/users/users#get-a-user
func (r *Repo) namesOneByOne(ctx context.Context, logins []string) ([]string, error) {
	out := make([]string, len(logins))
	for i, login := range logins {
		v, err := r.api.Get(ctx, rest.Path("users", login))
		if err != nil && !cmserr.Is(err, cmserr.NotFound) {
			return nil, err
		}
		out[i] = nameOf(v, login)
	}
	return out, nil
}

func nameOf(account gjson.Result, login string) string {
	return cmp.Or(account.Get("name").String(), login)
}
