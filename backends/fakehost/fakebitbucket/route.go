package fakebitbucket

import (
	"net/http"
	"regexp"
	"strings"
)

// route is one endpoint.
type route struct {
	method  string
	pattern *regexp.Regexp // of the path
	names   []string       // of its groups
	do      func(*call) (*answer, error)
	scope   string // the OAuth scope that it takes; "" is none
	repo    bool   // the path names a repository
}

// on makes a route. {x} stands for one segment, {x…} for the rest, which may be
// empty. A path is unescaped before it is looked at: %2F is a slash.
func on(method, path, scope string, do func(*call) (*answer, error)) route {
	r := route{method: method, do: do, scope: scope, repo: strings.HasPrefix(path, inRepository)}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		name, ok := strings.CutPrefix(segment, "{")
		if !ok {
			segments[i] = regexp.QuoteMeta(segment)
			continue
		}
		name = strings.TrimSuffix(name, "}")
		group := "([^/]+)"
		if short, rest := strings.CutSuffix(name, "…"); rest {
			name, group = short, "(.*)"
		}
		r.names = append(r.names, name)
		segments[i] = group
	}
	r.pattern = regexp.MustCompile("^(?s:" + strings.Join(segments, "/") + ")/?$")
	return r
}

// inRepository is how the paths of a repository's endpoints begin.
const inRepository = "repositories/{workspace}/{slug}"

// in makes a route of a repository.
func in(method, path, scope string, do func(*call) (*answer, error)) route {
	return on(method, inRepository+path, scope, do)
}

// find finds the endpoint of a path below the API's root.
func (c *call) find(path string) error {
	method, other := c.r.Method, false
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for i := range routes {
		m := routes[i].pattern.FindStringSubmatch(path)
		if m == nil {
			continue
		}
		if routes[i].method != method {
			other = true
			continue
		}
		c.route, c.path = &routes[i], map[string]string{}
		for j, name := range routes[i].names {
			c.path[name] = m[j+1]
		}
		return nil
	}
	if other {
		return &apiError{status: http.StatusMethodNotAllowed, message: "Method not allowed"}
	}
	return &apiError{status: http.StatusNotFound, message: "Resource not found",
		detail: "There is no API hosted at this URL.\n\nFor information about our API's, please refer to the documentation at: " +
			"https://developer.atlassian.com/cloud/bitbucket/rest/"}
}

// enter finds out who calls, and finds the repository that the path names.
func (c *call) enter() error {
	if err := c.authenticate(); err != nil {
		return err
	}
	if !c.route.repo {
		return nil
	}
	repo, ok := c.findRepository(c.path["workspace"], c.path["slug"])
	if !ok {
		return errNoRepository
	}
	c.repo = repo
	return c.allowed()
}

// errNoRepository doesn't tell a hidden repository from a missing one.
var errNoRepository = &apiError{status: http.StatusNotFound,
	message: "You may not have access to this repository or it no longer exists in this workspace. " +
		"If you think this repository exists and you have access, make sure you are authenticated."}
