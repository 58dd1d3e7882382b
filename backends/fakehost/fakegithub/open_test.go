package fakegithub

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
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
	root, err := moduleFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	description := loadDescription(t)
	files, err := filepath.Glob(filepath.Join(filepath.Dir(root), "..", "shared", "recorded", "github", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no recorded answers in ../shared/recorded/github")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var exchanges []struct {
			Method, URL string
			Body        json.RawMessage
		}
		if err := json.Unmarshal(text, &exchanges); err != nil {
			t.Fatal(err)
		}
		for _, e := range exchanges {
			isDropped := func(start string) bool { return strings.HasPrefix(e.Method+" "+e.URL, start) }
			if e.URL == "/graphql" || slices.ContainsFunc(dropped, isDropped) {
				continue
			}
			r, err := http.NewRequestWithContext(t.Context(), e.Method, e.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := description.Check(r, r.URL.EscapedPath(), recordedBody(t, e.Body)); err != nil {
				t.Errorf("%s %s in %s: %v", e.Method, e.URL, filepath.Base(file), err)
			}
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

// recordedBody is the text of a request: a string, or an object that holds it in
// Base64. Nobody recorded binary requests to the API itself.
func recordedBody(t *testing.T, raw json.RawMessage) []byte {
	t.Helper()
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		return nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return []byte(text)
	}
	var encoded struct{ Content []byte } // package json decodes Base64
	if err := json.Unmarshal(raw, &encoded); err != nil {
		t.Fatal(err)
	}
	return encoded.Content
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
