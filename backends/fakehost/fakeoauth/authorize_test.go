package fakeoauth_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakeoauth"
)

var hidden = regexp.MustCompile(`name="request" value="(\w+)"`)

// page asks and answers the page's request.
func (s *site) page(host string) string {
	s.t.Helper()
	s.Set(func(o *fakeoauth.Settings) { o.Answer = fakeoauth.Ask })
	r, text := s.get(s.config(host).AuthCodeURL("mine"))
	m := hidden.FindStringSubmatch(text)
	if r.StatusCode != http.StatusOK || m == nil {
		s.t.Fatalf("%s: %s", r.Status, text)
	}
	policy := r.Header.Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'; style-src 'nonce-") || !strings.HasSuffix(policy, "form-action 'self' http://localhost:8080") {
		s.t.Errorf("the policy is %s", policy)
	}
	for _, part := range []string{"A page asks for access", "<option>ann</option>", "<option>bob</option>", ">Authorize</button>", ">Cancel</button>"} {
		if !strings.Contains(text, part) || strings.Contains(text, "<script") {
			s.t.Errorf("the page lacks %s: %s", part, text)
		}
	}
	return m[1]
}

func TestPage_Decides(t *testing.T) {
	t.Parallel()
	for host := range paths {
		s := newSite(t, host)
		at := s.url + paths[host][0]
		request := s.page(host)
		answer := form("request", request, "login", "bob", "decision", "authorize").Encode()
		r, _ := s.do(http.MethodPost, at, answer, nil)
		_, fields := s.lands(r)
		token, err := s.config(host).Exchange(t.Context(), fields.Get("code"))
		if err != nil {
			t.Fatal(err)
		}
		if user, _, _ := s.host.UserByToken(token.AccessToken); user.Login != "bob" || fields.Get("state") != "mine" {
			t.Errorf("%s signs %q in with %v", host, user.Login, fields)
		}
		if r, text := s.do(http.MethodPost, at, answer, nil); r.StatusCode != http.StatusBadRequest || !strings.Contains(text, "out of date") {
			t.Errorf("%s takes an answer twice: %s", host, text)
		}
		r, _ = s.do(http.MethodPost, at, form("request", s.page(host), "login", "bob", "decision", "cancel").Encode(), nil)
		if _, fields := s.lands(r); fields.Get("error") != "access_denied" || fields.Get("state") != "mine" || fields.Get("code") != "" {
			t.Errorf("cancelled at %s: %v", host, fields)
		}
		r, _ = s.do(http.MethodPost, at, form("request", s.page(host), "login", "nobody", "decision", "authorize").Encode(), nil)
		if r.StatusCode != http.StatusBadRequest {
			t.Errorf("%s lets nobody in: %s", host, r.Status)
		}
	}
}

func TestAuthorize_Settings(t *testing.T) {
	t.Parallel()
	s := newSite(t, "gitlab")
	ask := s.config("gitlab").AuthCodeURL("mine")
	s.Set(func(o *fakeoauth.Settings) { o.WrongState = true })
	r, _ := s.get(ask)
	if _, fields := s.lands(r); fields.Get("state") == "mine" || fields.Get("state") == "" || fields.Get("code") == "" {
		t.Errorf("the wrong state is %v", fields)
	}
	s.Set(func(o *fakeoauth.Settings) { o.WrongState, o.Answer = false, fakeoauth.Deny })
	r, _ = s.get(ask)
	if _, fields := s.lands(r); fields.Get("error") != "access_denied" {
		t.Errorf("a denial is %v", fields)
	}
	s.Set(func(o *fakeoauth.Settings) { o.Answer, o.OpenerPolicy = fakeoauth.Ask, "same-origin" })
	if r, _ = s.get(ask); r.Header.Get("Cross-Origin-Opener-Policy") != "same-origin" {
		t.Errorf("the page's headers are %v", r.Header)
	}
	s.Set(func(o *fakeoauth.Settings) {
		o.Answer, o.Scopes, o.CodeLifetime = fakeoauth.Approve, []string{"read_user"}, time.Second
	})
	c := s.config("gitlab")
	token, err := c.Exchange(t.Context(), s.code(c))
	if err != nil || token.Extra("scope") != "read_user" {
		t.Errorf("the narrow token is %v, %v", token, err)
	}
	code := s.code(c)
	s.pass(time.Second)
	if _, err := c.Exchange(t.Context(), code); err == nil {
		t.Error("a code outlives its time")
	}
}

