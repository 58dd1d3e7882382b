package fakeoauth

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"

	"github.com/rs/cors"
)

// BrokerSettings are how a Broker behaves.
type BrokerSettings struct {
	// Early shakes hands before the host's page instead of after it, and
	// needs no second handshake.
	Early bool
	// Silent never speaks, Closes closes its window instead.
	Silent, Closes bool
	// OtherProvider answers for another provider than it was asked about.
	OtherProvider bool
	// OtherOrigin speaks from BrokerOptions.Elsewhere, without being asked.
	OtherOrigin bool
	// Error is the message that comes instead of a token; empty for none.
	Error string
	// ErrorField is what the message is called: Netlify's clients read "message",
	// the default; self-hosted brokers send "error".
	ErrorField string
}

// BrokerOptions are the settings of a Broker.
type BrokerOptions struct {
	Origin    string   // its own
	Elsewhere string   // another origin that leads to it; default none
	Host      string   // where browsers find the Server: origin, and root if there is one
	Scopes    []string // of its app
}

// Broker signs people in for pages that have no server, at /auth, /callback and
// /auth/refresh, as Netlify's service does for Static CMS (its client is
// packages/core/src/lib/auth/netlify-auth.ts) and as workers do that people run
// themselves (sveltia/sveltia-cms-auth src/index.js,
// vencax/netlify-cms-github-oauth-provider login_script.js).
//
// The broker's window speaks first: "authorizing:<provider>" to whoever opened it.
// The opener sends the same back, once, which tells the broker its origin. Then
// comes "authorization:<provider>:success:<JSON>" or ":error:<JSON>". All brokers
// that have published sources do this after the host's page, in /callback.
type Broker struct {
	server  *Server
	options BrokerOptions
	handler http.Handler
	secret  string

	mu    sync.Mutex
	flows map[string]*flow // by state
}

// flow is a sign-in on its way.
type flow struct {
	provider, redirect, scope string
	opener                    string // its origin, when hands were shaken early
}

const brokerApp = "broker"

