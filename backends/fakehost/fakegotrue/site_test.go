package fakegotrue_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegotrue"
)

// site is an identity service whose time stands until it is moved, and in which
// Ann has the password "secret".
type site struct {
	*fakegotrue.Server
	t    *testing.T
	host *fakehost.Host
	time time.Time
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	s.host = fakehost.New(fakehost.Options{Now: func() time.Time { return s.time }})
	s.Server = fakegotrue.New(s.host)
	s.AddPerson(fakegotrue.Person{Email: "ann@example.com", Password: "secret", Roles: []string{"editor"}, FullName: "Ann",
		Avatar: "https://example.com/ann.png"})
	return s
}

// asks sends a body, JSON unless it is a form, with a JWT unless it is empty.
func (s *site) asks(method, path, body, jwt string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	q := httptest.NewRequestWithContext(s.t.Context(), method, fakegotrue.Prefix+path, strings.NewReader(body))
	if jwt != "" {
		q.Header.Set("Authorization", "Bearer "+jwt)
	}
	for i := 0; i < len(headers); i += 2 {
		q.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, q)
	return w
}

// wants demands a status and a part of the body.
func (s *site) wants(status int, part, method, path, body, jwt string) string {
	s.t.Helper()
	w := s.asks(method, path, body, jwt)
	if w.Code != status || !strings.Contains(w.Body.String(), part) {
		s.t.Errorf("%s %s is answered with %d: %s; not %d with %q", method, path, w.Code, w.Body, status, part)
	}
	return w.Body.String()
}

type session struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	RefreshToken string `json:"refresh_token"`
}

func (s *site) session(text string) session {
	s.t.Helper()
	var out session
	if err := json.Unmarshal([]byte(text), &out); err != nil || out.AccessToken == "" || out.RefreshToken == "" || out.TokenType != "bearer" {
		s.t.Fatalf("no session: %s", text)
	}
	return out
}

func form(fields ...string) string {
	v := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	return v.Encode()
}

func (s *site) signIn(email, password string) session {
	s.t.Helper()
	return s.session(s.wants(200, "", "POST", "/token", form("grant_type", "password", "username", email, "password", password), ""))
}

func (s *site) renew(token string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.asks("POST", "/token", form("grant_type", "refresh_token", "refresh_token", token), "")
}

// mail is the last mail's token.
func (s *site) mail(kind, to string) string {
	s.t.Helper()
	mails := s.Mails()
	if len(mails) == 0 {
		s.t.Fatal("no mail was sent")
	}
	last := mails[len(mails)-1]
	if last.Kind != kind || last.To != to {
		s.t.Errorf("the last mail is %s to %s", last.Kind, last.To)
	}
	return last.Token
}

const unauthorized = http.StatusUnauthorized
