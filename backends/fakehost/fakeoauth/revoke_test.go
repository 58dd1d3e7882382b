package fakeoauth_test

import (
	"net/http"
	"sync"
	"testing"

	"golang.org/x/oauth2"
)

func TestRevoke(t *testing.T) {
	t.Parallel()
	s := newSite(t, "gitlab")
	c := s.config("gitlab")
	for _, byRefresh := range []bool{false, true} {
		token, err := c.Exchange(t.Context(), s.code(c))
		if err != nil {
			t.Fatal(err)
		}
		value := token.AccessToken
		if byRefresh {
			value = token.RefreshToken
		}
		r, text := s.do(http.MethodPost, s.url+"/oauth/revoke", form("token", value, "client_id", secret).Encode(), nil)
		if r.StatusCode != http.StatusUnauthorized || !s.good(token.AccessToken) {
			t.Errorf("without a secret: %s %s", r.Status, text)
		}
		r, text = s.do(http.MethodPost, s.url+"/oauth/revoke", form("token", value, "client_id", secret, "client_secret", "hush").Encode(), nil)
		if r.StatusCode != http.StatusOK || text != "{}" || s.good(token.AccessToken) {
			t.Errorf("revoked: %s %s", r.Status, text)
		}
		if _, err := c.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token(); err == nil {
			t.Error("a revoked token is renewed")
		}
	}
}

func TestRevokeUser(t *testing.T) {
	t.Parallel()
	s := newSite(t, "gitlab")
	c := s.config("gitlab")
	token, err := c.Exchange(t.Context(), s.code(c))
	if err != nil {
		t.Fatal(err)
	}
	s.RevokeUser("bob", false)
	if !s.good(token.AccessToken) {
		t.Error("another's token is gone")
	}
	s.RevokeUser("ann", true)
	renewed, err := c.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
	if s.good(token.AccessToken) || err != nil || !s.good(renewed.AccessToken) {
		t.Errorf("after a revocation that keeps refresh tokens: %v", err)
	}
	s.RevokeUser("ann", false)
	if _, err := c.TokenSource(t.Context(), &oauth2.Token{RefreshToken: renewed.RefreshToken}).Token(); err == nil || s.good(renewed.AccessToken) {
		t.Error("the revocation leaves something")
	}
}

// TestRefresh_AtOnce has many take one refresh token: one gets through.
func TestRefresh_AtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, "gitlab")
	c := s.config("gitlab")
	token, err := c.Exchange(t.Context(), s.code(c))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			// That 19 of them fail is what is counted below.
			_, _ = c.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
		})
	}
	all.Wait()
	if n := s.Counts(); n.Refreshes != 1 || n.Refused < 19 {
		t.Errorf("the counts are %+v", n)
	}
}
