package openapi

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const smallYAML = `
openapi: 3.0.0
paths:
  /things/{name}:
    get:
      parameters:
      - {name: name, in: path, required: true, schema: {type: string}}
      - {name: page, in: query, schema: {type: integer}}
      responses:
        "200": {content: {application/json: {schema: {$ref: '#/components/schemas/thing'}}}}
    post:
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/thing'}}}
      responses: {"204": {content: {}}}
components:
  schemas:
    base:
      required: [type]
      type: object
      properties: {type: {type: string}}
      additionalProperties: false
    thing:
      allOf:
      - $ref: '#/components/schemas/base'
      - type: object
        properties: {size: {type: integer, minimum: 1}, base: {$ref: '#/components/schemas/base'}}
`

func TestLoadYAML(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "small.yaml")
	if err := os.WriteFile(file, []byte(smallYAML), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := LoadYAML(file, func(schemas map[string]any) {
		schemas["base"].(object)["properties"].(object)["late"] = object{"type": "string"}
	}, Exception{Where: "fields"})
	if err != nil {
		t.Fatal(err)
	}
	for want, q := range map[string][3]string{
		"":                        {"GET", "/things/a/b?page=2&fields=x", ""},
		"no such query parameter": {"GET", "/things/a?size=2", ""},
		"is not a number":         {"GET", "/things/a?page=x", ""},
		"no DELETE /things/a":     {"DELETE", "/things/a", ""},
		"additional properties":   {"POST", "/things/a", `{"type":"t","sized":1}`},
		" ":                       {"POST", "/things/a", `{"late":"t"}`},
		"no body is expected":     {"GET", "/things/a", `{}`},
	} {
		r, err := http.NewRequestWithContext(t.Context(), q[0], q[1], nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Check(r, r.URL.EscapedPath(), []byte(q[2])); (err == nil) != (strings.TrimSpace(want) == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", q, err)
		}
	}
	for want, value := range map[string]any{
		"": map[string]any{"size": 3.0, "more": true, "base": nil}, "/size": map[string]any{"size": 0.0}, "/base": map[string]any{"base": "text"},
	} {
		if err := d.CheckAnswer("GET", "/things/a", 200, value); (err == nil) != (strings.TrimSpace(want) == "") || err != nil && !strings.Contains(err.Error(), want+": ") {
			t.Errorf("%v: %v", value, err)
		}
	}
	if err := d.CheckAnswer("POST", "/things/a", 204, nil); !errors.Is(err, ErrUndescribed) {
		t.Errorf("an answer without a schema: %v", err)
	}
	if err := os.WriteFile(file, []byte("\t: ["), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadYAML(file, nil); err == nil {
		t.Error("a broken file is read")
	}
}
