package graphql

import (
	"context"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// Limits bound what one request may ask for.
// https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
type Limits struct {
	// MaxNodes bounds the nodes that the request's connections may have in all, as
	// their first and last say; 0 for no limit. GitHub's is 500,000.
	MaxNodes int
	// Fields bounds how often a field, such as "Blob.text", is resolved in one
	// request. GitHub has no such numbers: it gives up after 10 seconds, and what it
	// manages within them varies.
	Fields map[string]int
	// Partial answers the fields that are over the limit with null and an error of
	// type RESOURCE_LIMITS_EXCEEDED. Otherwise the whole request times out.
	Partial bool
	// Costs bound the complexity of a query; nil for no limit.
	Costs *Costs
}

func tooManyNodes(nodes, most int) *Error {
	return Errorf("MAX_NODE_LIMIT_EXCEEDED",
		"This query requests up to %s possible nodes which exceeds the maximum limit of %s.", thousands(nodes), thousands(most))
}

// thousands writes 500000 as 500,000.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// spend counts the use of a field; false when it is over its limit.
func (x *execution) spend(name string, f *field, path []any) bool {
	most, limited := x.limits.Fields[name]
	if !limited {
		return true
	}
	x.used[name]++
	if x.used[name] <= most {
		return true
	}
	if x.limits.Partial {
		x.fail(path, f.Position, Errorf("RESOURCE_LIMITS_EXCEEDED", "Resource limits for this query exceeded."))
	} else {
		x.timedOut = true
	}
	return false
}

// weigh counts the nodes that an operation may touch, and what it costs: a point
// for each 100 requests that its connections take.
func (e *Engine) weigh(op *ast.OperationDefinition, vars map[string]any) (nodes, cost int) {
	w := &weight{engine: e, vars: vars}
	w.add(op.SelectionSet, 1)
	return w.nodes, max(1, (w.requests+50)/100)
}

type weightKey struct{}

// Weight tells, in a resolver, how many nodes the request may touch and how many
// points it costs.
func Weight(ctx context.Context) (nodes, cost int) {
	w, _ := ctx.Value(weightKey{}).([2]int)
	return w[0], w[1]
}

type weight struct {
	engine          *Engine
	vars            map[string]any
	nodes, requests int
}

// add weighs selections that are made on a number of parents.
func (w *weight) add(set ast.SelectionSet, parents int) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			w.add(s.SelectionSet, w.field(s, parents))
		case *ast.InlineFragment:
			w.add(s.SelectionSet, parents)
		case *ast.FragmentSpread:
			w.add(s.Definition.SelectionSet, parents)
		}
	}
}

// field weighs one field, and tells how many parents its selections have.
func (w *weight) field(f *ast.Field, parents int) int {
	if f.Arguments.ForName("first") == nil && f.Arguments.ForName("last") == nil {
		return parents
	}
	args, err := w.engine.arguments(f, w.vars)
	if err != nil {
		return parents
	}
	n, ok := args.Int("first")
	if !ok {
		n, ok = args.Int("last")
	}
	if !ok {
		return parents
	}
	w.requests += parents
	w.nodes += parents * n
	return parents * n
}
