// Package fakeoauth answers as the OAuth authorization servers of GitHub, GitLab,
// Gitea and Bitbucket do, and as a broker that signs people in for pages without
// a server of their own. The tokens that it grants are a fakehost.Host's.
//
// What the servers say follows their documentation
// (https://docs.github.com/apps/oauth-apps, https://docs.gitlab.com/api/oauth2,
// https://developer.atlassian.com/cloud/bitbucket/oauth-2) and the sources of
// Doorkeeper, which GitLab uses, and of Gitea (routers/web/auth/oauth2_provider.go).
package fakeoauth

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"mooring/backends/fakehost"
)

// Options are the settings of a Server.
type Options struct {
	// Host is whose server it is: github, gitlab, gitea or bitbucket.
	Host string
	// Root is the path below which the whole host is; default none.
	Root string
}

// Answer is what becomes of a request for access.
type Answer int

// The answers.
const (
	Ask     Answer = iota // a page asks the person
	Approve               // Settings.Login grants it at once
	Deny                  // it is denied at once
)

// Settings are what a test may turn while the Server runs.
type Settings struct {
	Answer Answer
	// Login is who is signed in to the host when nobody is asked.
	Login string
	// Logins are whom the page offers.
	Logins []string

	CodeLifetime time.Duration // default 10 minutes
	// TokenLifetime is how long tokens are good. With 0 they don't end, and come
	// without refresh tokens: GitHub's default. GitLab's and Bitbucket's is two
	// hours, Gitea's one.
	TokenLifetime time.Duration
	// RefreshLifetime is how long refresh tokens are good; 0 is for ever.
	RefreshLifetime time.Duration
	// Rotate makes refresh tokens good once. Gitea's default is not to.
	Rotate bool
	// Scopes are all that is granted, whatever was asked for; nil is no limit.
	Scopes []string
	// WrongState sends people back with a state that nobody gave.
	WrongState bool
	// Implicit allows response_type=token: Bitbucket's default.
	Implicit bool
	// CORS lets pages call the token endpoint: GitLab's default.
	CORS bool
	// Trouble is how the token endpoint fails: see Troubles.
	Trouble string
	// OpenerPolicy is the page's Cross-Origin-Opener-Policy; default none.
	OpenerPolicy string

	Broker BrokerSettings
}

// Counts are what happened since the last Reset.
type Counts struct {
	Codes, Exchanges, Refreshes int // given codes, codes taken, renewals done
	Refused                     int // requests to the token endpoint that failed
}

// Server is the http.Handler of a host's OAuth endpoints. It is safe for
// concurrent use.
type Server struct {
	host    *fakehost.Host
	name    string // as brokers and configurations have it
	dialect dialect
	root    string
	handler http.Handler

	mu       sync.Mutex // guards all below
	settings Settings
	counts   Counts
	apps     map[string]*App
	asked    map[string]*request // what a page asks, by its id
	codes    map[string]*code
	access   map[string]*accessToken
	refresh  map[string]*refreshToken
}

// New makes a Server without apps. The Host gives users, time, latency, faults
// and log.
func New(h *fakehost.Host, o Options) (*Server, error) {
	d, ok := dialects[o.Host]
	if !ok {
		return nil, fmt.Errorf("no OAuth server is known of %q", o.Host)
	}
	s := &Server{host: h, name: o.Host, dialect: d, root: o.Root}
	s.Reset()
	s.handler = s.cors(h.Serve(http.HandlerFunc(s.serve), refuse))
	return s, nil
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Serves says whether a path is one of the server's.
func (s *Server) Serves(path string) bool {
	path, ok := strings.CutPrefix(path, s.root)
	return ok && (path == s.dialect.authorize || path == s.dialect.token || path == s.dialect.revoke && path != "")
}

// Reset forgets apps, requests, tokens, counts and settings. The tokens that it
// granted stay the Host's.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.dialect
	s.settings = Settings{CodeLifetime: 10 * time.Minute, TokenLifetime: d.lifetime, Rotate: d.rotate,
		Implicit: d.implicit, CORS: d.cors}
	s.counts = Counts{}
	s.apps, s.asked = map[string]*App{}, map[string]*request{}
	s.codes, s.access, s.refresh = map[string]*code{}, map[string]*accessToken{}, map[string]*refreshToken{}
}

// Set changes settings.
func (s *Server) Set(change func(*Settings)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.settings)
}

// Settings are the present settings.
func (s *Server) Settings() Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.settings
	o.Logins, o.Scopes = slices.Clone(o.Logins), slices.Clone(o.Scopes)
	return o
}

// Counts are what happened since the last Reset.
func (s *Server) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !s.Serves(r.URL.Path) {
		http.NotFound(w, r)
		return
	}
	switch r.Method + " " + strings.TrimPrefix(r.URL.Path, s.root) {
	case "GET " + s.dialect.authorize:
		s.authorize(r).send(w, r)
	case "POST " + s.dialect.authorize:
		s.decide(r).send(w, r)
	case "POST " + s.dialect.token:
		s.tokens(w, r, (*call).token)
	case "POST " + s.dialect.revoke:
		s.tokens(w, r, (*call).revoke)
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}
