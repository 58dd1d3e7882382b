package fakegitea

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"mooring/backends/fakehost"
)

func TestCORS_Off(t *testing.T) {
	t.Parallel()
	s := open(t, Options{}, map[string]string{"a": "A"})
	r := s.wants(200, "GET", "/git/trees/main", "", "Origin", "https://cms.example")
	for name := range r.header {
		if strings.HasPrefix(name, "Access-Control-Allow") {
			t.Errorf("%s: %s", name, r.header.Get(name))
		}
	}
	preflight := s.sends("", "OPTIONS", "/api/v1/user", "", "Origin", "https://cms.example", "Access-Control-Request-Method", "GET")
	if preflight.status != http.StatusMethodNotAllowed || preflight.header.Get("Vary") != "" {
		t.Errorf("a preflight is answered with %d", preflight.status)
	}
}

func TestCORS_On(t *testing.T) {
	t.Parallel()
	s := open(t, Options{CORS: &CORS{}}, map[string]string{"a": "A"})
	const cms = "https://cms.example"
	list := s.wants(200, "GET", "/branches?limit=1", "", "Origin", cms)
	if list.header.Get("Access-Control-Allow-Origin") != "*" || list.header.Get("Access-Control-Expose-Headers") != "X-Total-Count" {
		t.Errorf("%v", list.header)
	}
	for _, path := range []string{"/git/trees/none", "/none"} {
		r := s.sends("owner", "GET", "/api/v1/repos/owner/repo"+path, "", "Origin", cms)
		if r.status < 400 || r.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %v", path, r.status, r.header)
		}
	}
	ask := func(method, headers string) http.Header {
		r := s.sends("", "OPTIONS", "/api/v1/user", "", "Origin", cms, "Access-Control-Request-Method", method, "Access-Control-Request-Headers", headers)
		if r.status != http.StatusOK || r.body != "" {
			t.Errorf("a preflight is answered with %d %s", r.status, r.body)
		}
		return r.header
	}
	s.host.ClearRequests()
	h := ask("PUT", "authorization,content-type")
	if log := s.host.Requests(); len(log) != 1 || log[0].Method != "OPTIONS" || log[0].Status != http.StatusOK {
		t.Errorf("the log is %+v", log)
	}
	if h.Get("Access-Control-Allow-Methods") != "PUT" || h.Get("Access-Control-Allow-Headers") != "Authorization, Content-Type" ||
		h.Get("Access-Control-Max-Age") != "600" || h.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%v", h)
	}
	for _, refused := range []http.Header{ask("GET", "authorization, if-none-match"), ask("TRACE", "authorization")} {
		if refused.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%v", refused)
		}
	}
	if r := s.sends("owner", "OPTIONS", "/api/v1/user", "", "Origin", cms); r.status != http.StatusMethodNotAllowed {
		t.Errorf("an OPTIONS that is no preflight is answered with %d", r.status)
	}
}

