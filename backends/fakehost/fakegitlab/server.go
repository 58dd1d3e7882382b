// Package fakegitlab answers as GitLab does, over the repositories of a
// fakehost.Host: the REST API v4 (https://docs.gitlab.com/api/rest/) and the
// GraphQL API (https://docs.gitlab.com/api/graphql/).
//
// Shapes are checked against recorded answers of the real host. Errors that
// aren't recorded (401, 403, 405, 409, 422, 429, 5xx) follow its source.
package fakegitlab

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// Options are the settings of a Server.
type Options struct {
	// Root is the path below which the whole host is, as "/gitlab" on a
	// self-managed server with a relative URL; default none.
	Root string
	// Version is what the server says it is; default 18.5.0.
	Version string
	// ExactLastCommit has last_commit_id name the very commit that changed the file
	// last, as older servers want it; default any commit at which it was seen.
	ExactLastCommit bool
}

// Server is the host's http.Handler.
type Server struct {
	// CheckRequest, when set, looks at each REST request. Its path is below
	// /api/v4. An error is noted in the log and answered with 422.
	CheckRequest func(r *http.Request, body []byte) error

	// CheckQuery, when set, looks at each GraphQL query. An error is noted in the
	// log, and the query answered all the same.
	CheckQuery func(query string) error

	host    *fakehost.Host
	options Options
	handler http.Handler
	engine  *graphql.Engine
}

// habits are what GitLab does otherwise than the model's default. The limit is
// gitlab.com's for a signed-in user.
var habits = fakehost.Habits{
	NoLabels: true, UserCommits: true, KeepPulls: true, EmptyPulls: true, Scopes: []string{"api"},
	NoReply: "users.noreply.gitlab.com", Limit: 2000, Window: time.Minute,
}

// New makes a Server, and the Host a GitLab.
func New(h *fakehost.Host, o Options) *Server {
	if o.Version == "" {
		o.Version = "18.5.0"
	}
	h.Adopt(habits)
	s := &Server{host: h, options: o, engine: newEngine()}
	s.handler = fakehost.Avatars(o.Root+"/uploads/-/avatars/", s.cors(h.Serve(http.HandlerFunc(s.serve), s.refuse)))
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Host is what the server speaks for.
func (s *Server) Host() *fakehost.Host { return s.host }

// root is the path of the REST API's root.
func (s *Server) root() string { return s.options.Root + "/api/v4" }

func (s *Server) graphqlPath() string { return s.options.Root + "/api/graphql" }

// call is one request on its way.
type call struct {
	*Server
	r      *http.Request
	body   []byte
	user   fakehost.User  // the zero User when nobody is signed in
	token  fakehost.Token // likewise
	repo   *fakehost.Repository
	path   map[string]string // parameters of the path
	params params            // of the query and the body
}

func (c *call) signedIn() bool { return c.user.Login != "" }

// origin is where the host is, with its relative root.
func (c *call) origin() string {
	scheme := "http://"
	if c.r.TLS != nil {
		scheme = "https://"
	}
	return scheme + c.r.Host + c.options.Root
}

// web is the address of a page of the host.
func (c *call) web(parts ...string) string {
	u := url.URL{Path: "/" + strings.Join(parts, "/")}
	return c.origin() + u.EscapedPath()
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	c := &call{Server: s, r: r}
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		c.body = body
	}
	a, err := c.answer()
	if err != nil {
		a = c.failure(err)
	}
	c.write(w, a)
}

func (c *call) answer() (*answer, error) {
	if a := c.limited(); a != nil {
		return a, nil
	}
	if c.r.URL.Path == c.graphqlPath() {
		return c.graphql()
	}
	path, ok := strings.CutPrefix(c.r.URL.EscapedPath(), c.root()+"/")
	if !ok {
		return &answer{status: http.StatusNotFound, mime: "text/html; charset=utf-8",
			raw: []byte("<!DOCTYPE html><title>Not Found (404)</title>")}, nil
	}
	route, err := c.route(path)
	if err != nil {
		return nil, err
	}
	if err := c.parse(); err != nil {
		return nil, err
	}
	if c.CheckRequest != nil {
		if err := c.check(path); err != nil {
			return nil, err
		}
	}
	if err := c.enter(route); err != nil {
		return nil, err
	}
	return route.do(c)
}

func (c *call) check(path string) error {
	r := c.r.Clone(c.r.Context())
	r.URL.Path, r.URL.RawPath = "/"+path, ""
	if plain, err := url.PathUnescape(path); err == nil {
		r.URL.Path, r.URL.RawPath = "/"+plain, "/"+path
	}
	err := c.CheckRequest(r, c.body)
	if err == nil {
		return nil
	}
	c.host.NoteError(c.r, err)
	return &apiError{status: http.StatusUnprocessableEntity, message: err.Error()}
}
