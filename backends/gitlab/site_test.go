package gitlab_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegitlab"
	"mooring/backends/gitlab"
	"mooring/backends/rest"
	"mooring/backends/rest/nethttp"
	"mooring/backends/rest/resttest"
)

// site is a fake GitLab with one project, octo/site, that octo may write to.
type site struct {
	t    *testing.T
	host *fakehost.Host
	repo *fakehost.Repository
	url  string

	old     atomic.Bool // it is an older server
	refuse  int         // the status with which GraphQL is refused; 0: it is not
	refused int
	wrap    func(rest.Doer) rest.Doer // what stands between; nil: nothing
}

func serve(t *testing.T, files map[string]drivertest.File) *site {
	t.Helper()
	return serveAt(t, "octo", "", files)
}

// serveAt has the project in a group, on a server with a relative URL.
func serveAt(t *testing.T, group, root string, files map[string]drivertest.File) *site {
	t.Helper()
	h := fakehost.New(fakehost.Options{})
	h.AddUser(fakehost.User{Login: "octo", Name: "Octo Cat"})
	h.AddToken("octo", "glpat-octo", "api")
	seed := map[string]fakehost.File{}
	for path, f := range files {
		seed[path] = fakehost.File{Content: f.Data, Mode: filemode.FileMode(f.Mode)}
	}
	server, err := fakegitlab.Open(h, fakegitlab.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	checkAgainst(t, server)
	repo, err := h.AddRepository(group, "site", seed, fakehost.RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	older, err := fakegitlab.Open(h, fakegitlab.Options{Root: root, ExactLastCommit: true})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, host: h, repo: repo}
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.refuse != 0 && strings.HasSuffix(r.URL.Path, "/graphql") {
			s.refused++
			http.Error(w, "no", s.refuse)
			return
		}
		if s.old.Load() {
			older.ServeHTTP(w, r)
			return
		}
		server.ServeHTTP(w, r)
	}))
	s.url = door.URL + root + "/api/v4"
	t.Cleanup(door.Close)
	t.Cleanup(func() { checkRequests(t, h) })
	return s
}

// specs are GitLab's own descriptions. They are kept beside the repository: where they
// are not, requests are not checked against them.
const specs = "../../../shared/specs/"

func checkAgainst(t *testing.T, server *fakegitlab.Server) {
	t.Helper()
	if _, err := os.Stat(specs); err != nil {
		return
	}
	var err error
	if server.CheckRequest, err = requestChecker(); err != nil {
		t.Fatal(err)
	}
	if server.CheckQuery, err = queryChecker(); err != nil {
		t.Fatal(err)
	}
}

// They are large: each is read once.
var (
	requestChecker = sync.OnceValues(func() (func(*http.Request, []byte) error, error) {
		return fakegitlab.Checker(specs + "gitlab-openapi.json")
	})
	queryChecker = sync.OnceValues(func() (func(string) error, error) {
		return fakegitlab.QueryChecker(specs + "gitlab-schema.graphql")
	})
)

// checkRequests fails on every request that GitLab's own descriptions forbid.
func checkRequests(t *testing.T, h *fakehost.Host) {
	for _, q := range h.Requests() {
		if q.Err != "" {
			t.Errorf("%s %s %s: %s", q.Method, q.Path, q.Operation, q.Err)
		}
	}
}

// signedIn opens octo/site as the owner of a token.
func (s *site) signedIn(token string) *gitlab.Repo {
	return s.open(token, gitlab.Config{Repo: "octo/site"})
}

func (s *site) open(token string, cfg gitlab.Config) *gitlab.Repo {
	s.t.Helper()
	cfg.APIRoot = s.url
	client := nethttp.New(time.Minute)
	s.t.Cleanup(client.Close)
	doer := rest.Doer(client)
	if s.wrap != nil {
		doer = s.wrap(doer)
	}
	r, err := gitlab.Open(cfg, gitlab.Env{
		Doer:   doer,
		Token:  func(context.Context) (string, error) { return token, nil },
		Govern: rest.Options{Clock: resttest.Hurried{}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}
