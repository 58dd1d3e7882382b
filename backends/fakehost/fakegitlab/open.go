package fakegitlab

import (
	"net/http"
	"regexp"
	"sync"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/openapi"
)

// Open makes a Server, as fakegithub.Open does for GitHub. All that GitLab's
// needs is part of it.
func Open(h *fakehost.Host, o Options) (*Server, error) {
	return New(h, o), nil
}

// Checker reads GitLab's API description
// (https://docs.gitlab.com/api/openapi/openapi_interactive/) for
// Server.CheckRequest. Paths that the description lacks are not checked.
func Checker(file string) (func(r *http.Request, body []byte) error, error) {
	description, err := readDescription(file)
	if err != nil {
		return nil, err
	}
	return func(r *http.Request, body []byte) error {
		path := r.URL.EscapedPath()
		if undescribed.MatchString(path) {
			return nil
		}
		return description.Check(r, path, body)
	}, nil
}

// descriptions are the API descriptions that were read, by file: reading one
// takes long, and nothing changes it.
var descriptions sync.Map

func readDescription(file string) (*openapi.Description, error) {
	read, _ := descriptions.LoadOrStore(file, sync.OnceValues(func() (*openapi.Description, error) {
		return openapi.LoadNames(file, "/api/v4", exceptions...)
	}))
	return read.(func() (*openapi.Description, error))()
}

// undescribed are paths that the real host has and its description lacks.
var undescribed = regexp.MustCompile(`^/users|^/projects/[^/]+/labels`)

// exceptions are where the description is stricter than the host.
var exceptions = []openapi.Exception{
	{Method: "POST", Path: "/projects/{id}/repository/commits", Where: "/",
		Why: "the description has the file that Workhorse makes of the body, not the body"},
}
