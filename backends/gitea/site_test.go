package gitea_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegitea"
	"mooring/backends/gitea"
	"mooring/backends/rest"
	"mooring/backends/rest/nethttp"
	"mooring/backends/rest/resttest"
)

// site is a fake server with one repository, octo/site, that octo may write to.
type site struct {
	t    *testing.T
	host *fakehost.Host
	repo *fakehost.Repository
	url  string
	wrap func(rest.Doer) rest.Doer // what stands between; nil: nothing
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

func serve(t *testing.T, server fakegitea.Options, files map[string]drivertest.File) *site {
	t.Helper()
	h := fakehost.New(fakehost.Options{})
	h.AddUser(fakehost.User{Login: "octo", Name: "Octo Cat"})
	h.AddToken("octo", "token-of-octo", "all")
	seed := map[string]fakehost.File{}
	for path, f := range files {
		seed[path] = fakehost.File{Content: f.Data, Mode: filemode.FileMode(f.Mode)}
	}
	repo, err := h.AddRepository("octo", "site", seed, fakehost.RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	fake, err := fakegitea.Open(h, server)
	if err != nil {
		t.Fatal(err)
	}
	door := httptest.NewServer(fake)
	t.Cleanup(door.Close)
	s := &site{t: t, host: h, repo: repo, url: door.URL}
	t.Cleanup(func() { checkRequests(t, h) })
	return s
}

// checkRequests fails on every request that Gitea's own description forbids.
func checkRequests(t *testing.T, h *fakehost.Host) {
	for _, q := range h.Requests() {
		if q.Err != "" {
			t.Errorf("%s %s: %s", q.Method, q.Path, q.Err)
		}
	}
}

// signedIn opens octo/site as its owner.
func (s *site) signedIn() *gitea.Repo { return s.open("token-of-octo", "octo/site") }

func (s *site) open(token, repo string) *gitea.Repo {
	s.t.Helper()
	client := nethttp.New(time.Minute)
	s.t.Cleanup(client.Close)
	doer := rest.Doer(client)
	if s.wrap != nil {
		doer = s.wrap(doer)
	}
	r, err := gitea.Open(gitea.Config{Repo: repo, APIRoot: s.url + "/api/v1"}, gitea.Env{
		Doer:   doer,
		Token:  func(context.Context) (string, error) { return token, nil },
		Govern: rest.Options{Clock: resttest.Hurried{}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}
