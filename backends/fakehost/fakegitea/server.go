// Package fakegitea answers as the REST API of Gitea and Forgejo does, over the
// repositories of a fakehost.Host (https://docs.gitea.com/api,
// https://forgejo.org/docs/latest/user/api-usage).
//
// The same table of requests runs against the fake and against a real server:
// see TestReal. What no real server was asked for follows the sources, which
// the comments name: routers/… and services/… are files of go-gitea/gitea.
package fakegitea

import (
	"io"
	"net/http"
	"net/url"
	"strings"

	"mooring/backends/fakehost"
)

// Options are the settings of a Server.
type Options struct {
	// Forgejo makes it a Forgejo instead of a Gitea.
	Forgejo bool
	// Version is Gitea's (1.22.0 and up; default 1.26.0) or Forgejo's (9.0.0 and
	// up; default 14.0.0). New panics when it is no version.
	Version string
	// Root is the server's own idea of its address, ROOT_URL, which links have;
	// default where the request went to.
	Root string
	// CORS lets pages of other origins in; nil is the real server's default: off.
	CORS *CORS
	// NoLFS switches Git LFS off (LFS_START_SERVER).
	NoLFS bool
}

// Server is the http.Handler of all that the server has: /api/v1, the OAuth
// token endpoint, Git LFS.
type Server struct {
	// CheckRequest, when set, looks at each API request. Its path is below the
	// API's root. An error is noted in the log and answered with 422.
	CheckRequest func(r *http.Request, body []byte) error

	host    *fakehost.Host
	options Options
	offers  offers
	handler http.Handler
}

// New makes a Server.
func New(h *fakehost.Host, o Options) *Server {
	s := &Server{host: h, options: o, offers: offersOf(o)}
	h.Adopt(fakehost.Habits{NoLabels: true, UserCommits: true, KeepPulls: true, ClosesWithBranch: true, NoArrivals: true,
		EmptyPulls: true, NoReply: "noreply.localhost", Scopes: []string{"all"}})
	s.handler = fakehost.Avatars("/avatars/", s.cors(o.CORS, h.Serve(http.HandlerFunc(s.serve), s.refuse)))
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Host is what the server speaks for.
func (s *Server) Host() *fakehost.Host { return s.host }

// apiRoot is where the API is.
const apiRoot = "/api/v1"

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

// root is the server's address, without a slash at its end.
func (c *call) root() string {
	if c.options.Root != "" {
		return strings.TrimSuffix(c.options.Root, "/")
	}
	if c.r.TLS != nil {
		return "https://" + c.r.Host
	}
	return "http://" + c.r.Host
}

// web is the address of one of the server's pages.
func (c *call) web(parts ...string) string {
	u := url.URL{Path: "/" + strings.Join(parts, "/")}
	return c.root() + u.EscapedPath()
}

func (c *call) repoWeb(parts ...string) string {
	return c.web(append([]string{c.repo.FullName()}, parts...)...)
}

func (c *call) repoAPI(parts ...string) string {
	return c.web(append([]string{"api/v1/repos", c.repo.FullName()}, parts...)...)
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
	path := c.r.URL.EscapedPath()
	if below, ok := strings.CutPrefix(path, apiRoot+"/"); ok {
		return c.api(below)
	}
	if err := c.authenticate(); err != nil {
		return nil, err
	}
	route, err := c.find(pages, strings.TrimPrefix(path, "/"))
	if err != nil {
		return nil, err
	}
	return route.do(c)
}

func (c *call) api(path string) (*answer, error) {
	route, err := c.find(routes, path)
	if err != nil {
		return nil, err
	}
	if err := c.authenticate(); err != nil {
		return nil, err
	}
	if c.CheckRequest != nil {
		if err := c.check(path); err != nil {
			return nil, err
		}
	}
	for _, guard := range route.guards {
		if err := guard(c); err != nil {
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
	return invalid(err.Error())
}
