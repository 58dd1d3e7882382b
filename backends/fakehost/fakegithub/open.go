package fakegithub

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
	"mooring/backends/fakehost/openapi"
)

// Where the module keeps what GitHub says of its own APIs.
const (
	schemaFile      = "node_modules/@octokit/graphql-schema/schema.graphql"
	descriptionFile = ".tools/github-openapi.json"
)

// Open makes a Server that has GraphQL and checks each request: GraphQL against
// GitHub's schema, REST against its API description. Both are looked for in the
// module that the working directory is in; an error says how to get them.
func Open(h *fakehost.Host, o Options) (*Server, error) {
	schemaPath, err := moduleFile(schemaFile)
	if err != nil {
		return nil, err
	}
	descriptionPath, err := moduleFile(descriptionFile)
	if err != nil {
		return nil, err
	}
	schema, err := graphql.LoadSchema(schemaPath)
	if err != nil {
		return nil, err
	}
	description, err := readDescription(descriptionPath)
	if err != nil {
		return nil, err
	}
	s := New(h, o)
	s.GraphQL = &graphqlHandler{host: h, engine: graphql.New(schema, scalars), web: s.options.Web}
	s.CheckRequest = func(r *http.Request, body []byte) error {
		return description.Check(r, byName(r.URL.EscapedPath()), body)
	}
	return s, nil
}

// byName is a path under a repository's name instead of its number. Link fields
// have the number, which the description does not know.
func byName(path string) string {
	rest, ok := strings.CutPrefix(path, "/repositories/")
	if !ok {
		return path
	}
	_, rest, _ = strings.Cut(rest, "/")
	return strings.TrimSuffix("/repos/owner/name/"+rest, "/")
}

// descriptions are the API descriptions that were read, by file: reading one
// takes long, and nothing changes it.
var descriptions sync.Map

func readDescription(file string) (*openapi.Description, error) {
	read, _ := descriptions.LoadOrStore(file, sync.OnceValues(func() (*openapi.Description, error) {
		return openapi.Load(file, exceptions...)
	}))
	return read.(func() (*openapi.Description, error))()
}

// moduleFile finds a file below the nearest directory with a go.mod, upwards from
// the working directory.
func moduleFile(name string) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			return "", errors.New("no go.mod above the working directory: run this inside the module")
		}
		dir = filepath.Dir(dir)
	}
	file := filepath.Join(dir, filepath.FromSlash(name))
	if _, err := os.Stat(file); err != nil {
		return "", fmt.Errorf("%s is missing: run make setup", name)
	}
	return file, nil
}

// exceptions are where the description's schema is stricter than the host.
var exceptions = []openapi.Exception{
	{Method: "PUT", Path: "/repos/{owner}/{repo}/issues/{issue_number}/labels", Where: "/labels",
		Why: "the text says that an empty list removes all labels; the schema asks for one item at least"},
}
