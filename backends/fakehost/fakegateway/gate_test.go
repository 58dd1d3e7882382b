package fakegateway_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegateway"
)

func TestSettings_TellTheProvider(t *testing.T) {
	t.Parallel()
	for provider := range upstreams {
		s := newSite(t, provider)
		a := s.ann("GET", "/.netlify/git/settings", "")
		a.wants(t, 200, `"`+provider+`_enabled":true`).wants(t, 200, `"roles":null`)
		if n := strings.Count(a.body, "true"); n != 1 {
			t.Errorf("%d providers are enabled: %s", n, a.body)
		}
		s.Set(func(o *fakegateway.Settings) { o.Roles = []string{"editor"} })
		// Whoever has no role learns which ones are asked for.
		s.asks(s.jwt("bob@example.com"), "GET", "/.netlify/git/settings", "").wants(t, 200, `"roles":["editor"]`)
		s.asks("", "GET", "/.netlify/git/settings", "").wants(t, 401, `{"code":401,"msg":"This endpoint requires a Bearer token"}`)
	}
}

func TestSettings_Absent(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	for _, c := range []struct {
		absence    fakegateway.Absence
		status     int
		mime, part string
	}{
		{fakegateway.NoConfig, 404, "application/json", `"msg":"Unable to locate site configuration"`},
		{fakegateway.NoPage, 404, "text/plain; charset=utf-8", "Not Found"},
		{fakegateway.SitePage, 200, "text/html; charset=utf-8", "<!DOCTYPE html>"},
	} {
		s.Set(func(o *fakegateway.Settings) { o.Absence = c.absence })
		for _, path := range []string{"/.netlify/git/settings", "/.netlify/git/github/branches/main"} {
			if a := s.ann("GET", path, "").wants(t, c.status, c.part); a.header.Get("Content-Type") != c.mime {
				t.Errorf("%s is %s", path, a.header.Get("Content-Type"))
			}
		}
	}
}

func TestGateway_PassesOnlyItsList(t *testing.T) {
	t.Parallel()
	for provider, paths := range map[string]map[string]bool{
		"github": {
			"git/trees/main": true, "contents/posts": true, "pulls": true, "branches/main": true, "compare/main...main": true,
			"commits?sha=main": true, "issues/1/labels": true,
			"": false, "labels": false, "collaborators/ann/permission": false, "issues/1": false, "issues/x/labels": false,
			"deployments": false, "forks": false, "graphql": false,
		},
		"gitlab": {
			"merge_requests": true, "repository/tree": true, "repository/branches/main": true, "repository/commits": true,
			"repository/files/posts%2Fa.md/raw?ref=main": true, "repository/compare?from=main&to=main": true,
			"": false, "labels": false, "members/all/1": false, "repository/merge_base": false, "users": false,
		},
		"bitbucket": {
			"src": true, "src/main/posts": true,
			"": false, "refs/branches": false, "pullrequests": false, "commits": false, "diffstat/main..main": false,
		},
	} {
		s := newSite(t, provider)
		for path, passes := range paths {
			a := s.ann("GET", "/.netlify/git/"+provider+"/"+path, "")
			denied := a.status == 401 && strings.Contains(a.body, `"msg":"Access to endpoint not allowed: this part of `)
			if denied == passes || strings.Contains(a.body, "Unauthorized") {
				t.Errorf("%s: %s is answered with %d: %s", provider, path, a.status, a.body)
			}
		}
	}
}

func TestGateway_OtherProviders(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	s.ann("GET", "/.netlify/git/gitlab/merge_requests", "").wants(t, 404, `{"code":404,"msg":"No GitLab Settings Configured"}`)
	s.ann("GET", "/.netlify/git/bitbucket/src", "").wants(t, 404, `"msg":"No BitBucket Settings Configured"`)
	s.ann("GET", "/.netlify/git/gitea/contents", "").wants(t, 404, "404 page not found")
}

