package fakegateway_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakebitbucket"
	"mooring/backends/fakehost/fakegateway"
	"mooring/backends/fakehost/fakegithub"
	"mooring/backends/fakehost/fakegitlab"
	"mooring/backends/fakehost/fakegotrue"
)

// site is a site with a gateway, an editor with the role "editor", and a
// visitor with none.
type site struct {
	*fakegateway.Server
	t     *testing.T
	up    fakegateway.Upstream
	repo  *fakehost.Repository
	base  string
	clock *clock
}

// clock is a time that stands until it is moved.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

var upstreams = map[string]func(h *fakehost.Host) fakegateway.Upstream{
	"github": func(h *fakehost.Host) fakegateway.Upstream { return fakegithub.New(h, fakegithub.Options{}) },
	"gitlab": func(h *fakehost.Host) fakegateway.Upstream { return fakegitlab.New(h, fakegitlab.Options{}) },
	"bitbucket": func(h *fakehost.Host) fakegateway.Upstream {
		return fakebitbucket.New(h, fakebitbucket.Options{})
	},
}

func newSite(t *testing.T, provider string, change ...func(*fakegateway.Options)) *site {
	t.Helper()
	c := &clock{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	h := fakehost.New(fakehost.Options{Now: c.now})
	up := upstreams[provider](h)
	h.AddUser(fakehost.User{Login: "owner"})
	o := fakegateway.Options{Provider: provider, Repo: "owner/site", Token: "upstream-token"}
	for _, c := range change {
		c(&o)
	}
	h.AddToken("owner", o.Token)
	repo, err := h.AddRepository("owner", "site", map[string]fakehost.File{
		"posts/a.md": {Content: []byte("a")}, "data/list.json": {Content: []byte("[1]")}, "data/map.json": {Content: []byte(`{"b": 1, "a": 2}`)},
	}, fakehost.RepositoryOptions{Private: true})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, up: up, repo: repo, clock: c, Server: fakegateway.New(up, o)}
	s.Identity.AddPerson(fakegotrue.Person{Email: "ann@example.com", Password: "secret", Roles: []string{"editor"}, FullName: "Ann"})
	s.Identity.AddPerson(fakegotrue.Person{Email: "bob@example.com", Password: "secret"})
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.base = server.URL
	return s
}

func (s *site) jwt(email string) string { return s.Identity.JWT(email, time.Hour) }

// stay follows no redirects: the gateway leaves the host's addresses in them.
var stay = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// asks sends a request with a JWT, unless it is empty, and more headers by name
// and value.
func (s *site) asks(jwt, method, path, body string, headers ...string) answer {
	s.t.Helper()
	url := path
	if strings.HasPrefix(path, "/") {
		url = s.base + path
	}
	q, err := http.NewRequestWithContext(s.t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if jwt != "" {
		q.Header.Set("Authorization", "Bearer "+jwt)
	}
	for i := 0; i < len(headers); i += 2 {
		q.Header.Set(headers[i], headers[i+1])
	}
	r, err := stay.Do(q)
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{r.StatusCode, r.Header, string(text)}
}

// ann asks as the editor.
func (s *site) ann(method, path, body string, headers ...string) answer {
	s.t.Helper()
	return s.asks(s.jwt("ann@example.com"), method, path, body, headers...)
}

// wants demands a status and a part of the body.
func (a answer) wants(t *testing.T, status int, part string) answer {
	t.Helper()
	if a.status != status || !strings.Contains(a.body, part) {
		t.Errorf("the answer is %d: %s; not %d with %q", a.status, a.body, status, part)
	}
	return a
}

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var out T
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return out
}

// head is the commit of main.
func (s *site) head() string {
	s.t.Helper()
	id, ok := s.repo.ResolveCommit("main")
	if !ok {
		s.t.Fatal("there is no main")
	}
	return id.String()
}
