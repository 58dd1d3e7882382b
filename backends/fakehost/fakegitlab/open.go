package fakegitlab

import (
	"net/http"
	"os"
	"regexp"
	"sync"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
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

// QueryChecker reads GitLab's whole GraphQL schema for Server.CheckQuery.
func QueryChecker(file string) (func(query string) error, error) {
	check, err := readSchema(file)
	if err != nil {
		return nil, err
	}
	return check.Validate, nil
}

// schemas are the schemas that were read, by file.
var schemas sync.Map

func readSchema(file string) (*graphql.Engine, error) {
	read, _ := schemas.LoadOrStore(file, sync.OnceValues(func() (*graphql.Engine, error) {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		schema, err := graphql.ParseSchema(file, string(text)+younger)
		if err != nil {
			return nil, err
		}
		return graphql.New(schema, nil), nil
	}))
	return read.(func() (*graphql.Engine, error))()
}

// younger is what the host has added to its schema since it was written down
// (https://docs.gitlab.com/api/graphql/reference/).
const younger = `
extend type Query { queryComplexity: QueryComplexity }
type QueryComplexity { limit: Int score: Int }
extend type MergeRequest { detailedMergeStatus: DetailedMergeStatus }
enum DetailedMergeStatus { APPROVALS_SYNCING BROKEN_STATUS CHECKING CI_MUST_PASS CI_STILL_RUNNING COMMITS_STATUS CONFLICT
	DISCUSSIONS_NOT_RESOLVED DRAFT_STATUS MERGEABLE NEED_REBASE NOT_APPROVED NOT_OPEN PREPARING UNCHECKED }
`

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

const undeclared = "Grape passes over parameters that an endpoint does not declare"

// exceptions are where the description is stricter than the host.
var exceptions = []openapi.Exception{
	{Method: "POST", Path: "/projects/{id}/repository/commits", Where: "/",
		Why: "the description has the file that Workhorse makes of the body, not the body"},
	{Method: "POST", Path: "/projects/{id}/repository/commits", Where: "ref_name", Why: undeclared},
	{Method: "POST", Path: "/projects/{id}/repository/commits", Where: "per_page", Why: undeclared},
	{Method: "GET", Path: "/projects/{id}/repository/branches/{branch}", Where: "branch", Why: "branches have names, not numbers"},
	{Method: "GET", Path: "/projects/{id}/repository/merge_base", Where: "refs", Why: "a list in a query is called refs[]"},
	{Method: "GET", Where: "id", Why: "the links to next pages have it"},
}
