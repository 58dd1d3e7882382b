package gitea_test

import (
	"net/http/httptest"
	"testing"

	"mooring/backends/drivertest"
	"mooring/backends/drivertest/fakesite"
	"mooring/backends/fakehost/fakegitea"
	"mooring/backends/gitea"
	"mooring/backends/rest"
	"mooring/backends/rest/resttest"
)

// site is a fake server with one repository, octo/site, that octo may write to.
type site struct {
	*fakesite.Site
	url string
}

// servers are the kinds of server that every test of the driver runs on.
var servers = map[string]fakegitea.Options{
	"Gitea 1.26": {Version: "1.26.0"},
	"Gitea 1.22": {Version: "1.22.0"},
	"Forgejo 9":  {Forgejo: true, Version: "9.0.3"},
	"Forgejo 14": {Forgejo: true, Version: "14.0.0"},
}

// each runs a test on every kind of server.
func each(t *testing.T, run func(t *testing.T, server fakegitea.Options)) {
	t.Parallel()
	for name, server := range servers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, server)
		})
	}
}

// What tests of every kind call.
var (
	files = fakesite.Files
	put   = fakesite.Put
)

func serve(t *testing.T, server fakegitea.Options, files map[string]drivertest.File) *site {
	t.Helper()
	s := &site{Site: fakesite.New(t, "octo", files)}
	s.Host.AddToken("octo", "token-of-octo", "all")
	fake, err := fakegitea.Open(s.Host, server)
	if err != nil {
		t.Fatal(err)
	}
	door := httptest.NewServer(fake)
	t.Cleanup(door.Close)
	s.url = door.URL
	return s
}

// signedIn opens octo/site as its owner.
func (s *site) signedIn() *gitea.Repo { return s.open("token-of-octo", "octo/site") }

func (s *site) open(token, repo string) *gitea.Repo {
	s.T.Helper()
	r, err := gitea.Open(gitea.Config{Repo: repo, APIRoot: s.url + "/api/v1"}, gitea.Env{
		Doer: s.Doer(), Token: resttest.Token(token), Govern: rest.Options{Clock: resttest.Hurried{}},
	})
	if err != nil {
		s.T.Fatal(err)
	}
	return r
}
