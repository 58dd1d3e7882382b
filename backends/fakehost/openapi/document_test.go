package openapi

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const names = `{"paths":{
	"/api/v4/things/{id}":{"put":{"parameters":[{"in":"path","name":"id","required":true,"schema":{"type":"string"}},
		{"in":"query","name":"kind","schema":{"type":"string","enum":["a","b"]}},{"in":"query","name":"tags","schema":{"type":"array","items":{"type":"string"}}}],
		"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Thing"}}}}}},
	"/api/v4/things":{"get":{"parameters":[{"in":"query","name":"page","schema":{"type":"integer"}}]}}},
	"components":{"schemas":{"Thing":{"type":"object","properties":{"size":{"type":"integer"},"name":{"type":"string"}}}}}}`

func TestLoadNames_Check(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "names.json")
	if err := os.WriteFile(file, []byte(names), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := LoadNames(file, "/api/v4")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ method, address, body, problem string }{
		{"PUT", "/things/1?kind=a&tags[]=x&tags[]=y&size=large", "", ""},
		{"PUT", "/things/1", `{"size":"as it likes"}`, ""},
		{"GET", "/things?page=2", "", ""},
		{"GET", "/things?page=two", "", `"two" is not a number`},
		{"GET", "/things?pages=2", "", "pages: no such query parameter"},
		{"PUT", "/things/1?kind=c", "", "kind"},
		{"PUT", "/things/1", `{"colour":1}`, "colour"},
		{"DELETE", "/things/1", "", "has no DELETE"},
		{"GET", "/nothing", "", "has no GET /nothing"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.method, c.address, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = d.Check(r, r.URL.EscapedPath(), []byte(c.body))
		if c.problem == "" && err != nil || c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)) {
			t.Errorf("%s %s %s: %v, want %q", c.method, c.address, c.body, err, c.problem)
		}
	}
}

func TestLoadNames_NoDocument(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "names.json")
	if _, err := LoadNames(file, ""); err == nil {
		t.Error("a missing file is read")
	}
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadNames(file, ""); err == nil {
		t.Error("half a document is read")
	}
}
