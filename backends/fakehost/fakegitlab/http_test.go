package fakegitlab

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"mooring/backends/fakehost"
)

func TestServer_Preflight(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	r := s.asks("", "OPTIONS", s.project("/repository/commits"), "", "Origin", "https://cms.example",
		"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type")
	if r.status != http.StatusOK || r.header.Get("Access-Control-Allow-Origin") != "*" || r.header.Get("Access-Control-Max-Age") != "7200" ||
		r.header.Get("Access-Control-Allow-Headers") != "authorization,content-type" || r.header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("status %d, headers %v", r.status, r.header)
	}
	contains(t, r.header.Get("Access-Control-Allow-Methods"), "PATCH", "PUT", "DELETE")
	if log := s.host.Requests(); len(log) != 1 || log[0].Method != "OPTIONS" || log[0].Status != 200 {
		t.Errorf("the log is %+v", log)
	}
}

func TestServer_CORS(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	for path, origin := range map[string]string{"/api/v4/user": "*", "/api/v4/projects/none%2Fnone": "*", "/api/graphql": "*",
		"/owner/repo.git/info/lfs/objects/batch": ""} {
		r := s.asks("owner", "GET", path, "", "Origin", "https://cms.example")
		if r.header.Get("Access-Control-Allow-Origin") != origin || r.header.Get("Vary") != "Origin" {
			t.Errorf("%s: %v", path, r.header)
		}
		for _, hidden := range []string{"ETag", "Retry-After", "RateLimit"} {
			if exposed := r.header.Get("Access-Control-Expose-Headers"); origin != "" && (exposed == "" || strings.Contains(exposed, hidden)) {
				t.Errorf("%s exposes %q", path, exposed)
			}
		}
	}
	if r := s.asks("owner", "GET", "/api/v4/user", ""); r.header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("a request from no page has CORS headers")
	}
	s.host.Fault(fakehost.Rule{Count: 1, Effect: fakehost.Effect{Status: 502, NoCORS: true}})
	if r := s.asks("owner", "GET", "/api/v4/user", "", "Origin", "https://cms.example"); r.status != 502 || r.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("status %d, headers %v", r.status, r.header)
	}
}

func TestServer_ETag(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	first := s.wants(200, "GET", "/repository/branches/main", "")
	etag := first.header.Get("ETag")
	if first.header.Get("Cache-Control") != "max-age=0, private, must-revalidate" || etag == "" {
		t.Errorf("headers %v", first.header)
	}
	if again := s.wants(304, "GET", "/repository/branches/main", "", "If-None-Match", etag); again.body != "" || again.header.Get("ETag") != etag {
		t.Errorf("304 with %q, %v", again.body, again.header)
	}
	s.change("main", "a", "b")
	s.wants(200, "GET", "/repository/branches/main", "", "If-None-Match", etag)
	if r := s.wants(404, "GET", "/repository/branches/none", ""); r.header.Get("Cache-Control") != "no-cache" || r.header.Get("ETag") != "" {
		t.Errorf("a 404 has %v", r.header)
	}
}

func TestServer_RateLimit(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	reset := s.host.Now().Add(30 * time.Second)
	s.host.SetRemaining("owner", "api", 1, reset)
	if r := s.wants(200, "GET", "", ""); r.header.Get("RateLimit-Remaining") != "0" || r.header.Get("RateLimit-Limit") != "2000" {
		t.Errorf("the last request: %v", r.header)
	}
	r := s.wants(429, "GET", "", "")
	if r.body != "Retry later\n" || r.header.Get("RateLimit-Reset") != strconv.FormatInt(reset.Unix(), 10) || r.header.Get("Retry-After") == "" {
		t.Errorf("refused with %q, %v", r.body, r.header)
	}
	s.wantsAs("dev", 200, "GET", "", "")
}

func TestServer_Faults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		effect fakehost.Effect
		status int
		text   string
		after  string
	}{
		{"bad gateway", fakehost.Effect{Status: 502}, 502, "<html>", ""},
		{"unavailable", fakehost.Effect{Status: 503, RetryAfter: 7 * time.Second}, 503, "", "7"},
		{"error", fakehost.Effect{Status: 500}, 500, `{"message":"500 Internal Server Error"}`, ""},
		{"too many", fakehost.Effect{Status: 429, RetryAfter: 9 * time.Second}, 429, "Retry later\n", "9"},
		{"limit", fakehost.Effect{PrimaryLimit: 30 * time.Second}, 429, "Retry later\n", "30"},
		{"forbidden", fakehost.Effect{Status: 403}, 403, "403 Forbidden", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, map[string]string{"a": "a"})
			s.host.Fault(fakehost.Rule{Method: "GET", Path: "*/branches/*", Count: 1, Effect: c.effect})
			r := s.wants(c.status, "GET", "/repository/branches/main", "")
			contains(t, r.body, c.text)
			if got := r.header.Get("Retry-After"); got != c.after {
				t.Errorf("Retry-After is %q", got)
			}
			s.wants(200, "GET", "/repository/branches/main", "")
		})
	}
}