// NewBroker makes a Broker for a Server's host. It needs Register.
func NewBroker(s *Server, o BrokerOptions) *Broker {
	b := &Broker{server: s, options: o, secret: rand.Text(), flows: map[string]*flow{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /auth", b.auth)
	mux.HandleFunc("GET "+gitlabAuth, b.auth)
	mux.HandleFunc("GET /auth/start", b.start)
	mux.HandleFunc("GET /callback", b.callback)
	refresh := cors.AllowAll().Handler(http.HandlerFunc(b.refresh))
	mux.Handle("/auth/refresh", refresh)
	mux.Handle(gitlabAuth+"/refresh", refresh)
	b.handler = s.host.Serve(mux, refuse)
	return b
}

func (b *Broker) ServeHTTP(w http.ResponseWriter, r *http.Request) { b.handler.ServeHTTP(w, r) }

// gitlabAuth is what brokers answer at, too: it is the CMS's default auth_endpoint
// for GitLab. Unlike the host's, its query has a provider.
const gitlabAuth = "/oauth/authorize"

// Serves says whether a request is for the broker, if a host is at the same origin.
func (b *Broker) Serves(r *http.Request) bool {
	path := r.URL.Path
	ofGitLab := path == gitlabAuth || path == gitlabAuth+"/refresh"
	return path == "/auth" || path == "/callback" || strings.HasPrefix(path, "/auth/") ||
		ofGitLab && r.URL.Query().Has("provider")
}

// Register makes the broker an app of the Server: once, and after each Reset.
func (b *Broker) Register() {
	redirects := []string{b.options.Origin + "/callback"}
	if b.options.Elsewhere != "" {
		redirects = append(redirects, b.options.Elsewhere+"/callback")
	}
	b.server.AddApp(App{ID: brokerApp, Name: "Sign-in broker", Secret: b.secret, Redirects: redirects, Scopes: b.options.Scopes})
	b.mu.Lock()
	defer b.mu.Unlock()
	b.flows = map[string]*flow{}
}

// auth is GET /auth?provider&site_id&scope, in a popup.
func (b *Broker) auth(w http.ResponseWriter, r *http.Request) {
	q, o := r.URL.Query(), b.server.Settings().Broker
	f := &flow{provider: q.Get("provider"), scope: q.Get("scope"), redirect: b.options.Origin + "/callback"}
	if f.provider != b.server.name {
		f.provider = "unknown" // so that no opener listens: sveltia-cms-auth does the same
		b.fail(w, f, "This broker signs nobody in there.")
		return
	}
	if o.OtherOrigin {
		f.redirect = b.options.Elsewhere + "/callback"
	}
	if o.Error != "" {
		b.fail(w, f, o.Error)
		return
	}
	if f.scope == "" {
		f.scope = b.server.dialect.brokerScope
	}
	state := rand.Text()
	b.mu.Lock()
	b.flows[state] = f
	b.mu.Unlock()
	if o.Early {
		popup{Hello: "authorizing:" + f.provider, Next: "/auth/start?state=" + state + "&origin=",
			Silent: o.Silent, Closes: o.Closes}.write(w)
		return
	}
	b.ask(w, r, state, f)
}

// start is GET /auth/start?state&origin: hands were shaken.
func (b *Broker) start(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	f := b.flows[r.FormValue("state")]
	if f != nil {
		f.opener = r.FormValue("origin")
	}
	b.mu.Unlock()
	if f == nil {
		http.NotFound(w, r)
		return
	}
	b.ask(w, r, r.FormValue("state"), f)
}

// ask leads to the host's page.
func (b *Broker) ask(w http.ResponseWriter, r *http.Request, state string, f *flow) {
	q := url.Values{"client_id": {brokerApp}, "response_type": {"code"}, "redirect_uri": {f.redirect}, "scope": {f.scope}, "state": {state}}
	http.Redirect(w, r, b.options.Host+b.server.dialect.authorize+"?"+q.Encode(), http.StatusFound)
}

// callback is where the host sends people back to: ?code&state or
// ?error&error_description&state.
func (b *Broker) callback(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	b.mu.Lock()
	f := b.flows[q.Get("state")]
	delete(b.flows, q.Get("state"))
	b.mu.Unlock()
	if f == nil {
		b.fail(w, &flow{provider: b.server.name}, "Nobody began to sign in here with this state.")
		return
	}
	if q.Get("error") != "" {
		b.fail(w, f, q.Get("error")+": "+q.Get("error_description"))
		return
	}
	got, problem := b.trade(r, url.Values{"grant_type": {"authorization_code"}, "code": {q.Get("code")}, "redirect_uri": {f.redirect}})
	if problem != "" {
		b.fail(w, f, problem)
		return
	}
	b.deliver(w, f, "success", b.session(got))
}

// refresh is GET or POST /auth/refresh of provider, site_id and refresh_token, in the
// query or in a form, which pages call by themselves: {token, refresh_token, …}, or an
// error.
func (b *Broker) refresh(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	got, problem := b.trade(r, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {r.FormValue("refresh_token")}})
	body := b.session(got)
	if problem != "" {
		w.WriteHeader(http.StatusUnauthorized)
		body = map[string]any{"code": http.StatusUnauthorized, "message": problem}
	}
	_ = json.NewEncoder(w).Encode(body) // a client that went away needs no answer
}

// trade asks the host's token endpoint, in the broker's name. A problem is what it
// said instead.
func (b *Broker) trade(r *http.Request, form url.Values) (got map[string]any, problem string) {
	q := httptest.NewRequestWithContext(r.Context(), http.MethodPost, b.server.root+b.server.dialect.token, strings.NewReader(form.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Accept", "application/json")
	q.SetBasicAuth(url.QueryEscape(brokerApp), url.QueryEscape(b.secret))
	w := httptest.NewRecorder()
	b.server.ServeHTTP(w, q)
	if json.Unmarshal(w.Body.Bytes(), &got) != nil {
		return nil, "The host's answer can't be read."
	}
	if name, _ := got["error"].(string); name != "" {
		description, _ := got["error_description"].(string)
		return nil, name + ": " + description
	}
	if token, _ := got["access_token"].(string); token == "" {
		return nil, "The host gave no token."
	}
	return got, ""
}

// session is what a page gets of the host's answer.
func (b *Broker) session(got map[string]any) map[string]any {
	out := map[string]any{"token": got["access_token"], "provider": b.server.name}
	for _, name := range []string{"refresh_token", "expires_in"} {
		if value, ok := got[name]; ok {
			out[name] = value
		}
	}
	return out
}

func (b *Broker) fail(w http.ResponseWriter, f *flow, text string) {
	field := b.server.Settings().Broker.ErrorField
	if field == "" {
		field = "message"
	}
	b.deliver(w, f, "error", map[string]any{"provider": f.provider, field: text})
}

// deliver shows the page that tells the opener.
func (b *Broker) deliver(w http.ResponseWriter, f *flow, outcome string, content map[string]any) {
	text, err := json.Marshal(content)
	if err != nil {
		panic(err) // all contents are of this package
	}
	o := b.server.Settings().Broker
	p := popup{Hello: "authorizing:" + f.provider, Target: f.opener, Silent: o.Silent, Closes: o.Closes}
	provider := f.provider
	if o.OtherProvider {
		provider = "other"
	}
	p.Answer = "authorization:" + provider + ":" + outcome + ":" + string(text)
	if o.OtherOrigin && outcome == "success" {
		p.Target = "*"
	}
	p.write(w)
}
