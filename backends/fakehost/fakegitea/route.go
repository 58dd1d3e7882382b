package fakegitea

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// route is one endpoint.
type route struct {
	method  string
	pattern *regexp.Regexp // of the escaped path
	names   []string       // of its groups
	do      func(*call) (*answer, error)
	guards  []guard           // asked in turn before do
	offered func(offers) bool // nil: by every version
}

// guard refuses a call.
type guard func(*call) error

// on makes a route. {x} stands for a segment or its beginning, {x...} for several.
func on(method, path string, do func(*call) (*answer, error), guards ...guard) route {
	r := route{method: method, do: do, guards: guards}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		name, ok := strings.CutPrefix(segment, "{")
		if !ok {
			segments[i] = regexp.QuoteMeta(segment)
			continue
		}
		name, suffix, _ := strings.Cut(name, "}")
		segments[i] = "([^/]+)" + regexp.QuoteMeta(suffix)
		if short, many := strings.CutSuffix(name, "..."); many {
			name, segments[i] = short, "(.+)"
		}
		r.names = append(r.names, name)
	}
	r.pattern = regexp.MustCompile("^" + strings.Join(segments, "/") + "/?$")
	return r
}

// since makes a route that not every version has.
func since(offered func(offers) bool, r route) route {
	r.offered = offered
	return r
}

// find finds the endpoint of a path. One that has no such method is 405, also
// for OPTIONS that are no preflight and for HEAD, which the server doesn't take.
func (c *call) find(routes []route, path string) (*route, error) {
	known := false
	for i := range routes {
		r := &routes[i]
		m := r.pattern.FindStringSubmatch(path)
		if m == nil || r.offered != nil && !r.offered(c.offers) {
			continue
		}
		if known = true; r.method == c.r.Method {
			return r, c.bind(r, m[1:])
		}
	}
	if known {
		return nil, &apiError{status: http.StatusMethodNotAllowed, form: noMethod}
	}
	return nil, &apiError{status: http.StatusNotFound, form: plainText, message: "404 page not found\n"}
}

// bind unescapes the path's parameters.
func (c *call) bind(r *route, values []string) error {
	c.params = map[string]string{}
	for i, name := range r.names {
		value, err := url.PathUnescape(values[i])
		if err != nil {
			return &apiError{status: http.StatusBadRequest, form: plainText, message: err.Error()}
		}
		c.params[name] = value
	}
	return nil
}

// enterRepo is the guard of all that is below repos/{owner}/{repo}: it finds
// the repository, if the caller may know of it (repoAssignment in
// routers/api/v1/api.go). A renamed one redirects, whatever the method.
func enterRepo(c *call) error {
	owner, name := c.params["owner"], c.params["repo"]
	repo, moved, ok := c.host.Lookup(owner, name)
	if _, known := c.host.User(owner); !known && !ok {
		return &apiError{status: http.StatusNotFound, form: withErrors, message: "GetUserByName",
			errors: []string{"user redirect does not exist [name: " + owner + "]"}}
	}
	if !ok {
		return notFound()
	}
	c.repo = repo
	if moved {
		return c.redirect()
	}
	if repo.Permission(c.user.Login) == 0 {
		return notFound()
	}
	if c.token.HasScope("public-only") && repo.Info().Private {
		return forbidden("token scope is limited to public repos")
	}
	return nil
}

// redirect leads to the repository's present name, by an address without a host
// (context.RedirectToRepo).
func (c *call) redirect() error {
	parts := strings.SplitN(strings.TrimPrefix(c.r.URL.EscapedPath(), apiRoot+"/repos/"), "/", 3)
	location := apiRoot + "/repos/" + c.repo.FullName()
	if len(parts) == 3 {
		location += "/" + parts[2]
	}
	if c.r.URL.RawQuery != "" {
		location += "?" + c.r.URL.RawQuery
	}
	return &apiError{status: http.StatusMovedPermanently, form: noBody, header: map[string]string{"Location": location}}
}
