package graphql

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// execution is the state of one operation. It is used by one goroutine: fields
// that a client asks for beside each other are resolved one by one, mutations in
// their order.
type execution struct {
	engine *Engine
	ctx    context.Context
	vars   map[string]any
	limits Limits

	errors   []*Error
	problem  error
	timedOut bool
	used     map[string]int // how often each limited field was resolved
}

func (x *execution) run(op *ast.OperationDefinition, root Root) *Data {
	object, def := root.Query, x.engine.schema.Query
	if op.Operation == ast.Mutation {
		object, def = root.Mutation, x.engine.schema.Mutation
	}
	if object == nil || def == nil {
		x.fail(nil, op.Position, fmt.Errorf("the fake has no %s", op.Operation))
		return nil
	}
	data, _ := x.object(def, object, []ast.SelectionSet{op.SelectionSet}, nil)
	return data
}

// field is what a query asks for under one key of the answer.
type field struct {
	*ast.Field
	sets []ast.SelectionSet // of every mention of the field
}

// object executes the selections on an object. Its answer is not ok when a field
// that may not be null is: then the object is null itself.
func (x *execution) object(def *ast.Definition, o Object, sets []ast.SelectionSet, path []any) (data *Data, ok bool) {
	data = &Data{}
	for _, f := range x.collect(def.Name, sets, nil) {
		value, ok := x.field(def, o, f, append(path[:len(path):len(path)], f.Alias))
		if !ok || x.timedOut {
			return nil, false
		}
		data.set(f.Alias, value)
	}
	return data, true
}

// collect lists the fields that apply to a type, fragments resolved.
func (x *execution) collect(typ string, sets []ast.SelectionSet, into []*field) []*field {
	for _, set := range sets {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				if x.included(s.Directives) {
					into = merge(into, s)
				}
			case *ast.InlineFragment:
				applies := s.TypeCondition == "" || x.engine.isType(typ, s.TypeCondition)
				if applies && x.included(s.Directives) {
					into = x.collect(typ, []ast.SelectionSet{s.SelectionSet}, into)
				}
			case *ast.FragmentSpread:
				if x.engine.isType(typ, s.Definition.TypeCondition) && x.included(s.Directives) {
					into = x.collect(typ, []ast.SelectionSet{s.Definition.SelectionSet}, into)
				}
			}
		}
	}
	return into
}

// merge adds a field, or its selections to a field that has the same key.
func merge(fields []*field, f *ast.Field) []*field {
	i := slices.IndexFunc(fields, func(old *field) bool { return old.Alias == f.Alias })
	if i < 0 {
		return append(fields, &field{f, []ast.SelectionSet{f.SelectionSet}})
	}
	fields[i].sets = append(fields[i].sets, f.SelectionSet)
	return fields
}

// included evaluates @skip and @include.
func (x *execution) included(directives ast.DirectiveList) bool {
	for name, wanted := range map[string]bool{"include": true, "skip": false} {
		if d := directives.ForName(name); d != nil && d.ArgumentMap(x.vars)["if"] != wanted {
			return false
		}
	}
	return true
}

// field resolves one field of an object and completes its value.
func (x *execution) field(def *ast.Definition, o Object, f *field, path []any) (value any, ok bool) {
	if f.Name == "__typename" {
		return def.Name, true
	}
	if !x.spend(def.Name+"."+f.Name, f, path) {
		return nil, !f.Definition.Type.NonNull
	}
	args, err := x.engine.arguments(f.Field, x.vars)
	if err == nil {
		value, err = o.Field(x.ctx, f.Name, args)
	}
	if errors.Is(err, ErrNoField) {
		err = fmt.Errorf("the fake has no %s.%s", def.Name, f.Name)
	}
	if err != nil {
		x.fail(path, f.Position, err)
		return nil, !f.Definition.Type.NonNull
	}
	if c, is := value.(Connection); is {
		value = &page{def: x.engine.schema.Types[f.Definition.Type.Name()], field: f.Name, Connection: c, args: args, paging: x.engine.paging}
	}
	return x.complete(f.Definition.Type, f, value, path)
}

// fail notes an error. One that isn't an *Error is the fake's own.
func (x *execution) fail(path []any, at *ast.Position, err error) {
	var known *Error
	if !errors.As(err, &known) {
		known = &Error{Type: "INTERNAL", Message: err.Error()}
		if x.problem == nil {
			x.problem = err
		}
	}
	noted := *known
	noted.Path, noted.Locations = path, locate(at)
	x.errors = append(x.errors, &noted)
}