func TestServer_Authentication(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.host.AddToken("owner", "read", "read_api")
	s.host.AddToken("owner", "files", "read_repository")
	s.host.AddToken("owner", "old")
	s.host.RemoveToken("old")
	for _, c := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		text                     string
	}{
		{"nobody", "GET", "/api/v4/user", "", nil, 401, `{"message":"401 Unauthorized"}`},
		{"unknown token", "GET", "/api/v4/user", "", []string{"Authorization", "Bearer nonsense"}, 401, `{"message":"401 Unauthorized"}`},
		{"revoked token", "GET", "/api/v4/user", "", []string{"Authorization", "Bearer old"}, 401, `"error":"invalid_token"`},
		{"private token", "GET", "/api/v4/user", "", []string{"PRIVATE-TOKEN", "owner-token"}, 200, `"username":"owner"`},
		{"read_api reads", "GET", "/api/v4/user", "", []string{"PRIVATE-TOKEN", "read"}, 200, `"username":"owner"`},
		{"read_api writes", "POST", s.project("/repository/branches"), `{"branch":"x","ref":"main"}`, []string{"PRIVATE-TOKEN", "read"}, 403,
			`"error":"insufficient_scope"`},
		{"read_repository reads files", "GET", s.project("/repository/files/a/raw"), "", []string{"PRIVATE-TOKEN", "files"}, 200, "a"},
		{"read_repository lists nothing", "GET", s.project("/repository/tree"), "", []string{"PRIVATE-TOKEN", "files"}, 403, `"error":"insufficient_scope"`},
		{"public project", "GET", s.project("/repository/tree"), "", nil, 200, `"name":"a"`},
		{"nobody writes", "POST", s.project("/repository/branches"), `{"branch":"x","ref":"main"}`, nil, 401, `{"message":"401 Unauthorized"}`},
		{"unknown path", "GET", "/api/v4/nothing", "", nil, 404, `{"error":"404 Not Found"}`},
		{"unescaped branch", "GET", s.project("/repository/branches/a/b"), "", nil, 404, `{"error":"404 Not Found"}`},
		{"other method", "PATCH", "/api/v4/user", "", nil, 405, `{"error":"405 Not Allowed"}`},
		{"no JSON", "POST", s.project("/repository/branches"), `{`, []string{"PRIVATE-TOKEN", "owner-token"}, 400, "error"},
		{"GraphQL, unknown token", "POST", "/api/graphql", `{"query":"{currentUser{id}}"}`, []string{"Authorization", "Bearer nonsense"}, 401,
			`{"errors":[{"message":"Invalid token"}]}`},
		{"GraphQL, nobody", "POST", "/api/graphql", `{"query":"{currentUser{id}}"}`, nil, 200, `{"data":{"currentUser":null}}`},
		{"GraphQL, read_api", "POST", "/api/graphql", `{"query":"{currentUser{username}}"}`, []string{"PRIVATE-TOKEN", "read"}, 200, "owner"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := s.asks("", c.method, c.path, c.body, c.headers...)
			if r.status != c.status {
				t.Errorf("the status is %d", r.status)
			}
			contains(t, r.body, c.text)
		})
	}
}

func TestServer_PrivateProject(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.repo.Edit(func(i *fakehost.Info) { i.Private = true })
	for _, login := range []string{"", "reader"} {
		r := s.wantsAs(login, 404, "GET", "", "")
		contains(t, r.body, `{"message":"404 Project Not Found"}`)
		contains(t, s.ask(login, `{project(fullPath: "owner/repo") {id}}`, nil), `{"data":{"project":null}}`)
	}
	s.repo.SetPermission("reader", fakehost.Read)
	s.wantsAs("reader", 200, "GET", "", "")
	contains(t, s.wantsAs("reader", 403, "POST", "/repository/branches", `{"branch":"x","ref":"main"}`).body, "403 Forbidden")
}

func TestServer_RelativeRoot(t *testing.T) {
	t.Parallel()
	s := newSiteAt(t, Options{Root: "/lab"}, "owner", map[string]string{"a": "a", "b": "b"})
	r := s.wants(200, "GET", "/repository/tree?per_page=1", "")
	contains(t, r.header.Get("Link"), s.url+"/api/v4/projects/owner%2Frepo/repository/tree?", `rel="next"`)
	contains(t, s.ask("owner", `{currentUser{webUrl}}`, nil), s.url+"/owner")
}

func TestProject_Moved(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	old := s.project("")
	s.host.Rename(s.repo, "owner", "renamed")
	r := s.asks("owner", "GET", old+"/repository/tree?per_page=1", "")
	if r.status != 200 || !strings.Contains(r.body, `"path":"a"`) { // the client follows
		t.Errorf("%d %s", r.status, r.body)
	}
	log := s.host.Requests()
	if len(log) != 2 || log[0].Status != 301 || log[1].Path != "/api/v4/projects/"+digits(s.repo.Info().ID)+"/repository/tree" || log[1].Query != "per_page=1" {
		t.Errorf("the log is %+v", log)
	}
	if r := s.asks("owner", "POST", old+"/repository/branches", `{"branch":"x","ref":"main"}`); r.status != 405 {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func TestProject_ByNumberAndSettings(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"README.md": "a"})
	r := s.asks("owner", "GET", "/api/v4/projects/"+digits(s.repo.Info().ID), "")
	if r.status != 200 || r.field(t, "merge_method") != "merge" || r.field(t, "permissions.project_access.access_level") != float64(50) {
		t.Errorf("%d %s", r.status, r.body)
	}
	r = s.wants(200, "PUT", "", `{"merge_method":"ff","squash_option":"always","only_allow_merge_if_pipeline_succeeds":true,"lfs_enabled":false}`)
	for name, want := range map[string]any{"merge_method": "ff", "squash_option": "always", "only_allow_merge_if_pipeline_succeeds": true, "lfs_enabled": false} {
		if got := r.field(t, name); got != want {
			t.Errorf("%s is %v", name, got)
		}
	}
	s.wantsAs("dev", 403, "PUT", "", `{"merge_method":"merge"}`)
	s.repo.Share("team", fakehost.Write)
	shares := s.wants(200, "GET", "", "").field(t, "shared_with_groups").([]any)
	if len(shares) != 1 || shares[0].(map[string]any)["group_access_level"] != float64(30) {
		t.Errorf("the shares are %v", shares)
	}
}
