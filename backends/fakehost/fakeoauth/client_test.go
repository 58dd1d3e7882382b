package fakeoauth_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"mooring/backends/fakehost/fakeoauth"
)

// hosts are what x/oauth2, which knows nothing of this package, finds at each.
var hosts = map[string]struct {
	scopes   []string
	lifetime time.Duration
	endsOld  bool // a renewal ends the token before it
}{
	"github":    {[]string{"api"}, 0, true},
	"gitlab":    {[]string{"api"}, 2 * time.Hour, true},
	"gitea":     {[]string{"all"}, time.Hour, false}, // it knows no "api"
	"bitbucket": {[]string{"api", "read_user"}, 2 * time.Hour, false},
}

func TestConfig_Exchange(t *testing.T) {
	t.Parallel()
	for host, want := range hosts {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, host)
			c := s.config(host)
			verifier := oauth2.GenerateVerifier()
			token, err := c.Exchange(t.Context(), s.code(c, oauth2.S256ChallengeOption(verifier)), oauth2.VerifierOption(verifier))
			if err != nil {
				t.Fatal(err)
			}
			user, known, ok := s.host.UserByToken(token.AccessToken)
			if !ok || user.Login != "ann" || !slices.Equal(known.Scopes, want.scopes) {
				t.Errorf("the token is %s's for %v", user.Login, known.Scopes)
			}
			if token.ExpiresIn != int64(want.lifetime.Seconds()) || (token.RefreshToken == "") != (want.lifetime == 0) {
				t.Errorf("it lives for %ds, with the refresh token %q", token.ExpiresIn, token.RefreshToken)
			}
			if n := s.Counts(); n.Codes != 1 || n.Exchanges != 1 || n.Refreshes != 0 {
				t.Errorf("the counts are %+v", n)
			}
		})
	}
}

func TestConfig_Refresh(t *testing.T) {
	t.Parallel()
	for host, want := range hosts {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, host)
			s.Set(func(o *fakeoauth.Settings) { o.TokenLifetime = 8 * time.Hour })
			c := s.config(host)
			first, err := c.Exchange(t.Context(), s.code(c))
			if err != nil {
				t.Fatal(err)
			}
			renew := func(refresh string) (*oauth2.Token, error) {
				return c.TokenSource(t.Context(), &oauth2.Token{RefreshToken: refresh}).Token()
			}
			second, err := renew(first.RefreshToken)
			if err != nil || second.AccessToken == first.AccessToken || !s.good(second.AccessToken) {
				t.Fatalf("the second token is no good: %v", err)
			}
			if s.good(first.AccessToken) == want.endsOld {
				t.Errorf("after a renewal the first token is good: %v", !want.endsOld)
			}
			again, err := renew(first.RefreshToken)
			if reused := err == nil; reused != (host == "gitea") { // only Gitea's are good more than once by default
				t.Errorf("a refresh token comes again: %v, %v", again, err)
			}
			s.pass(8*time.Hour - time.Second)
			if !s.good(second.AccessToken) {
				t.Error("a token ends early")
			}
			s.pass(time.Second)
			if s.good(second.AccessToken) || !s.host.Revoked(second.AccessToken) {
				t.Error("a token outlives its time")
			}
			third, err := renew(second.RefreshToken)
			if err != nil || !s.good(third.AccessToken) {
				t.Errorf("the third token is no good: %v", err)
			}
		})
	}
}

func TestRefresh_KeptWhenNotRotating(t *testing.T) {
	t.Parallel()
	s := newSite(t, "bitbucket")
	s.Set(func(o *fakeoauth.Settings) { o.Rotate = false })
	c := s.config("bitbucket")
	token, err := c.Exchange(t.Context(), s.code(c))
	if err != nil || token.Extra("scopes") != "api read_user" || token.Extra("scope") != nil {
		t.Fatalf("%v, %v", token, err)
	}
	for range 2 {
		_, answer := s.tokens("bitbucket", "grant_type", "refresh_token", "refresh_token", token.RefreshToken, "client_id", secret, "client_secret", "hush")
		if answer["refresh_token"] != token.RefreshToken {
			t.Errorf("the refresh token changes: %v", answer)
		}
	}
}

func TestRefresh_Expires(t *testing.T) {
	t.Parallel()
	for host := range hosts {
		s := newSite(t, host)
		s.Set(func(o *fakeoauth.Settings) { o.TokenLifetime, o.RefreshLifetime = time.Hour, 24*time.Hour })
		c := s.config(host)
		token, err := c.Exchange(t.Context(), s.code(c))
		if err != nil {
			t.Fatal(err)
		}
		s.pass(24 * time.Hour)
		var refused *oauth2.RetrieveError
		if _, err := c.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token(); !errors.As(err, &refused) {
			t.Errorf("%s renews after a day: %v", host, err)
		}
		if n := s.Counts(); n.Refreshes != 0 || n.Refused == 0 {
			t.Errorf("the counts of %s are %+v", host, n)
		}
	}
}

func TestCode_ReplayedEndsTheFirst(t *testing.T) {
	t.Parallel()
	for host := range hosts {
		s := newSite(t, host)
		s.Set(func(o *fakeoauth.Settings) { o.TokenLifetime = time.Hour })
		c := s.config(host)
		code := s.code(c)
		token, err := c.Exchange(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Exchange(t.Context(), code); err == nil {
			t.Errorf("%s takes a code twice", host)
		}
		ends := host == "gitlab" || host == "gitea"
		if s.good(token.AccessToken) == ends {
			t.Errorf("at %s the first token is good: %v", host, !ends)
		}
		_, err = c.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
		if (err != nil) != ends {
			t.Errorf("at %s the refresh token: %v", host, err)
		}
	}
}
