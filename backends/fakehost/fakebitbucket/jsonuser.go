package fakebitbucket

import (
	"crypto/sha1"
	"encoding/hex"
	"strconv"
	"strings"

	"mooring/backends/fakehost"
)

// uuid is the one that something of a kind has, made of its number.
func uuid(kind string, id int64) string {
	sum := sha1.Sum([]byte(kind + strconv.FormatInt(id, 10)))
	h := hex.EncodeToString(sum[:16])
	return "{" + strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-") + "}"
}

func repoUUID(r *fakehost.Repository) string { return uuid("repository", r.Info().ID) }

func userUUID(u fakehost.User) string { return uuid("user", u.ID) }

// isBot says whether a user is what stands behind an access token of a
// repository: such have an address of their own domain.
func isBot(u fakehost.User) bool { return strings.HasSuffix(u.Email, "@bots.bitbucket.org") }

func displayName(u fakehost.User) string {
	if u.Name != "" {
		return u.Name
	}
	return u.Login
}

// userJSON is a user as part of something else.
func (c *call) userJSON(u fakehost.User) obj {
	id := userUUID(u)
	kind := "user"
	switch {
	case u.Organization:
		kind = "team"
	case isBot(u):
		kind = "app_user"
	}
	o := obj{"type": kind, "uuid": id, "display_name": displayName(u), "links": obj{
		"self":   obj{"href": c.api("users", id)},
		"html":   obj{"href": c.web(id) + "/"},
		"avatar": obj{"href": c.web("account", "avatars", u.Login)},
	}}
	if u.Organization {
		o["username"] = u.Login
		return o
	}
	o["nickname"], o["account_id"] = u.Login, "557058:"+strings.Trim(id, "{}")
	return o
}

// userOf is the user of a login, nil when there is none.
func (c *call) userOf(login string) any {
	u, found := c.host.User(login)
	if !found {
		return nil
	}
	return c.userJSON(u)
}

// getUser: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/#api-user-get
func getUser(c *call) (*answer, error) {
	o := c.userJSON(c.user)
	o["username"], o["account_status"], o["is_staff"], o["has_2fa_enabled"] = c.user.Login, "active", false, nil
	o["created_on"], o["location"] = "2018-03-05T11:49:24.611461+00:00", nil
	links := o["links"].(obj)
	links["repositories"] = obj{"href": c.api("repositories", userUUID(c.user))}
	links["snippets"] = obj{"href": c.api("snippets", userUUID(c.user))}
	return ok(o)
}

// getOtherUser: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/#api-users-selected-user-get
func getOtherUser(c *call) (*answer, error) {
	for _, u := range c.host.Users() {
		if o := c.userJSON(u); !u.Organization && (o["uuid"] == c.path["user"] || o["account_id"] == c.path["user"]) {
			return ok(o)
		}
	}
	return nil, notFound(c.path["user"] + " does not exist")
}

// listEmails: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/#api-user-emails-get
func listEmails(c *call) (*answer, error) {
	return paged(c, []string{c.user.Email}, usualListing, func(address string) (obj, error) {
		return obj{"type": "email", "email": address, "is_primary": true, "is_confirmed": true,
			"links": obj{"self": obj{"href": c.api("user", "emails", address)}}}, nil
	})
}
