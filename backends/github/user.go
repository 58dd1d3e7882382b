package github

import (
	"cmp"
	"context"
	"strings"
	"sync"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// User implements driver.Driver.
// https://docs.github.com/en/rest/users/users#get-the-authenticated-user
func (r *Repo) User(ctx context.Context) (driver.User, error) {
	token, err := r.api.token(ctx)
	if err != nil {
		return driver.User{}, err
	}
	if token == "" {
		return driver.User{}, cmserr.New(cmserr.Unauthenticated, "Nobody is signed in to GitHub. Sign in with a token.")
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
	u := driver.User{
		Login: v.Get("login").String(), Name: v.Get("name").String(),
		Email: v.Get("email").String(), AvatarURL: v.Get("avatar_url").String(),
	}
	if u.Name == "" {
		u.Name = u.Login
	}
	return u, nil
}

// facts are what a repository's description tells.
type facts struct {
	name          string // its name now, whatever it was when the site was configured
	nodeID        string
	defaultBranch string
	push, private bool
	parent        string // of a fork: what it was forked from
	clone         string // URL for Git itself, outside the API
}

// factsMemo remembers them: a repository's id never changes.
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
// https://docs.github.com/en/rest/repos/repos#get-a-repository
func (r *Repo) describe(ctx context.Context) (facts, *rest.Response, error) {
	res, err := r.api.Do(ctx, &rest.Request{Method: "GET", URL: r.path()})
	if err != nil {
		return facts{}, nil, missingRepository(err, r.name)
	}
	f, err := decodeFacts(gjson.ParseBytes(res.Body))
	if err == nil {
		r.facts.set(f)
	}
	return f, res, err
}

func decodeFacts(v gjson.Result) (facts, error) {
	if !rest.Has(v, "full_name", "default_branch") {
		return facts{}, misshapen("repository")
	}
	return facts{
		name: v.Get("full_name").String(), nodeID: v.Get("node_id").String(),
		defaultBranch: v.Get("default_branch").String(),
		push:          v.Get("permissions.push").Bool() || v.Get("permissions.admin").Bool(),
		private:       v.Get("private").Bool(),
		parent:        v.Get("parent.full_name").String(),
		clone:         v.Get("clone_url").String(),
	}, nil
}

// known are the facts, asked for if nobody has yet.
func (r *Repo) known(ctx context.Context) (facts, error) {
	if f := r.facts.get(); f.name != "" {
		return f, nil
	}
	f, _, err := r.describe(ctx)
	return f, err
}

// fullName is the name that the repository has now, if that is known.
func (r *Repo) fullName() string { return cmp.Or(r.facts.get().name, r.name) }

// Access implements driver.Driver.
func (r *Repo) Access(ctx context.Context) (driver.Access, error) {
	f, res, err := r.describe(ctx)
	if err != nil {
		return driver.Access{}, err
	}
	if err := r.checkScope(ctx, f, res); err != nil {
		return driver.Access{}, err
	}
	return driver.Access{Read: true, Write: f.push, DefaultBranch: f.defaultBranch}, nil
}

// checkScope finds a token that may do less than its owner. Only classic tokens
// and those of OAuth apps have scopes; the answers to others have an empty list.
func (r *Repo) checkScope(ctx context.Context, f facts, res *rest.Response) error {
	token, err := r.api.token(ctx)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(token, "ghp_") && !strings.HasPrefix(token, "gho_") {
		return nil
	}
	scopes, told := res.Header["x-oauth-scopes"]
	if !told || hasScope(scopes, "repo") || !f.private && hasScope(scopes, "public_repo") {
		return nil
	}
	need := "“repo”"
	if !f.private {
		need = "“public_repo” or “repo”"
	}
	return cmserr.New(cmserr.Forbidden, "The token has not the scope "+need+
		", so nothing can be saved with it. Make one that has, and sign in again.")
}

func hasScope(list, scope string) bool {
	for s := range strings.SplitSeq(list, ",") {
		if strings.TrimSpace(s) == scope {
			return true
		}
	}
	return false
}
