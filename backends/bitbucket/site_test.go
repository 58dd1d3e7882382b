package bitbucket_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"mooring/backends/bitbucket"
	"mooring/backends/drivertest"
	"mooring/backends/drivertest/fakesite"
	"mooring/backends/fakehost/fakebitbucket"
	"mooring/backends/rest"
	"mooring/backends/rest/resttest"
)

// site is a fake Bitbucket with one repository, octo/site, that octo owns.
type site struct {
	*fakesite.Site
	url string
}

// What tests of every kind call.
var (
	files = fakesite.Files
	put   = fakesite.Put
)

func serve(t *testing.T, files map[string]drivertest.File) *site {
	t.Helper()
	s := &site{Site: fakesite.New(t, "octo", files)}
	s.Host.AddToken("octo", "octo-token")
	var err error
	var server http.Handler
	open := func() *httptest.Server {
		door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { server.ServeHTTP(w, r) }))
		t.Cleanup(door.Close)
		return door
	}
	door, media := open(), open() // large files are at another origin
	if server, err = fakebitbucket.Open(s.Host, fakebitbucket.Options{Media: media.URL, CheckRequest: specified(t)}); err != nil {
		t.Fatal(err)
	}
	s.url = door.URL
	return s
}

// signedIn opens octo/site as the owner of a token.
func (s *site) signedIn(token string) *bitbucket.Repo {
	return s.open(token, bitbucket.Config{Repo: "octo/site"})
}

func (s *site) open(token string, cfg bitbucket.Config) *bitbucket.Repo {
	s.T.Helper()
	cfg.APIRoot = s.url + "/2.0"
	if cfg.Labels == nil {
		cfg.Labels = drivertest.Labels
	}
	r, err := bitbucket.Open(cfg, bitbucket.Env{
		Doer: s.Doer(), Token: resttest.Token(token), Govern: rest.Options{Clock: resttest.Hurried{}},
	})
	if err != nil {
		s.T.Fatal(err)
	}
	return r
}

// asBrowser hides from the driver what browsers hide from pages.
func (s *site) asBrowser() {
	s.Wrap = func(doer rest.Doer) rest.Doer { return resttest.Page{Doer: doer, Exposed: exposed} }
}

// exposed are the fields of an answer that Bitbucket lets pages see.
var exposed = []string{"accept-ranges", "content-encoding", "content-length", "content-type", "etag", "last-modified", "cache-control"}

// description is Bitbucket's own description of its API. It is kept beside the repository:
// where it is not, requests are not checked against it.
const description = "../../../shared/specs/bitbucket-openapi.yaml"

// specified refuses requests that Bitbucket's description forbids.
func specified(t *testing.T) func(*http.Request, []byte) error {
	t.Helper()
	if _, err := os.Stat(description); err != nil {
		return nil
	}
	check, err := checker()
	if err != nil {
		t.Fatal(err)
	}
	return func(r *http.Request, body []byte) error {
		if r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/refs/branches") {
			return nil // the description's text names a body, and its schemas don't
		}
		return check(r, body)
	}
}

// checker is large: it is read once.
var checker = sync.OnceValues(func() (func(*http.Request, []byte) error, error) {
	return fakebitbucket.Checker(description)
})