func TestGateway_AsksForAJWT(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	const path = "/.netlify/git/github/branches/main"
	good := s.jwt("ann@example.com")
	s.asks(good, "GET", path, "").wants(t, 200, `"name":"main"`)
	s.asks("", "GET", path, "").wants(t, 401, "This endpoint requires a Bearer token")
	s.asks("nonsense", "GET", path, "").wants(t, 401, "Invalid token: token contains an invalid number of segments")
	s.asks(good[:len(good)-4]+"AAAA", "GET", path, "").wants(t, 401, "Invalid token: signature is invalid")
	none := "eyJhbGciOiJub25lIn0." + strings.Split(good, ".")[1] + "."
	s.asks(none, "GET", path, "").wants(t, 401, "Invalid token: ")
	if newSite(t, "github").asks(good, "GET", path, "").status == 200 {
		t.Error("another site's JWT is taken")
	}
	s.clock.t = s.clock.t.Add(time.Hour + 2*time.Second)
	s.asks(good, "GET", path, "").wants(t, 401, "Invalid token: token is expired by 2s")
}

func TestGateway_AsksForARole(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	const path = "/.netlify/git/github/branches/main"
	bob := s.jwt("bob@example.com")
	s.asks(bob, "GET", path, "").wants(t, 200, "main")
	s.Set(func(o *fakegateway.Settings) { o.Roles = []string{"admin", "editor"} })
	s.asks(bob, "GET", path, "").wants(t, 401, "Access to endpoint not allowed: your role doesn't allow access")
	s.ann("GET", path, "").wants(t, 200, "main")
	if err := s.Identity.SetRoles("bob@example.com", "editor"); err != nil {
		t.Fatal(err)
	}
	s.asks(bob, "GET", path, "").wants(t, 401, "your role") // his JWT is of before
	s.asks(s.jwt("bob@example.com"), "GET", path, "").wants(t, 200, "main")
}

func TestGateway_UpstreamToken(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	s.Host().RemoveToken("upstream-token")
	s.ann("GET", "/.netlify/git/github/branches/main", "").wants(t, 401, `"message":"Bad credentials"`)
}

func TestGateway_LogsOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	s.ann("GET", "/.netlify/git/github/git/refs/heads%2Fmain", "")
	s.ann("GET", "/.netlify/git/github/labels", "")
	s.ann("OPTIONS", "/.netlify/git/settings", "", "Origin", "https://cms.example", "Access-Control-Request-Method", "GET")
	var log []string
	for _, q := range s.Host().Requests() {
		log = append(log, q.Method+" "+q.Path)
	}
	want := "GET /repos/owner/site/git/refs/heads/main,GET /.netlify/git/github/labels,OPTIONS /.netlify/git/settings"
	if strings.Join(log, ",") != want {
		t.Errorf("the log is %v", log)
	}
}

func TestGateway_Faults(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	cut := fakehost.Rule{Path: "*/branches/*", Count: 1, Effect: fakehost.Effect{CutAfter: true}}
	s.Host().Fault(cut)
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.base+"/.netlify/git/github/branches/main", nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+s.jwt("ann@example.com"))
	if r, err := http.DefaultTransport.RoundTrip(q); err == nil {
		r.Body.Close()
		t.Errorf("the page gets an answer: %s", r.Status)
	}
	s.Set(func(o *fakegateway.Settings) { o.BadGateway = true })
	s.Host().Fault(cut)
	if a := s.ann("GET", "/.netlify/git/github/branches/main", ""); a.status != 502 || a.body != "" {
		t.Errorf("the answer is %d: %s", a.status, a.body)
	}
	s.Host().Fault(fakehost.Rule{Path: "/.netlify/git/settings", Effect: fakehost.Effect{Status: 503}})
	s.ann("GET", "/.netlify/git/settings", "").wants(t, 503, `"code":503`)
}
