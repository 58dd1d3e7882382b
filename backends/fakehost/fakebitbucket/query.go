package fakebitbucket

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// condition says whether an object is wanted.
type condition func(obj) bool

// query reads the parameter q
// (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering):
// comparisons with = != ~ !~ > >= < <= IN and NOT IN, AND, OR and parentheses.
func query(text string) (condition, []string, error) {
	p := &queryParser{tokens: tokenPattern.FindAllString(text, -1)}
	if strings.TrimSpace(tokenPattern.ReplaceAllString(text, "")) != "" {
		return nil, nil, errQuery
	}
	c, ok := p.either()
	if !ok || len(p.tokens) > 0 {
		return nil, nil, errQuery
	}
	return c, p.fields, nil
}

// errQuery: that it is a 400 is known, the text isn't.
var errQuery = badRequest("Invalid query string")

var tokenPattern = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|!=|!~|>=|<=|[=~<>(),]|[^\s"=~<>!(),]+`)

// queryParser takes tokens from the front. Its methods say false when the text
// doesn't fit.
type queryParser struct {
	tokens []string
	fields []string // that were named
}

func (p *queryParser) next() string {
	if len(p.tokens) == 0 {
		return ""
	}
	t := p.tokens[0]
	p.tokens = p.tokens[1:]
	return t
}

// is takes the next token if it is a certain one, whatever its case.
func (p *queryParser) is(token string) bool {
	if len(p.tokens) == 0 || !strings.EqualFold(p.tokens[0], token) {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *queryParser) either() (condition, bool) {
	left, ok := p.both()
	for ok && p.is("OR") {
		a := left
		var b condition
		b, ok = p.both()
		left = func(o obj) bool { return a(o) || b(o) }
	}
	return left, ok
}

func (p *queryParser) both() (condition, bool) {
	left, ok := p.comparison()
	for ok && p.is("AND") {
		a := left
		var b condition
		b, ok = p.comparison()
		left = func(o obj) bool { return a(o) && b(o) }
	}
	return left, ok
}

var fieldName = regexp.MustCompile(`^[A-Za-z_][\w.]*$`)

func (p *queryParser) comparison() (condition, bool) {
	if p.is("(") {
		c, ok := p.either()
		return c, ok && p.is(")")
	}
	field := p.next()
	if !fieldName.MatchString(field) {
		return nil, false
	}
	p.fields = append(p.fields, field)
	negated := p.is("NOT")
	if p.is("IN") {
		values, ok := p.list()
		return func(o obj) bool {
			return slices.ContainsFunc(values, func(v any) bool { return compares(o, field, "=", v) }) != negated
		}, ok
	}
	operator := p.next()
	value, ok := p.value()
	if !ok || negated || !slices.Contains([]string{"=", "!=", "~", "!~", ">", ">=", "<", "<="}, operator) {
		return nil, false
	}
	return func(o obj) bool { return compares(o, field, operator, value) }, true
}

func (p *queryParser) list() ([]any, bool) {
	var values []any
	if !p.is("(") {
		return nil, false
	}
	for {
		v, ok := p.value()
		if !ok {
			return nil, false
		}
		values = append(values, v)
		if !p.is(",") {
			return values, p.is(")")
		}
	}
}

// value reads a text, a number, a time (as a text), true, false or null.
func (p *queryParser) value() (any, bool) {
	t := p.next()
	switch {
	case strings.HasPrefix(t, `"`):
		return unescape(t[1 : len(t)-1]), true
	case strings.EqualFold(t, "null"):
		return nil, true
	case strings.EqualFold(t, "true"), strings.EqualFold(t, "false"):
		return strings.EqualFold(t, "true"), true
	}
	if n, err := strconv.ParseFloat(t, 64); err == nil {
		return n, true
	}
	_, isTime := parseTime(t)
	return t, isTime
}

// unescape takes the backslashes before quotes and backslashes away.
func unescape(text string) string {
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(text)
}

func parseTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// compares says whether one of the values that a field has compares so. A field
// of a list's items has as many.
func compares(o obj, field, operator string, with any) bool {
	found := lookup(o, strings.Split(field, "."))
	if base, negated := strings.CutPrefix(operator, "!"); negated {
		return !slices.ContainsFunc(found, func(v any) bool { return holds(v, base, with) })
	}
	return slices.ContainsFunc(found, func(v any) bool { return holds(v, operator, with) })
}

// lookup finds the values of a field. What is null has only null below it.
func lookup(value any, path []string) []any {
	if make, isExtra := value.(extra); isExtra {
		value = make()
	}
	if len(path) == 0 {
		if list, isList := value.([]string); isList {
			all := []any{}
			for _, item := range list {
				all = append(all, item)
			}
			return all
		}
		return []any{value}
	}
	switch v := value.(type) {
	case nil:
		return []any{nil}
	case []obj:
		var all []any
		for _, item := range v {
			all = append(all, lookup(item, path)...)
		}
		return all
	case obj:
		item, known := v[path[0]]
		if !known {
			return nil
		}
		return lookup(item, path[1:])
	}
	return nil
}

func holds(value any, operator string, with any) bool {
	text, isText := value.(string)
	other, withText := with.(string)
	if operator == "~" {
		return isText && withText && strings.Contains(strings.ToLower(text), strings.ToLower(other))
	}
	order, comparable := compareValues(value, with)
	if !comparable {
		return false
	}
	switch operator {
	case "=":
		return order == 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "<":
		return order < 0
	}
	return order <= 0
}
