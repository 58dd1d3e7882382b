package fakegithub

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"mooring/backends/fakehost"
)

func TestServer_Preflight(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	r := s.asks("", "OPTIONS", "/repos/owner/repo/git/trees", "", "Origin", "https://cms.example",
		"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type")
	if r.status != http.StatusNoContent || r.header.Get("Access-Control-Allow-Origin") != "*" || r.header.Get("Access-Control-Max-Age") != "86400" {
		t.Errorf("status %d, headers %v", r.status, r.header)
	}
	contains(t, r.header.Get("Access-Control-Allow-Headers"), "Authorization", "Content-Type", "If-None-Match", "X-GitHub-Api-Version")
	contains(t, r.header.Get("Access-Control-Allow-Methods"), "PATCH", "PUT", "DELETE")
	if log := s.host.Requests(); len(log) != 1 || log[0].Method != "OPTIONS" || log[0].Status != 204 {
		t.Errorf("the log is %+v", log)
	}
}

func TestServer_CORS(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	for path, status := range map[string]int{"/user": 200, "/repos/owner/none": 404} {
		r := s.asks("owner", "GET", path, "")
		if r.status != status || r.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: status %d, headers %v", path, r.status, r.header)
		}
		contains(t, r.header.Get("Access-Control-Expose-Headers"), "ETag", "Link", "Retry-After", "X-RateLimit-Reset", "X-GitHub-SSO")
	}
	s.host.Fault(fakehost.Rule{Count: 1, Effect: fakehost.Effect{Status: 502, NoCORS: true}})
	if r := s.asks("owner", "GET", "/user", ""); r.status != 502 || r.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("status %d, headers %v", r.status, r.header)
	}
}

func TestServer_ETag(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	first := s.wants(200, "GET", "/branches/main", "")
	etag, left := first.header.Get("ETag"), first.header.Get("X-RateLimit-Remaining")
	again := s.wants(304, "GET", "/branches/main", "", "If-None-Match", `"other", `+strings.TrimPrefix(etag, "W/"))
	if again.body != "" || again.header.Get("ETag") != etag {
		t.Errorf("304 with %q, %v", again.body, again.header)
	}
	if again.header.Get("X-RateLimit-Remaining") != left {
		t.Errorf("a 304 costs: %s left, then %s", left, again.header.Get("X-RateLimit-Remaining"))
	}
	if r := s.asks("reader", "GET", "/repos/owner/repo/branches/main", "", "If-None-Match", etag); r.status != 200 {
		t.Errorf("another user's ETag: %d", r.status)
	}
	s.change("main", "a", "b")
	if r := s.wants(200, "GET", "/branches/main", "", "If-None-Match", etag); r.header.Get("ETag") == etag {
		t.Error("the ETag is the same after a change")
	}
}

func TestServer_Head(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	get := s.wants(200, "GET", "/git/ref/heads/main", "")
	head := s.wants(200, "HEAD", "/git/ref/heads/main", "")
	if head.body != "" || head.header.Get("Content-Length") != strconv.Itoa(len(get.body)) || head.header.Get("ETag") != get.header.Get("ETag") {
		t.Errorf("HEAD: %q %v", head.body, head.header)
	}
}

func TestServer_RateLimit(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	reset := s.host.Now().Add(10 * time.Minute)
	s.host.SetRemaining("owner", "core", 1, reset)
	if r := s.wants(200, "GET", "", ""); r.header.Get("X-RateLimit-Remaining") != "0" || r.header.Get("X-RateLimit-Resource") != "core" {
		t.Errorf("the last request: %v", r.header)
	}
	r := s.wants(403, "GET", "", "")
	contains(t, r.body, "API rate limit exceeded for user ID")
	if r.header.Get("X-RateLimit-Remaining") != "0" || r.header.Get("X-RateLimit-Reset") != strconv.FormatInt(reset.Unix(), 10) {
		t.Errorf("refused with %v", r.header)
	}
	if r := s.asks("owner", "GET", "/rate_limit", ""); r.status != 200 {
		t.Errorf("rate_limit: %d", r.status)
	}
	if r := s.asks("reader", "GET", "/user", ""); r.status != 200 {
		t.Errorf("another user: %d", r.status)
	}
}

