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
	keys  *Cursors
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

// Cursors are those of a connection whose list may change between two pages.
type Cursors struct {
	Of   func(i int) string                   // the cursor of an item
	Next func(cursor string) (i int, ok bool) // the first item behind a cursor
}

// By gives a connection other cursors than those that count its items.
func (c Connection) By(keys Cursors) Connection {
	c.keys = &keys
	return c
}

// Paging is how a host pages through connections.
type Paging struct {
	// Optional: a connection needs neither first nor last, and a page that is too
	// long is cut. Otherwise both are errors.
	Optional bool
	MaxPage  int
	// Cursor is the cursor of an item, Index the item of a cursor.
	Cursor func(index int) string
	Index  func(cursor string) (index int, ok bool)
	// Invalid is the error for a cursor that is none.
	Invalid func(cursor string) *Error
}

// Page makes the engine page as a host does. GitHub's way is the default.
func (e *Engine) Page(p Paging) { e.paging = p }

// gitHubPaging: https://docs.github.com/en/graphql/guides/using-pagination-in-the-graphql-api
var gitHubPaging = Paging{
	MaxPage: 100,
	Cursor:  cursorOf,
	Index:   indexOf,
	Invalid: func(cursor string) *Error {
		return Errorf("INVALID_CURSOR_ARGUMENTS", "`%s` does not appear to be a valid cursor.", cursor)
	},
}

// page is a connection with its arguments.
type page struct {
	Connection
	def   *ast.Definition
	field string
	args  Args

	paging Paging
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
			edges = append(edges, &edge{typ: typ, node: p.at(i), cursor: p.cursor(i)})
		}
		return edges, nil
	case "pageInfo":
		return &pageInfo{page: p, from: from, to: to}, nil
	}
	return nil, ErrNoField
}

// size is how many items the arguments ask for from the start, and from the end.
func (p *page) size() (first, last int, hasFirst, hasLast bool, err error) {
	first, hasFirst = p.args.Int("first")
	last, hasLast = p.args.Int("last")
	if !hasFirst && !hasLast {
		if p.paging.Optional {
			return p.paging.MaxPage, 0, true, false, nil
		}
		return 0, 0, false, false, Errorf("MISSING_PAGINATION_BOUNDARIES",
			"You must provide a `first` or `last` value to properly paginate the `%s` connection.", p.field)
	}
	for name, n := range map[string]*int{"first": &first, "last": &last} {
		if *n > p.paging.MaxPage && p.paging.Optional {
			*n = p.paging.MaxPage
		}
		if *n > p.paging.MaxPage {
			return 0, 0, false, false, Errorf("EXCESSIVE_PAGINATION",
				"Requesting %d records on the `%s` connection exceeds the `%s` limit of %d records.", *n, p.field, name, p.paging.MaxPage)
		}
		if *n < 0 {
			return 0, 0, false, false, Errorf("ARGUMENT_ERROR", "`%s` on the `%s` connection must be positive.", name, p.field)
		}
	}
	return first, last, hasFirst, hasLast, nil
}

// bounds are the indices of the page that the arguments ask for.
func (p *page) bounds() (from, to int, err error) {
	first, last, hasFirst, hasLast, err := p.size()
	if err != nil {
		return 0, 0, err
	}
	from, to = 0, p.count
	if cursor := p.args.String("after"); cursor != "" {
		if from, err = p.after(cursor); err != nil {
			return 0, 0, err
		}
		from = min(from, p.count)
	}
	if cursor := p.args.String("before"); cursor != "" {
		if to, err = p.after(cursor); err != nil {
			return 0, 0, err
		}
		to = max(from, min(to-1, p.count))
	}
	if hasFirst {
		to = min(to, from+first)
	}
	if hasLast {
		from = max(from, to-last)
	}
	return from, to, nil
}

// cursor is an item's cursor.
func (p *page) cursor(i int) string {
	if p.keys != nil {
		return p.keys.Of(i)
	}
	return p.paging.Cursor(i)
}

// after is the index of the first item behind a cursor.
func (p *page) after(cursor string) (int, error) {
	if p.keys != nil {
		if next, ok := p.keys.Next(cursor); ok {
			return next, nil
		}
		return 0, p.paging.Invalid(cursor)
	}
	index, ok := p.paging.Index(cursor)
	if !ok {
		return 0, p.paging.Invalid(cursor)
	}
	return index + 1, nil
}

const cursorPrefix = "cursor:v2:"

func cursorOf(index int) string {
	return base64.StdEncoding.EncodeToString([]byte(cursorPrefix + strconv.Itoa(index)))
}

func indexOf(cursor string) (int, bool) {
	text, err := base64.StdEncoding.DecodeString(cursor)
	digits, ok := strings.CutPrefix(string(text), cursorPrefix)
	index, wrong := strconv.Atoi(digits)
	return index, ok && err == nil && wrong == nil && index >= 0
}

type edge struct {
	typ    string
	node   any
	cursor string
}

func (e *edge) TypeName() string { return e.typ }

func (e *edge) Field(_ context.Context, name string, _ Args) (any, error) {
	switch name {
	case "node":
		return e.node, nil
	case "cursor":
		return e.cursor, nil
	}
	return nil, ErrNoField
}

type pageInfo struct {
	page     *page
	from, to int
}

func (i *pageInfo) TypeName() string { return "PageInfo" }

func (i *pageInfo) Field(_ context.Context, name string, _ Args) (any, error) {
	switch name {
	case "hasNextPage":
		return i.to < i.page.count, nil
	case "hasPreviousPage":
		return i.from > 0, nil
	case "startCursor", "endCursor":
		if i.from >= i.to {
			return nil, nil
		}
		if name == "startCursor" {
			return i.page.cursor(i.from), nil
		}
		return i.page.cursor(i.to - 1), nil
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
