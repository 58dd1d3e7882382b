package fakegitlab

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"mooring/backends/fakehost"
)

// route is one endpoint.
type route struct {
	method  string
	pattern *regexp.Regexp // of the escaped path
	names   []string       // of its groups
	do      func(*call) (*answer, error)
	scopes  []string // that will do beside api, and read_api for reading
	project bool     // the path names a project
}

// on makes a route. {x} stands for one segment: slashes in a project's, a
// branch's or a file's name must be escaped, as the real host demands.
func on(method, path string, do func(*call) (*answer, error), scopes ...string) route {
	r := route{method: method, do: do, scopes: scopes, project: strings.HasPrefix(path, "projects/{id}")}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		name, ok := strings.CutPrefix(segment, "{")
		if !ok {
			segments[i] = regexp.QuoteMeta(segment)
			continue
		}
		r.names = append(r.names, strings.TrimSuffix(name, "}"))
		segments[i] = "([^/]+)"
	}
	r.pattern = regexp.MustCompile("^" + strings.Join(segments, "/") + "/?$")
	return r
}

// route finds the endpoint of a path below the API's root.
func (c *call) route(path string) (*route, error) {
	other := false
	for _, method := range c.methods() {
		for i := range routes {
			m := routes[i].pattern.FindStringSubmatch(path)
			if m == nil {
				continue
			}
			if routes[i].method == method {
				return &routes[i], c.bind(&routes[i], m[1:])
			}
			other = true
		}
	}
	if other {
		return nil, &apiError{status: http.StatusMethodNotAllowed, body: obj{"error": "405 Not Allowed"}}
	}
	return nil, errNoRoute
}

// methods are those whose routes answer: a HEAD without a route of its own is
// a GET.
func (c *call) methods() []string {
	if c.r.Method == http.MethodHead {
		return []string{http.MethodHead, http.MethodGet}
	}
	return []string{c.r.Method}
}

var errNoRoute = &apiError{status: http.StatusNotFound, body: obj{"error": "404 Not Found"}}

// bind unescapes the path's parameters.
func (c *call) bind(r *route, values []string) error {
	c.path = map[string]string{}
	for i, name := range r.names {
		value, err := url.PathUnescape(values[i])
		if err != nil {
			return badRequest("Bad request")
		}
		c.path[name] = value
	}
	return nil
}

// enter finds out who calls, and finds the project that the path names.
func (c *call) enter(r *route) error {
	if err := c.authenticate(r.scopes); err != nil {
		return err
	}
	if !r.project {
		return nil
	}
	repo, ok := c.findProject(c.path["id"])
	if !ok {
		return notFound("Project")
	}
	c.repo = repo
	return c.checkMoved()
}

// checkMoved sends who asks under a project's old name to its number. Who wants
// to change something must know the name.
func (c *call) checkMoved() error {
	id := c.path["id"]
	if !strings.Contains(id, "/") || strings.EqualFold(id, c.repo.FullName()) {
		return nil
	}
	if !c.reads() {
		return refused(http.StatusMethodNotAllowed, "Non GET methods are not allowed for moved projects")
	}
	_, rest, _ := strings.Cut(strings.TrimPrefix(c.r.URL.EscapedPath(), c.root()+"/projects/"), "/")
	location := c.origin() + "/api/v4/projects/" + digits(c.repo.Info().ID)
	if rest != "" {
		location += "/" + rest
	}
	if c.r.URL.RawQuery != "" {
		location += "?" + c.r.URL.RawQuery
	}
	return &apiError{status: http.StatusMovedPermanently, body: obj{}, location: location}
}

// findProject finds a project that the caller may know of, by number or by
// full path.
func (c *call) findProject(id string) (*fakehost.Repository, bool) {
	var repo *fakehost.Repository
	found := false
	if number, err := strconv.ParseInt(id, 10, 64); err == nil {
		repo, found = c.host.RepositoryByID(number)
	} else if at := strings.LastIndexByte(id, '/'); at > 0 {
		repo, _, found = c.host.Lookup(id[:at], id[at+1:]) // an old name leads there, too
	}
	if !found || !c.mayRead(repo) {
		return nil, false
	}
	return repo, true
}

// digits is a number in a path or a header.
func digits[N int | int64](n N) string { return strconv.FormatInt(int64(n), 10) }
