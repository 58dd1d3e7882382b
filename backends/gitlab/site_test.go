package gitlab_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"mooring/backends/drivertest"
	"mooring/backends/drivertest/fakesite"
	"mooring/backends/fakehost/fakegitlab"
	"mooring/backends/gitlab"
	"mooring/backends/rest"
	"mooring/backends/rest/resttest"
)

// site is a fake GitLab with one project, octo/site, that octo may write to.
type site struct {
	*fakesite.Site
	url string

	old     atomic.Bool // it is an older server
	refuse  int         // the status with which GraphQL is refused; 0: it is not
	refused int
}

// What tests of every kind call.
var (
	files = fakesite.Files
	put   = fakesite.Put
)

func serve(t *testing.T, files map[string]drivertest.File) *site {
	t.Helper()
	return serveAt(t, "octo", "", files)
}

// serveAt has the project in a group, on a server with a relative URL.
func serveAt(t *testing.T, group, root string, files map[string]drivertest.File) *site {
	t.Helper()
	s := &site{Site: fakesite.New(t, group, files)}
	s.Host.AddToken("octo", "glpat-octo", "api")
	server, err := fakegitlab.Open(s.Host, fakegitlab.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	checkAgainst(t, server)
	older, err := fakegitlab.Open(s.Host, fakegitlab.Options{Root: root, ExactLastCommit: true})
	if err != nil {
		t.Fatal(err)
	}
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

// signedIn opens octo/site as the owner of a token.
func (s *site) signedIn(token string) *gitlab.Repo {
	return s.open(token, gitlab.Config{Repo: "octo/site"})
}

func (s *site) open(token string, cfg gitlab.Config) *gitlab.Repo {
	s.T.Helper()
	cfg.APIRoot = s.url
	r, err := gitlab.Open(cfg, gitlab.Env{
		Doer: s.Doer(), Token: resttest.Token(token), Govern: rest.Options{Clock: resttest.Hurried{}},
	})
	if err != nil {
		s.T.Fatal(err)
	}
	return r
}
