// Package fakegateway answers as a Netlify site does that has Git Gateway: the
// gateway in front of a fake host, the identity service, large media, and beside
// them Netlify's public lists of deploys and of its own state.
//
// How the real ones answer is in their source (https://github.com/netlify/git-gateway)
// and, for what is recorded, checked against recorded answers. Large media has
// no public source: what is not recorded follows the built-in client and the Git
// LFS API.
package fakegateway

import (
	"net/http"
	"net/http/httputil"
	"slices"
	"strings"
	"sync"

	"github.com/rs/cors"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegotrue"
	"mooring/backends/fakehost/fakelfs"
)

// Upstream is a fake host behind the gateway.
type Upstream interface {
	http.Handler
	Host() *fakehost.Host
}

// Options are what stands in the gateway's configuration.
type Options struct {
	Provider string // github, gitlab or bitbucket
	Repo     string // owner/name
	// Token is the credential with which the gateway asks the host. All that goes
	// through the gateway is done in its owner's name.
	Token string
	// Endpoint is the root of the host's API, as the host's links have it;
	// default the real host's. Its path is where the fake has its API.
	Endpoint string
	// Site is the site's id at Netlify; default an invented one.
	Site string
	// Store is the origin of large media's store, if pages are to see it as another
	// one than the site's.
	Store string
}

// Settings are what a test may turn while the Server runs.
type Settings struct {
	Roles   []string // a person needs one of them; nil lets everybody in who can sign in
	Absence Absence
	// Edge passes more than the real gateway does: see provider.edge.
	Edge bool
	// BadGateway answers 502 where the host cuts the connection, as the real
	// gateway does. Otherwise the page's connection is cut, too: a test asks for
	// lost answers, on whichever leg.
	BadGateway bool

	NoLargeMedia   bool // the site has none
	PrivateDeploys bool // Netlify's list of deploys is for the site's owners
	Degraded       bool // Netlify says that Git Gateway is out of order
}

// Server is the http.Handler of the whole site. It is safe for concurrent use.
type Server struct {
	// Identity is the site's identity service.
	Identity *fakegotrue.Server

	host     *fakehost.Host
	options  Options
	provider provider
	proxy    http.Handler
	handlers map[string]http.Handler // by prefix of the path
	store    *fakelfs.Server

	mu       sync.Mutex // guards all below
	settings Settings
	deploys  []Deploy
}

var storePrefix = strings.TrimSuffix(fakelfs.Prefix, "/")

const defaultSite = "0ac8ecba-afbd-4599-b0ef-9aa2e8969a89"

// New makes a Server in front of a host. It panics when there is no such
// provider. What the gateway answers by itself is in the Host's log with its own
// path; what it passes on, with the path that the host sees.
func New(up Upstream, o Options) *Server {
	p, ok := providers[o.Provider]
	if !ok {
		panic("no provider is called " + o.Provider)
	}
	if o.Endpoint == "" {
		o.Endpoint = p.endpoint
	}
	if o.Site == "" {
		o.Site = defaultSite
	}
	s := &Server{Identity: fakegotrue.New(up.Host()), host: up.Host(), options: o, provider: p,
		store: fakelfs.New(up.Host(), fakelfs.Options{Origin: o.Store})}
	s.proxy = &httputil.ReverseProxy{
		Rewrite:        s.rewrite,
		Transport:      &transport{host: up, badGateway: func() bool { return s.Settings().BadGateway }},
		ModifyResponse: s.modify,
		ErrorHandler:   func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	s.handlers = map[string]http.Handler{
		fakegotrue.Prefix: s.Identity,
		Prefix:            s.allowOrigins(gatewayOrigins, http.HandlerFunc(s.serveGit)),
		MediaPrefix:       s.allowOrigins(anyOrigin, s.logged(s.serveMedia)),
		storePrefix:       s.allowOrigins(storeOrigins, s.logged(s.store.ServeHTTP)),
		APIPrefix:         s.allowOrigins(anyOrigin, s.logged(s.serveAPI)),
		StatusPath:        s.allowOrigins(anyOrigin, s.logged(s.serveStatus)),
	}
	return s
}

// ServeHTTP implements http.Handler. Paths are taken as they came: http.ServeMux
// would redirect some.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for prefix, h := range s.handlers {
		if rest, ok := strings.CutPrefix(r.URL.Path, prefix); ok && (rest == "" || rest[0] == '/') {
			h.ServeHTTP(w, r)
			return
		}
	}
	http.NotFound(w, r)
}

// Host is what is behind the gateway.
func (s *Server) Host() *fakehost.Host { return s.host }

// Reset forgets people, deploys and settings.
func (s *Server) Reset() {
	s.Identity.Reset()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settings, s.deploys = Settings{}, nil
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
	out := s.settings
	out.Roles = slices.Clone(out.Roles)
	return out
}

// logged puts the Host's log, latency and faults before what the site answers by
// itself.
func (s *Server) logged(do http.HandlerFunc) http.Handler { return s.host.Serve(do, refuse) }

// gatewayOrigins is the gateway's CORS: it repeats the page's origin. Pages of
// another origin can ask for nothing with If-None-Match.
var gatewayOrigins = cors.New(cors.Options{
	AllowOriginFunc: func(string) bool { return true },
	AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete,
		http.MethodPatch},
	AllowedHeaders:       []string{"Accept", "Authorization", "Private-Token", "Content-Type", "X-Jwt-Aud"},
	AllowCredentials:     true,
	MaxAge:               86400,
	OptionsSuccessStatus: http.StatusOK,
})

// allowOrigins adds CORS. Preflights are in the log, too.
func (s *Server) allowOrigins(c *cors.Cors, next http.Handler) http.Handler {
	actual := c.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			s.logged(c.HandlerFunc).ServeHTTP(w, r)
			return
		}
		actual.ServeHTTP(w, r)
	})
}
