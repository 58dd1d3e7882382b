package openapi

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const swaggerText = `{"swagger": "2.0", "paths": {
	"/files/{filepath}": {
		"get": {"parameters": [{"name": "filepath", "in": "path", "type": "string", "required": true},
			{"name": "ref", "in": "query", "type": "string"}, {"name": "labels", "in": "query", "type": "array", "items": {"type": "integer"}},
			{"name": "sort", "in": "query", "type": "string", "enum": ["up", "down"]}]},
		"post": {"parameters": [{"name": "filepath", "in": "path", "type": "string", "required": true},
			{"name": "body", "in": "body", "required": true, "schema": {"$ref": "#/definitions/Change"}}]}},
	"/files/{filepath}.{form}": {"get": {"parameters": [{"name": "form", "in": "path", "type": "string", "enum": ["diff"]}]}}},
	"definitions": {
		"Change": {"type": "object", "required": ["who"], "properties": {"who": {"$ref": "#/definitions/Person"},
			"also": {"type": "array", "items": {"$ref": "#/definitions/Person"}}}},
		"Person": {"type": "object", "properties": {"name": {"type": "string"}, "boss": {"$ref": "#/definitions/Person"}}}}}`

func loadSwagger(t *testing.T, text string) (*Description, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "api.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return LoadSwagger(file, func(definitions map[string]map[string]any) {
		if person := definitions["Person"]; person != nil {
			person["properties"].(map[string]any)["nick"] = map[string]any{"type": "string"}
		}
	})
}

func TestLoadSwagger(t *testing.T) {
	t.Parallel()
	d, err := loadSwagger(t, swaggerText)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ method, target, body, want string }{
		{"GET", "/files/a/b.md?ref=x&labels=1,2&labels=3&sort=up", "", ""},
		{"GET", "/files/a?sort=left", "", "sort: "},
		{"GET", "/files/a?rev=x", "", "rev: no such query parameter"},
		{"POST", "/files/a", `{"who": {"name": "A", "boss": {"name": "B"}}, "also": [{"nick": "C"}]}`, ""},
		{"POST", "/files/a", `{"who": {"nam": "A"}}`, "'nam'"},
		{"POST", "/files/a", `{"who": {"boss": {"nam": "A"}}}`, "'nam'"},
		{"POST", "/files/a", `{"who": {}, "also": [{"name": 1}]}`, "/also/0/name"},
		{"POST", "/files/a", `{"who": {}, "to": 1}`, "'to'"},
		{"POST", "/files/a", `{}`, "'who'"},
		{"POST", "/files/a", "", "a body is required"},
		{"DELETE", "/files/a", "", "has no DELETE"},
	} {
		err := check(d, c.method, c.target, c.body)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s %s %s: %v, want %q", c.method, c.target, c.body, err, c.want)
		}
	}
}

func TestLoadSwagger_Errors(t *testing.T) {
	t.Parallel()
	if _, err := LoadSwagger(filepath.Join(t.TempDir(), "none.json"), nil); !os.IsNotExist(err) {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := loadSwagger(t, "{"); err == nil || !strings.Contains(err.Error(), "is not an API description") {
		t.Errorf("a broken file: %v", err)
	}
}
