// Package fakegithub answers as GitHub's API does, over the repositories of a
// fakehost.Host: the REST API (https://docs.github.com/rest), the GraphQL API,
// and in a second handler what github.com itself serves, Git LFS and raw files.
//
// Shapes are checked against recorded answers of the real host. Errors that
// aren't recorded (401, 409, 422, 429, 5xx) follow its documentation.
package fakegithub

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"net/url"
	"strings"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakelfs"
)

// Options are the settings of a Server.
type Options struct {
	// Enterprise serves /api/v3/… and /api/graphql, as GitHub Enterprise Server
	// does, instead of /… and /graphql.
	Enterprise bool
	// Web is where the repositories' pages are, and what Web() serves; default
	// https://github.com.
	Web string
}

// Server is the API's http.Handler.
type Server struct {
	// GraphQL answers POST /graphql. The signed-in user is in the request's
	// context: see Viewer. It must be set before the first request.
	GraphQL http.Handler
	// CheckRequest, when set, looks at each REST request. Its path is below the
	// API's root. An error is noted in the log and answered with 422.
	CheckRequest func(r *http.Request, body []byte) error

	host    *fakehost.Host
	options Options
	handler http.Handler
	lfs     *fakelfs.Server
	secret  []byte // signs addresses
}

// New makes a Server.
func New(h *fakehost.Host, o Options) *Server {
	if o.Web == "" {
		o.Web = "https://github.com"
	}
	s := &Server{host: h, options: o, lfs: fakelfs.New(h, fakelfs.Options{}), secret: make([]byte, 32)}
	_, _ = rand.Read(s.secret) // never fails
	s.handler = cors(h.Serve(http.HandlerFunc(s.serve), s.refuse))
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Host is what the server speaks for.
func (s *Server) Host() *fakehost.Host { return s.host }

// root is the path of the REST API's root, without a slash at its end.
func (s *Server) root() string {
	if s.options.Enterprise {
		return "/api/v3"
	}
	return ""
}

func (s *Server) graphqlPath() string {
	if s.options.Enterprise {
		return "/api/graphql"
	}
	return "/graphql"
}

// call is one request on its way.
type call struct {
	*Server
	r      *http.Request
	body   []byte
	user   fakehost.User  // the zero User when nobody is signed in
	token  fakehost.Token // likewise
	repo   *fakehost.Repository
	params map[string]string
}

func (c *call) signedIn() bool { return c.user.Login != "" }

// api is the absolute address of a path of the API.
func (c *call) api(parts ...string) string {
	scheme := "http://"
	if c.r.TLS != nil {
		scheme = "https://"
	}
	return scheme + c.r.Host + c.root() + escape(parts)
}

// web is the address of a page of the host.
func (s *Server) web(parts ...string) string { return s.options.Web + escape(parts) }

// escape joins paths whose slashes are kept.
func escape(parts []string) string {
	u := url.URL{Path: "/" + strings.Join(parts, "/")}
	return u.EscapedPath()
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
	if r.Method == http.MethodOptions {
		preflight(w)
		return
	}
	a, err := c.answer(w)
	if err != nil {
		a = c.failure(err)
	}
	if a != nil {
		c.write(w, a)
	}
}

// answer is nil when the GraphQL handler has written its own.
func (c *call) answer(w http.ResponseWriter) (*answer, error) {
	if err := c.authenticate(); err != nil {
		return nil, err
	}
	if c.r.URL.Path == c.graphqlPath() {
		return nil, c.graphql(w)
	}
	path, ok := strings.CutPrefix(c.r.URL.EscapedPath(), c.root()+"/")
	if !ok {
		return nil, notFound("")
	}
	if a := c.limited("core"); a != nil {
		return a, nil
	}
	route, err := c.route(path)
	if err != nil {
		return nil, err
	}
	if c.CheckRequest != nil && !route.old {
		if err := c.check(path); err != nil {
			return nil, err
		}
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

// graphql hands the request to the GraphQL handler.
func (c *call) graphql(w http.ResponseWriter) error {
	if !c.signedIn() {
		return &apiError{status: http.StatusUnauthorized, message: "This endpoint requires you to be authenticated.",
			docs: "https://docs.github.com/graphql/guides/forming-calls-with-graphql#authenticating-with-graphql"}
	}
	if c.r.Method != http.MethodPost || c.GraphQL == nil {
		return notFound("")
	}
	rate, ok := c.host.Spend(c.user.Login, "graphql", 1)
	c.rateHeaders(w.Header(), rate, "graphql")
	c.header(w.Header())
	if !ok {
		c.write(w, c.primaryLimit(rate, "graphql"))
		return nil
	}
	r := c.r.WithContext(context.WithValue(c.r.Context(), viewerKey{}, c))
	r.Body = io.NopCloser(bytes.NewReader(c.body))
	c.GraphQL.ServeHTTP(w, r)
	return nil
}

type viewerKey struct{}

// Viewer is who is signed in to a GraphQL request, with which token.
func Viewer(ctx context.Context) (fakehost.User, fakehost.Token) {
	c := ctx.Value(viewerKey{}).(*call)
	return c.user, c.token
}
