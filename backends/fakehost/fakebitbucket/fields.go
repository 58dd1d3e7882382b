package fakebitbucket

import "strings"

// extra is a value of an object that an answer has only when it was asked for.
type extra func() any

// fields are the partial response that a request asks for
// (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#partial-response).
type fields struct {
	only, more, less *names
}

// names are the names of fields, by level. What has none below is meant whole.
type names struct {
	below map[string]*names
	all   bool // *
}

func (n *names) add(path string) *names {
	if n == nil {
		n = &names{below: map[string]*names{}}
	}
	at := n
	for name := range strings.SplitSeq(path, ".") {
		if name == "*" {
			at.all = true
			break
		}
		if at.below[name] == nil {
			at.below[name] = &names{below: map[string]*names{}}
		}
		at = at.below[name]
	}
	return n
}

// whole says whether everything is meant.
func (n *names) whole() bool { return n != nil && !n.all && len(n.below) == 0 }

func (n *names) get(name string) *names {
	if n == nil {
		return nil
	}
	return n.below[name]
}

// selection reads the parameter fields: a,b.c are all that is wanted, +a comes
// on top, -a is left out.
func selection(values []string) *fields {
	f := &fields{}
	for _, value := range values {
		for path := range strings.SplitSeq(value, ",") {
			path = strings.TrimSpace(path)
			switch {
			case path == "":
			case path[0] == '+' || path[0] == ' ': // a plus sign that wasn't escaped
				f.more = f.more.add(strings.TrimSpace(path[1:]))
			case path[0] == '-':
				f.less = f.less.add(path[1:])
			default:
				f.only = f.only.add(path)
			}
		}
	}
	return f
}

// of is what an answer has of a value.
func (f *fields) of(value any) any {
	if f.only == nil {
		return usual(value, f.more, f.less)
	}
	for name, below := range f.more.names() {
		f.only.below[name] = below
	}
	return picked(value, f.only)
}

func (n *names) names() map[string]*names {
	if n == nil {
		return nil
	}
	return n.below
}

// usual is what an object has by itself, with more and without less.
func usual(value any, more, less *names) any {
	switch v := value.(type) {
	case obj:
		out := make(obj, len(v))
		for name, item := range v {
			if make, isExtra := item.(extra); isExtra {
				if more.get(name) == nil {
					continue
				}
				item = make()
			}
			if !less.get(name).whole() {
				out[name] = usual(item, more.get(name), less.get(name))
			}
		}
		return out
	case []obj:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = usual(item, more, less)
		}
		return out
	}
	return value
}

// picked is what was named of an object.
func picked(value any, want *names) any {
	switch v := value.(type) {
	case obj:
		if want.whole() {
			return usual(value, nil, nil)
		}
		out := obj{}
		for name, item := range v {
			below := want.get(name)
			if below == nil && !want.all {
				continue
			}
			if make, isExtra := item.(extra); isExtra {
				item = make()
			}
			if below == nil {
				out[name] = usual(item, nil, nil)
				continue
			}
			out[name] = picked(item, below)
		}
		return out
	case []obj:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = picked(item, want)
		}
		return out
	}
	return value
}
