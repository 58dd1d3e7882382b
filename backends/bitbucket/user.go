package bitbucket

import (
	"cmp"
	"context"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// User implements driver.Driver. An access token of a repository belongs to nobody, and
// may not ask who it is: it goes by what it is.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/#api-user-get
func (r *Repo) User(ctx context.Context) (driver.User, error) {
	token, err := r.api.token(ctx)
	if err != nil {
		return driver.User{}, err
	}
	if token == "" {
		return driver.User{}, cmserr.New(cmserr.Unauthenticated, "Nobody is signed in to Bitbucket. Sign in with a token.")
	}
	v, err := r.api.Get(ctx, "/user")
	if cmserr.Is(err, cmserr.Forbidden) || cmserr.Is(err, cmserr.NotFound) {
		return tokenUser(), nil
	}
	if err != nil {
		return driver.User{}, err
	}
	u, err := decodeUser(v)
	r.names.Note(u.Login, u.Name)
	return u, err
}

func tokenUser() driver.User {
	return driver.User{Login: "access-token", Name: "Access token"}
}

func decodeUser(v gjson.Result) (driver.User, error) {
	login := loginOf(v)
	if login == "" {
		return driver.User{}, misshapen("user name")
	}
	return driver.User{
		Login: login, Name: cmp.Or(v.Get("display_name").String(), login), AvatarURL: v.Get("links.avatar.href").String(),
	}, nil
}

// loginOf is what an account goes by: its nickname, as its own page shows it. User names
// are told of nobody but oneself.
// https://developer.atlassian.com/cloud/bitbucket/bitbucket-api-changes-gdpr/
func loginOf(account gjson.Result) string {
	return cmp.Or(account.Get("nickname").String(), account.Get("display_name").String(),
		account.Get("username").String())
}

// Access implements driver.Driver.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/#api-repositories-workspace-repo-slug-get
func (r *Repo) Access(ctx context.Context) (driver.Access, error) {
	var repo gjson.Result
	var write bool
	steps := []func(context.Context) error{
		func(ctx context.Context) (err error) {
			repo, err = r.api.Get(ctx, r.path()+"?fields=full_name,mainbranch.name")
			return r.named(err, r.missing().Error())
		},
		func(ctx context.Context) (err error) {
			write, err = r.mayWrite(ctx)
			if cmserr.Is(err, cmserr.NotFound) { // the other one says of what
				return nil
			}
			return err
		},
	}
	err := rest.Together(ctx, len(steps), func(ctx context.Context, i int) error { return steps[i](ctx) })
	if err != nil {
		return driver.Access{}, err
	}
	if !rest.Has(repo, "full_name") {
		return driver.Access{}, misshapen("repository")
	}
	return driver.Access{Read: true, Write: write, DefaultBranch: repo.Get("mainbranch.name").String()}, nil
}

// mayWrite says whether the user may write to the repository: by the permission that the
// account has, or for a token that has no account, by what happens if it tries.
// https://developer.atlassian.com/cloud/bitbucket/changelog/#CHANGE-3022
func (r *Repo) mayWrite(ctx context.Context) (bool, error) {
	if token, err := r.api.token(ctx); err != nil || token == "" {
		return false, err
	}
	workspace, _, _ := cutRepo(r.name)
	query := rest.Query("q", is("repository.full_name", r.name), "fields", "values.permission,values.repository.full_name")
	for _, list := range []string{rest.Path("user", "workspaces", workspace, "permissions", "repositories"),
		"/user/permissions/repositories"} { // the second is where older servers have it
		values, _, err := r.api.page(ctx, list+query)
		switch cmserr.KindOf(err) {
		case cmserr.NotFound, cmserr.Forbidden, cmserr.Unsupported:
			continue
		}
		if err != nil {
			return false, err
		}
		return r.decodePermission(values), nil
	}
	return r.mayBranchOff(ctx)
}

// decodePermission finds the repository's permission in a list, which is empty for who
// reads a public repository as anybody may.
func (r *Repo) decodePermission(values gjson.Result) bool {
	for _, v := range values.Array() {
		if sameRepo(v.Get("repository.full_name").String(), r.name) {
			permission := v.Get("permission").String()
			return permission == "write" || permission == "admin"
		}
	}
	return false
}

// mayBranchOff asks for a branch without a name or a commit: who may write hears that
// this can't be, anybody else that they may not.
func (r *Repo) mayBranchOff(ctx context.Context) (bool, error) {
	var j rest.JSON
	_, err := r.api.Send(ctx, "POST", r.path("refs", "branches"), j.Object().EndObject(), rest.Repeatable)
	switch cmserr.KindOf(err) {
	case cmserr.Invalid:
		return true, nil
	case cmserr.Forbidden, cmserr.NotFound:
		return false, nil
	}
	return false, err
}
