package fakegitea

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"mooring/backends/fakehost"
)

// authenticate finds out who calls. No credential is fine; a wrong one is 401,
// also where none is needed.
func (c *call) authenticate() error {
	header := c.r.Header.Get("Authorization")
	if header == "" {
		return nil
	}
	scheme, value, _ := strings.Cut(header, " ")
	known := strings.EqualFold(scheme, "token") || strings.EqualFold(scheme, "bearer")
	if name, password, ok := c.r.BasicAuth(); ok {
		known, value = true, password
		if password == "" || password == "x-oauth-basic" {
			value = name
		}
	}
	user, token, ok := c.host.UserByToken(strings.TrimSpace(value))
	if !known || !ok {
		return refused(http.StatusUnauthorized, "invalid username, password or token")
	}
	c.user, c.token = user, token
	return nil
}

// scope is the guard of a token's scopes: reading needs read:category or
// write:category, all else write:category (tokenRequiresScopes in
// routers/api/v1/api.go).
func scope(category string) guard {
	return func(c *call) error {
		if !c.signedIn() || c.token.HasScope("all", "write:"+category) {
			return nil
		}
		level := "write"
		if c.r.Method == http.MethodGet {
			if level = "read"; c.token.HasScope("read:" + category) {
				return nil
			}
		}
		scopes := slices.Sorted(slices.Values(c.token.Scopes))
		return forbidden(fmt.Sprintf("token does not have at least one of required scope(s), required=[%s:%s], token scope=%s",
			level, category, strings.Join(scopes, ",")))
	}
}

// The guards that follow have the names of those in routers/api/v1/api.go.

func reqToken(c *call) error {
	if c.signedIn() {
		return nil
	}
	return refused(http.StatusUnauthorized, "token is required")
}

func reqRepoWriter(c *call) error {
	if c.permission() >= fakehost.Write {
		return nil
	}
	return forbidden("user should have a permission to write to a repo")
}

func reqAdmin(c *call) error {
	if c.permission() >= fakehost.Admin {
		return nil
	}
	return forbidden("user should be an owner or a collaborator with admin write of a repository")
}

func mustNotBeArchived(c *call) error {
	if c.repo.Info().Archived {
		return refused(http.StatusLocked, c.repo.FullName()+" is archived")
	}
	return nil
}

// permission is what the caller may do in the repository.
func (c *call) permission() fakehost.Permission { return c.repo.Permission(c.user.Login) }

// mayPush says whether a user may commit to a branch. A rule binds everybody,
// also the owner; without one, all who may write push.
func (c *call) mayPush(branch string) bool {
	if c.permission() < fakehost.Write {
		return false
	}
	p, protected := c.repo.Protection(branch)
	return !protected || !closedToPushes(p)
}

// closedToPushes says whether a rule has enable_push switched off, as a new rule
// has.
func closedToPushes(p fakehost.Protection) bool { return p.RestrictPushes || p.RequiredReviews > 0 }
