package fakegitea

import (
	"crypto/md5"
	"encoding/hex"
	"strings"

	"mooring/backends/fakehost"
)

// userJSON is a user as doer sees them; nobody sees addresses without signing
// in (services/convert/user.go). The zero doer is nobody.
func (c *call) userJSON(u, doer fakehost.User) obj {
	email := digits(u.ID) + "+" + u.Login + "@noreply.localhost"
	if doer.Login != "" {
		email = u.Email
	}
	self := doer.Login != "" && doer.ID == u.ID
	o := obj{"id": u.ID, "login": u.Login, "login_name": "", "source_id": 0, "full_name": u.Name, "email": email,
		"avatar_url": c.web("avatars", avatarOf(u)), "html_url": c.web(u.Login), "language": "", "is_admin": false,
		"last_login": noTime, "created": timeText(c.host.Now()), "restricted": false, "active": self,
		"prohibit_login": false, "location": "", "website": "", "description": "", "visibility": "public",
		"followers_count": 0, "following_count": 0, "starred_repos_count": 0, "username": u.Login}
	if self {
		o["last_login"] = "1970-01-01T00:00:00Z"
	}
	return o
}

func avatarOf(u fakehost.User) string {
	sum := md5.Sum([]byte(strings.ToLower(u.Email)))
	return hex.EncodeToString(sum[:])
}

// loginJSON is the user of that login; null when there is none.
func (c *call) loginJSON(login string) any {
	u, ok := c.host.User(login)
	if !ok {
		return nil
	}
	return c.userJSON(u, c.user)
}

// byEmail is the user that commits under an address; null when nobody does.
func (c *call) byEmail(email string) any {
	u, ok := c.host.UserByEmail(email)
	if !ok {
		return nil
	}
	return c.userJSON(u, fakehost.User{})
}

// getUser: GET /user
func getUser(c *call) (*answer, error) { return ok(c.userJSON(c.user, c.user)) }

// getUserByName: GET /users/{username}
func getUserByName(c *call) (*answer, error) {
	u, found := c.host.User(c.params["login"])
	if !found {
		return nil, refused(404, "user redirect does not exist [name: "+c.params["login"]+"]")
	}
	return ok(c.userJSON(u, c.user))
}

// getPermission: GET …/collaborators/{collaborator}/permission
func getPermission(c *call) (*answer, error) {
	u, found := c.host.User(c.params["login"])
	if !strings.EqualFold(c.params["login"], c.user.Login) && c.permission() < fakehost.Admin {
		return nil, forbidden("Only admins can query all permissions, repo admins can query all repo permissions, collaborators can query only their own")
	}
	if !found {
		return nil, refused(404, "user does not exist [uid: 0, name: "+c.params["login"]+"]")
	}
	p := c.repo.Permission(u.Login).String()
	if strings.EqualFold(u.Login, c.repo.Info().Owner) {
		p = "owner"
	}
	return ok(obj{"permission": p, "role_name": p, "user": c.userJSON(u, c.user)})
}

// getVersion: GET /version
func getVersion(c *call) (*answer, error) { return ok(obj{"version": c.version()}) }

// getForgejoVersion: GET /api/forgejo/v1/version, which tells Forgejo from Gitea.
func getForgejoVersion(c *call) (*answer, error) { return ok(obj{"version": c.version()}) }

// getAPISettings: GET /settings/api
func getAPISettings(c *call) (*answer, error) {
	o := obj{"max_response_items": maxPageSize, "default_paging_num": defaultPageSize,
		"default_git_trees_per_page": treePageSize, "default_max_blob_size": maxBlobSize}
	if c.offers.fileContents {
		o["default_max_response_size"] = maxResponseSize
	}
	return ok(o)
}

// getRepositorySettings: GET /settings/repository
func getRepositorySettings(c *call) (*answer, error) {
	return ok(obj{"mirrors_disabled": false, "http_git_disabled": false, "migrations_disabled": false,
		"stars_disabled": false, "time_tracking_disabled": false, "lfs_disabled": c.options.NoLFS})
}
