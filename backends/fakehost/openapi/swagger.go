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

// swagger is a Swagger 2.0 document.
type swagger struct {
	Paths       map[string]map[string]swaggerOperation
	Definitions map[string]map[string]any
}

type swaggerOperation struct{ Parameters []map[string]any }

// LoadSwagger reads a Swagger 2.0 document. correct may put its definitions
// right before they are used. Fields of a body that it doesn't define are wrong:
// servers ignore them, so they are a client's mistake.
func LoadSwagger(file string, correct func(definitions map[string]map[string]any), exceptions ...Exception) (*Description, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var in swagger
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // as package jsonschema wants it
	if err := decoder.Decode(&in); err != nil {
		return nil, fmt.Errorf("%s is not an API description: %w", file, err)
	}
	if correct != nil {
		correct(in.Definitions)
	}
	var operations []*operation
	for path, methods := range in.Paths {
		if strings.Contains(path, "}.{") {
			continue // a form of a file: names with a dot look the same
		}
		for method, described := range methods {
			op := &operation{Method: strings.ToUpper(method), Path: path}
			for _, p := range described.Parameters {
				in.add(op, p)
			}
			if err := op.compile(); err != nil {
				return nil, fmt.Errorf("%s: %s %s: %w", file, op.Method, op.Path, err)
			}
			operations = append(operations, op)
		}
	}
	slices.SortStableFunc(operations, func(a, b *operation) int {
		return cmp.Or(cmp.Compare(b.literal, a.literal), strings.Compare(a.Path, b.Path))
	})
	return &Description{operations: operations, exceptions: exceptions}, nil
}

// add gives an operation one of its parameters.
func (s *swagger) add(op *operation, p map[string]any) {
	name, _ := p["name"].(string)
	where, _ := p["in"].(string)
	required, _ := p["required"].(bool)
	switch where {
	case "body":
		op.Body = &body{Required: required, Schema: s.standAlone(p["schema"])}
	case "path", "query":
		schema := map[string]any{}
		for _, key := range []string{"type", "enum", "minimum", "maximum"} {
			if value, has := p[key]; has {
				schema[key] = value
			}
		}
		if schema["type"] == "array" { // a list in one value, or many values
			delete(schema, "type")
		}
		op.Parameters = append(op.Parameters, &parameter{Name: name, In: where, Required: required, Schema: schema})
	}
}

// standAlone is a schema with all definitions that it refers to.
func (s *swagger) standAlone(schema any) any {
	root, _ := schema.(map[string]any)
	used := map[string]any{}
	s.collect(root, used)
	document := map[string]any{"definitions": used}
	for key, value := range root {
		document[key] = value
	}
	return document
}

// collect finds the definitions below a part of a schema.
func (s *swagger) collect(part any, used map[string]any) {
	switch part := part.(type) {
	case []any:
		for _, item := range part {
			s.collect(item, used)
		}
	case map[string]any:
		ref, _ := part["$ref"].(string)
		name := strings.TrimPrefix(ref, "#/definitions/")
		if definition, has := s.Definitions[name]; has && used[name] == nil {
			closed := map[string]any{"additionalProperties": false}
			for key, value := range definition {
				closed[key] = value
			}
			used[name] = closed
			s.collect(definition, used)
		}
		for _, item := range part {
			s.collect(item, used)
		}
	}
}
