package fakegithub

import (
	"net/http"
	"slices"
	"strings"

	"mooring/backends/fakehost"
)

// authenticate finds out who calls. No credential is fine; a wrong one is 401.
func (c *call) authenticate() error {
	header := c.r.Header.Get("Authorization")
	if header == "" {
		return nil
	}
	scheme, value, _ := strings.Cut(header, " ")
	known := strings.EqualFold(scheme, "token") || strings.EqualFold(scheme, "bearer")
	if _, password, ok := c.r.BasicAuth(); ok {
		known, value = true, password
	}
	user, token, ok := c.host.UserByToken(strings.TrimSpace(value))
	if !known || !ok {
		return &apiError{status: http.StatusUnauthorized, message: "Bad credentials"}
	}
	c.user, c.token = user, token
	return nil
}

// enter finds the repository that a path names, and checks that the caller may
// know of it.
func (c *call) enter(owner, name string) error {
	repo, moved, ok := c.host.Lookup(owner, name)
	if !ok {
		return notFound(docsRoot + "/repos/repos#get-a-repository")
	}
	c.repo = repo
	if !c.mayRead(repo) {
		return notFound(docsRoot + "/repos/repos#get-a-repository")
	}
	if moved {
		return errMoved
	}
	return c.checkOrganization(repo.Info())
}

// mayRead says whether the caller may know of a repository.
func (c *call) mayRead(repo *fakehost.Repository) bool {
	info := repo.Info()
	if !info.Private {
		return true
	}
	return c.signedIn() && c.token.HasScope("repo") && repo.Permission(c.user.Login) >= fakehost.Read
}

// permission is what the caller may do in the repository with this token.
func (c *call) permission() fakehost.Permission {
	if !c.signedIn() {
		return min(fakehost.Read, c.repo.Permission(""))
	}
	if !c.canWriteScope(c.repo.Info()) {
		return min(fakehost.Read, c.repo.Permission(c.user.Login))
	}
	return c.repo.Permission(c.user.Login)
}

func (c *call) canWriteScope(info fakehost.Info) bool {
	return c.token.HasScope("repo") || !info.Private && c.token.HasScope("public_repo")
}

// mayPush refuses who may not write, as the host's Git endpoints do: they say
// that there is no such thing.
func (c *call) mayPush() error {
	if !c.signedIn() || c.permission() < fakehost.Write {
		return notFound("")
	}
	return nil
}

// mayEdit refuses who may not write, as the host's issue endpoints do.
func (c *call) mayEdit() error {
	if !c.signedIn() || !c.canWriteScope(c.repo.Info()) {
		return notFound("")
	}
	if c.permission() < fakehost.Write {
		return forbidden("Must have admin rights to Repository.")
	}
	return nil
}

// checkOrganization refuses tokens that the owning organisation doesn't let in.
func (c *call) checkOrganization(info fakehost.Info) error {
	owner, ok := c.host.User(info.Owner)
	if !ok || !owner.Organization || !c.signedIn() {
		return nil
	}
	if owner.RequireSSO && !slices.ContainsFunc(c.token.SSO, func(s string) bool { return strings.EqualFold(s, owner.Login) }) {
		return &apiError{status: http.StatusForbidden,
			message: "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.",
			docs:    "https://docs.github.com/articles/authenticating-to-a-github-organization-with-saml-single-sign-on/",
			header: map[string]string{
				"X-GitHub-SSO": "required; url=" + c.web("orgs", owner.Login, "sso") + "?authorization_request=AAAAAAAA"}}
	}
	reads := c.r.Method == http.MethodGet || c.r.Method == http.MethodHead
	if owner.RestrictApps && (info.Private || !reads) {
		return &apiError{status: http.StatusForbidden,
			message: "Although you appear to have the correct authorization credentials, the `" + owner.Login +
				"` organization has enabled OAuth App access restrictions, meaning that data access to third-parties is limited. " +
				"For more information on these restrictions, including how to enable this app, visit " +
				"https://docs.github.com/articles/restricting-access-to-your-organization-s-data/"}
	}
	return nil
}