func TestServer_Faults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		effect  fakehost.Effect
		status  int
		text    string
		headers map[string]string
	}{
		{"bad gateway", fakehost.Effect{Status: 502}, 502, "<html>", nil},
		{"unavailable", fakehost.Effect{Status: 503, RetryAfter: 7 * time.Second}, 503, "", map[string]string{"Retry-After": "7"}},
		{"too many", fakehost.Effect{Status: 429, RetryAfter: time.Minute}, 429, "secondary rate limit", map[string]string{"Retry-After": "60"}},
		{"secondary", fakehost.Effect{Status: 403}, 403, "You have exceeded a secondary rate limit", map[string]string{"Retry-After": ""}},
		{"primary", fakehost.Effect{PrimaryLimit: time.Hour}, 403, "API rate limit exceeded", map[string]string{"X-RateLimit-Remaining": "0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, map[string]string{"a": "a"})
			s.host.Fault(fakehost.Rule{Method: "GET", Path: "/repos/*/branches/*", Count: 1, Effect: c.effect})
			s.wants(200, "GET", "", "")
			r := s.wants(c.status, "GET", "/branches/main", "")
			contains(t, r.body, c.text)
			for name, value := range c.headers {
				if r.header.Get(name) != value {
					t.Errorf("%s is %q, not %q", name, r.header.Get(name), value)
				}
			}
			s.wants(200, "GET", "/branches/main", "")
			if log := s.host.Requests(); !log[1].Faulty || log[2].Faulty || log[1].Status != c.status {
				t.Errorf("the log is %+v", log)
			}
		})
	}
}

func TestServer_Paging(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	for i := range 68 {
		s.wants(201, "POST", "/labels", fmt.Sprintf(`{"name":"l%d"}`, i)) // and two that were there
	}
	base := s.url + "/repositories/" + digits(s.repo.Info().ID) + "/labels?"
	link := func(rel string, page int, size string) string {
		return fmt.Sprintf(`<%spage=%d%s>; rel="%s"`, base, page, size, rel)
	}
	for _, c := range []struct {
		query string
		count int
		link  string
	}{
		{"", 30, link("next", 2, "") + ", " + link("last", 3, "")},
		{"?page=2", 30, link("prev", 1, "") + ", " + link("next", 3, "") + ", " + link("last", 3, "") + ", " + link("first", 1, "")},
		{"?page=3", 10, link("prev", 2, "") + ", " + link("first", 1, "")},
		{"?page=9", 0, link("prev", 3, "") + ", " + link("first", 1, "")},
		{"?per_page=100", 70, ""},
		{"?per_page=50", 50, link("next", 2, "&per_page=50") + ", " + link("last", 2, "&per_page=50")},
	} {
		r := s.wants(200, "GET", "/labels"+c.query, "")
		if n := len(decode[[]any](t, r.body)); n != c.count || r.header.Get("Link") != c.link {
			t.Errorf("%q has %d items and Link %s\nwant %d and %s", c.query, n, r.header.Get("Link"), c.count, c.link)
		}
	}
	next, _, _ := strings.Cut(strings.TrimPrefix(s.wants(200, "GET", "/labels", "").header.Get("Link"), "<"+s.url), ">")
	if r := s.sends("owner", "GET", next, ""); len(decode[[]any](t, r.body)) != 30 {
		t.Errorf("following %s: %d %s", next, r.status, r.body)
	}
}

func TestServer_Enterprise(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	server, err := Open(s.host, Options{Enterprise: true})
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	s.url = listener.URL
	if r := s.asks("owner", "GET", "/api/v3/user", ""); r.status != 200 || r.field(t, "url") != s.url+"/api/v3/users/owner" {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := s.asks("owner", "GET", "/user", ""); r.status != 404 {
		t.Errorf("without /api/v3: %d", r.status)
	}
	if r := s.sends("owner", "POST", "/api/graphql", `{"query":"{viewer{login}}"}`); r.body != `{"data":{"viewer":{"login":"owner"}}}` {
		t.Errorf("GraphQL: %s", r.body)
	}
}

func TestServer_CheckRequest(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	r := s.sends("owner", "PATCH", "/repos/owner/repo/git/refs/heads/main", `{"force":true}`)
	log := s.host.Requests()
	if r.status != 422 || !strings.Contains(r.body, "sha") || !strings.Contains(log[0].Err, "sha") {
		t.Errorf("a request without sha: %d %s, logged as %q", r.status, r.body, log[0].Err)
	}
}
