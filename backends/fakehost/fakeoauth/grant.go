package fakeoauth

import (
	"crypto/rand"
	"net/http"
	"time"

	"mooring/backends/fakehost"
)

// grant is what a person allowed an app once. Codes and tokens come from it.
type grant struct {
	app    *App
	login  string
	scopes []string
}

// code is good once, and for a while.
type code struct {
	*grant
	redirect          string // as the app gave it
	challenge, method string // of PKCE; empty without
	until             time.Time
	used              bool
}

type accessToken struct {
	*grant
	until time.Time // zero when it does not end
}

type refreshToken struct {
	*grant
	until  time.Time // likewise
	access string    // the token that it came with
	used   bool
}

// issued is what an app gets.
type issued struct {
	access, refresh string        // refresh is empty when there is none
	lifetime        time.Duration // 0 when it does not end
	refreshLifetime time.Duration
	scopes          []string
	created         time.Time
	grantType       string // what it was given for
}

// renewable adds to an answer when the token ends, and what renews it.
func (i issued) renewable(answer map[string]any) map[string]any {
	if i.lifetime > 0 {
		answer["expires_in"] = seconds(i.lifetime)
	}
	if i.refresh != "" {
		answer["refresh_token"] = i.refresh
	}
	return answer
}

// issue grants a token, and a refresh token unless the app can't use one.
func (s *Server) issue(g *grant, renewable bool) issued {
	out := issued{access: s.dialect.prefix + rand.Text() + rand.Text(), lifetime: s.settings.TokenLifetime,
		refreshLifetime: s.settings.RefreshLifetime, scopes: g.scopes, created: s.host.Now()}
	scopes := g.scopes
	if len(scopes) == 0 {
		scopes = []string{""} // the Host would give the usual ones
	}
	s.host.SetToken(fakehost.Token{Value: out.access, Login: g.login, Scopes: scopes})
	s.access[out.access] = &accessToken{grant: g, until: s.after(out.lifetime)}
	if renewable && out.lifetime > 0 {
		out.refresh = s.dialect.refreshPrefix + rand.Text() + rand.Text()
		s.refresh[out.refresh] = &refreshToken{grant: g, until: s.after(out.refreshLifetime), access: out.access}
	}
	return out
}

// after is a time from now; 0 is never.
func (s *Server) after(d time.Duration) time.Time {
	if d == 0 {
		return time.Time{}
	}
	return s.host.Now().Add(d)
}

// past says whether a time has come. Never does not come.
func (s *Server) past(t time.Time) bool { return !t.IsZero() && !s.host.Now().Before(t) }

func (s *Server) removeAccess(value string) {
	if _, ok := s.access[value]; ok {
		delete(s.access, value)
		s.host.RemoveToken(value)
	}
}

// end revokes all tokens that came from grants of some kind.
func (s *Server) end(these func(*grant) bool, alsoRefresh bool) {
	for value, t := range s.access {
		if these(t.grant) {
			s.removeAccess(value)
		}
	}
	for value, t := range s.refresh {
		if alsoRefresh && these(t.grant) {
			delete(s.refresh, value)
		}
	}
}

// RevokeUser revokes all that was granted in a person's name: the tokens and,
// unless keepRefresh, the refresh tokens.
func (s *Server) RevokeUser(login string, keepRefresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(func(g *grant) bool { return g.login == login }, !keepRefresh)
}

// Expiring goes in front of what takes the Host's tokens. Those whose time is over
// are the Host's no more, and count there as revoked.
func (s *Server) Expiring(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.expire()
		next.ServeHTTP(w, r)
	})
}

func (s *Server) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for value, t := range s.access {
		if s.past(t.until) {
			s.removeAccess(value)
		}
	}
}
