package openapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// document is what matters of an OpenAPI 3 document.
type document struct {
	Paths      map[string]map[string]json.RawMessage
	Components struct {
		Schemas map[string]bodySchema
	}
}

type documented struct {
	Parameters  []*parameter
	RequestBody struct {
		Content map[string]struct{ Schema bodySchema }
	}
}

// bodySchema is a body's schema, or a reference to it.
type bodySchema struct {
	Ref        string `json:"$ref"`
	Properties map[string]any
}

// LoadNames reads an OpenAPI document of which only names are to be trusted: of
// paths, which all begin with prefix, and of parameters. Parameters of the body
// may as well be in the query, as on servers that make no difference.
func LoadNames(file, prefix string, exceptions ...Exception) (*Description, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var doc document
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // as package jsonschema wants it
	if err := decoder.Decode(&doc); err != nil {
		return nil, fmt.Errorf("%s is not an OpenAPI document: %w", file, err)
	}
	d := &Description{exceptions: exceptions}
	for path, methods := range doc.Paths {
		for method, text := range methods {
			op, err := doc.operation(strings.ToUpper(method), strings.TrimPrefix(path, prefix), text)
			if err != nil {
				return nil, fmt.Errorf("%s: %s %s: %w", file, method, path, err)
			}
			d.operations = append(d.operations, op)
		}
	}
	slices.SortFunc(d.operations, func(a, b *operation) int {
		return cmp.Or(cmp.Compare(b.literal, a.literal), cmp.Compare(a.Path, b.Path))
	})
	return d, nil
}

func (d *document) operation(method, path string, text json.RawMessage) (*operation, error) {
	var in documented
	if err := json.Unmarshal(text, &in); err != nil {
		return nil, err
	}
	op := &operation{Method: method, Path: path}
	known := map[string]any{}
	for _, p := range in.Parameters {
		if p.In == "query" {
			known[p.Name] = true
			p.Schema = namesOnly(p.Schema)
		}
		op.Parameters = append(op.Parameters, p)
	}
	properties := map[string]any{}
	for _, content := range in.RequestBody.Content {
		schema := content.Schema
		if name, is := strings.CutPrefix(schema.Ref, "#/components/schemas/"); is {
			schema = d.Components.Schemas[name]
		}
		for name := range schema.Properties {
			properties[name] = true
			if known[name] == nil {
				op.Parameters = append(op.Parameters, &parameter{Name: name, In: "query", Schema: map[string]any{}})
			}
		}
	}
	if len(properties) > 0 {
		op.Body = &body{Schema: map[string]any{"type": "object", "properties": properties, "additionalProperties": false}}
	}
	return op, op.compile()
}

// namesOnly leaves of a schema what a text in an address can be held against.
func namesOnly(schema map[string]any) map[string]any {
	out := map[string]any{}
	for _, key := range []string{"type", "enum"} {
		if value, given := schema[key]; given && schema["type"] != "array" {
			out[key] = value
		}
	}
	return out
}
