package fakegotrue

import (
	"net/url"
	"time"
)

// refreshToken is good once: what takes it gives the next one.
type refreshToken struct {
	owner   *person
	created time.Time
	revoked bool
}

// session is what a sign-in gives.
type session struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"` // seconds
	RefreshToken string `json:"refresh_token"`
}

// token is POST /token, with a form: grant_type=password, username, password or
// grant_type=refresh_token, refresh_token.
func (c *call) token() (any, error) {
	form, _ := url.ParseQuery(string(c.body) + "&" + c.r.URL.RawQuery) // what can't be read is not there
	switch form.Get("grant_type") {
	case "password":
		return c.signIn(form.Get("username"), form.Get("password"))
	case "refresh_token":
		return c.renew(form.Get("refresh_token"))
	}
	return nil, &oauthError{Name: "unsupported_grant_type"}
}

func (c *call) signIn(email, password string) (any, error) {
	p := c.byEmail(email, c.r.Header.Get(audienceHeader))
	switch {
	case p == nil:
		return nil, invalidGrant("No user found with that email, or password invalid.")
	case p.ConfirmedAt == nil:
		return nil, invalidGrant("Email not confirmed")
	case p.password == "" || p.password != password:
		return nil, invalidGrant("No user found with that email, or password invalid.")
	}
	return c.grant(p), nil
}

// renew swaps a refresh token. A token that was swapped already is refused; the
// one that it was swapped for stays good.
func (c *call) renew(value string) (any, error) {
	if value == "" {
		return nil, &oauthError{Name: "invalid_request", Description: "refresh_token required"}
	}
	t := c.refresh[value]
	if t == nil || t.revoked {
		return nil, invalidGrant("Invalid Refresh Token")
	}
	if life := c.settings.RefreshLifetime; life > 0 && c.host.Now().After(t.created.Add(life)) {
		return nil, invalidGrant("Refresh token expired")
	}
	t.revoked = true
	return c.grant(t.owner), nil
}

// grant begins a session, or goes on with one.
func (c *call) grant(p *person) session {
	value := secret()
	c.refresh[value] = &refreshToken{owner: p, created: c.host.Now()}
	return session{AccessToken: c.sign(p, c.settings.Lifetime), TokenType: "bearer",
		ExpiresIn: int(c.settings.Lifetime.Seconds()), RefreshToken: value}
}

// logout is POST /logout: all refresh tokens of the person are gone. JWTs that
// are out stay good until they expire.
func (c *call) logout() (any, error) {
	p, err := c.user()
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, unauthorized("Invalid user")
	}
	for value, t := range c.refresh {
		if t.owner == p {
			delete(c.refresh, value)
		}
	}
	return nil, nil
}
