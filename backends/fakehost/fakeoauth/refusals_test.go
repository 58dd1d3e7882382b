package fakeoauth_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"mooring/backends/fakehost/fakeoauth"
)

// mistake is a request to a token endpoint with something wrong.
type mistake struct {
	name   string
	fields []string // replace those of a good request; an empty one is left out
	wait   time.Duration
	status int
	err    string
	text   string // part of the description
}

const credentials = "The client_id and/or client_secret passed are incorrect."

var mistakes = map[string][]mistake{
	"github": {
		{"unknown app", []string{"client_id", "nobody"}, 0, 200, "incorrect_client_credentials", credentials},
		{"wrong secret", []string{"client_secret", "x"}, 0, 200, "incorrect_client_credentials", credentials},
		{"no secret", []string{"client_secret", ""}, 0, 200, "incorrect_client_credentials", credentials},
		{"unknown code", []string{"code", "x"}, 0, 200, "bad_verification_code", "The code passed is incorrect or expired."},
		{"expired code", nil, 10 * time.Minute, 200, "bad_verification_code", "incorrect or expired"},
		{"other redirect", []string{"redirect_uri", back + "x"}, 0, 200, "redirect_uri_mismatch", "MUST match the registered callback URL"},
		{"wrong verifier", []string{"code_verifier", "x"}, 0, 200, "bad_verification_code", ""},
		{"unknown refresh token", []string{"grant_type", "refresh_token", "refresh_token", "x"}, 0, 200, "bad_refresh_token", "incorrect or expired"},
		{"unknown grant", []string{"grant_type", "password"}, 0, 200, "unsupported_grant_type", ""},
	},
	"gitlab": {
		{"unknown app", []string{"client_id", "nobody"}, 0, 401, "invalid_client", "Client authentication failed"},
		{"wrong secret", []string{"client_secret", "x"}, 0, 401, "invalid_client", "Client authentication failed"},
		{"no secret", []string{"client_secret", ""}, 0, 401, "invalid_client", "Client authentication failed"},
		{"unknown code", []string{"code", "x"}, 0, 400, "invalid_grant", "The provided authorization grant is invalid"},
		{"expired code", nil, 10 * time.Minute, 400, "invalid_grant", "expired"},
		{"another app's code", []string{"client_id", public, "client_secret", ""}, 0, 400, "invalid_grant", ""},
		{"other redirect", []string{"redirect_uri", back + "x"}, 0, 400, "invalid_grant", ""},
		{"no redirect", []string{"redirect_uri", ""}, 0, 400, "invalid_request", "missing a required parameter"},
		{"wrong verifier", []string{"code_verifier", "x"}, 0, 400, "invalid_grant", ""},
		{"no verifier", []string{"code_verifier", ""}, 0, 400, "invalid_grant", ""},
		{"unknown refresh token", []string{"grant_type", "refresh_token", "refresh_token", "x"}, 0, 400, "invalid_grant", ""},
		{"unknown grant", []string{"grant_type", "password"}, 0, 400, "unsupported_grant_type", "not supported"},
	},
	"gitea": {
		{"unknown app", []string{"client_id", "nobody"}, 0, 400, "invalid_client", "cannot load client with client id: 'nobody'"},
		{"wrong secret", []string{"client_secret", "x"}, 0, 400, "unauthorized_client", "invalid client secret"},
		{"no secret", []string{"client_secret", ""}, 0, 400, "unauthorized_client", "invalid empty client secret"},
		{"no secret to renew with", []string{"client_secret", "", "grant_type", "refresh_token"}, 0, 400, "invalid_client", "invalid empty client secret"},
		{"unknown code", []string{"code", "x"}, 0, 400, "unauthorized_client", "client is not authorized"},
		{"expired code", nil, 10 * time.Minute, 400, "invalid_grant", "authorization code expired"},
		{"another app's code", []string{"client_id", public}, 0, 400, "invalid_grant", "invalid grant"},
		{"other redirect", []string{"redirect_uri", back + "x"}, 0, 400, "invalid_grant", "redirect_uri differs from the original authorization request"},
		{"wrong verifier", []string{"code_verifier", "x"}, 0, 400, "unauthorized_client", "failed PKCE code challenge"},
		{"unknown refresh token", []string{"grant_type", "refresh_token", "refresh_token", "x"}, 0, 400, "unauthorized_client", "unable to parse refresh token"},
		{"unknown grant", []string{"grant_type", "password"}, 0, 400, "unsupported_grant_type", "Only refresh_token or authorization_code"},
	},
	"bitbucket": {
		{"unknown app", []string{"client_id", "nobody"}, 0, 400, "unauthorized_client", "Requests must be authenticated using OAuth client credentials"},
		{"no secret", []string{"client_secret", ""}, 0, 400, "unauthorized_client", "OAuth client credentials"},
		{"public app", []string{"client_id", public, "client_secret", ""}, 0, 400, "unauthorized_client", ""},
		{"unknown code", []string{"code", "x"}, 0, 400, "invalid_grant", ""},
		{"expired code", nil, 10 * time.Minute, 400, "invalid_grant", ""},
		{"other redirect", []string{"redirect_uri", back + "x"}, 0, 400, "invalid_grant", ""},
		{"unknown refresh token", []string{"grant_type", "refresh_token", "refresh_token", "x"}, 0, 400, "invalid_grant", ""},
		{"unknown grant", []string{"grant_type", "password"}, 0, 400, "unsupported_grant_type", ""},
	},
}

