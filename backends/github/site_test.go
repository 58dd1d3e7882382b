package github_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"mooring/backends/drivertest"
	"mooring/backends/drivertest/fakesite"
	"mooring/backends/fakehost/fakegithub"
	"mooring/backends/github"
	"mooring/backends/rest"
	"mooring/backends/rest/resttest"
)

// site is a fake GitHub with one repository, octo/site, that octo may write to.
type site struct {
	*fakesite.Site
	url string

	refuse  int // the status with which GraphQL is refused; 0: it is not
	refused int
}

// What tests of every kind call.
var (
	files = fakesite.Files
	put   = fakesite.Put
)

func serve(t *testing.T, files map[string]drivertest.File) *site {
	t.Helper()
	s := &site{Site: fakesite.New(t, "octo", files)}
	s.Host.AddToken("octo", "ghp_octo", "repo")
	var web http.Handler
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { web.ServeHTTP(w, r) }))
	t.Cleanup(outside.Close)
	server, err := fakegithub.Open(s.Host, fakegithub.Options{Web: outside.URL})
	if err != nil {
		t.Fatal(err)
	}
	web = server.Web()
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.refuse != 0 && r.URL.Path == "/graphql" {
			s.refused++
			http.Error(w, "no", s.refuse)
			return
		}
		server.ServeHTTP(w, r)
	}))
	s.url = door.URL
	t.Cleanup(door.Close)
	return s
}

// signedIn opens octo/site as the owner of a token.
func (s *site) signedIn(token string) *github.Repo {
	return s.open(token, github.Config{Repo: "octo/site"})
}

func (s *site) open(token string, cfg github.Config) *github.Repo {
	s.T.Helper()
	cfg.APIRoot = s.url
	r, err := github.Open(cfg, github.Env{
		Doer: s.Doer(), Token: resttest.Token(token), Govern: rest.Options{Clock: resttest.Hurried{}},
	})
	if err != nil {
		s.T.Fatal(err)
	}
	return r
}
