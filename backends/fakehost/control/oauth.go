package control

import (
	"fmt"
	"net/http"

	"mooring/backends/fakehost/fakeoauth"
)

// OAuthPrefix is where the paths of NewOAuth's handler begin.
const OAuthPrefix = Prefix + "oauth"

type oauthController struct{ server *fakeoauth.Server }

// NewOAuth makes the handler that arranges an OAuth server and its broker.
func NewOAuth(s *fakeoauth.Server) http.Handler {
	c := &oauthController{server: s}
	return handler(OAuthPrefix, map[string]func(*http.Request) (any, error){
		"POST ":        c.settings,
		"GET ":         c.counts,
		"POST /apps":   c.addApp,
		"POST /revoke": c.revoke,
	})
}

var oauthAnswers = map[string]fakeoauth.Answer{"ask": fakeoauth.Ask, "approve": fakeoauth.Approve, "deny": fakeoauth.Deny}

// settings changes what is given of {answer: "ask" or "approve" or "deny", login,
// logins, codeLifetime, tokenLifetime, refreshLifetime, rotate, scopes, wrongState,
// implicit, cors, trouble, openerPolicy} and of broker: {early, silent, closes,
// otherProvider, otherOrigin, error, errorField}. See fakeoauth.Settings; trouble is
// "" or one of fakeoauth.Troubles.
func (c *oauthController) settings(r *http.Request) (any, error) {
	var in struct {
		Answer, Login, Trouble, OpenerPolicy         *string
		Logins, Scopes                               *[]string
		CodeLifetime, TokenLifetime, RefreshLifetime *int
		Rotate, WrongState, Implicit, CORS           *bool
		Broker                                       struct {
			Early, Silent, Closes, OtherProvider, OtherOrigin *bool
			Error, ErrorField                                 *string
		}
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	var answer *fakeoauth.Answer
	if in.Answer != nil {
		a, ok := oauthAnswers[*in.Answer]
		if !ok {
			return nil, fmt.Errorf("nobody answers with %q", *in.Answer)
		}
		answer = &a
	}
	if in.Trouble != nil && *in.Trouble != "" {
		if _, ok := fakeoauth.Troubles[*in.Trouble]; !ok {
			return nil, fmt.Errorf("there is no trouble called %q", *in.Trouble)
		}
	}
	c.server.Set(func(o *fakeoauth.Settings) {
		set(&o.Answer, answer)
		set(&o.Login, in.Login)
		set(&o.Logins, in.Logins)
		set(&o.CodeLifetime, duration(in.CodeLifetime))
		set(&o.TokenLifetime, duration(in.TokenLifetime))
		set(&o.RefreshLifetime, duration(in.RefreshLifetime))
		set(&o.Rotate, in.Rotate)
		set(&o.Scopes, in.Scopes)
		set(&o.WrongState, in.WrongState)
		set(&o.Implicit, in.Implicit)
		set(&o.CORS, in.CORS)
		set(&o.Trouble, in.Trouble)
		set(&o.OpenerPolicy, in.OpenerPolicy)
		set(&o.Broker.Early, in.Broker.Early)
		set(&o.Broker.Silent, in.Broker.Silent)
		set(&o.Broker.Closes, in.Broker.Closes)
		set(&o.Broker.OtherProvider, in.Broker.OtherProvider)
		set(&o.Broker.OtherOrigin, in.Broker.OtherOrigin)
		set(&o.Broker.Error, in.Broker.Error)
		set(&o.Broker.ErrorField, in.Broker.ErrorField)
	})
	return nil, nil
}

// counts answers what happened since the last reset: {codes, exchanges, refreshes,
// refused}.
func (c *oauthController) counts(*http.Request) (any, error) {
	n := c.server.Counts()
	return map[string]int{"codes": n.Codes, "exchanges": n.Exchanges, "refreshes": n.Refreshes, "refused": n.Refused}, nil
}

// addApp registers {id, name, secret, redirects, scopes}: see fakeoauth.App.
func (c *oauthController) addApp(r *http.Request) (any, error) {
	var in struct {
		ID, Name, Secret  string
		Redirects, Scopes []string
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if in.ID == "" {
		return nil, fmt.Errorf("an app needs an id")
	}
	c.server.AddApp(fakeoauth.App{ID: in.ID, Name: in.Name, Secret: in.Secret, Redirects: in.Redirects, Scopes: in.Scopes})
	return nil, nil
}

// revoke revokes all that was granted in the name of {login}; with "keepRefresh":
// true only the tokens, which can then be renewed.
func (c *oauthController) revoke(r *http.Request) (any, error) {
	var in struct {
		Login       string
		KeepRefresh bool
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	c.server.RevokeUser(in.Login, in.KeepRefresh)
	return nil, nil
}
