package fakegateway

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// provider is one of the three hosts that the gateway can be in front of.
type provider struct {
	name     string // as errors have it
	endpoint string // of the real host's API
	path     string // of the repository below the endpoint; %s is its name
	allowed  *regexp.Regexp
	edge     *regexp.Regexp // what Settings.Edge passes besides; nil is nothing
}

// providers are by their name in the gateway's paths. The patterns are the real
// gateway's: they have no end, so that whatever begins like that passes.
var providers = map[string]provider{
	"github": {
		name: "GitHub", endpoint: "https://api.github.com", path: "/repos/",
		allowed: regexp.MustCompile(`^/github/((git|contents|pulls|branches|merges|statuses|compare|commits)/?|(issues/(\d+)/labels))`),
	},
	"gitlab": {
		name: "GitLab", endpoint: "https://gitlab.com/api/v4", path: "/projects/",
		allowed: regexp.MustCompile(`^/gitlab/(merge_requests|(repository/(files|commits|tree|compare|branches)))/?`),
	},
	"bitbucket": {
		name: "BitBucket", endpoint: "https://api.bitbucket.org/2.0", path: "/repositories/",
		allowed: regexp.MustCompile(`^/bitbucket/src/?`),
		edge: regexp.MustCompile(`^/bitbucket/(refs/branches|commits?|filehistory|diff|diffstat|merge-base|pullrequests|` +
			`branch-restrictions|branching-model)(/|$)`),
	},
}

// passes says whether the gateway passes a path on.
func (s *Server) passes(path string, edge bool) bool {
	return s.provider.allowed.MatchString(path) || edge && s.provider.edge != nil && s.provider.edge.MatchString(path)
}

// root is the repository's address in the host's API.
func (s *Server) root() string {
	repo := s.options.Repo
	if s.options.Provider == "gitlab" {
		repo = url.PathEscape(repo) // owner%2Fname
	}
	return strings.TrimSuffix(s.options.Endpoint, "/") + s.provider.path + repo
}

// setCredential puts the gateway's own token where the person's JWT was.
func (s *Server) setCredential(h http.Header) {
	if s.options.Provider == "gitlab" && strings.HasPrefix(s.options.Token, "glpat-") {
		h.Del("Authorization")
		h.Set("Private-Token", s.options.Token)
		return
	}
	h.Set("Authorization", "Bearer "+s.options.Token)
}
