// Package fakegotrue answers as GoTrue does, the identity service behind Netlify
// Identity: passwords, JWTs, refresh tokens that are good once, links by mail.
//
// Its source, https://github.com/netlify/gotrue, says how the real one answers;
// the answers to a sign-in and to GET /user are checked against recorded ones.
package fakegotrue

import (
	"crypto/rand"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/rs/cors"

	"mooring/backends/fakehost"
)

// Prefix is where a site has its identity service.
const Prefix = "/.netlify/identity"

// Settings are what a test may turn while the Server runs.
type Settings struct {
	// Lifetime is how long a JWT is good. GoTrue's default is an hour.
	Lifetime time.Duration
	// RefreshLifetime is how long a refresh token is good; 0 is for ever, GoTrue's
	// default.
	RefreshLifetime time.Duration
	DisableSignup   bool // only who is invited may come in
	Autoconfirm     bool // nobody needs to confirm an address
}

// Server is the service's http.Handler. Its paths begin with Prefix. It is safe
// for concurrent use.
type Server struct {
	host    *fakehost.Host
	handler http.Handler
	secret  []byte // signs JWTs

	mu       sync.Mutex // guards all below
	settings Settings
	people   []*person
	refresh  map[string]*refreshToken
	mails    []Mail
}

// New makes a Server without people. The Host gives the time, the latency, the
// faults and the log.
func New(h *fakehost.Host) *Server {
	s := &Server{host: h, secret: []byte(rand.Text())}
	s.Reset()
	s.handler = allowOrigins(h.Serve(http.HandlerFunc(s.serve), refuse))
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Reset forgets people, tokens, mails and settings. JWTs stay good.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settings = Settings{Lifetime: time.Hour}
	s.people, s.mails = nil, nil
	s.refresh = map[string]*refreshToken{}
}

// Set changes settings.
func (s *Server) Set(change func(*Settings)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.settings)
}

// allowOrigins lets pages of any site in. GoTrue has this library, too.
func allowOrigins(next http.Handler) http.Handler {
	return cors.New(cors.Options{
		AllowedMethods:       []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete},
		AllowedHeaders:       []string{"Accept", "Authorization", "Content-Type", audienceHeader, "X-Use-Cookie"},
		AllowCredentials:     true,
		OptionsSuccessStatus: http.StatusOK,
	}).Handler(next)
}

// call is one request on its way. Routes hold the Server's lock.
type call struct {
	*Server
	r    *http.Request
	body []byte
}

// routes are the endpoints, by method and path.
var routes = map[string]func(*call) (any, error){
	"GET /settings": (*call).getSettings,
	"POST /token":   (*call).token,
	"POST /verify":  (*call).verify,
	"POST /signup":  (*call).signup,
	"POST /recover": (*call).recover,
	"POST /logout":  (*call).logout,
	"GET /user":     (*call).getUser,
	"PUT /user":     (*call).putUser,
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, Prefix), "/")
	do, ok := routes[r.Method+" "+path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	c := &call{Server: s, r: r}
	var err error
	if c.body, err = io.ReadAll(r.Body); err != nil {
		panic(http.ErrAbortHandler)
	}
	status, text := c.answer(do)
	if status != http.StatusNoContent {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	_, _ = w.Write(text) // a client that went away needs no answer
}

// answer does what a route does, and writes its answer down before the people in
// it can change.
func (c *call) answer(do func(*call) (any, error)) (status int, text []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	body, err := do(c)
	if err != nil {
		return encode(statusOf(err), err)
	}
	if body == nil {
		return http.StatusNoContent, nil
	}
	return encode(http.StatusOK, body)
}

// getSettings says how people may come in.
func (c *call) getSettings() (any, error) {
	return map[string]any{
		"external": map[string]bool{"bitbucket": false, "github": false, "gitlab": false, "google": false,
			"facebook": false, "email": true, "saml": false},
		"external_labels": struct{}{},
		"disable_signup":  c.settings.DisableSignup,
		"autoconfirm":     c.settings.Autoconfirm,
	}, nil
}
