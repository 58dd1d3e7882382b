package control

import (
	"fmt"
	"net/http"

	"mooring/backends/fakehost"
)

// addUser makes {login, name, email, organization, requireSSO, restrictApps,
// tokens: [{value, scopes, sso}]}.
func (c *controller) addUser(r *http.Request) (any, error) {
	var in struct {
		Login, Name, Email                     string
		Organization, RequireSSO, RestrictApps bool
		Tokens                                 []struct {
			Value       string
			Scopes, SSO []string
		}
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	u := c.host.AddUser(fakehost.User{Login: in.Login, Name: in.Name, Email: in.Email,
		Organization: in.Organization, RequireSSO: in.RequireSSO, RestrictApps: in.RestrictApps})
	for _, t := range in.Tokens {
		c.host.SetToken(fakehost.Token{Value: t.Value, Login: in.Login, Scopes: t.Scopes, SSO: t.SSO})
	}
	return map[string]any{"id": u.ID}, nil
}

// removeToken revokes {value}.
func (c *controller) removeToken(r *http.Request) (any, error) {
	var in struct{ Value string }
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if _, _, ok := c.host.UserByToken(in.Value); !ok {
		return nil, fmt.Errorf("nobody has the token %q", in.Value)
	}
	c.host.RemoveToken(in.Value)
	return nil, nil
}

// setPermission sets {repository, login, permission}.
func (c *controller) setPermission(r *http.Request) (any, error) {
	var in struct{ Repository, Login, Permission string }
	if err := read(r, &in); err != nil {
		return nil, err
	}
	repo, err := c.repository(in.Repository)
	if err != nil {
		return nil, err
	}
	p, err := fakehost.ParsePermission(in.Permission)
	if err != nil {
		return nil, err
	}
	repo.SetPermission(in.Login, p)
	return nil, nil
}

// setMember sets {group, login, permission} in a group.
func (c *controller) setMember(r *http.Request) (any, error) {
	var in struct{ Group, Login, Permission string }
	if err := read(r, &in); err != nil {
		return nil, err
	}
	p, err := fakehost.ParsePermission(in.Permission)
	if err != nil {
		return nil, err
	}
	c.host.SetMember(in.Group, in.Login, p)
	return nil, nil
}

// share lets {group} into {repository} with {permission} at most.
func (c *controller) share(r *http.Request) (any, error) {
	var in struct{ Repository, Group, Permission string }
	if err := read(r, &in); err != nil {
		return nil, err
	}
	repo, err := c.repository(in.Repository)
	if err != nil {
		return nil, err
	}
	p, err := fakehost.ParsePermission(in.Permission)
	if err != nil {
		return nil, err
	}
	repo.Share(in.Group, p)
	return nil, nil
}

// protect protects {repository, branch}, or with "off": true lifts it.
func (c *controller) protect(r *http.Request) (any, error) {
	var in struct {
		Repository, Branch string
		Off                bool
		fakehost.Protection
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	repo, err := c.repository(in.Repository)
	if err != nil {
		return nil, err
	}
	if in.Off {
		repo.Protect(in.Branch, nil)
	} else {
		repo.Protect(in.Branch, &in.Protection)
	}
	return nil, nil
}

// addReview reviews {repository, number} as {author, state, body}.
func (c *controller) addReview(r *http.Request) (any, error) {
	var in struct {
		Repository          string
		Number              int
		Author, State, Body string
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	repo, err := c.repository(in.Repository)
	if err != nil {
		return nil, err
	}
	_, err = repo.AddReview(in.Number, fakehost.Review{Author: in.Author, State: in.State, Body: in.Body})
	return nil, err
}

// addComments comments on {repository, number} as {author, text}, count times or
// once.
func (c *controller) addComments(r *http.Request) (any, error) {
	var in struct {
		Repository, Author, Text string
		Number, Count            int
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	repo, err := c.repository(in.Repository)
	if err != nil {
		return nil, err
	}
	for range max(in.Count, 1) {
		if _, err := repo.AddComment(in.Number, in.Author, in.Text); err != nil {
			return nil, err
		}
	}
	return nil, nil
}
