package fakegitea

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// described is what Gitea's API description says of answers.
type described struct {
	Paths map[string]map[string]struct {
		Responses map[string]map[string]any
	}
	Definitions map[string]map[string]any
	Responses   map[string]map[string]any

	patterns []pattern
}

// pattern finds the path that a request is of.
type pattern struct {
	path    string
	whole   *regexp.Regexp
	literal int // how much of the path is literal
}

// TestAnswers_FitTheDescription compares what the scenarios are answered with
// Gitea's description: every field has to be in it, and to be of its type, if
// it isn't null. (Which fields may be null it doesn't say.)
func TestAnswers_FitTheDescription(t *testing.T) {
	t.Parallel()
	file, err := besideModule(descriptionFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no %s beside the module", descriptionFile)
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var d described
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	d.compile()
	checked := 0
	for name, steps := range scenarios {
		p := fakePlace(t, Options{})
		for _, s := range steps {
			r := p.do(s)
			schema := d.answer(s, r.status)
			var v any
			if schema == nil || json.Unmarshal([]byte(r.body), &v) != nil {
				continue
			}
			if list, is := v.([]any); is && strings.HasPrefix(s.path, "/contents/") {
				v = list[0] // a folder, which the description forgot
			}
			checked++
			if problems := d.compare("", schema, v); len(problems) > 0 {
				t.Errorf("%s: %s %s: %s", name, s.method, s.path, strings.Join(problems, "; "))
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d answers were compared", checked)
	}
}

var (
	braces    = regexp.MustCompile(`\{\w+\}`)
	parameter = regexp.MustCompile(`\\\{\w+\\\}`) // in a quoted pattern
)

func (d *described) compile() {
	for path := range d.Paths {
		if strings.Contains(path, "}.{") {
			continue // a form of a file: names with a dot look the same
		}
		whole := "^" + parameter.ReplaceAllString(regexp.QuoteMeta(path), "[^/]+") + "$"
		d.patterns = append(d.patterns, pattern{path, regexp.MustCompile(whole), len(braces.ReplaceAllString(path, ""))})
	}
}

// answer is the schema of an answer, nil when there is none.
func (d *described) answer(s step, status int) map[string]any {
	path, _, _ := strings.Cut(s.path, "?")
	path = placeholder.ReplaceAllString(path, "x")
	if plain, ok := strings.CutPrefix(path, "//"); ok {
		path = "/" + plain
	} else {
		path = "/repos/owner/repo" + path
	}
	best := pattern{}
	for _, p := range d.patterns {
		if p.literal > best.literal && p.whole.MatchString(path) {
			best = p
		}
	}
	response := d.Paths[best.path][strings.ToLower(s.method)].Responses[fmt.Sprint(status)]
	if ref, ok := response["$ref"].(string); ok {
		response = d.Responses[strings.TrimPrefix(ref, "#/responses/")]
	}
	schema, _ := response["schema"].(map[string]any)
	return schema
}

// compare lists what of a value isn't in its schema.
func (d *described) compare(at string, schema map[string]any, v any) []string {
	if ref, ok := schema["$ref"].(string); ok {
		schema = d.Definitions[strings.TrimPrefix(ref, "#/definitions/")]
	}
	types := map[string]func(any) bool{
		"object":  func(v any) bool { _, ok := v.(map[string]any); return ok },
		"array":   func(v any) bool { _, ok := v.([]any); return ok },
		"string":  func(v any) bool { _, ok := v.(string); return ok },
		"boolean": func(v any) bool { _, ok := v.(bool); return ok },
		"integer": func(v any) bool { n, ok := v.(float64); return ok && n == float64(int64(n)) },
	}
	kind, _ := schema["type"].(string)
	if is := types[kind]; v != nil && is != nil && !is(v) {
		return []string{fmt.Sprintf("%s is no %s", at, kind)}
	}
	var problems []string
	switch v := v.(type) {
	case []any:
		items, _ := schema["items"].(map[string]any)
		for i, item := range v {
			problems = append(problems, d.compare(fmt.Sprintf("%s/%d", at, i), items, item)...)
		}
	case map[string]any:
		properties, _ := schema["properties"].(map[string]any)
		for key, value := range v {
			property, known := properties[key].(map[string]any)
			if !known && properties != nil && !slices.Contains(undescribed, key) {
				problems = append(problems, at+"/"+key+" isn't described")
				continue
			}
			problems = append(problems, d.compare(at+"/"+key, property, value)...)
		}
	}
	return problems
}

// undescribed are fields that real servers answer all the same.
var undescribed = []string{"username"}
