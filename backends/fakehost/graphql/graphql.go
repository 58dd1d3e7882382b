// Package graphql executes GraphQL requests for fake hosts: it validates every
// request against the host's own schema, and asks resolvers for the values.
//
// It follows https://spec.graphql.org/October2021 and, where that leaves room,
// GitHub (https://docs.github.com/en/graphql): the shape of errors, the paging of
// connections, the limits of a query.
package graphql

import (
	"context"
	"errors"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// Object is a value of one of the schema's object types.
type Object interface {
	// TypeName is the object type, such as "Repository".
	TypeName() string
	// Field answers a field. The value is nil, a string, a number, a bool, a
	// time.Time, an Object, a Connection or a slice of these. Of an *Error the
	// client sees message and type; ErrNoField means that the fake has no such
	// field, although the schema has.
	Field(ctx context.Context, name string, args Args) (any, error)
}

// ErrNoField is answered by an Object for a field that it does not know.
var ErrNoField = errors.New("no such field")

// Root holds the objects that queries and mutations start from.
type Root struct {
	Query, Mutation Object
}

// Request is a GraphQL request: the JSON body of a POST. Variables must have been
// decoded with json.Decoder.UseNumber.
type Request struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
}

// Response is the answer to a request, and what is known about it besides.
type Response struct {
	// Data is nil when nothing was executed, and marshals as null when a null
	// travelled up to the root.
	Data   *Data
	Errors []*Error

	// Operation is the name of the operation that was picked, or "".
	Operation string
	// Problem says what the client or the fake did wrong: a request that is not
	// valid, or a field that the fake lacks. A test should fail on it. It is nil
	// for errors that a real host answers in the course of its work.
	Problem error
	// TimedOut tells that a limit was passed at which the real host gives up. Data
	// and Errors are empty then.
	TimedOut bool
	// Cost is the points that the request takes from the rate limit, at least 1.
	Cost int

	executed bool
}

// Engine executes requests against a schema. It may be used concurrently.
type Engine struct {
	schema  *ast.Schema
	scalars map[string]func(any) error
	paging  Paging
}

// New is an engine for a schema. The scalars check the values that a client
// sends for custom scalars; those without an entry take any value.
func New(schema *ast.Schema, scalars map[string]func(any) error) *Engine {
	return &Engine{schema: schema, scalars: scalars, paging: gitHubPaging}
}

// Execute validates and executes one request.
func (e *Engine) Execute(ctx context.Context, req Request, root Root, limits Limits) *Response {
	doc, invalid := e.parse(req.Query)
	if len(invalid) > 0 {
		return rejected("", invalid...)
	}
	op, wrong := pick(doc, req.OperationName)
	if wrong != nil {
		return rejected("", wrong)
	}
	vars, invalid := e.variables(op, req.Variables)
	if len(invalid) > 0 {
		return rejected(op.Name, invalid...)
	}
	nodes, cost := e.weigh(op, vars)
	if limits.MaxNodes > 0 && nodes > limits.MaxNodes {
		return &Response{Operation: op.Name, Cost: 1, Errors: []*Error{tooManyNodes(nodes, limits.MaxNodes)}}
	}
	if limits.Costs != nil && op.Operation == ast.Query {
		score, errs := limits.Costs.check(e, op, vars)
		if errs != nil {
			return &Response{Operation: op.Name, Cost: 1, Errors: errs}
		}
		ctx = context.WithValue(ctx, complexityKey{}, [2]int{score, limits.Costs.MaxComplexity})
	}
	ctx = context.WithValue(ctx, weightKey{}, [2]int{nodes, cost})
	x := &execution{engine: e, ctx: ctx, vars: vars, limits: limits, used: map[string]int{}}
	data := x.run(op, root)
	if x.timedOut {
		return &Response{Operation: op.Name, Cost: cost, TimedOut: true}
	}
	return &Response{Operation: op.Name, Cost: cost, Data: data, Errors: x.errors, Problem: x.problem,
		executed: true}
}

// rejected is the answer to a request that is not valid.
func rejected(operation string, errs ...*Error) *Response {
	return &Response{Operation: operation, Cost: 1, Errors: errs,
		Problem: fmt.Errorf("the request is not valid: %w", errs[0])}
}

// pick finds the operation to execute.
func pick(doc *ast.QueryDocument, name string) (*ast.OperationDefinition, *Error) {
	if name == "" && len(doc.Operations) == 1 {
		return doc.Operations[0], nil
	}
	if name == "" {
		return nil, &Error{Message: "An operation name is required"}
	}
	if op := doc.Operations.ForName(name); op != nil {
		return op, nil
	}
	return nil, &Error{Message: fmt.Sprintf("No operation named %q", name)}
}
