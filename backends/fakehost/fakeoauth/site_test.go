package fakeoauth_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakeoauth"
)

const (
	back   = "http://localhost:8080/admin/"
	public = "page"
	secret = "app" // the confidential app's id; its secret is "hush"
)

// site is an OAuth server whose time stands until it is moved, at which Ann is
// signed in and grants all at once.
type site struct {
	*fakeoauth.Server
	t      *testing.T
	host   *fakehost.Host
	now    *atomic.Int64
	url    string
	broker string       // its origin, if there is one
	client *http.Client // follows no redirects
}

// paths are the authorize and token endpoints.
var paths = map[string][2]string{
	"github":    {"/login/oauth/authorize", "/login/oauth/access_token"},
	"gitlab":    {"/oauth/authorize", "/oauth/token"},
	"gitea":     {"/login/oauth/authorize", "/login/oauth/access_token"},
	"bitbucket": {"/site/oauth2/authorize", "/site/oauth2/access_token"},
}

func newSite(t *testing.T, host string) *site {
	t.Helper()
	s := &site{t: t, now: &atomic.Int64{}}
	s.now.Store(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).Unix())
	s.host = fakehost.New(fakehost.Options{Now: func() time.Time { return time.Unix(s.now.Load(), 0) }})
	s.host.AddUser(fakehost.User{Login: "ann"})
	s.host.AddUser(fakehost.User{Login: "bob"})
	var err error
	if s.Server, err = fakeoauth.New(s.host, fakeoauth.Options{Host: host}); err != nil {
		t.Fatal(err)
	}
	s.Set(func(o *fakeoauth.Settings) {
		o.Answer, o.Login, o.Logins = fakeoauth.Approve, "ann", []string{"ann", "bob"}
	})
	app := fakeoauth.App{ID: public, Name: "A page", Redirects: []string{"http://localhost:*", "https://site.example/admin"}, Scopes: []string{"api", "read_user"}}
	s.AddApp(app)
	app.ID, app.Secret = secret, "hush"
	s.AddApp(app)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url, s.client = server.URL, server.Client()
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s
}

// pass lets time go by.
func (s *site) pass(d time.Duration) { s.now.Add(int64(d.Seconds())) }

func (s *site) config(host string) *oauth2.Config {
	return &oauth2.Config{ClientID: secret, ClientSecret: "hush", RedirectURL: back, Scopes: []string{"api"},
		Endpoint: oauth2.Endpoint{AuthURL: s.url + paths[host][0], TokenURL: s.url + paths[host][1]}}
}

// get asks, and answers the status, the text and where it leads.
func (s *site) get(address string) (*http.Response, string) {
	s.t.Helper()
	return s.do(http.MethodGet, address, "", nil)
}

func (s *site) do(method, address, body string, header http.Header) (*http.Response, string) {
	s.t.Helper()
	q, err := http.NewRequestWithContext(s.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Accept", "application/json")
	for name, values := range header {
		q.Header[name] = values
	}
	r, err := s.client.Do(q)
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return r, string(text)
}

// lands is where a redirect leads, with the fragment's or the query's fields.
func (s *site) lands(r *http.Response) (*url.URL, url.Values) {
	s.t.Helper()
	to, err := r.Location()
	if err != nil {
		s.t.Fatalf("%s leads nowhere", r.Status)
	}
	fields, err := url.ParseQuery(to.Fragment)
	if err != nil {
		s.t.Fatal(err)
	}
	for name, values := range to.Query() {
		fields[name] = values
	}
	return to, fields
}

// code asks for a code as x/oauth2 does.
func (s *site) code(c *oauth2.Config, o ...oauth2.AuthCodeOption) string {
	s.t.Helper()
	r, text := s.get(c.AuthCodeURL("state of mine", o...))
	if r.StatusCode != http.StatusFound {
		s.t.Fatalf("%s: %s", r.Status, text)
	}
	to, fields := s.lands(r)
	if fields.Get("state") != "state of mine" || fields.Get("code") == "" || !strings.HasPrefix(to.String(), back+"?") {
		s.t.Fatalf("it leads to %s", to)
	}
	return fields.Get("code")
}

// tokens is a request to the token endpoint.
func (s *site) tokens(host string, fields ...string) (int, map[string]any) {
	s.t.Helper()
	r, text := s.do(http.MethodPost, s.url+paths[host][1], form(fields...).Encode(), nil)
	var out map[string]any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		s.t.Fatalf("%s: %s", r.Status, text)
	}
	return r.StatusCode, out
}

func form(fields ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	return v
}

// good says whether the Host takes a token.
func (s *site) good(token string) bool {
	ok := false
	s.Expiring(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { _, _, ok = s.host.UserByToken(token) })).
		ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	return ok
}
