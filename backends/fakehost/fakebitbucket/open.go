package fakebitbucket

import (
	"net/http"
	"strings"
	"sync"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/openapi"
)

// Open makes a Server, as fakegithub.Open does for GitHub. All that Bitbucket's
// needs is part of it.
func Open(h *fakehost.Host, o Options) (*Server, error) {
	return New(h, o), nil
}

// Checker reads Bitbucket's API description
// (https://developer.atlassian.com/cloud/bitbucket/swagger.v3.json, as YAML) for
// Options.CheckRequest. What is younger than the description is not checked.
func Checker(file string) (func(r *http.Request, body []byte) error, error) {
	description, err := readDescription(file)
	if err != nil {
		return nil, err
	}
	return func(r *http.Request, body []byte) error {
		if undescribed(r.URL.Path) {
			return nil
		}
		return description.Check(r, r.URL.EscapedPath(), body)
	}, nil
}

// descriptions are the API descriptions that were read, by file: reading one
// takes long, and nothing changes it.
var descriptions sync.Map

func readDescription(file string) (*openapi.Description, error) {
	read, _ := descriptions.LoadOrStore(file, sync.OnceValues(func() (*openapi.Description, error) {
		return openapi.LoadYAML(file, correct, exceptions...)
	}))
	return read.(func() (*openapi.Description, error))()
}

// correct gives a pull request what the endpoint's own text says of it, and what
// came later.
func correct(schemas map[string]any) {
	schemas["pullrequest"] = map[string]any{"allOf": []any{schemas["pullrequest"], map[string]any{"type": "object", "properties": map[string]any{
		"description": map[string]any{"type": "string"}, "draft": map[string]any{"type": "boolean"},
	}}}}
}

// undescribed are the endpoints that came later.
func undescribed(path string) bool {
	return strings.HasPrefix(path, "/user/workspaces") || strings.HasSuffix(path, "/mergeability/checks")
}

const (
	everywhere = "all lists take it: rest/intro/#pagination, #filtering and #partial-response"
	inText     = "the endpoint's own text has it"
)

// exceptions are where the description is stricter than the host.
var exceptions = []openapi.Exception{
	{Where: "fields", Why: everywhere}, {Where: "pagelen", Why: everywhere}, {Where: "page", Why: everywhere},
	{Where: "q", Why: everywhere}, {Where: "sort", Why: everywhere},
	{Method: "POST", Path: sourcePath, Where: "/", Why: "the body is a form, which the text describes"},
	{Method: "GET", Path: commitsPath, Where: "include", Why: inText}, {Method: "GET", Path: commitsPath, Where: "exclude", Why: inText},
	{Method: "GET", Path: commitsPath, Where: "path", Why: "recorded answers of the host heed it"},
	{Method: "GET", Path: commitsPath + "/{revision}", Where: "include", Why: inText},
	{Method: "GET", Path: commitsPath + "/{revision}", Where: "exclude", Why: inText},
	{Method: "GET", Path: commitsPath + "/{revision}", Where: "path", Why: "as without a revision"},
	{Method: "GET", Path: "/repositories/{workspace}/{repo_slug}/diff/{spec}", Where: "from_pullrequest_id", Why: fromPull},
	{Method: "GET", Path: "/repositories/{workspace}/{repo_slug}/diffstat/{spec}", Where: "from_pullrequest_id", Why: fromPull},
	{Method: "POST", Path: "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/decline", Where: "/",
		Why: "a message becomes the reason"},
	{Method: "GET", Path: "/repositories/{workspace}/{repo_slug}/filehistory/{commit}/{path}", Where: "/values/*/attributes",
		Why: "they are a list, as those of other files that were recorded"},
}

const (
	sourcePath  = "/repositories/{workspace}/{repo_slug}/src"
	commitsPath = "/repositories/{workspace}/{repo_slug}/commits"
	fromPull    = "the links of pull requests have it"
)
