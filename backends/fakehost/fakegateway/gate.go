package fakegateway

import (
	"net/http"
	"slices"
	"strings"

	"mooring/backends/fakehost/fakegotrue"
)

// Prefix is where a site has its gateway.
const Prefix = "/.netlify/git"

// Absence is how a gateway can fail to be there.
type Absence int

// The kinds of Absence, of which the zero value is none.
const (
	Present  Absence = iota
	NoConfig         // 404 as JSON: the site's gateway is not set up
	NoPage           // 404 as text: the site has no gateway
	SitePage         // 200 as HTML: a site that answers each path with its own page
)

// serveGit answers what is below Prefix: by itself, or by the host.
func (s *Server) serveGit(w http.ResponseWriter, r *http.Request) { s.git(r).ServeHTTP(w, r) }

// git is who answers a request below Prefix.
func (s *Server) git(r *http.Request) http.Handler {
	o := s.Settings()
	path := strings.TrimPrefix(r.URL.Path, Prefix)
	switch {
	case o.Absence != Present:
		return s.logged(func(w http.ResponseWriter, _ *http.Request) { o.Absence.write(w) })
	case r.Method == http.MethodGet && path == "/settings":
		return s.logged(s.getSettings)
	case providers[mounted(path)].name == "":
		return s.logged(http.NotFound)
	}
	if err := s.admit(r, path, o); err != nil {
		return s.logged(func(w http.ResponseWriter, _ *http.Request) { writeError(w, err) })
	}
	return s.proxy
}

func (a Absence) write(w http.ResponseWriter) {
	switch a {
	case NoPage:
		writeText(w, "text/plain", http.StatusNotFound, "Not Found - Request ID: 01J0000000000000000000FAKE")
	case SitePage:
		writeText(w, "text/html", http.StatusOK, "<!DOCTYPE html><title>A site</title><p>Welcome.")
	default:
		writeError(w, fail(http.StatusNotFound, "Unable to locate site configuration"))
	}
}

// mounted is the provider that a path below Prefix names.
func mounted(path string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return name
}

// getSettings says which provider there is, to whoever has a JWT.
func (s *Server) getSettings(w http.ResponseWriter, r *http.Request) {
	if _, err := s.Identity.Authenticate(r); err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, "application/json", http.StatusOK, struct {
		GitHub    bool     `json:"github_enabled"`
		GitLab    bool     `json:"gitlab_enabled"`
		Bitbucket bool     `json:"bitbucket_enabled"`
		Roles     []string `json:"roles"` // null when there are none
	}{s.options.Provider == "github", s.options.Provider == "gitlab", s.options.Provider == "bitbucket", s.Settings().Roles})
}

// admit decides whether a request may reach the host, in the real one's order:
// the JWT, the provider, the allow-list, the roles.
func (s *Server) admit(r *http.Request, path string, o Settings) error {
	claims, err := s.Identity.Authenticate(r)
	if err != nil {
		return err
	}
	if name := mounted(path); name != s.options.Provider {
		return fail(http.StatusNotFound, "No %s Settings Configured", providers[name].name)
	}
	if !s.passes(path, o.Edge) {
		return denied("this part of " + s.provider.name + "'s API has been restricted")
	}
	if !mayEnter(claims, o.Roles) {
		return denied("your role doesn't allow access")
	}
	return nil
}

func denied(why string) error {
	return fail(http.StatusUnauthorized, "Access to endpoint not allowed: %s", why)
}

// mayEnter says whether a person has one of the roles, where some are asked for.
func mayEnter(claims *fakegotrue.Claims, roles []string) bool {
	return len(roles) == 0 || slices.ContainsFunc(claims.Roles(), func(role string) bool { return slices.Contains(roles, role) })
}
