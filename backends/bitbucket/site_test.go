package bitbucket_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/bitbucket"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakebitbucket"
	"mooring/backends/rest"
	"mooring/backends/rest/nethttp"
	"mooring/backends/rest/resttest"
)

// site is a fake Bitbucket with one repository, octo/site, that octo owns.
type site struct {
	t    *testing.T
	host *fakehost.Host
	repo *fakehost.Repository
	url  string

	wrap func(rest.Doer) rest.Doer // what stands between; nil: nothing
}

func serve(t *testing.T, files map[string]drivertest.File) *site {
	t.Helper()
	h := fakehost.New(fakehost.Options{})
	h.AddUser(fakehost.User{Login: "octo", Name: "Octo Cat", Email: "octo@example.com"})
	h.AddToken("octo", "octo-token")
	seed := map[string]fakehost.File{}
	for path, f := range files {
		seed[path] = fakehost.File{Content: f.Data, Mode: filemode.FileMode(f.Mode)}
	}
	repo, err := h.AddRepository("octo", "site", seed, fakehost.RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var server http.Handler
	open := func() *httptest.Server {
		door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { server.ServeHTTP(w, r) }))
		t.Cleanup(door.Close)
		return door
	}
	door, media := open(), open() // large files are at another origin
	if server, err = fakebitbucket.Open(h, fakebitbucket.Options{Media: media.URL, CheckRequest: specified(t)}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { checkRequests(t, h) })
	return &site{t: t, host: h, repo: repo, url: door.URL}
}

// signedIn opens octo/site as the owner of a token.
func (s *site) signedIn(token string) *bitbucket.Repo {
	return s.open(token, bitbucket.Config{Repo: "octo/site"})
}

func (s *site) open(token string, cfg bitbucket.Config) *bitbucket.Repo {
	s.t.Helper()
	cfg.APIRoot = s.url + "/2.0"
	if cfg.Labels == nil {
		cfg.Labels = drivertest.Labels
	}
	client := nethttp.New(time.Minute)
	s.t.Cleanup(client.Close)
	doer := rest.Doer(client)
	if s.wrap != nil {
		doer = s.wrap(doer)
	}
	r, err := bitbucket.Open(cfg, bitbucket.Env{
		Doer:   doer,
		Token:  func(context.Context) (string, error) { return token, nil },
		Govern: rest.Options{Clock: resttest.Hurried{}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// asBrowser hides from the driver what browsers hide from pages.
func (s *site) asBrowser() {
	s.wrap = func(doer rest.Doer) rest.Doer { return resttest.Page{Doer: doer, Exposed: exposed} }
}

// exposed are the fields of an answer that Bitbucket lets pages see.
var exposed = []string{"accept-ranges", "content-encoding", "content-length", "content-type", "etag", "last-modified", "cache-control"}

// edit is a change that somebody else pushes to the published branch.
func (s *site) edit(path, text string) {
	s.t.Helper()
	s.editOn("main", path, text)
}

func (s *site) editOn(branch, path, text string) {
	s.t.Helper()
	user, _ := s.host.User("octo")
	change := fakehost.Change{Path: path, Content: []byte(text)}
	if _, err := s.repo.Commit(branch, s.host.Signature(user), "Theirs", change); err != nil {
		s.t.Fatal(err)
	}
}

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

// checkRequests fails on every request that was refused so.
func checkRequests(t *testing.T, h *fakehost.Host) {
	for _, q := range h.Requests() {
		if q.Err != "" {
			t.Errorf("%s %s: %s", q.Method, q.Path, q.Err)
		}
	}
}
