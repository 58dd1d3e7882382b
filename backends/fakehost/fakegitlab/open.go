package fakegitlab

import (
	"net/http"
	"strings"

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
	description, err := openapi.LoadNames(file, "/api/v4", exceptions...)
	if err != nil {
		return nil, err
	}
	return func(r *http.Request, body []byte) error {
		path := r.URL.EscapedPath()
		for _, prefix := range undescribed {
			if strings.HasPrefix(path, prefix) || strings.HasSuffix(path, prefix) {
				return nil
			}
		}
		return description.Check(r, path, body)
	}, nil
}

// undescribed are paths that the real host has and its description lacks.
var undescribed = []string{"/users", "/labels"}

// exceptions are where the description is stricter than the host.
var exceptions = []openapi.Exception{
	{Method: "POST", Path: "/projects/{id}/repository/commits", Where: "/",
		Why: "the description has the file that Workhorse makes of the body, not the body"},
}