func TestToken_Refusals(t *testing.T) {
	t.Parallel()
	for host, list := range mistakes {
		s := newSite(t, host)
		for _, m := range list {
			verifier := oauth2.GenerateVerifier()
			good := form("grant_type", "authorization_code", "client_id", secret, "client_secret", "hush", "redirect_uri", back,
				"code", s.code(s.config(host), oauth2.S256ChallengeOption(verifier)), "code_verifier", verifier)
			var bad []string
			for name, value := range override(good, m.fields) {
				bad = append(bad, name, value[0])
			}
			s.pass(m.wait)
			status, answer := s.tokens(host, bad...)
			description, _ := answer["error_description"].(string)
			if status != m.status || answer["error"] != m.err || !strings.Contains(description, m.text) || answer["access_token"] != nil {
				t.Errorf("%s, %s: %d %v", host, m.name, status, answer)
			}
		}
		if n := s.Counts(); n.Exchanges != 0 || n.Refreshes != 0 || n.Refused != len(list) {
			t.Errorf("%s counts %+v of %d", host, n, len(list))
		}
	}
}

func override(v url.Values, fields []string) url.Values {
	for i := 0; i < len(fields); i += 2 {
		if v.Set(fields[i], fields[i+1]); fields[i+1] == "" {
			v.Del(fields[i])
		}
	}
	return v
}

// asked is a request to an authorize endpoint that is refused: on a page with a
// status, or back at the app with an error.
type asked struct {
	name   string
	fields []string
	status int // of a page; 0 when people are sent back
	text   string
}

var wrongly = map[string][]asked{
	"github": {
		{"unknown app", []string{"client_id", "nobody"}, 404, "not the web page"},
		{"foreign redirect", []string{"redirect_uri", "https://evil.example/"}, 400, "MUST match"},
		{"beside the registered path", []string{"redirect_uri", "https://site.example/administration"}, 400, "MUST match"},
		{"plain PKCE", []string{"code_challenge", "x", "code_challenge_method", "plain"}, 0, "invalid_request"},
	},
	"gitlab": {
		{"unknown app", []string{"client_id", "nobody"}, 401, "Client authentication failed"},
		{"foreign redirect", []string{"redirect_uri", "https://evil.example/"}, 400, "redirect URI included is not valid"},
		{"below the registered path", []string{"redirect_uri", "https://site.example/admin/"}, 400, "redirect URI"},
		{"with a user", []string{"redirect_uri", "http://localhost:1@evil.example/"}, 400, "redirect URI"},
		{"with a fragment", []string{"redirect_uri", back + "#x"}, 400, "redirect URI"},
		{"implicit", []string{"response_type", "token"}, 0, "unsupported_response_type"},
		{"unregistered scope", []string{"scope", "api sudo"}, 0, "invalid_scope"},
		{"unknown PKCE", []string{"code_challenge", "x", "code_challenge_method", "S1"}, 0, "invalid_code_challenge_method"},
	},
	"gitea": {
		{"unknown app", []string{"client_id", "nobody"}, 400, "Client ID not registered"},
		{"foreign redirect", []string{"redirect_uri", "https://evil.example/"}, 400, "Unregistered Redirect URI"},
		{"implicit", []string{"response_type", "token"}, 0, "unsupported_response_type"},
		{"a page without PKCE", []string{"client_id", public}, 0, "invalid_request"},
		{"unknown PKCE", []string{"code_challenge", "x", "code_challenge_method", "S1"}, 0, "invalid_request"},
	},
	"bitbucket": {
		{"unknown app", []string{"client_id", "nobody"}, 400, "Invalid client_id"},
		{"foreign redirect", []string{"redirect_uri", "https://evil.example/"}, 400, "Invalid redirect_uri"},
		{"unknown kind", []string{"response_type", "id_token"}, 0, "unsupported_response_type"},
	},
}

func TestAuthorize_Refusals(t *testing.T) {
	t.Parallel()
	for host, list := range wrongly {
		s := newSite(t, host)
		for _, a := range list {
			v := override(form("client_id", secret, "redirect_uri", back, "response_type", "code", "state", "mine"), a.fields)
			r, text := s.get(s.url + paths[host][0] + "?" + v.Encode())
			if a.status != 0 {
				if r.StatusCode != a.status || !strings.Contains(text, a.text) {
					t.Errorf("%s, %s: %s %s", host, a.name, r.Status, text)
				}
				continue
			}
			to, fields := s.lands(r)
			if fields.Get("error") != a.text || fields.Get("state") != "mine" || fields.Get("code") != "" || !strings.HasPrefix(to.String(), back) {
				t.Errorf("%s, %s: it leads to %s", host, a.name, to)
			}
		}
	}
}

func TestToken_Troubles(t *testing.T) {
	t.Parallel()
	for name, want := range fakeoauth.Troubles {
		s := newSite(t, "gitlab")
		code := s.code(s.config("gitlab"))
		s.Set(func(o *fakeoauth.Settings) { o.Trouble = name })
		r, text := s.do(http.MethodPost, s.url+"/oauth/token", form("grant_type", "authorization_code", "code", code).Encode(), nil)
		if r.StatusCode != want.Status || text != want.Body || r.Header.Get("Content-Type") != want.Type {
			t.Errorf("%s is %s: %s", name, r.Status, text)
		}
		s.Set(func(o *fakeoauth.Settings) { o.Trouble = "" })
		if _, err := s.config("gitlab").Exchange(t.Context(), code); err != nil {
			t.Errorf("after %s the code is gone: %v", name, err)
		}
	}
}
