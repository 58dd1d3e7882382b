package fakegitlab

import (
	"slices"
	"strconv"

	"mooring/backends/fakehost"
)

// memberJSON is a user with an access level.
func (c *call) memberJSON(u fakehost.User, level int) obj {
	o := c.userBasic(u)
	o["access_level"], o["expires_at"], o["created_at"], o["membership_state"] = level, nil, timestamp(c.host.Now()), "active"
	return o
}

// levelIn is a user's access level in the project, 0 for one who is no member.
// What is public makes nobody a member.
func (c *call) levelIn(u fakehost.User) int {
	i := c.repo.Info()
	p := max(c.repo.DirectPermission(u.Login), c.host.Member(i.Owner, u.Login))
	for group, most := range c.repo.Shares() {
		p = max(p, min(most, c.host.Member(group, u.Login)))
	}
	return levelOf(p, u.Login == i.Owner)
}

// listMembers: https://docs.gitlab.com/api/members/#list-all-members-of-a-group-or-project
func listMembers(c *call) (*answer, error) {
	if err := c.signIn(); err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(c.people(), func(u fakehost.User) bool { return c.levelIn(u) == 0 })
	return paged(c, list, withTotals, nil, func(u fakehost.User) (obj, error) { return c.memberJSON(u, c.levelIn(u)), nil })
}

// getMember: https://docs.gitlab.com/api/members/#get-a-member-of-a-group-or-project-including-inherited-and-invited-members
func getMember(c *call) (*answer, error) {
	if err := c.signIn(); err != nil {
		return nil, err
	}
	id, _ := strconv.ParseInt(c.path["user"], 10, 64)
	u, found := c.host.UserByID(id)
	if !found || c.levelIn(u) == 0 {
		return nil, notFound("")
	}
	return ok(c.memberJSON(u, c.levelIn(u)))
}

// group is the group that the path names.
func (c *call) group() (fakehost.User, error) {
	id := c.path["group"]
	number, err := strconv.ParseInt(id, 10, 64)
	u, found := c.host.User(id)
	if err == nil {
		u, found = c.host.UserByID(number)
	}
	if !found || !isGroup(u) {
		return u, notFound("Group")
	}
	return u, nil
}

// getGroup: https://docs.gitlab.com/api/groups/#get-a-single-group
func getGroup(c *call) (*answer, error) {
	g, err := c.group()
	if err != nil {
		return nil, err
	}
	o := c.namespaceJSON(g.Login)
	o["visibility"], o["full_name"], o["description"] = "public", g.Login, ""
	delete(o, "kind")
	return ok(o)
}

// listGroupMembers: https://docs.gitlab.com/api/members/#list-all-members-of-a-group-or-project
func listGroupMembers(c *call) (*answer, error) {
	g, err := c.group()
	if err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(c.people(), func(u fakehost.User) bool { return c.host.Member(g.Login, u.Login) == fakehost.None })
	return paged(c, list, withTotals, nil, func(u fakehost.User) (obj, error) {
		return c.memberJSON(u, levelOf(c.host.Member(g.Login, u.Login), false)), nil
	})
}
