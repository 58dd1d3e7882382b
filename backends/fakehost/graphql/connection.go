package graphql

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Connection is a list that the client pages through. A resolver answers it for
// a field whose type is a connection; the engine does the paging with the field's
// arguments first, after, last and before.
type Connection struct {
	count int
	at    func(i int) any
	more  map[string]any
}

// Connect is a connection of all the items, in their order.
func Connect[T any](items []T) Connection {
	return Connection{count: len(items), at: func(i int) any { return items[i] }}
}

// With adds a field that only this connection has.
func (c Connection) With(field string, value any) Connection {
	more := map[string]any{field: value}
	for k, v := range c.more {
		more[k] = v
	}
	c.more = more
	return c
}

// maxPage is the most nodes that GitHub answers at once.
const maxPage = 100

// page is a connection with its arguments.
type page struct {
	Connection
	def   *ast.Definition
	field string
	args  Args
}

func (p *page) TypeName() string { return p.def.Name }

func (p *page) Field(_ context.Context, name string, _ Args) (any, error) {
	if name == "totalCount" {
		return p.count, nil
	}
	if value, ok := p.more[name]; ok {
		return value, nil
	}
	from, to, err := p.bounds()
	if err != nil {
		return nil, err
	}
	switch name {
	case "nodes":
		nodes := make([]any, 0, to-from)
		for i := from; i < to; i++ {
			nodes = append(nodes, p.at(i))
		}
		return nodes, nil
	case "edges":
		typ := p.def.Fields.ForName("edges").Type.Name()
		edges := make([]*edge, 0, to-from)
		for i := from; i < to; i++ {
			edges = append(edges, &edge{typ: typ, node: p.at(i), index: i})
		}
		return edges, nil
	case "pageInfo":
		return &pageInfo{from: from, to: to, count: p.count}, nil
	}
	return nil, ErrNoField
}

// bounds are the indices of the page that the arguments ask for.
func (p *page) bounds() (from, to int, err error) {
	first, hasFirst := p.args.Int("first")
	last, hasLast := p.args.Int("last")
	if !hasFirst && !hasLast {
		return 0, 0, Errorf("MISSING_PAGINATION_BOUNDARIES",
			"You must provide a `first` or `last` value to properly paginate the `%s` connection.", p.field)
	}
	for name, n := range map[string]int{"first": first, "last": last} {
		if n > maxPage {
			return 0, 0, Errorf("EXCESSIVE_PAGINATION",
				"Requesting %d records on the `%s` connection exceeds the `%s` limit of %d records.",
				n, p.field, name, maxPage)
		}
		if n < 0 {
			return 0, 0, Errorf("ARGUMENT_ERROR", "`%s` on the `%s` connection must be positive.", name, p.field)
		}
	}
	from, to = 0, p.count
	if cursor := p.args.String("after"); cursor != "" {
		if from, err = p.position(cursor); err != nil {
			return 0, 0, err
		}
		from = min(from+1, p.count)
	}
	if cursor := p.args.String("before"); cursor != "" {
		if to, err = p.position(cursor); err != nil {
			return 0, 0, err
		}
		to = max(from, min(to, p.count))
	}
	if hasFirst {
		to = min(to, from+first)
	}
	if hasLast {
		from = max(from, to-last)
	}
	return from, to, nil
}

const cursorPrefix = "cursor:v2:"

func cursorOf(index int) string {
	return base64.StdEncoding.EncodeToString([]byte(cursorPrefix + strconv.Itoa(index)))
}

func (p *page) position(cursor string) (int, error) {
	text, err := base64.StdEncoding.DecodeString(cursor)
	if digits, ok := strings.CutPrefix(string(text), cursorPrefix); ok && err == nil {
		if index, err := strconv.Atoi(digits); err == nil && index >= 0 {
			return index, nil
		}
	}
	return 0, Errorf("INVALID_CURSOR_ARGUMENTS", "`%s` does not appear to be a valid cursor.", cursor)
}

type edge struct {
	typ   string
	node  any
	index int
}

func (e *edge) TypeName() string { return e.typ }

func (e *edge) Field(_ context.Context, name string, _ Args) (any, error) {
	switch name {
	case "node":
		return e.node, nil
	case "cursor":
		return cursorOf(e.index), nil
	}
	return nil, ErrNoField
}

type pageInfo struct{ from, to, count int }

func (i *pageInfo) TypeName() string { return "PageInfo" }

func (i *pageInfo) Field(_ context.Context, name string, _ Args) (any, error) {
	switch name {
	case "hasNextPage":
		return i.to < i.count, nil
	case "hasPreviousPage":
		return i.from > 0, nil
	case "startCursor", "endCursor":
		if i.from >= i.to {
			return nil, nil
		}
		if name == "startCursor" {
			return cursorOf(i.from), nil
		}
		return cursorOf(i.to - 1), nil
	}
	return nil, ErrNoField
}

// Fields is an Object whose fields are known beforehand, for the small types of a
// schema. A value that costs something may be a func() any.
type Fields struct {
	Type   string
	Values map[string]any
}

// TypeName is the object type.
func (f Fields) TypeName() string { return f.Type }

// Field answers from Values.
func (f Fields) Field(_ context.Context, name string, _ Args) (any, error) {
	value, ok := f.Values[name]
	if !ok {
		return nil, ErrNoField
	}
	if later, ok := value.(func() any); ok {
		return later(), nil
	}
	return value, nil
}

// String helps in messages of failed tests.
func (f Fields) String() string { return fmt.Sprintf("%s%v", f.Type, f.Values) }
