package github

import (
	"context"
	"errors"
	"strconv"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// Names implements driver.Namer: all at once through GraphQL, else one by one.
// https://docs.github.com/en/graphql/reference/objects#user
func (r *Repo) Names(ctx context.Context, logins []string) ([]string, error) {
	if len(logins) == 0 {
		return nil, nil
	}
	q := &query{again: true}
	q.raw("query Names{")
	for i, login := range logins {
		q.raw("u" + strconv.Itoa(i) + ":user(login:").quoted(login).raw("){name}")
	}
	a, err := r.api.ask(ctx, q.raw("}"))
	if errors.Is(err, errNoGraphQL) {
		return r.namesOneByOne(ctx, logins)
	}
	if err != nil {
		return nil, err
	}
	if !a.data.IsObject() {
		return nil, a.err()
	}
	out := make([]string, len(logins))
	for i, login := range logins { // a bot is no user, which is an error among the others' answers
		out[i] = nameOf(a.data.Get("u"+strconv.Itoa(i)), login)
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
	return or(account.Get("name").String(), login)
}
