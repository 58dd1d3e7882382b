package fakebitbucket

import (
	"net/http"
	"slices"
	"strings"

	"mooring/backends/fakehost"
)

// implied are the scopes that come with another one. Those of API tokens bring
// no others: writing with them is not reading.
var implied = map[string][]string{
	"account:write":               {account, email},
	account:                       {email},
	repositoryWrite:               {repository},
	pullrequest:                   {repository},
	pullrequestWrite:              {pullrequest, repositoryWrite, repository},
	"read:user:bitbucket":         {account, email},
	"read:repository:bitbucket":   {repository},
	"write:repository:bitbucket":  {repositoryWrite},
	"admin:repository:bitbucket":  {repositoryAdmin},
	"read:pullrequest:bitbucket":  {pullrequest},
	"write:pullrequest:bitbucket": {pullrequestWrite},
}

// granular are the names that API tokens have for scopes.
var granular = map[string]string{
	account: "read:user:bitbucket", email: "read:user:bitbucket", repository: "read:repository:bitbucket",
	repositoryWrite: "write:repository:bitbucket", repositoryAdmin: "admin:repository:bitbucket",
	pullrequest: "read:pullrequest:bitbucket", pullrequestWrite: "write:pullrequest:bitbucket",
}

// isGranular says whether a token has the scopes of an API token.
func isGranular(t fakehost.Token) bool {
	return slices.ContainsFunc(t.Scopes, func(s string) bool { return strings.HasSuffix(s, ":bitbucket") })
}

func granted(t fakehost.Token, scope string) bool {
	return slices.ContainsFunc(t.Scopes, func(s string) bool {
		return s == scope || slices.Contains(implied[s], scope)
	})
}

// credential is the token that a request has. With Basic authentication it is an
// API token, and the name is the account's e-mail address.
func (c *call) credential() (token, name string) {
	if name, password, ok := c.r.BasicAuth(); ok {
		return password, name
	}
	if scheme, value, _ := strings.Cut(c.r.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "bearer") {
		return strings.TrimSpace(value), ""
	}
	return c.param("access_token"), ""
}

// authenticate finds out who calls. No credential is fine where the endpoint
// needs none; a wrong one is 401, one without the endpoint's scope is 403.
func (c *call) authenticate() error {
	value, name := c.credential()
	if value == "" {
		if c.route.scope != "" && (!c.route.repo || !c.reads()) {
			return errUnauthorized
		}
		return nil
	}
	user, token, ok := c.host.UserByToken(value)
	if !ok && c.host.Revoked(value) {
		return errExpired
	}
	if !ok || name != "" && !strings.EqualFold(name, user.Email) {
		return errUnauthorized
	}
	c.user, c.token = user, token
	if c.route.scope == "" || granted(token, c.route.scope) {
		return nil
	}
	required := c.route.scope
	if isGranular(token) {
		required = granular[required]
	}
	return &apiError{status: http.StatusForbidden, message: "Your credentials lack one or more required privilege scopes.",
		detail: obj{"granted": token.Scopes, "required": []string{required}}}
}

var errUnauthorized = &apiError{status: http.StatusUnauthorized,
	message: "Token is invalid, expired, or not supported for this endpoint."}

// errExpired is of an OAuth token that was good once. Clients look at how the
// text begins.
var errExpired = &apiError{status: http.StatusUnauthorized,
	message: "Access token expired. Use your refresh token to obtain a new access token."}

func (c *call) reads() bool {
	return c.r.Method == http.MethodGet || c.r.Method == http.MethodHead
}

// findRepository finds a repository that the caller may know of, by its names or
// by its UUID, in which case the workspace doesn't matter.
func (c *call) findRepository(workspace, slug string) (*fakehost.Repository, bool) {
	repo, _, found := c.host.Lookup(workspace, slug) // an old name leads there, too
	if strings.HasPrefix(slug, "{") {
		all := c.host.Repositories()
		if i := slices.IndexFunc(all, func(r *fakehost.Repository) bool { return repoUUID(r) == slug }); i >= 0 {
			repo, found = all[i], true
		}
	}
	if !found || repo.Permission(c.user.Login) < fakehost.Read {
		return nil, false
	}
	return repo, true
}

// allowed refuses who lacks the permission in the repository that goes with the
// endpoint's scope.
func (c *call) allowed() error {
	permission := c.repo.Permission(c.user.Login)
	switch c.route.scope {
	case repositoryWrite:
		if permission < fakehost.Write {
			return forbidden("Access denied. You must have write or admin access.")
		}
	case repositoryAdmin:
		if permission < fakehost.Admin {
			return forbidden("Access denied. You must have admin access.")
		}
	}
	return nil
}

// mayPush says whether the caller may push to a branch.
func (c *call) mayPush(branch string) bool {
	permission := c.repo.Permission(c.user.Login)
	p, restricted := c.repo.Protection(branch)
	if !c.signedIn() || permission < fakehost.Write || c.repo.Info().Archived {
		return false
	}
	if !restricted || !p.RestrictPushes && p.RequiredReviews == 0 {
		return true
	}
	return permission == fakehost.Admin && !p.EnforceAdmins
}
