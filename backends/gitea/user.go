package gitea

import (
	"cmp"
	"context"
	"sync"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// User implements driver.Driver.
// https://docs.gitea.com/api/1.26/#tag/user/operation/userGetCurrent
func (r *Repo) User(ctx context.Context) (driver.User, error) {
	token, err := r.api.token(ctx)
	if err != nil {
		return driver.User{}, err
	}
	if token == "" {
		return driver.User{}, cmserr.New(cmserr.Unauthenticated, "Nobody is signed in to the server. Sign in with a token.")
	}
	v, err := r.api.Get(ctx, "/user")
	if err != nil {
		return driver.User{}, err
	}
	return decodeUser(v)
}

func decodeUser(v gjson.Result) (driver.User, error) {
	if !rest.Has(v, "login") {
		return driver.User{}, misshapen("login")
	}
	login := v.Get("login").String()
	return driver.User{
		Login: login, Name: cmp.Or(v.Get("full_name").String(), login),
		Email: v.Get("email").String(), AvatarURL: v.Get("avatar_url").String(),
	}, nil
}

// facts are what a repository's description tells.
type facts struct {
	name           string // its name now, whatever it was when the site was configured
	defaultBranch  string
	push, archived bool
	styles         map[string]bool // ways to merge that are allowed
}

// factsMemo remembers them.
type factsMemo struct {
	mu    sync.Mutex
	known facts
}

func (m *factsMemo) get() facts {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.known
}

func (m *factsMemo) set(f facts) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known = f
}

// describe asks for the facts anew.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoGet
func (r *Repo) describe(ctx context.Context) (facts, error) {
	v, err := r.api.Get(ctx, r.path())
	if err != nil {
		return facts{}, missingRepository(err, r.name)
	}
	f, err := decodeFacts(v)
	if err == nil {
		r.facts.set(f)
	}
	return f, err
}

func decodeFacts(v gjson.Result) (facts, error) {
	if !rest.Has(v, "full_name", "default_branch") {
		return facts{}, misshapen("repository")
	}
	f := facts{
		name:          v.Get("full_name").String(),
		defaultBranch: v.Get("default_branch").String(),
		push:          v.Get("permissions.push").Bool() || v.Get("permissions.admin").Bool(),
		archived:      v.Get("archived").Bool(),
		styles:        map[string]bool{},
	}
	for style, field := range allowances {
		f.styles[style] = v.Get(field).Bool()
	}
	return f, nil
}

// fullName is the name that the repository has now, if that is known.
func (r *Repo) fullName() string { return cmp.Or(r.facts.get().name, r.name) }

// Access implements driver.Driver.
func (r *Repo) Access(ctx context.Context) (driver.Access, error) {
	f, err := r.describe(ctx)
	if err != nil {
		return driver.Access{}, err
	}
	if f.archived {
		return driver.Access{}, refused(&rest.Response{Status: 423})
	}
	return driver.Access{Read: true, Write: f.push, DefaultBranch: f.defaultBranch}, nil
}
