package fakegithub

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// route is one endpoint.
type route struct {
	method  string
	pattern *regexp.Regexp // of the escaped path
	names   []string       // of its groups
	do      func(*call) (*answer, error)
	old     bool // answered still, though the API description has it no more
}

// old marks an endpoint that the API description has no more.
func old(r route) route {
	r.old = true
	return r
}

// on makes a route. {x} stands for a segment, {x...} for several: clients may
// leave the slashes of a branch or path unescaped.
func on(method, path string, do func(*call) (*answer, error)) route {
	r := route{method: method, do: do}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		name, ok := strings.CutPrefix(segment, "{")
		if !ok {
			segments[i] = regexp.QuoteMeta(segment)
			continue
		}
		name = strings.TrimSuffix(name, "}")
		segments[i] = "([^/]+)"
		if short, many := strings.CutSuffix(name, "..."); many {
			name, segments[i] = short, "(.+)"
		}
		r.names = append(r.names, name)
	}
	r.pattern = regexp.MustCompile("^" + strings.Join(segments, "/") + "/?$")
	return r
}

var errMoved = errors.New("moved")

// route finds the endpoint of a path below the API's root, and enters the
// repository that it names.
func (c *call) route(path string) (*route, error) {
	if rest, byID := strings.CutPrefix(path, "repositories/"); byID {
		id, rest, _ := strings.Cut(rest, "/")
		number, _ := strconv.ParseInt(id, 10, 64)
		repo, ok := c.host.RepositoryByID(number)
		if !ok {
			return nil, notFound("")
		}
		path = "repos/" + repo.FullName() + "/" + rest
	}
	method := c.r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for i := range routes {
		m := routes[i].pattern.FindStringSubmatch(path)
		if m == nil || routes[i].method != method {
			continue
		}
		if err := c.bind(&routes[i], m[1:]); err != nil {
			return nil, err
		}
		return &routes[i], c.enterRoute(path)
	}
	return nil, notFound("")
}

// bind unescapes the path's parameters.
func (c *call) bind(r *route, values []string) error {
	c.params = map[string]string{}
	for i, name := range r.names {
		value, err := url.PathUnescape(values[i])
		if err != nil {
			return &apiError{status: http.StatusBadRequest, message: "Problems parsing the path"}
		}
		c.params[name] = value
	}
	return nil
}

func (c *call) enterRoute(path string) error {
	if c.params["owner"] == "" || c.params["repo"] == "" {
		return nil
	}
	err := c.enter(c.params["owner"], c.params["repo"])
	if err != errMoved {
		return err
	}
	_, rest, _ := strings.Cut(strings.TrimPrefix(path, "repos/"), "/")
	_, rest, _ = strings.Cut(rest, "/")
	location := c.api("repositories", strconv.FormatInt(c.repo.Info().ID, 10))
	if rest != "" {
		location += "/" + rest
	}
	if c.r.URL.RawQuery != "" {
		location += "?" + c.r.URL.RawQuery
	}
	status, message := http.StatusMovedPermanently, "Moved Permanently"
	if c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		status, message = http.StatusTemporaryRedirect, "Temporary Redirect"
	}
	return &apiError{status: status, message: message, header: map[string]string{"Location": location}}
}
