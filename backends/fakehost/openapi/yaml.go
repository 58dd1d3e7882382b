package openapi

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// documentURL names the document, for references from elsewhere; nobody asks there.
const documentURL = "https://description.example/document.json"

// object is a mapping of a YAML document.
type object = map[string]any

// spec is an OpenAPI 3 document in YAML.
type spec struct {
	whole    object
	compiler *jsonschema.Compiler
	mu       sync.Mutex // guards compiler
}

// LoadYAML reads an OpenAPI 3 document. It takes no schema for complete: an object
// may have more than was described, and needs no type. Of requests the names of
// parameters and of a body's fields count. correct, unless it is nil, may put the
// schemas of its components right before they are used.
func LoadYAML(file string, correct func(schemas map[string]any), exceptions ...Exception) (*Description, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	s := &spec{compiler: jsonschema.NewCompiler()}
	if err := yaml.Unmarshal(text, &s.whole); err != nil {
		return nil, fmt.Errorf("%s is not an OpenAPI document: %w", file, err)
	}
	if correct != nil {
		correct(s.schemas())
	}
	loosen(s.whole)
	if err := s.compiler.AddResource(documentURL, s.whole); err != nil {
		return nil, err
	}
	d := &Description{exceptions: exceptions}
	paths, _ := s.whole["paths"].(object)
	for path, methods := range paths {
		for method, described := range methods.(object) {
			op := s.operation(strings.ToUpper(method), path, described.(object))
			if err := op.compile(); err != nil {
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

// loosen drops what is stricter than the host, and makes all numbers those that
// package jsonschema knows.
func loosen(value any) any {
	switch v := value.(type) {
	case object:
		if v["additionalProperties"] == false {
			delete(v, "additionalProperties")
		}
		if required, is := v["required"].([]any); is {
			v["required"] = slices.DeleteFunc(required, func(name any) bool { return name == "type" })
		}
		for key, item := range v {
			v[key] = loosen(item)
		}
	case []any:
		for i, item := range v {
			v[i] = loosen(item)
		}
	case int:
		return float64(v)
	}
	return value
}

func (s *spec) operation(method, path string, described object) *operation {
	op := &operation{Method: method, Path: path, answers: map[string]func() (*jsonschema.Schema, error){}}
	list, _ := described["parameters"].([]any)
	for _, item := range list {
		p := item.(object)
		name, _ := p["name"].(string)
		in, _ := p["in"].(string)
		schema, _ := p["schema"].(object)
		op.Parameters = append(op.Parameters, &parameter{Name: name, In: in, Schema: namesOnly(schema)})
	}
	if schema := jsonContent(described["requestBody"]); schema != nil {
		properties := object{}
		for name := range s.properties(schema) {
			properties[name] = true
		}
		op.Body = &body{Schema: object{"type": "object", "properties": properties, "additionalProperties": false}}
	}
	responses, _ := described["responses"].(object)
	for status, response := range responses {
		if schema := jsonContent(response); schema != nil {
			name := method + " " + path + " " + status
			op.answers[status] = sync.OnceValues(func() (*jsonschema.Schema, error) { return s.compile(name, schema) })
		}
	}
	return op
}

// jsonContent is the schema of a body or a response that is JSON.
func jsonContent(value any) object {
	for _, key := range []string{"content", "application/json", "schema"} {
		o, _ := value.(object)
		value = o[key]
	}
	schema, _ := value.(object)
	return schema
}

func (s *spec) schemas() object {
	components, _ := s.whole["components"].(object)
	schemas, _ := components["schemas"].(object)
	return schemas
}

// properties are the fields of a schema, with those of all that it is made of.
func (s *spec) properties(schema object) map[string]bool {
	names := map[string]bool{}
	if ref, is := schema["$ref"].(string); is {
		schema, _ = s.schemas()[strings.TrimPrefix(ref, "#/components/schemas/")].(object)
	}
	own, _ := schema["properties"].(object)
	for name := range own {
		names[name] = true
	}
	parts, _ := schema["allOf"].([]any)
	for _, part := range parts {
		for name := range s.properties(part.(object)) {
			names[name] = true
		}
	}
	return names
}

// compile compiles a schema whose references lead into the document.
func (s *spec) compile(name string, schema object) (*jsonschema.Schema, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := documentURL + strings.NewReplacer("{", "", "}", "", " ", "/").Replace("/"+name)
	if err := s.compiler.AddResource(at, absolute(schema)); err != nil {
		return nil, err
	}
	return s.compiler.Compile(at)
}

func absolute(value any) any {
	switch v := value.(type) {
	case object:
		out := object{}
		for key, item := range v {
			if ref, is := item.(string); is && key == "$ref" {
				item = documentURL + ref
			}
			out[key] = absolute(item)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = absolute(item)
		}
		return out
	}
	return value
}

// ErrUndescribed is that of an answer which the description does not have.
var ErrUndescribed = errors.New("no schema for it")

// CheckAnswer says what is wrong with an answer to a request, or nil. value is the
// body as encoding/json decodes it. What is null counts as missing.
func (d *Description) CheckAnswer(method, escapedPath string, status int, value any) error {
	op, _ := d.find(method, escapedPath)
	if op == nil {
		return fmt.Errorf("the API description has no %s %s", method, escapedPath)
	}
	answer := op.answers[strconv.Itoa(status)]
	if answer == nil {
		return fmt.Errorf("%s %s answered with %d %s: %w", method, op.Path, status, http.StatusText(status), ErrUndescribed)
	}
	problems := validate(answer, withoutNulls(value), func(at []string) string { return "/" + strings.Join(at, "/") })
	problems = slices.DeleteFunc(problems, func(p problem) bool { return d.allowed(op, p.where) })
	if len(problems) == 0 {
		return nil
	}
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.where + ": " + p.what
	}
	return fmt.Errorf("the answer to %s %s does not fit the API description: %s", method, op.Path, strings.Join(texts, "; "))
}

func withoutNulls(value any) any {
	switch v := value.(type) {
	case object:
		out := object{}
		for key, item := range v {
			if item != nil {
				out[key] = withoutNulls(item)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = withoutNulls(item)
		}
		return out
	}
	return value
}