func TestCORS_Origins(t *testing.T) {
	t.Parallel()
	s := open(t, Options{CORS: &CORS{AllowDomain: []string{"https://cms.example", "https://*.site.example"}, Headers: []string{"X-Mine"}}},
		map[string]string{"a": "A"})
	for origin, allowed := range map[string]bool{"https://cms.example": true, "https://a.site.example": true,
		"https://CMS.example": true, "https://evil.example": false, "http://cms.example": false, "https://cms.example.evil": false} {
		r := s.wants(200, "GET", "", "", "Origin", origin)
		if got := r.header.Get("Access-Control-Allow-Origin"); (got == origin) != allowed {
			t.Errorf("%s: %q", origin, got)
		}
		r = s.sends("", "OPTIONS", "/api/v1/user", "", "Origin", origin, "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "x-mine")
		if got := r.header.Get("Access-Control-Allow-Origin"); (got == origin) != allowed {
			t.Errorf("preflight of %s: %q", origin, got)
		}
	}
}

func TestAuth_Scopes(t *testing.T) {
	t.Parallel()
	s := open(t, Options{}, map[string]string{"a": "A"})
	s.host.AddToken("owner", "ro-token", "read:repository")
	s.host.AddToken("owner", "rw-token", "write:repository", "read:user")
	s.host.AddToken("owner", "public-token", "write:repository", "public-only")
	const scope = "token does not have at least one of required scope(s), required=[%], token scope=&"
	for _, c := range []struct{ as, method, path, body, required, has string }{
		{"ro", "GET", "/user", "", "read:user", "read:repository"},
		{"ro", "POST", "/repos/owner/repo/contents", `{"files":[]}`, "write:repository", "read:repository"},
		{"ro", "POST", "/repos/owner/repo/file-contents", `{"files":["a"]}`, "write:repository", "read:repository"},
		{"rw", "POST", "/repos/owner/repo/labels", `{"name":"x","color":"#fff"}`, "write:issue", "read:user,write:repository"},
		{"rw", "PUT", "/repos/owner/repo/issues/1/labels", `{"labels":[]}`, "write:issue", "read:user,write:repository"},
	} {
		r := s.asks(c.as, c.method, c.path, c.body)
		want := strings.NewReplacer("%", c.required, "&", c.has).Replace(scope)
		if r.status != http.StatusForbidden || r.message(t) != want {
			t.Errorf("%s %s as %s: %d %s", c.method, c.path, c.as, r.status, r.body)
		}
	}
	if r := s.asks("ro", "GET", "/repos/owner/repo/git/trees/main", ""); r.status != http.StatusOK {
		t.Errorf("reading: %d %s", r.status, r.body)
	}
	s.repo.Edit(func(i *fakehost.Info) { i.Private = true })
	if r := s.asks("public", "GET", "/repos/owner/repo", ""); r.status != http.StatusForbidden || r.message(t) != "token scope is limited to public repos" {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := s.asks("", "GET", "/repos/owner/repo", ""); r.status != http.StatusNotFound {
		t.Errorf("a private repository: %d", r.status)
	}
	for _, header := range []string{"Bearer owner-token", "token owner-token", "TOKEN owner-token"} {
		if r := s.asks("", "GET", "/repos/owner/repo", "", "Authorization", header); r.status != http.StatusOK {
			t.Errorf("%s: %d", header, r.status)
		}
	}
	s.host.RemoveToken("owner-token")
	if r := s.asks("owner", "GET", "/version", ""); r.status != http.StatusUnauthorized {
		t.Errorf("a revoked token: %d", r.status)
	}
}

func TestRepository_RenamedAndArchived(t *testing.T) {
	t.Parallel()
	s := open(t, Options{}, map[string]string{"a": "A"})
	s.host.Rename(s.repo, "owner", "other")
	r := s.wants(301, "GET", "/git/trees/main?page=2", "")
	if to := r.header.Get("Location"); to != "/api/v1/repos/owner/other/git/trees/main?page=2" {
		t.Errorf("it leads to %s", to)
	}
	s.wants(301, "POST", "/contents", `{"files":[]}`)
	s.host.Rename(s.repo, "owner", "repo")
	s.repo.Edit(func(i *fakehost.Info) { i.Archived = true })
	for path, body := range map[string]string{"/branches": `{"new_branch_name":"x"}`, "/pulls": `{"head":"x","base":"main","title":"x"}`} {
		if r := s.wants(423, "POST", path, body); r.message(t) != "owner/repo is archived" {
			t.Errorf("%s: %s", path, r.body)
		}
	}
	if r := s.wants(423, "POST", "/contents", `{"files":[]}`); r.message(t) != "owner/repo is not allowed to edit" {
		t.Error(r.body)
	}
	s.wants(200, "GET", "/git/trees/main", "")
}

func TestServer_Faults(t *testing.T) {
	t.Parallel()
	s := open(t, Options{CORS: &CORS{}}, map[string]string{"a": "A"})
	for _, e := range []fakehost.Effect{{Status: 429, RetryAfter: 7 * time.Second}, {PrimaryLimit: 7 * time.Second}} {
		s.host.Fault(fakehost.Rule{Count: 1, Effect: e})
		if r := s.sends("owner", "GET", "/api/v1/user", ""); r.status != 429 || r.header.Get("Retry-After") != "7" {
			t.Errorf("%d %v", r.status, r.header)
		}
	}
	s.host.Fault(fakehost.Rule{Count: 1, Effect: fakehost.Effect{Status: 500}})
	if r := s.sends("owner", "GET", "/api/v1/user", ""); r.status != 500 || r.message(t) != "" {
		t.Errorf("%d %s", r.status, r.body)
	}
	s.host.Fault(fakehost.Rule{Count: 1, Effect: fakehost.Effect{NoCORS: true}})
	if r := s.sends("owner", "GET", "/api/v1/user", "", "Origin", "https://x"); r.status != 200 || r.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %v", r.status, r.header)
	}
}

func TestAccessToken_Errors(t *testing.T) {
	t.Parallel()
	s := open(t, Options{}, map[string]string{"a": "A"})
	const form = "application/x-www-form-urlencoded"
	for _, c := range []struct{ mime, body, want string }{
		{"application/json", `{"grant_type":"authorization_code","client_id":"confidential-app","code":"x"}`, `"unauthorized_client","error_description":"invalid empty client secret"`},
		{form, "grant_type=refresh_token&client_id=confidential-app", `"invalid_client","error_description":"invalid empty client secret"`},
		{form, "grant_type=authorization_code&client_id=confidential-app&client_secret=x", `"unauthorized_client","error_description":"invalid client secret"`},
		{form, "grant_type=authorization_code&client_id=none", "cannot load client with client id: 'none'"},
		{form, "grant_type=password&client_id=none", `"unsupported_grant_type"`},
		{"application/json", "{", `"invalid_request"`},
	} {
		r := s.sends("", "POST", "/login/oauth/access_token", c.body, "Content-Type", c.mime)
		if r.status != http.StatusBadRequest || !strings.Contains(r.body, c.want) {
			t.Errorf("%s: %d %s", c.body, r.status, r.body)
		}
	}
}

func TestOpen_ChecksRequests(t *testing.T) {
	t.Parallel()
	s := open(t, Options{}, map[string]string{"a": "A"})
	server, err := Open(fakehost.New(fakehost.Options{}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if server.CheckRequest == nil {
		t.Skipf("no %s beside the module", descriptionFile)
	}
	for _, c := range []struct{ method, path, body, want string }{
		{"GET", "/git/trees/main?recursiv=true", "", "recursiv: no such query parameter"},
		{"POST", "/contents", `{"files":[],"brunch":"main"}`, "'brunch'"},
		{"POST", "/pulls/1/merge", `{"do":"merge"}`, "'do'"},
	} {
		r := s.sends("owner", c.method, "/api/v1/repos/owner/repo"+c.path, c.body)
		if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.message(t), c.want) {
			t.Errorf("%s %s: %d %s", c.method, c.path, r.status, r.body)
		}
		if log := s.host.Requests(); log[len(log)-1].Err == "" {
			t.Errorf("%s %s is not in the log as wrong", c.method, c.path)
		}
	}
}
