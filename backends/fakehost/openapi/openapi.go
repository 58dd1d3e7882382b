// Package openapi checks REST requests against a host's own API description, as
// scripts/openapi.mjs extracts it from an OpenAPI document.
package openapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Description is what a host says its requests look like. It may be used
// concurrently.
type Description struct {
	operations []*operation // those with the longest literal path first
	exceptions []Exception
}

// Exception allows what the description forbids and the real host takes.
type Exception struct {
	Method, Path string // as in the description; "" stands for all
	// Where is the parameter, or the JSON pointer of the body's part, that may be
	// what it likes; "*" in a pointer stands for any one step.
	Where string
	// Why says how it is known that the host takes it.
	Why string
}

// Load reads the description that scripts/openapi.mjs wrote.
func Load(file string, exceptions ...Exception) (*Description, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var in struct{ Operations []*operation }
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // as package jsonschema wants it
	if err := decoder.Decode(&in); err != nil {
		return nil, fmt.Errorf("%s is not an API description: %w", file, err)
	}
	for _, op := range in.Operations {
		if err := op.compile(); err != nil {
			return nil, fmt.Errorf("%s: %s %s: %w", file, op.Method, op.Path, err)
		}
	}
	slices.SortStableFunc(in.Operations, func(a, b *operation) int { return cmp.Compare(b.literal, a.literal) })
	return &Description{operations: in.Operations, exceptions: exceptions}, nil
}

// Check says what is wrong with a request, or nil. The path is the request's,
// below the API's root and still escaped.
func (d *Description) Check(r *http.Request, escapedPath string, body []byte) error {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	op, params := d.find(method, escapedPath)
	if op == nil {
		return fmt.Errorf("the API description has no %s %s", method, escapedPath)
	}
	problems := op.checkPath(params)
	problems = append(problems, op.checkQuery(r.URL.Query())...)
	problems = append(problems, op.checkBody(body)...)
	problems = slices.DeleteFunc(problems, func(p problem) bool { return d.allowed(op, p.where) })
	if len(problems) == 0 {
		return nil
	}
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.where + ": " + p.what
	}
	return fmt.Errorf("%s %s does not fit the API description: %s", method, op.Path, strings.Join(texts, "; "))
}

func (d *Description) find(method, escapedPath string) (*operation, []string) {
	for _, op := range d.operations {
		if op.Method != method {
			continue
		}
		if m := op.pattern.FindStringSubmatch(escapedPath); m != nil {
			return op, m[1:]
		}
	}
	return nil, nil
}

// problem is one thing that does not fit.
type problem struct {
	where string // a parameter's name, or a JSON pointer into the body
	what  string
}

func (d *Description) allowed(op *operation, where string) bool {
	return slices.ContainsFunc(d.exceptions, func(e Exception) bool {
		return (e.Method == "" || e.Method == op.Method) && (e.Path == "" || e.Path == op.Path) &&
			matches(e.Where, where)
	})
}

// matches compares two pointers step by step.
func matches(pattern, pointer string) bool {
	want, have := strings.Split(pattern, "/"), strings.Split(pointer, "/")
	return slices.EqualFunc(want, have, func(w, h string) bool { return w == h || w == "*" })
}

// newSchema compiles a JSON Schema that stands alone.
func newSchema(document any) (*jsonschema.Schema, error) {
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("schema.json", document); err != nil {
		return nil, err
	}
	return compiler.Compile("schema.json")
}
