package github

import (
	"context"
	"errors"
	"strconv"
	"sync"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// people remembers what accounts are called.
type people struct {
	mu    sync.Mutex
	names map[string]string // by login
}

func (p *people) note(login, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.names == nil {
		p.names = map[string]string{}
	}
	p.names[login] = or(name, login)
}

// of lists names by login, and the logins of which none is known.
func (p *people) of(logins []string) (names, unknown []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	names = make([]string, len(logins))
	for i, login := range logins {
		if names[i] = p.names[login]; names[i] == "" {
			unknown = append(unknown, login)
		}
	}
	return names, unknown
}

// Names implements driver.Namer. Those who opened a pull request that was listed are
// known; the others are asked for all at once through GraphQL, or else one by one.
func (r *Repo) Names(ctx context.Context, logins []string) ([]string, error) {
	names, unknown := r.api.people.of(logins)
	if len(unknown) == 0 {
		return names, nil
	}
	found, err := r.askNames(ctx, unknown)
	if err != nil {
		return nil, err
	}
	for i, login := range unknown {
		r.api.people.note(login, found[i])
	}
	names, _ = r.api.people.of(logins)
	return names, nil
}

// askNames asks for all at once.
// https://docs.github.com/en/graphql/reference/objects#user
func (r *Repo) askNames(ctx context.Context, logins []string) ([]string, error) {
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
