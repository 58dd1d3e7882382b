package graphql

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Args are a field's arguments, coerced to the schema's types and with its
// defaults: strings (also for ids and enums), int, float64, bool, []any and
// map[string]any. What was left out and has no default is absent.
type Args map[string]any

// String is a string argument, "" when it is absent or null.
func (a Args) String(name string) string {
	s, _ := a[name].(string)
	return s
}

// Int is an integer argument; not ok when it is absent or null.
func (a Args) Int(name string) (n int, ok bool) {
	n, ok = a[name].(int)
	return n, ok
}

// Bool is a boolean argument, false when it is absent or null.
func (a Args) Bool(name string) bool {
	b, _ := a[name].(bool)
	return b
}

// Strings is a list of strings, nil when it is absent or null.
func (a Args) Strings(name string) []string {
	var out []string
	for _, item := range a.list(name) {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// Object is an input object, nil when it is absent or null.
func (a Args) Object(name string) Args {
	m, _ := a[name].(map[string]any)
	return m
}

// Objects is a list of input objects.
func (a Args) Objects(name string) []Args {
	var out []Args
	for _, item := range a.list(name) {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func (a Args) list(name string) []any {
	items, _ := a[name].([]any)
	return items
}

// Has says whether an argument was given and is not null.
func (a Args) Has(name string) bool { return a[name] != nil }

// mismatch says which part of an input value does not fit its type.
type mismatch struct {
	path []any
	why  string
}

func (m *mismatch) Error() string { return m.why }

// variables coerces what the client sent for an operation's variables.
func (e *Engine) variables(op *ast.OperationDefinition, sent map[string]any) (map[string]any, []*Error) {
	vars := map[string]any{}
	var errs []*Error
	for _, def := range op.VariableDefinitions {
		value, given := sent[def.Variable]
		if !given && def.DefaultValue != nil {
			value, _ = def.DefaultValue.Value(nil) // a constant: it was validated
			given = true
		}
		if !given && !def.Type.NonNull {
			continue
		}
		out, err := e.coerce(def.Type, value, nil)
		if err != nil {
			errs = append(errs, badVariable(def, value, err))
			continue
		}
		vars[def.Variable] = out
	}
	return vars, errs
}

// badVariable is worded as by GitHub.
func badVariable(def *ast.VariableDefinition, value any, m *mismatch) *Error {
	where := make([]string, len(m.path))
	for i, step := range m.path {
		where[i] = fmt.Sprint(step)
	}
	detail := ""
	if len(where) > 0 {
		detail = fmt.Sprintf(" for %s (%s)", strings.Join(where, "."), m.why)
	}
	path := m.path
	if path == nil {
		path = []any{}
	}
	return &Error{
		Message:   fmt.Sprintf("Variable $%s of type %s was provided invalid value%s", def.Variable, def.Type, detail),
		Locations: locate(def.Position),
		Extensions: map[string]any{"value": value,
			"problems": []any{map[string]any{"path": path, "explanation": m.why}}},
	}
}

// arguments coerces a field's arguments.
func (e *Engine) arguments(f *ast.Field, vars map[string]any) (Args, error) {
	args := Args{}
	for name, value := range f.ArgumentMap(vars) {
		out, err := e.coerce(f.Definition.Arguments.ForName(name).Type, value, nil)
		if err != nil {
			return nil, &Error{Message: fmt.Sprintf("Argument '%s' on Field '%s' has an invalid value (%v).",
				name, f.Name, value)}
		}
		args[name] = out
	}
	return args, nil
}

// coerce fits a value to an input type, by the rules for variables.
func (e *Engine) coerce(typ *ast.Type, value any, path []any) (any, *mismatch) {
	if value == nil {
		if typ.NonNull {
			return nil, &mismatch{path, "Expected value to not be null"}
		}
		return nil, nil
	}
	if typ.Elem != nil {
		return e.coerceList(typ.Elem, value, path)
	}
	def := e.schema.Types[typ.NamedType]
	switch def.Kind {
	case ast.InputObject:
		return e.coerceObject(def, value, path)
	case ast.Enum:
		name, _ := value.(string)
		if def.EnumValues.ForName(name) == nil {
			return nil, &mismatch{path, fmt.Sprintf("Expected %q to be one of: %s", fmt.Sprint(value), enumNames(def))}
		}
		return name, nil
	}
	return e.coerceScalar(def.Name, value, path)
}

func enumNames(def *ast.Definition) string {
	names := make([]string, len(def.EnumValues))
	for i, v := range def.EnumValues {
		names[i] = v.Name
	}
	return strings.Join(names, ", ")
}

// coerceList also takes a single value for a list of one.
func (e *Engine) coerceList(elem *ast.Type, value any, path []any) (any, *mismatch) {
	items, isList := value.([]any)
	if !isList {
		item, err := e.coerce(elem, value, path)
		return []any{item}, err
	}
	out := make([]any, len(items))
	for i, item := range items {
		var err *mismatch
		if out[i], err = e.coerce(elem, item, append(path[:len(path):len(path)], i)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (e *Engine) coerceObject(def *ast.Definition, value any, path []any) (any, *mismatch) {
	in, isObject := value.(map[string]any)
	if !isObject {
		return nil, &mismatch{path, fmt.Sprintf("Expected %v to be a key-value object.", value)}
	}
	at := func(name string) []any { return append(path[:len(path):len(path)], name) }
	for name := range in {
		if def.Fields.ForName(name) == nil {
			return nil, &mismatch{at(name), "Field is not defined on " + def.Name}
		}
	}
	out := map[string]any{}
	for _, f := range def.Fields {
		item, given := in[f.Name]
		if !given && f.DefaultValue != nil {
			item, _ = f.DefaultValue.Value(nil)
			given = true
		}
		if !given && !f.Type.NonNull {
			continue
		}
		var err *mismatch
		if out[f.Name], err = e.coerce(f.Type, item, at(f.Name)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (e *Engine) coerceScalar(name string, value any, path []any) (any, *mismatch) {
	fits := false
	switch name {
	case "Int":
		value, fits = integer(value)
	case "Float":
		value, fits = float(value)
	case "Boolean":
		_, fits = value.(bool)
	case "String":
		_, fits = value.(string)
	case "ID":
		if n, isInt := integer(value); isInt {
			value = strconv.Itoa(n)
		}
		_, fits = value.(string)
	default:
		if check := e.scalars[name]; check != nil {
			if err := check(value); err != nil {
				return nil, &mismatch{path, err.Error()}
			}
		}
		return value, nil
	}
	if !fits {
		return nil, &mismatch{path, fmt.Sprintf("Could not coerce value %v to %s", value, name)}
	}
	return value, nil
}

// integer takes what a literal, a variable or an earlier coercion may hold.
func integer(value any) (int, bool) {
	switch n := value.(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	case json.Number:
		i, err := n.Int64()
		return int(i), err == nil
	}
	return 0, false
}

func float(value any) (float64, bool) {
	switch n := value.(type) {
	case float64:
		return n, true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	n, ok := integer(value)
	return float64(n), ok
}
