package fakegitlab

import (
	"net/http"
	"strings"

	"mooring/backends/fakehost"
)

// credential is the token that a request has, wherever it has it.
func (c *call) credential() string {
	if token := c.r.Header.Get("PRIVATE-TOKEN"); token != "" {
		return token
	}
	header := c.r.Header.Get("Authorization")
	if _, password, ok := c.r.BasicAuth(); ok {
		return password
	}
	if scheme, value, _ := strings.Cut(header, " "); strings.EqualFold(scheme, "bearer") {
		return strings.TrimSpace(value)
	}
	q := c.r.URL.Query()
	if token := q.Get("private_token"); token != "" {
		return token
	}
	return q.Get("access_token")
}

// authenticate finds out who calls. No credential is fine; a wrong one is 401,
// one without the scopes that the endpoint needs is 403.
func (c *call) authenticate(scopes []string) error {
	value := c.credential()
	if value == "" {
		return nil
	}
	user, token, ok := c.host.UserByToken(value)
	if !ok && !c.host.Revoked(value) {
		return errUnauthorized
	}
	if !ok {
		return &apiError{status: http.StatusUnauthorized, body: obj{"error": "invalid_token",
			"error_description": "Token was revoked. You have to re-authorize from the user."}}
	}
	allowed := append([]string{"api"}, scopes...)
	if c.reads() {
		allowed = append(allowed, "read_api")
	}
	if !token.HasScope(allowed...) {
		return &apiError{status: http.StatusForbidden, body: obj{"error": "insufficient_scope",
			"error_description": "The request requires higher privileges than provided by the access token.",
			"scope":             strings.Join(allowed, " ")}}
	}
	c.user, c.token = user, token
	return nil
}

func (c *call) reads() bool {
	return c.r.Method == http.MethodGet || c.r.Method == http.MethodHead
}

// mayRead says whether the caller may know of a project.
func (c *call) mayRead(repo *fakehost.Repository) bool {
	return repo.Permission(c.user.Login) >= fakehost.Read
}

// signIn refuses who isn't signed in.
func (c *call) signIn() error {
	if !c.signedIn() {
		return errUnauthorized
	}
	return nil
}

// need refuses who has less than a permission in the project.
func (c *call) need(p fakehost.Permission) error {
	if !c.signedIn() {
		return errUnauthorized
	}
	if c.repo.Permission(c.user.Login) < p || p > fakehost.Read && c.repo.Info().Archived {
		return forbidden("")
	}
	return nil
}

// mayPush says whether the caller may push to a branch.
func (c *call) mayPush(branch string) bool {
	permission := c.repo.Permission(c.user.Login)
	if !c.signedIn() || permission < fakehost.Write || c.repo.Info().Archived {
		return false
	}
	p, protected := c.repo.Protection(branch)
	if !protected {
		return true
	}
	least := pushLevel(p)
	return least > 0 && levelOf(permission, c.owns()) >= least
}

// Access levels (https://docs.gitlab.com/api/access_requests/#valid-access-levels).
const (
	reporter   = 20
	developer  = 30
	maintainer = 40
	owner      = 50
)

// levelOf is the access level of a permission.
func levelOf(p fakehost.Permission, owns bool) int {
	if owns {
		return owner
	}
	return []int{0, reporter, developer, maintainer}[p]
}

// owns says whether the project is in the caller's own namespace.
func (c *call) owns() bool {
	return strings.EqualFold(c.repo.Info().Owner, c.user.Login) && c.signedIn()
}
