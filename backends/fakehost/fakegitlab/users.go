package fakegitlab

import (
	"slices"
	"strconv"
	"strings"

	"mooring/backends/fakehost"
)

// userBasic is a user as others see them.
func (c *call) userBasic(u fakehost.User) obj {
	name := u.Name
	if name == "" {
		name = u.Login
	}
	return obj{"id": u.ID, "username": u.Login, "public_email": "", "name": name, "state": "active", "locked": false,
		"avatar_url": c.web("uploads", "-", "avatars", digits(u.ID)+".png"), "web_url": c.web(u.Login)}
}

// userOf is the user of a login, or null.
func (c *call) userOf(login string) any {
	if u, found := c.host.User(login); found && login != "" {
		return c.userBasic(u)
	}
	return nil
}

// getUser: https://docs.gitlab.com/api/users/#get-the-current-user
func getUser(c *call) (*answer, error) {
	if err := c.signIn(); err != nil {
		return nil, err
	}
	o := c.userBasic(c.user)
	more := obj{
		"email": c.user.Email, "commit_email": c.user.Email, "bio": "", "location": "", "organization": "", "job_title": "",
		"pronouns": nil, "bot": false, "work_information": nil, "followers": 0, "following": 0, "local_time": nil,
		"is_followed": false, "two_factor_enabled": false, "external": false, "private_profile": false, "can_create_group": true,
		"can_create_project": true, "theme_id": 1, "color_scheme_id": 1, "projects_limit": 100000, "identities": []obj{},
		"confirmed_at": timestamp(c.host.Now()), "created_at": timestamp(c.host.Now()), "last_activity_on": c.host.Now().Format("2006-01-02"),
	}
	for name, value := range more {
		o[name] = value
	}
	return ok(o)
}

// people are all users who aren't groups.
func (c *call) people() []fakehost.User {
	return slices.DeleteFunc(c.host.Users(), isGroup)
}

func isGroup(u fakehost.User) bool { return u.Organization || strings.Contains(u.Login, "/") }

// listUsers: https://docs.gitlab.com/api/users/#list-users
func listUsers(c *call) (*answer, error) {
	name := c.params.text("username")
	if !c.signedIn() && name == "" {
		return nil, errUnauthorized
	}
	list := c.people()
	if name != "" {
		list = slices.DeleteFunc(list, func(u fakehost.User) bool { return !strings.EqualFold(u.Login, name) })
	}
	return paged(c, list, withTotals, nil, func(u fakehost.User) (obj, error) { return c.userBasic(u), nil })
}

// getUserByID: https://docs.gitlab.com/api/users/#get-a-single-user
func getUserByID(c *call) (*answer, error) {
	id, err := strconv.ParseInt(c.path["user"], 10, 64)
	u, found := c.host.UserByID(id)
	if err != nil || !found || isGroup(u) {
		return nil, notFound("User")
	}
	o := c.userBasic(u)
	o["bio"], o["created_at"], o["bot"] = "", timestamp(c.host.Now()), false
	return ok(o)
}

// getVersion: https://docs.gitlab.com/api/version/
func getVersion(c *call) (*answer, error) {
	if err := c.signIn(); err != nil {
		return nil, err
	}
	return ok(obj{"version": c.options.Version, "revision": "fakefakefak"})
}

// getMetadata: https://docs.gitlab.com/api/metadata/
func getMetadata(c *call) (*answer, error) {
	if err := c.signIn(); err != nil {
		return nil, err
	}
	return ok(obj{"version": c.options.Version, "revision": "fakefakefak", "enterprise": false,
		"kas": obj{"enabled": false, "externalUrl": nil, "externalK8sProxyUrl": nil, "version": nil}})
}
