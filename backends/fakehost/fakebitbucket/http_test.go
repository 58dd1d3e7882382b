package fakebitbucket

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"mooring/backends/fakehost"
)

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.host.AddToken("dev", "old-token")
	s.host.RemoveToken("old-token")
	basic := func(name string) []string {
		return []string{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":dev-token"))}
	}
	for name, ask := range map[string]struct {
		status  int
		text    string
		headers []string
	}{
		"bearer":           {200, `"display_name":"Dev"`, []string{"Authorization", "Bearer dev-token"}},
		"API token":        {200, `"display_name":"Dev"`, basic("dev@example.com")},
		"API token, login": {401, "Token is invalid", basic("dev")},
		"wrong":            {401, "Token is invalid", []string{"Authorization", "Bearer x"}},
		"expired":          {401, "Access token expired. Use your refresh token", []string{"Authorization", "Bearer old-token"}},
		"nobody":           {401, "Token is invalid", nil},
	} {
		if r := s.asks("", "GET", "/2.0/user", "", ask.headers...); r.status != ask.status || !strings.Contains(r.body, ask.text) {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	if r := s.asks("", "GET", inRepo, ""); r.status != 200 {
		t.Errorf("nobody reads a public repository with %d", r.status)
	}
	body, kind := form(t, "/x", "1")
	if r := s.asks("", "POST", inRepo+"/src", body, "Content-Type", kind); r.status != 401 {
		t.Errorf("nobody writes with %d", r.status)
	}
	s.repo.Edit(func(i *fakehost.Info) { i.Private = true })
	s.repo.SetPermission("reader", fakehost.None)
	for _, login := range []string{"", "reader"} {
		if r := s.asks(login, "GET", inRepo+"/src/main/", ""); r.status != 404 || !strings.Contains(r.body, "You may not have access") {
			t.Errorf("%q reads a private repository with %d %s", login, r.status, r.body)
		}
	}
	if r := s.asks("dev", "GET", "/2.0/repositories/other/"+strings.ReplaceAll(repoUUID(s.repo), "{", "%7B"), ""); r.text(t, "full_name") != "owner/repo" {
		t.Errorf("by UUID it is %s", r.body)
	}
}

func TestAuthenticate_Scopes(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	for value, scopes := range map[string][]string{
		"read": {"repository"}, "classic": {"repository:write"}, "api": {"read:repository:bitbucket", "read:pullrequest:bitbucket"},
	} {
		s.host.AddToken("dev", value, scopes...)
	}
	ask := func(token, method, path string) reply {
		return s.asks("", method, path, "", "Authorization", "Bearer "+token)
	}
	for _, fine := range [][3]string{{"read", "GET", inRepo}, {"classic", "GET", inRepo + "/src/main/"}, {"api", "GET", inRepo + "/pullrequests"}} {
		if r := ask(fine[0], fine[1], fine[2]); r.status != 200 {
			t.Errorf("%v: %d %s", fine, r.status, r.body)
		}
	}
	for _, refused := range []struct{ token, method, path, required string }{
		{"read", "POST", inRepo + "/src", `["repository:write"]`}, {"classic", "GET", "/2.0/user", `["account"]`},
		{"read", "GET", inRepo + "/pullrequests", `["pullrequest"]`}, {"api", "POST", inRepo + "/src", `["write:repository:bitbucket"]`},
		{"api", "GET", "/2.0/user", `["read:user:bitbucket"]`},
	} {
		r := ask(refused.token, refused.method, refused.path)
		if r.status != 403 || quoted(r.field(t, "error.detail.required")) != refused.required || !strings.Contains(r.body, "privilege scopes") {
			t.Errorf("%v: %d %s", refused, r.status, r.body)
		}
	}
	if r := ask("api", "GET", inRepo); r.header.Get("X-OAuth-Scopes") != "read:repository:bitbucket, read:pullrequest:bitbucket" || r.header.Get("X-Accepted-OAuth-Scopes") != "repository" {
		t.Errorf("%v", r.header)
	}
}

func TestAccessToken_OfARepository(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.host.AddUser(fakehost.User{Login: "bot", Name: "CMS token", Email: "abc@bots.bitbucket.org"})
	s.host.AddToken("bot", "bot-token", "repository:write", "pullrequest:write")
	s.repo.SetPermission("bot", fakehost.Write)
	if r := s.asks("bot", "GET", "/2.0/user", ""); r.status != 403 {
		t.Errorf("it has a user: %s", r.body)
	}
	near := func(left int, want string) {
		t.Helper()
		s.host.SetRemaining("bot", apiLimit, left, time.Now().Add(time.Hour))
		r := s.wantsAs("bot", 200, "GET", "", "")
		if r.header.Get("X-RateLimit-Limit") != "10000" || r.header.Get("X-RateLimit-NearLimit") != want {
			t.Errorf("with %d left: %v", left, r.header)
		}
	}
	near(1000, "true")
	near(9000, "false")
	body, kind := form(t, "/x", "1")
	s.wantsAs("bot", 201, "POST", "/src", body, "Content-Type", kind)
	if r := s.wants(200, "GET", "/commit/main", ""); r.text(t, "author.raw") != "CMS token <abc@bots.bitbucket.org>" || r.text(t, "author.user.type") != "app_user" {
		t.Errorf("%s", r.body)
	}
	s.host.SetRemaining("bot", apiLimit, 0, time.Now().Add(time.Hour))
	s.wantsAs("bot", 429, "GET", "", "")
}

func TestCORS(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	r := s.asks("", "OPTIONS", inRepo+"/src", "", "Origin", origin, "Access-Control-Request-Method", "POST",
		"Access-Control-Request-Headers", "authorization,content-type")
	if r.status != 204 || r.header.Get("Access-Control-Allow-Headers") != "authorization,content-type" || r.header.Get("Access-Control-Allow-Origin") != "*" ||
		!strings.Contains(r.header.Get("Access-Control-Allow-Methods"), "DELETE") {
		t.Errorf("%d %v", r.status, r.header)
	}
	r = s.asks("", "GET", inRepo+"/none", "", "Origin", origin)
	if r.status != 404 || r.header.Get("Access-Control-Allow-Origin") != "*" || strings.Contains(r.header.Get("Access-Control-Expose-Headers"), "Location") {
		t.Errorf("%d %v", r.status, r.header)
	}
	requests := s.host.Requests()
	if len(requests) != 2 || requests[0].Method != http.MethodOptions {
		t.Errorf("the log has %v", requests)
	}
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	for _, c := range []struct {
		effect fakehost.Effect
		status int
		text   string
		retry  string
	}{
		{fakehost.Effect{Status: 429}, 429, "Rate limit for this resource has been exceeded", ""},
		{fakehost.Effect{Status: 429, RetryAfter: 7 * time.Second}, 429, "Rate limit", "7"},
		{fakehost.Effect{PrimaryLimit: time.Hour}, 429, "Rate limit", ""},
		{fakehost.Effect{Status: 500}, 500, `"Something went wrong"`, ""},
		{fakehost.Effect{Status: status555}, status555, `"type":"error"`, ""},
		{fakehost.Effect{Status: 503}, 503, "<html>", ""},
	} {
		s.host.Fault(fakehost.Rule{Count: 1, Effect: c.effect})
		r := s.asks("owner", "GET", inRepo, "", "Origin", origin)
		if r.status != c.status || !strings.Contains(r.body, c.text) || r.header.Get("Retry-After") != c.retry || r.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%+v: %d %v %s", c.effect, r.status, r.header, r.body)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.refuses(404, "There is no API hosted at this URL", "GET", "/none", "")
	s.wants(405, "PATCH", "/pullrequests", "")
	for _, path := range []string{"/2.0/user/permissions/repositories?q=x", "/2.0/user/permissions/workspaces", "/2.0/workspaces", "/2.0/repositories"} {
		r := s.wants(410, "GET", path, "")
		contains(t, r.text(t, "error.data.announcement_url"), "CHANGE-2770")
	}
	if r := s.asks("owner", "GET", "/elsewhere", ""); r.status != 404 || !strings.HasPrefix(r.body, "<h1>") {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := s.asks("owner", "HEAD", inRepo+"/src/main/a.md", ""); r.status != 200 || r.body != "" || r.header.Get("Content-Length") != "1" {
		t.Errorf("%d %v", r.status, r.header)
	}
}
