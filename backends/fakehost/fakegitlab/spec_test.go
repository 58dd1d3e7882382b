package fakegitlab

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// specs are GitLab's own descriptions.
const specs = "../../../../shared/specs"

// spec is the path of one, or skips the test.
func spec(t *testing.T, name string) string {
	t.Helper()
	file := filepath.Join(filepath.FromSlash(specs), name)
	if _, err := os.Stat(file); err != nil {
		t.Skipf("there is no %s", file)
	}
	return file
}

// TestSchema_IsGitLabs compares every type, field and argument of the fake's
// schema with GitLab's own.
func TestSchema_IsGitLabs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(spec(t, "gitlab-schema.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	real, err := graphql.ParseSchema("gitlab-schema.graphql", string(text)+younger)
	if err != nil {
		t.Fatal(err)
	}
	fake, err := graphql.ParseSchema("schema.graphql", schemaText)
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for name, def := range fake.Types {
		if def.BuiltIn || strings.HasPrefix(name, "__") {
			continue
		}
		theirs := real.Types[name]
		if theirs == nil || theirs.Kind != def.Kind {
			t.Errorf("GitLab has no %s %s", def.Kind, name)
			continue
		}
		compared += len(def.Fields)
		compareDefinition(t, def, theirs)
	}
	if compared < 150 {
		t.Errorf("only %d fields were compared", compared)
	}
}

func compareDefinition(t *testing.T, ours, theirs *ast.Definition) {
	t.Helper()
	for _, value := range ours.EnumValues {
		if theirs.EnumValues.ForName(value.Name) == nil {
			t.Errorf("GitLab has no %s.%s", ours.Name, value.Name)
		}
	}
	for _, f := range ours.Fields {
		name := ours.Name + "." + f.Name
		if strings.HasPrefix(f.Name, "__") || name == "MergeRequest.state" { // a String! before, now an enum
			continue
		}
		field := theirs.Fields.ForName(f.Name)
		if field == nil || field.Type.String() != f.Type.String() {
			t.Errorf("GitLab's %s is %v, the fake's %s", name, field, f.Type)
			continue
		}
		for _, a := range f.Arguments {
			argument := field.Arguments.ForName(a.Name)
			if argument == nil || argument.Type.String() != a.Type.String() || argument.DefaultValue.String() != a.DefaultValue.String() {
				t.Errorf("GitLab's %s(%s) is %v", name, a.Name, argument)
			}
		}
	}
}

// TestRoutes_AreGitLabs asks the fake for something of every endpoint, and
// compares the request with GitLab's API description.
func TestRoutes_AreGitLabs(t *testing.T) {
	t.Parallel()
	check, err := Checker(spec(t, "gitlab-openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range routes {
		if r.method == http.MethodHead {
			continue // the description has GET alone
		}
		path := strings.NewReplacer("^", "", "/?$", "", "([^/]+)", "1", `\`, "").Replace(r.pattern.String())
		q, err := http.NewRequestWithContext(t.Context(), r.method, "/"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := check(q, nil); err != nil && strings.Contains(err.Error(), "description has no") {
			t.Error(err)
		}
	}
}

func TestChecker_NotesAndRefuses(t *testing.T) {
	t.Parallel()
	check, err := Checker(spec(t, "gitlab-openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	host := fakehost.New(fakehost.Options{})
	server := New(host, Options{})
	server.CheckRequest = check
	s := serve(t, server)
	s.wants(200, "GET", "/repository/tree?pagination=keyset&per_page=2&recursive=true&ref=main", "")
	s.wants(201, "POST", "/repository/commits", commit("", `{"action":"create","file_path":"b","content":"b"}`))
	s.refuses(422, "pages: no such query parameter", "GET", "/repository/tree?pages=2", "")
	s.refuses(422, "colour", "PUT", "/merge_requests/1", `{"colour":"red"}`)
	log := host.Requests()
	if log[0].Err != "" || log[1].Err != "" || log[2].Err == "" || log[3].Err == "" {
		t.Errorf("the log is %+v", log)
	}
}

func TestQueryChecker_Notes(t *testing.T) {
	t.Parallel()
	check, err := QueryChecker(spec(t, "gitlab-schema.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	for query, good := range map[string]bool{
		`{ project(fullPath: "a/b") { repository { blobs(paths: ["a"]) { nodes { rawBlob } } } } queryComplexity { score } }`: true,
		`{ project(fullPath: "a/b") { repository { blobs(path: "a") { nodes { rawBlob } } } } }`:                              false,
		`{ project(fullPath: "a/b") { content } }`:                                                                            false,
	} {
		if err := check(query); (err == nil) != good {
			t.Errorf("%s: %v", query, err)
		}
	}
	if _, err := QueryChecker("none"); err == nil {
		t.Error("a schema that isn't there is read")
	}
}
