package fakegotrue_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegotrue"
)

func TestToken_Password(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	got := s.signIn("Ann@example.com", "secret") // the database takes either case
	if got.ExpiresIn != 3600 || len(got.RefreshToken) != 22 {
		t.Errorf("the session is %+v", got)
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(got.AccessToken, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	app, _ := claims["app_metadata"].(map[string]any)
	user, _ := claims["user_metadata"].(map[string]any)
	roles, _ := app["roles"].([]any)
	if claims["email"] != "ann@example.com" || claims["exp"] != float64(s.time.Add(time.Hour).Unix()) || len(roles) != 1 || roles[0] != "editor" ||
		user["full_name"] != "Ann" || user["avatar_url"] == "" || claims["sub"] == "" {
		t.Errorf("the claims are %s", payload)
	}
	if _, has := claims["aud"]; has {
		t.Errorf("there is an audience: %s", payload)
	}
}

func TestToken_Refused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.AddPerson(fakegotrue.Person{Email: "new@example.com", Invited: true})
	for _, c := range []struct{ form, want string }{
		{form("grant_type", "password", "username", "ann@example.com", "password", "wrong"),
			`{"error":"invalid_grant","error_description":"No user found with that email, or password invalid."}`},
		{form("grant_type", "password", "username", "nobody@example.com", "password", "secret"), `No user found with that email, or password invalid.`},
		{form("grant_type", "password", "username", "new@example.com", "password", ""), `"error_description":"Email not confirmed"`},
		{form("grant_type", "refresh_token"), `{"error":"invalid_request","error_description":"refresh_token required"}`},
		{form("grant_type", "refresh_token", "refresh_token", "made-up"), `"error_description":"Invalid Refresh Token"`},
		{form("grant_type", "client_credentials"), `{"error":"unsupported_grant_type"}`},
		{"%", `{"error":"unsupported_grant_type"}`},
	} {
		s.wants(http.StatusBadRequest, c.want, "POST", "/token", c.form, "")
	}
}

func TestToken_RefreshTokensAreGoodOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	first := s.signIn("ann@example.com", "secret")
	second := s.session(s.renew(first.RefreshToken).Body.String())
	if second.RefreshToken == first.RefreshToken {
		t.Error("the refresh token stays the same")
	}
	if w := s.renew(first.RefreshToken); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "Invalid Refresh Token") {
		t.Errorf("the old one is answered with %d: %s", w.Code, w.Body)
	}
	// Whoever came first keeps the session.
	third := s.session(s.renew(second.RefreshToken).Body.String())
	s.Set(func(o *fakegotrue.Settings) { o.RefreshLifetime = time.Hour })
	s.time = s.time.Add(time.Hour + time.Second)
	if w := s.renew(third.RefreshToken); !strings.Contains(w.Body.String(), "Refresh token expired") {
		t.Errorf("an expired one is answered with %s", w.Body)
	}
}

func TestToken_Lifetime(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Set(func(o *fakegotrue.Settings) { o.Lifetime = 5 * time.Second })
	got := s.signIn("ann@example.com", "secret")
	if got.ExpiresIn != 5 {
		t.Errorf("it is good for %d s", got.ExpiresIn)
	}
	s.wants(200, "ann@example.com", "GET", "/user", "", got.AccessToken)
	s.time = s.time.Add(6 * time.Second)
	s.wants(unauthorized, `{"code":401,"msg":"Invalid token: token is expired by 1s"}`, "GET", "/user", "", got.AccessToken)
	renewed := s.session(s.renew(got.RefreshToken).Body.String())
	s.wants(200, "ann@example.com", "GET", "/user", "", renewed.AccessToken)
}

func TestLogout_EndsAllSessions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	here, there := s.signIn("ann@example.com", "secret"), s.signIn("ann@example.com", "secret")
	s.wants(http.StatusNoContent, "", "POST", "/logout", "", here.AccessToken)
	for _, x := range []session{here, there} {
		if w := s.renew(x.RefreshToken); w.Code != http.StatusBadRequest {
			t.Errorf("a session goes on: %s", w.Body)
		}
		s.wants(200, "ann@example.com", "GET", "/user", "", x.AccessToken) // until it expires
	}
	s.wants(unauthorized, "This endpoint requires a Bearer token", "POST", "/logout", "", "")
	s.Reset()
	s.wants(unauthorized, "Invalid user", "POST", "/logout", "", here.AccessToken)
}

func TestServer_FaultsAndOrigins(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.host.Fault(fakehost.Rule{Path: "/.netlify/identity/token", Count: 1, Effect: fakehost.Effect{Status: 429, RetryAfter: time.Second}})
	w := s.asks("POST", "/token", form("grant_type", "password"), "", "Origin", "https://cms.example")
	if w.Code != 429 || w.Body.String() != `{"code":429,"msg":"Rate limit exceeded"}` || w.Header().Get("Retry-After") != "1" ||
		w.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("too many sign-ins are %d: %s, %v", w.Code, w.Body, w.Header())
	}
	preflight := s.asks("OPTIONS", "/user", "", "", "Origin", "https://cms.example", "Access-Control-Request-Method", "GET",
		"Access-Control-Request-Headers", "authorization")
	if preflight.Code != 200 || preflight.Header().Get("Access-Control-Allow-Headers") != "authorization" {
		t.Errorf("the preflight is %d: %v", preflight.Code, preflight.Header())
	}
	s.wants(404, "404 page not found", "GET", "/token", "", "")
	if n := len(s.host.Requests()); n < 2 {
		t.Errorf("%d requests are in the log", n)
	}
}

func TestSettings_TellHowToComeIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.wants(200, `"disable_signup":false`, "GET", "/settings", "", "")
	s.Set(func(o *fakegotrue.Settings) { o.DisableSignup = true })
	text := s.wants(200, `"disable_signup":true`, "GET", "/settings", "", "")
	for _, part := range []string{`"external":{`, `"email":true`, `"autoconfirm":false`} {
		if !strings.Contains(text, part) {
			t.Errorf("the settings lack %s: %s", part, text)
		}
	}
}
