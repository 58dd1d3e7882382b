package openapi

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const description = `{"operations": [
	{"method": "GET", "path": "/files/{path}", "parameters": [
		{"name": "path", "in": "path", "required": true, "schema": {"type": "string"}},
		{"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}},
		{"name": "deep", "in": "query", "schema": {"type": "boolean"}},
		{"name": "state", "in": "query", "required": true, "schema": {"type": "string", "enum": ["open", "closed"]}}]},
	{"method": "GET", "path": "/pulls/{number}", "parameters": [
		{"name": "number", "in": "path", "required": true, "schema": {"type": "integer"}}]},
	{"method": "GET", "path": "/commits/{ref}", "parameters": []},
	{"method": "GET", "path": "/commits/{ref}/status", "parameters": [
		{"name": "ref", "in": "path", "required": true, "schema": {"type": "string", "maxLength": 3}}]},
	{"method": "POST", "path": "/trees", "parameters": [], "body": {"required": true, "schema": {
		"type": "object", "required": ["tree"], "additionalProperties": false, "properties": {"base": {"type": "string"}, "tree": {
			"type": "array", "items": {"type": "object", "properties": {"sha": {"type": "string"}, "mode": {"enum": ["100644"]}}}}}}}},
	{"method": "POST", "path": "/forks", "parameters": [], "body": {"required": false, "schema": {"type": "object"}}}
]}`

func load(t *testing.T, exceptions ...Exception) *Description {
	t.Helper()
	file := filepath.Join(t.TempDir(), "api.json")
	if err := os.WriteFile(file, []byte(description), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Load(file, exceptions...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func check(d *Description, method, target, body string) error {
	r := httptest.NewRequest(method, target, nil)
	return d.Check(r, r.URL.EscapedPath(), []byte(body))
}

func TestCheck_Fits(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, c := range []struct{ method, target, body string }{
		{"GET", "/files/a/b%2Fc%20%23?state=open&page=2&deep=1", ""},
		{"HEAD", "/files/?state=closed", ""},
		{"GET", "/pulls/7", ""},
		{"GET", "/commits/a/b/c", ""},
		{"GET", "/commits/a%2Fb/status", ""},
		{"POST", "/trees", `{"base": "x", "tree": [{"sha": "s", "mode": "100644"}]}`},
		{"POST", "/forks", ""},
		{"POST", "/forks", "{}"},
	} {
		if err := check(d, c.method, c.target, c.body); err != nil {
			t.Errorf("%s %s: %v", c.method, c.target, err)
		}
	}
}

func TestCheck_DoesNotFit(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, c := range []struct{ method, target, body, want string }{
		{"PUT", "/pulls/7", "", "has no PUT /pulls/7"},
		{"GET", "/pulls/7/x", "", "has no GET"},
		{"GET", "/pulls/seven", "", `number: "seven" is not a number`},
		{"GET", "/files/a", "", "state: is required"},
		{"GET", "/files/a?state=merged", "", "state: "},
		{"GET", "/files/a?state=open&page=0", "", "page: "},
		{"GET", "/files/a?state=open&deep=maybe", "", `deep: "maybe" is not a boolean`},
		{"GET", "/files/a?state=open&pgae=1", "", "pgae: no such query parameter"},
		{"GET", "/commits/a%2Fbc/status", "", "ref: "},
		{"GET", "/pulls/7", "{}", "no body is expected"},
		{"POST", "/trees", "", "a body is required"},
		{"POST", "/trees", "{", "is not JSON"},
		{"POST", "/trees", `{}`, "missing property 'tree'"},
		{"POST", "/trees", `{"tree": [], "tre": 1}`, "'tre'"},
		{"POST", "/trees", `{"tree": [{"sha": null}]}`, "/tree/0/sha: got null, want string"},
	} {
		err := check(d, c.method, c.target, c.body)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s %s: got %v, want %q", c.method, c.target, c.body, err, c.want)
		}
	}
}

func TestCheck_Exceptions(t *testing.T) {
	t.Parallel()
	d := load(t, Exception{Method: "POST", Path: "/trees", Where: "/tree/*/sha", Why: "null deletes"})
	if err := check(d, "POST", "/trees", `{"tree": [{"sha": null}]}`); err != nil {
		t.Errorf("the exception is not heeded: %v", err)
	}
	err := check(d, "POST", "/trees", `{"tree": [{"sha": null, "mode": "1"}]}`)
	if err == nil || strings.Contains(err.Error(), "/sha") || !strings.Contains(err.Error(), "/tree/0/mode") {
		t.Errorf("the exception hides too much or too little: %v", err)
	}
}

func TestLoad_Errors(t *testing.T) {
	t.Parallel()
	if _, err := Load(filepath.Join(t.TempDir(), "none.json")); !os.IsNotExist(err) {
		t.Errorf("a missing file: %v", err)
	}
	file := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(file); err == nil || !strings.Contains(err.Error(), "is not an API description") {
		t.Errorf("a broken file: %v", err)
	}
}
