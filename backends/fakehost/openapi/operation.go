package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// operation is one method of one path.
type operation struct {
	Method, Path string
	Parameters   []*parameter
	Body         *body

	answers map[string]func() (*jsonschema.Schema, error) // by status, of those that are JSON

	pattern *regexp.Regexp // of the escaped path
	names   []string       // of the pattern's groups
	literal int            // how much of the path is literal
}

type parameter struct {
	Name     string
	In       string // path or query
	Required bool
	Schema   map[string]any
	schema   func() (*jsonschema.Schema, error)
}

type body struct {
	Required bool
	Schema   any
	schema   func() (*jsonschema.Schema, error)
}

// manySegments are the path parameters that may hold slashes which are not
// escaped: GitHub, Gitea and Bitbucket take them so.
var manySegments = []string{"ref", "branch", "basehead", "tree_sha", "name", "filepath", "head", "spec", "revspec"}

var placeholder = regexp.MustCompile(`\{\w+\}`)

// compile prepares what Check needs; schemas wait until they are used.
func (op *operation) compile() error {
	var pattern strings.Builder
	rest := op.Path
	for _, at := range placeholder.FindAllString(op.Path, -1) {
		before, after, _ := strings.Cut(rest, at)
		name := strings.Trim(at, "{}")
		pattern.WriteString(regexp.QuoteMeta(before))
		switch {
		case name == "path": // empty for the root
			pattern.WriteString("(.*)")
		case slices.Contains(manySegments, name):
			pattern.WriteString("(.+)")
		default:
			pattern.WriteString("([^/]+)")
		}
		op.names = append(op.names, name)
		op.literal += len(before)
		rest = after
	}
	op.literal += len(rest)
	var err error
	op.pattern, err = regexp.Compile("^" + pattern.String() + regexp.QuoteMeta(rest) + "$")
	for _, p := range op.Parameters {
		p.schema = sync.OnceValues(func() (*jsonschema.Schema, error) { return newSchema(p.Schema) })
	}
	if op.Body != nil {
		op.Body.schema = sync.OnceValues(func() (*jsonschema.Schema, error) { return newSchema(op.Body.Schema) })
	}
	return err
}

func (op *operation) parameter(in, name string) *parameter {
	i := slices.IndexFunc(op.Parameters, func(p *parameter) bool { return p.In == in && p.Name == name })
	if i < 0 {
		return nil
	}
	return op.Parameters[i]
}

func (op *operation) checkPath(escaped []string) []problem {
	var problems []problem
	for i, name := range op.names {
		value, err := url.PathUnescape(escaped[i])
		if err != nil {
			problems = append(problems, problem{name, err.Error()})
			continue
		}
		if p := op.parameter("path", name); p != nil {
			problems = append(problems, p.check(value)...)
		}
	}
	return problems
}

// checkQuery also notices parameters that the description does not know: the
// real host ignores them, so they are a client's mistake.
func (op *operation) checkQuery(query url.Values) []problem {
	var problems []problem
	for name, values := range query {
		p := op.parameter("query", name)
		if short, list := strings.CutSuffix(name, "[]"); p == nil && list {
			p = op.parameter("query", short)
		}
		if p == nil {
			problems = append(problems, problem{name, "no such query parameter"})
			continue
		}
		for _, value := range values {
			problems = append(problems, p.check(value)...)
		}
	}
	for _, p := range op.Parameters {
		if p.In == "query" && p.Required && !query.Has(p.Name) {
			problems = append(problems, problem{p.Name, "is required"})
		}
	}
	return problems
}

// check compares a value, all of which are text in an address, with the schema.
func (p *parameter) check(text string) []problem {
	var value any = text
	switch p.Schema["type"] {
	case "integer", "number":
		value = json.Number(text)
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return []problem{{p.Name, fmt.Sprintf("%q is not a number", text)}}
		}
	case "boolean":
		b, err := strconv.ParseBool(text)
		if err != nil {
			return []problem{{p.Name, fmt.Sprintf("%q is not a boolean", text)}}
		}
		value = b
	}
	return validate(p.schema, value, func([]string) string { return p.Name })
}

func (op *operation) checkBody(text []byte) []problem {
	if op.Body == nil {
		if len(bytes.TrimSpace(text)) > 0 {
			return []problem{{"/", "no body is expected"}}
		}
		return nil
	}
	if len(bytes.TrimSpace(text)) == 0 {
		if op.Body.Required {
			return []problem{{"/", "a body is required"}}
		}
		return nil
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return []problem{{"/", "is not JSON: " + err.Error()}}
	}
	return validate(op.Body.schema, value, func(at []string) string { return "/" + strings.Join(at, "/") })
}

// validate lists what does not fit a schema, and where.
func validate(schema func() (*jsonschema.Schema, error), value any, where func(at []string) string) []problem {
	s, err := schema()
	if err != nil {
		return []problem{{where(nil), err.Error()}}
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(s.Validate(value), &invalid) {
		return nil
	}
	return leaves(invalid, where)
}

// leaves are the causes that have no cause themselves.
func leaves(e *jsonschema.ValidationError, where func(at []string) string) []problem {
	if len(e.Causes) == 0 {
		text := e.ErrorKind.LocalizedString(message.NewPrinter(language.English))
		return []problem{{where(e.InstanceLocation), text}}
	}
	var problems []problem
	for _, cause := range e.Causes {
		problems = append(problems, leaves(cause, where)...)
	}
	return problems
}