func TestAuthorize_NoScopes(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	c := s.config("github")
	c.Scopes = nil
	token, err := c.Exchange(t.Context(), s.code(c))
	if err != nil {
		t.Fatal(err)
	}
	if _, known, ok := s.host.UserByToken(token.AccessToken); !ok || known.HasScope("repo", "read:user") {
		t.Errorf("nothing was asked for, and %v granted", known.Scopes)
	}
}

func TestAuthorize_GiteaScopes(t *testing.T) {
	t.Parallel()
	s := newSite(t, "gitea")
	for asked, want := range map[string][]string{
		"":                                  {"all"},
		"repository":                        {"all"},
		"openid write:repository read:user": {"write:repository", "read:user"},
	} {
		c := s.config("gitea")
		c.Scopes = []string{asked}
		token, err := c.Exchange(t.Context(), s.code(c))
		if err != nil {
			t.Fatal(err)
		}
		if _, known, _ := s.host.UserByToken(token.AccessToken); !slices.Equal(known.Scopes, want) {
			t.Errorf("%q grants %v", asked, known.Scopes)
		}
	}
}

func TestAuthorize_Implicit(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"gitlab", "bitbucket"} {
		s := newSite(t, host)
		s.Set(func(o *fakeoauth.Settings) { o.Implicit = true })
		ask := s.url + paths[host][0] + "?" + form("client_id", public, "redirect_uri", back, "response_type", "token", "scope", "api", "state", `{"a":"b c"}`).Encode()
		r, _ := s.get(ask)
		to, fields := s.lands(r)
		if to.RawQuery != "" || !s.good(fields.Get("access_token")) || fields.Get("expires_in") != "7200" || fields.Get("state") != `{"a":"b c"}` ||
			!strings.EqualFold(fields.Get("token_type"), "bearer") || fields.Has("refresh_token") || fields.Has("scopes") != (host == "bitbucket") {
			t.Errorf("%s leads to %s", host, to)
		}
		s.Set(func(o *fakeoauth.Settings) { o.Answer = fakeoauth.Deny })
		r, _ = s.get(ask)
		if to, fields := s.lands(r); to.RawQuery != "" || fields.Get("error") != "access_denied" {
			t.Errorf("%s denies with %s", host, to)
		}
	}
}

func TestApp_Redirects(t *testing.T) {
	t.Parallel()
	for host, loose := range map[string]bool{"github": true, "gitlab": false, "gitea": false, "bitbucket": true} {
		s := newSite(t, host)
		for redirect, want := range map[string]bool{
			"http://localhost/": true, "http://localhost:3000/x?a=b": true, "https://localhost:3000/": false, "http://localhost.evil.example/": false,
			"https://site.example/admin": true, "https://site.example/admin/x": loose, "https://site.example/": false, "/admin": false,
			"": true, // the registered one
		} {
			v := form("client_id", secret, "redirect_uri", redirect, "response_type", "code")
			if r, _ := s.get(s.url + paths[host][0] + "?" + v.Encode()); (r.StatusCode == http.StatusFound) != want {
				t.Errorf("%s sends people to %q: %s", host, redirect, r.Status)
			}
		}
		s.AddApp(fakeoauth.App{ID: "bare"})
		if r, _ := s.get(s.url + paths[host][0] + "?client_id=bare&response_type=code"); r.StatusCode == http.StatusFound {
			t.Errorf("%s sends people nowhere", host)
		}
	}
}

