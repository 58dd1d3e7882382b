package graphql

import (
	"context"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// Costs refuse requests that are too complex or too deep, as graphql-ruby does
// (https://graphql-ruby.org/queries/complexity_and_depth.html). Fields that are
// asked for under the same key count once.
type Costs struct {
	// Field is the complexity of a field whose selections come to child.
	Field                   func(typ, field string, args Args, child int) int
	MaxComplexity, MaxDepth int
}

type complexityKey struct{}

// Complexity tells, in a resolver, how complex the request is and how complex
// it may be.
func Complexity(ctx context.Context) (score, limit int) {
	c, _ := ctx.Value(complexityKey{}).([2]int)
	return c[0], c[1]
}

// check measures an operation, and lists what is too much about it.
func (c *Costs) check(e *Engine, op *ast.OperationDefinition, vars map[string]any) (score int, errs []*Error) {
	m := &measure{costs: c, collector: &execution{engine: e, vars: vars}}
	score, depth := m.set(e.schema.Query.Name, []ast.SelectionSet{op.SelectionSet})
	if depth > c.MaxDepth {
		errs = append(errs, &Error{Message: fmt.Sprintf("Query has depth of %d, which exceeds max depth of %d", depth, c.MaxDepth)})
	}
	if score > c.MaxComplexity {
		errs = append(errs, &Error{Message: fmt.Sprintf("Query has complexity of %d, which exceeds max complexity of %d", score, c.MaxComplexity)})
	}
	return score, errs
}

type measure struct {
	costs     *Costs
	collector *execution // which knows fragments and directives
}

// set measures what is selected of one type.
func (m *measure) set(typ string, sets []ast.SelectionSet) (score, depth int) {
	for _, f := range m.collector.collect(typ, sets, nil) {
		s, d := m.field(typ, f)
		score, depth = score+s, max(depth, d)
	}
	return score, depth
}

func (m *measure) field(typ string, f *field) (score, depth int) {
	if f.Definition == nil { // __typename
		return 1, 1
	}
	child, below := m.set(f.Definition.Type.Name(), f.sets)
	args, err := m.collector.engine.arguments(f.Field, m.collector.vars)
	if err != nil { // which the execution will report
		return child, below + 1
	}
	return m.costs.Field(typ, f.Name, args, child), below + 1
}
