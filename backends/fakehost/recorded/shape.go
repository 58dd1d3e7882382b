package recorded

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Shape has the types of all values of JSON texts, by path: .commits[].id. The
// elements of a list share one path. The types are Go's, of what package json makes.
type Shape map[string][]string

const (
	null   = "<nil>"
	object = "map[string]interface {}"
)

// ShapeOf is what bodies have together. A body that is no object and no list has none.
func ShapeOf[Text ~string | ~[]byte](t *testing.T, bodies ...Text) Shape {
	t.Helper()
	s := Shape{}
	for _, body := range bodies {
		if len(body) == 0 || body[0] != '{' && body[0] != '[' {
			continue
		}
		var value any
		if err := json.Unmarshal([]byte(body), &value); err != nil {
			t.Fatalf("%v: %s", err, body)
		}
		s.add("", value)
	}
	return s
}

// ShapeOfAnswers is what the answers of calls have together.
func ShapeOfAnswers(t *testing.T, calls []Call) Shape {
	t.Helper()
	bodies := make([]Content, len(calls))
	for i, c := range calls {
		bodies[i] = c.Response
	}
	return ShapeOf(t, bodies...)
}

func (s Shape) add(path string, value any) {
	if typ := fmt.Sprintf("%T", value); !slices.Contains(s[path], typ) {
		s[path] = append(s[path], typ)
	}
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			s.add(path+"."+key, item)
		}
	case []any:
		for _, item := range v {
			s.add(path+"[]", item)
		}
	}
}

// Without is the shape but for some paths.
func (s Shape) Without(drop func(path string) bool) Shape {
	rest := maps.Clone(s)
	maps.DeleteFunc(rest, func(path string, _ []string) bool { return drop(path) })
	return rest
}

// Within demands of each path that the host has it, with the same types. What isn't
// set may be null.
func (s Shape) Within(t *testing.T, host Shape) {
	t.Helper()
	if len(s) == 0 && len(host) > 0 {
		t.Error("the fake answers no JSON")
	}
	for _, path := range slices.Sorted(maps.Keys(s)) {
		if host[path] == nil {
			t.Errorf("the real host has no %s", path)
			continue
		}
		for _, typ := range s[path] {
			if typ != null && !slices.Contains(host[path], typ) {
				t.Errorf("%s is a %s, the real host's is a %v", path, typ, host[path])
			}
		}
	}
}

// Compare demands that a fake's shape and the host's have the same paths, with the
// same types, where both have the object that they are of. newer are paths that only
// the fake has, and left are paths that only the host has; see Among. What the host's
// never set may be of any type.
func (s Shape) Compare(t *testing.T, host Shape, newer, left []string) {
	t.Helper()
	s.Without(func(path string) bool {
		return host[path] == nil && Among(path, newer) || slices.Equal(host[path], []string{null})
	}).Within(t, host)
	for path := range host {
		parent := path[:max(strings.LastIndexByte(path, '.'), 0)]
		if s[path] == nil && slices.Contains(s[parent], object) && !Among(path, left) {
			t.Errorf("the fake has no %s", path)
		}
	}
}

// Among says whether a path is in a list, or begins with one there that ends with *.
func Among(path string, list []string) bool {
	return slices.ContainsFunc(list, func(d string) bool {
		prefix, open := strings.CutSuffix(d, "*")
		return path == d || open && strings.HasPrefix(path, prefix)
	})
}
