// Package fakebitbucket answers as Bitbucket Cloud does, over the repositories
// of a fakehost.Host: the REST API 2.0
// (https://developer.atlassian.com/cloud/bitbucket/rest/) and Git LFS.
//
// Shapes are checked against recorded answers of the real host and against its
// API description. Errors that neither has (401, 403, 409, 410, 429, 555) follow
// its documentation and what its users report; where even those say nothing, the
// comment says so.
package fakebitbucket

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakelfs"
)

// Options are the settings of a Server. The zero value will do.
type Options struct {
	// CheckRequest, when set, looks at each request of the API. Its path is below
	// /2.0. An error is noted in the log and answered with 422.
	CheckRequest func(r *http.Request, body []byte) error
	// Media is the origin of the store of large files, where browsers are to see it
	// as another one than the API's; default the API's own. The Server must be
	// reachable there.
	Media string
}

// Server is the host's http.Handler. The API is below /2.0, Git LFS below
// /{workspace}/{repository}/info/lfs, as on the real host's two addresses.
type Server struct {
	host    *fakehost.Host
	options Options
	handler http.Handler
	lfs     *fakelfs.Server
	merges  merges
	uploads uploads
}

// habits are what Bitbucket does otherwise than the model's default. The limit is
// that of a workspace with a thousand paid users; the smallest have 1,000
// (https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/).
var habits = fakehost.Habits{
	NoLabels: true, UserCommits: true, KeepPulls: true, NoReply: "users.noreply.bitbucket.example",
	Scopes: []string{"pullrequest:write", "repository:delete", "repository:admin", "account"},
	Limit:  10_000, Window: time.Hour,
}

// New makes a Server, and the Host a Bitbucket.
func New(h *fakehost.Host, o Options) *Server {
	h.Adopt(habits)
	s := &Server{host: h, options: o, lfs: fakelfs.New(h, fakelfs.Options{Origin: o.Media})}
	s.handler = fakehost.Avatars("/account/avatars/", s.cors(h.Serve(http.HandlerFunc(s.serve), s.refuse)))
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// LFS is the server of large files, which counts what it is asked.
func (s *Server) LFS() *fakelfs.Server { return s.lfs }

// Host is what the server speaks for.
func (s *Server) Host() *fakehost.Host { return s.host }

// call is one request on its way.
type call struct {
	*Server
	r      *http.Request
	body   []byte
	user   fakehost.User  // the zero User when nobody is signed in
	token  fakehost.Token // likewise
	repo   *fakehost.Repository
	route  *route            // nil until it is known
	path   map[string]string // parameters of the path
	params url.Values        // of the query
}

// param is a parameter of the query, "" for none. Bitbucket is a Django application: of
// one that is there twice, the last counts
// (https://docs.djangoproject.com/en/5.2/ref/request-response/#querydict-objects).
func (c *call) param(name string) string {
	values := c.params[name]
	if len(values) == 0 {
		return ""
	}
	return values[len(values)-1]
}

func (c *call) signedIn() bool { return c.user.Login != "" }

// origin is where the host is.
func (c *call) origin() string {
	if c.r.TLS != nil {
		return "https://" + c.r.Host
	}
	return "http://" + c.r.Host
}

// api is the address of something of the API.
func (c *call) api(parts ...string) string { return c.web(append([]string{"2.0"}, parts...)...) }

// web is the address of a page of the host.
func (c *call) web(parts ...string) string {
	u := url.URL{Path: "/" + strings.Join(parts, "/")}
	return c.origin() + u.EscapedPath()
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	c := &call{Server: s, r: r, params: r.URL.Query()}
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
	path, isAPI := strings.CutPrefix(c.r.URL.Path, "/2.0/")
	if !isAPI {
		return c.beside()
	}
	if err := c.limited(); err != nil {
		return nil, err
	}
	if err := c.find(path); err != nil {
		return nil, err
	}
	if c.options.CheckRequest != nil {
		if err := c.check(); err != nil {
			return nil, err
		}
	}
	if err := c.enter(); err != nil {
		return nil, err
	}
	return c.route.do(c)
}

// check holds a request against the API description.
func (c *call) check() error {
	r := c.r.Clone(c.r.Context())
	r.URL.Path = strings.TrimPrefix(r.URL.Path, "/2.0")
	r.URL.RawPath = strings.TrimPrefix(c.r.URL.EscapedPath(), "/2.0")
	err := c.options.CheckRequest(r, c.body)
	if err == nil {
		return nil
	}
	c.host.NoteError(c.r, err)
	return &apiError{status: http.StatusUnprocessableEntity, message: err.Error()}
}
