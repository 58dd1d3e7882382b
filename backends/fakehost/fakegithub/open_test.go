package fakegithub

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/openapi"
)

// dropped are requests that the real host once took and no longer describes.
var dropped = []string{
	"GET /repos/forkOwner/repo/git/refs/heads/", // lists by prefix: git/matching-refs does, since 2020
}

// TestOpen_RecordedRequestsFitTheDescription checks the checker: what the real
// host took must pass.
func TestOpen_RecordedRequestsFitTheDescription(t *testing.T) {
	t.Parallel()
	description := loadDescription(t)
	for _, c := range recordedCalls(t) {
		if slices.ContainsFunc(dropped, func(start string) bool { return strings.HasPrefix(c.Method+" "+c.URL, start) }) {
			continue
		}
		r, err := http.NewRequestWithContext(t.Context(), c.Method, c.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := description.Check(r, r.URL.EscapedPath(), c.Body); err != nil {
			t.Errorf("%s: %v", c, err)
		}
	}
}

func loadDescription(t *testing.T) *openapi.Description {
	t.Helper()
	file, err := moduleFile(descriptionFile)
	if err != nil {
		t.Skip(err)
	}
	description, err := openapi.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return description
}

func TestOpen_DeletingATreeEntryIsFine(t *testing.T) {
	t.Parallel()
	description := loadDescription(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/repos/o/r/git/trees", nil)
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"base_tree": "x", "tree": [{"path": "a", "mode": "100644", "type": "blob", "sha": null}]}`
	if err := description.Check(r, r.URL.EscapedPath(), []byte(body)); err != nil {
		t.Error(err)
	}
	err = description.Check(r, r.URL.EscapedPath(), []byte(strings.Replace(body, "100644", "644", 1)))
	if err == nil || !strings.Contains(err.Error(), "/tree/0/mode") {
		t.Errorf("a mode that nobody knows: %v", err)
	}
}

func TestOpen_OutsideAModule(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := Open(fakehost.New(fakehost.Options{}), Options{}); err == nil || !strings.Contains(err.Error(), "go.mod") {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile("go.mod", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(fakehost.New(fakehost.Options{}), Options{}); err == nil || !strings.Contains(err.Error(), "make setup") {
		t.Errorf("got %v", err)
	}
}
