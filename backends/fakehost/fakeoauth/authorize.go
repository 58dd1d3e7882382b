package fakeoauth

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// request is what an app asks a person for.
type request struct {
	app               *App
	redirect, given   string // where the answer goes; what the app named, if it did
	state             string
	scopes            []string
	implicit          bool
	challenge, method string
}

// answered is what the authorize endpoint says: a page, or where to go.
type answered struct {
	location string
	status   int
	page     *page
	policy   string // Cross-Origin-Opener-Policy
}

func (a answered) send(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if a.policy != "" {
		w.Header().Set("Cross-Origin-Opener-Policy", a.policy)
	}
	if a.page == nil {
		http.Redirect(w, r, a.location, a.status)
		return
	}
	a.page.write(w, a.status)
}

// authorize is GET of the authorize endpoint.
func (s *Server) authorize(r *http.Request) answered {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.URL.Query()
	app := s.apps[q.Get("client_id")]
	if app == nil {
		return s.stop(unknownApp)
	}
	redirect, ok := app.redirect(q.Get("redirect_uri"), s.dialect.looseRedirects)
	if !ok {
		return s.stop(wrongRedirect)
	}
	ask := &request{app: app, redirect: redirect, given: q.Get("redirect_uri"), state: q.Get("state"),
		implicit: q.Get("response_type") == "token", challenge: q.Get("code_challenge"), method: q.Get("code_challenge_method")}
	if why := s.check(ask, q); why != 0 {
		return s.refused(ask, why)
	}
	switch s.settings.Answer {
	case Approve:
		return s.grant(ask, s.settings.Login)
	case Deny:
		return s.refused(ask, denied)
	}
	id := rand.Text()
	s.asked[id] = ask
	return answered{status: http.StatusOK, page: s.consent(id, ask), policy: s.settings.OpenerPolicy}
}

// check says what the app may not ask, 0 when all is well.
func (s *Server) check(ask *request, q url.Values) reason {
	d := s.dialect
	kind := q.Get("response_type")
	if kind == "" && d.assumesCode {
		kind = "code"
	}
	if kind != "code" && (kind != "token" || !s.settings.Implicit) {
		return unsupportedResponse
	}
	if d.ignoresPKCE {
		ask.challenge, ask.method = "", ""
	}
	public := ask.app.Secret == ""
	switch {
	case ask.method == "" && ask.challenge != "":
		ask.method = "plain"
	case ask.method == "" && d.needsPKCE && public:
		return missingPKCE
	case !slices.Contains([]string{"", "plain", "S256"}, ask.method), ask.method == "plain" && d.onlyS256:
		return wrongMethod
	}
	var ok bool
	if ask.scopes, ok = d.scopes(ask.app, q.Get("scope")); !ok {
		return wrongScope
	}
	if limit := s.settings.Scopes; limit != nil {
		ask.scopes = limit
	}
	return 0
}

// decide is POST of the authorize endpoint: {request, login, decision}, what the
// page's form sends.
func (s *Server) decide(r *http.Request) answered {
	s.mu.Lock()
	defer s.mu.Unlock()
	ask := s.asked[r.PostFormValue("request")]
	if ask == nil {
		return answered{status: http.StatusBadRequest, page: s.problem("This page is out of date. Go back to where you came from.")}
	}
	delete(s.asked, r.PostFormValue("request"))
	if r.PostFormValue("decision") != "authorize" {
		return s.refused(ask, denied)
	}
	return s.grant(ask, r.PostFormValue("login"))
}

// grant sends the person back with a code or, implicitly, with the token.
func (s *Server) grant(ask *request, login string) answered {
	user, ok := s.host.User(login)
	if !ok {
		return s.stop(unknownUser)
	}
	g := &grant{app: ask.app, login: user.Login, scopes: ask.scopes}
	if ask.implicit {
		i := s.issue(g, false)
		v := url.Values{"access_token": {i.access}, "token_type": {s.dialect.tokenType}}
		if i.lifetime > 0 {
			v.Set("expires_in", number(i.lifetime))
		}
		if name := s.dialect.scopeInFragment; name != "" {
			v.Set(name, strings.Join(i.scopes, " "))
		}
		return s.back(ask, v)
	}
	value := rand.Text()
	s.codes[value] = &code{grant: g, redirect: ask.given, challenge: ask.challenge, method: ask.method,
		until: s.host.Now().Add(s.settings.CodeLifetime)}
	s.counts.Codes++
	return s.back(ask, url.Values{"code": {value}})
}

func (s *Server) refused(ask *request, why reason) answered {
	return s.back(ask, s.dialect.refuse(why).fields())
}

// back sends the person back to the app, with the state that it gave.
func (s *Server) back(ask *request, v url.Values) answered {
	state := ask.state
	if s.settings.WrongState {
		state = rand.Text()
	}
	if state != "" {
		v.Set("state", state)
	}
	to := ask.redirect
	switch {
	case ask.implicit:
		to += "#" + v.Encode()
	case strings.Contains(to, "?"):
		to += "&" + v.Encode()
	default:
		to += "?" + v.Encode()
	}
	return answered{location: to, status: http.StatusFound}
}

// stop says what is wrong on a page: the app gets no answer.
func (s *Server) stop(why reason) answered {
	r := s.dialect.refuse(why)
	status := r.code()
	if status == http.StatusOK { // of GitHub's token endpoint
		status = http.StatusBadRequest
	}
	return answered{status: status, page: s.problem(r.description)}
}
