package fakeoauth

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// call is a request to the token endpoint. The Server's lock is held.
type call struct {
	*Server
	r      *http.Request
	params url.Values
}

func number(d time.Duration) string { return strconv.Itoa(seconds(d)) }

// tokens serves an endpoint for apps: JSON, or a form at GitHub unless JSON is
// asked for.
func (s *Server) tokens(w http.ResponseWriter, r *http.Request, do func(*call) (map[string]any, error)) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	status, answer, trouble := s.tell(r, body, do)
	var text []byte
	kind := "application/json; charset=utf-8"
	switch {
	case trouble != nil:
		kind, text = trouble.Type, []byte(trouble.Body)
	case s.dialect.form && !strings.Contains(r.Header.Get("Accept"), "json"):
		kind, text = "application/x-www-form-urlencoded; charset=utf-8", []byte(asForm(answer))
	default:
		if text, err = json.Marshal(answer); err != nil {
			panic(err) // all answers are of this package
		}
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(text) // a client that went away needs no answer
}

// tell does what an endpoint does, unless it is in trouble: then nothing is done.
func (s *Server) tell(r *http.Request, body []byte, do func(*call) (map[string]any, error)) (int, map[string]any, *TroubleAnswer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := Troubles[s.settings.Trouble]; ok {
		s.counts.Refused++
		return t.Status, nil, &t
	}
	c := &call{Server: s, r: r}
	err := c.read(body)
	var answer map[string]any
	if err == nil {
		answer, err = do(c)
	}
	var no refusal
	if !errors.As(err, &no) {
		return http.StatusOK, answer, nil
	}
	s.counts.Refused++
	answer = map[string]any{}
	for name, value := range no.fields() {
		answer[name] = value[0]
	}
	return no.code(), answer, nil
}

func asForm(answer map[string]any) string {
	v := url.Values{}
	for name, value := range answer {
		switch value := value.(type) {
		case string:
			v.Set(name, value)
		case int:
			v.Set(name, strconv.Itoa(value))
		}
	}
	return v.Encode()
}

// read takes the parameters from the query and from the body, a form or JSON.
func (c *call) read(body []byte) error {
	c.params = c.r.URL.Query()
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if kind == "application/json" {
		var fields map[string]any
		if json.Unmarshal(body, &fields) != nil {
			return c.dialect.refuse(unreadable)
		}
		for name, value := range fields {
			if text, ok := value.(string); ok {
				c.params.Set(name, text)
			}
		}
		return nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return c.dialect.refuse(unreadable)
	}
	for name, values := range form {
		c.params[name] = values
	}
	return nil
}

// client finds the app that asks, which a confidential one has to prove.
func (c *call) client() (*App, error) {
	id, secret := c.params.Get("client_id"), c.params.Get("client_secret")
	if name, password, ok := c.r.BasicAuth(); ok && secret == "" {
		// https://datatracker.ietf.org/doc/html/rfc6749#section-2.3.1
		if name, err := url.QueryUnescape(name); err == nil {
			id = name
		}
		if password, err := url.QueryUnescape(password); err == nil {
			secret = password
		}
	}
	app := c.apps[id]
	why := [...]reason{emptySecret, wrongSecret}
	if c.params.Get("grant_type") == "refresh_token" {
		why = [...]reason{emptySecretRenewing, wrongSecretRenewing}
	}
	switch {
	case app == nil:
		no := c.dialect.refuse(unknownClient)
		no.description = strings.Replace(no.description, "%s", id, 1) // Gitea says whom
		return nil, no
	case app.Secret == "" && !c.dialect.needsSecret || app.Secret != "" && secret == app.Secret:
		return app, nil
	case secret == "":
		return nil, c.dialect.refuse(why[0])
	}
	return nil, c.dialect.refuse(why[1])
}

// token is POST of the token endpoint: {grant_type, client_id, client_secret} with
// {code, redirect_uri, code_verifier} or {refresh_token}.
func (c *call) token() (map[string]any, error) {
	kind := c.params.Get("grant_type")
	if kind == "" && c.dialect.assumesCode {
		kind = "authorization_code"
	}
	do := map[string]func(*App) (issued, error){"authorization_code": c.exchange, "refresh_token": c.renew}[kind]
	if do == nil {
		return nil, c.dialect.refuse(unsupportedGrant)
	}
	app, err := c.client()
	if err != nil {
		return nil, err
	}
	i, err := do(app)
	if err != nil {
		return nil, err
	}
	i.grantType = kind
	return c.dialect.answer(i, c.settings.Rotate), nil
}

// exchange takes a code.
func (c *call) exchange(app *App) (issued, error) {
	k := c.codes[c.params.Get("code")]
	if why := c.wrong(k, app); why != 0 {
		return issued{}, c.dialect.refuse(why)
	}
	k.used = true
	c.counts.Exchanges++
	return c.issue(k.grant, true), nil
}

// wrong says why a code is not taken, 0 when it is.
func (c *call) wrong(k *code, app *App) reason {
	redirect := c.params.Get("redirect_uri")
	switch {
	case redirect == "" && c.dialect.needsRedirect:
		return missingRedirect
	case k == nil:
		return unknownCode
	case k.used:
		if c.dialect.endsReplayed { // https://datatracker.ietf.org/doc/html/rfc6749#section-4.1.2
			c.end(func(g *grant) bool { return g == k.grant }, true)
		}
		return usedCode
	case c.past(k.until):
		return expiredCode
	case k.app.ID != app.ID:
		return otherApp
	case !k.verified(c.params.Get("code_verifier")):
		return wrongVerifier
	case redirect != k.redirect && !(redirect == "" && c.dialect.looseRedirects):
		return otherRedirect
	}
	return 0
}

// verified checks a PKCE verifier: https://datatracker.ietf.org/doc/html/rfc7636#section-4.6
func (k *code) verified(verifier string) bool {
	if k.challenge == "" {
		return true
	}
	if k.method == "S256" {
		sum := sha256.Sum256([]byte(verifier))
		verifier = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return subtle.ConstantTimeCompare([]byte(verifier), []byte(k.challenge)) == 1
}

// renew takes a refresh token.
func (c *call) renew(app *App) (issued, error) {
	value := c.params.Get("refresh_token")
	t := c.refresh[value]
	why := reason(0)
	switch {
	case t == nil:
		why = unknownRefresh
	case t.app.ID != app.ID:
		why = otherApp
	case t.used:
		why = usedRefresh
	case c.past(t.until):
		why = expiredRefresh
	}
	if why != 0 {
		return issued{}, c.dialect.refuse(why)
	}
	if c.dialect.endsOld {
		c.removeAccess(t.access)
	}
	c.counts.Refreshes++
	keep := c.dialect.keepsRefresh && !c.settings.Rotate
	i := c.issue(t.grant, !keep)
	if keep {
		i.refresh, t.access = value, i.access
	}
	t.used = c.settings.Rotate
	return i, nil
}

// revoke is POST of the revocation endpoint: {token, client_id, client_secret}. A
// token and its refresh token end together
// (https://docs.gitlab.com/api/oauth2/#revoke-a-token).
func (c *call) revoke() (map[string]any, error) {
	if _, err := c.client(); err != nil {
		return nil, err
	}
	value := c.params.Get("token")
	for refresh, t := range c.refresh {
		if refresh == value || t.access == value {
			c.removeAccess(t.access)
			delete(c.refresh, refresh)
		}
	}
	c.removeAccess(value)
	return map[string]any{}, nil
}
