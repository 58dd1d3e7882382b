package fakegitlab

import "strings"

// personalPrefix begins the access tokens of people, projects and groups; OAuth's
// have none.
const personalPrefix = "glpat-"

// getOwnToken: https://docs.gitlab.com/api/personal_access_tokens/#self-inform
func getOwnToken(c *call) (*answer, error) {
	if err := c.signIn(); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(c.token.Value, personalPrefix) {
		return nil, notFound("")
	}
	scopes := c.token.Scopes
	if len(scopes) == 0 {
		scopes = []string{"api"}
	}
	at := timestamp(c.host.Now())
	return ok(obj{"id": c.user.ID, "name": "Token", "revoked": false, "created_at": at, "description": nil, "scopes": scopes,
		"user_id": c.user.ID, "last_used_at": at, "active": true, "expires_at": nil})
}