// TestToken_AsStaticCMS sends what the CMS does after PKCE: JSON, no secret.
func TestToken_AsStaticCMS(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"gitlab", "gitea"} {
		s := newSite(t, host)
		c := s.config(host)
		c.ClientID = public
		verifier := oauth2.GenerateVerifier()
		body := `{"client_id":"` + public + `","code":"` + s.code(c, oauth2.S256ChallengeOption(verifier)) +
			`","grant_type":"authorization_code","redirect_uri":"` + back + `","code_verifier":"` + verifier + `"}`
		json := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
		r, text := s.do(http.MethodPost, s.url+paths[host][1], body, json)
		if r.StatusCode != http.StatusOK || !strings.Contains(text, `"access_token":"`) || !strings.Contains(text, `"refresh_token":"`) {
			t.Errorf("%s: %s %s", host, r.Status, text)
		}
		if r, text := s.do(http.MethodPost, s.url+paths[host][1], "?", json); r.StatusCode != http.StatusBadRequest || !strings.Contains(text, "invalid_request") {
			t.Errorf("%s: %s %s", host, r.Status, text)
		}
	}
}

func TestToken_CORS(t *testing.T) {
	t.Parallel()
	for host := range paths {
		s := newSite(t, host)
		preflight := http.Header{"Origin": {"https://site.example"}, "Access-Control-Request-Method": {"POST"}, "Access-Control-Request-Headers": {"content-type"}}
		for i, on := range []bool{host == "gitlab", true, false} {
			if i > 0 { // not the default
				s.Set(func(o *fakeoauth.Settings) { o.CORS = on })
			}
			r, _ := s.do(http.MethodOptions, s.url+paths[host][1], "", preflight)
			if allowed := r.Header.Get("Access-Control-Allow-Origin") == "*"; allowed != on {
				t.Errorf("%s's preflight is %v", host, r.Header)
			}
			r, _ = s.do(http.MethodPost, s.url+paths[host][1], "", http.Header{"Origin": {"https://site.example"}})
			if allowed := r.Header.Get("Access-Control-Allow-Origin") == "*"; allowed != on {
				t.Errorf("%s's answer has %v", host, r.Header)
			}
		}
		s.Set(func(o *fakeoauth.Settings) { o.CORS = true })
		if r, _ := s.do(http.MethodGet, s.url+paths[host][0], "", http.Header{"Origin": {"https://site.example"}}); r.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("pages may read %s's page", host)
		}
	}
}

func TestToken_GitHubAnswersWithForms(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	body := form("client_id", secret, "client_secret", "hush", "code", s.code(s.config("github"))).Encode() // no grant_type
	r, text := s.do(http.MethodPost, s.url+"/login/oauth/access_token", body, http.Header{"Accept": {"*/*"}})
	fields, err := url.ParseQuery(text)
	if err != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") ||
		!s.good(fields.Get("access_token")) || fields.Get("scope") != "api" || fields.Get("token_type") != "bearer" {
		t.Errorf("%s %s", r.Status, text)
	}
}

func TestServer_FaultsAndLog(t *testing.T) {
	t.Parallel()
	s := newSite(t, "gitlab")
	s.host.Fault(fakehost.Rule{Path: "/oauth/token", Count: 1, Effect: fakehost.Effect{Status: 503, RetryAfter: time.Second}})
	status, answer := s.tokens("gitlab")
	if status != 503 || answer["error"] != "temporarily_unavailable" {
		t.Errorf("a fault is %d %v", status, answer)
	}
	if log := s.host.Requests(); len(log) != 1 || log[0].Path != "/oauth/token" || !log[0].Faulty {
		t.Errorf("the log is %+v", log)
	}
	if r, _ := s.get(s.url + "/oauth/other"); r.StatusCode != http.StatusNotFound {
		t.Errorf("another path is %s", r.Status)
	}
	if r, _ := s.get(s.url + "/oauth/token"); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("another method is %s", r.Status)
	}
	if !s.Serves("/oauth/token") || !s.Serves("/oauth/revoke") || s.Serves("/oauth") || s.Serves("") {
		t.Error("the server's paths are others")
	}
}

func TestNew_UnknownHost(t *testing.T) {
	t.Parallel()
	if _, err := fakeoauth.New(fakehost.New(fakehost.Options{}), fakeoauth.Options{Host: "sourcehut"}); err == nil {
		t.Error("a host that nobody knows has a server")
	}
}
