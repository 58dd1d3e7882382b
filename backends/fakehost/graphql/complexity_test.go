package graphql

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// weighed is a Query that tells how complex the request is.
type weighed struct{ testQuery }

func (w weighed) Field(ctx context.Context, name string, args Args) (any, error) {
	if name == "oid" {
		score, limit := Complexity(ctx)
		return fmt.Sprint(score, " of ", limit), nil
	}
	return w.testQuery.Field(ctx, name, args)
}

// byName costs ten for items, and one for all else.
func byName(_, field string, args Args, child int) int {
	if n, given := args.Int("first"); given && field == "items" {
		return 10 + n*child
	}
	return 1 + child
}

func weigh(t *testing.T, query string, complexity, depth int) string {
	t.Helper()
	r := testEngine(t).Execute(t.Context(), Request{Query: query}, Root{Query: weighed{}},
		Limits{Costs: &Costs{Field: byName, MaxComplexity: complexity, MaxDepth: depth}})
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestExecute_Complexity(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, query       string
		complexity, depth int
		want              string
	}{
		{"told", `{ oid(oid: "abcd") }`, 2, 1, `{"data":{"oid":"1 of 2"}}`},
		{"enough", `{ shop(name: "s") { id name } }`, 3, 2, `"id":"s"`},
		{"too complex", `{ shop(name: "s") { id name } }`, 2, 2, `{"errors":[{"message":"Query has complexity of 3, which exceeds max complexity of 2"}]}`},
		{"too deep", `{ shop(name: "s") { id } }`, 9, 1, `{"errors":[{"message":"Query has depth of 2, which exceeds max depth of 1"}]}`},
		{"with arguments", `{ shop(name: "s") { items(first: 3) { totalCount } } }`, 1, 9, `complexity of 14,`},
		{"the same key twice", `{ shop(name: "s") { id } shop(name: "s") { id name ...f } } fragment f on Shop { name }`, 1, 9, `complexity of 3,`},
		{"two keys", `{ a: shop(name: "s") { id } b: shop(name: "s") { id } }`, 1, 9, `complexity of 4,`},
		{"left out", `{ shop(name: "s") { id name @include(if: false) } }`, 1, 9, `complexity of 2,`},
	} {
		if got := weigh(t, c.query, c.complexity, c.depth); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestPage_OtherPaging(t *testing.T) {
	t.Parallel()
	e := testEngine(t)
	e.Page(Paging{Optional: true, MaxPage: 2,
		Cursor:  func(i int) string { return strings.Repeat("x", i+1) },
		Index:   func(cursor string) (int, bool) { return len(cursor) - 1, strings.Trim(cursor, "x") == "" },
		Invalid: func(cursor string) *Error { return Errorf("", "no cursor: %s", cursor) },
	})
	for args, want := range map[string]string{
		``:                         `"startCursor":"x","endCursor":"xx","hasNextPage":true,"hasPreviousPage":false`,
		`(first: 9)`:               `"endCursor":"xx","hasNextPage":true`,
		`(after: "xx")`:            `"startCursor":"xxx"`,
		`(last: 1)`:                `"hasNextPage":false,"hasPreviousPage":true`,
		`(first: 2, before: "xx")`: `"startCursor":"x","endCursor":"x"`,
		`(after: "y")`:             `no cursor: y`,
	} {
		query := `{ shop(name: "s") { items` + args + ` { pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } } }`
		text, err := json.Marshal(e.Execute(t.Context(), Request{Query: query}, Root{Query: testQuery{}}, Limits{}))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %s, %v, want %s", args, text, err, want)
		}
	}
}

func TestConnection_By(t *testing.T) {
	t.Parallel()
	items := []string{"b", "d"}
	c := Connect(items).By(Cursors{
		Of: func(i int) string { return items[i] },
		Next: func(cursor string) (int, bool) {
			for i, item := range items {
				if item > cursor {
					return i, cursor != "?"
				}
			}
			return len(items), true
		},
	})
	for after, want := range map[string][2]int{"a": {0, 2}, "b": {1, 2}, "c": {1, 2}, "d": {2, 2}} {
		p := &page{Connection: c, args: Args{"first": 9, "after": after}, paging: gitHubPaging}
		if from, to, err := p.bounds(); err != nil || from != want[0] || to != want[1] {
			t.Errorf("after %s: %d to %d, %v", after, from, to, err)
		}
	}
	p := &page{Connection: c, args: Args{"first": 9, "after": "?"}, paging: gitHubPaging}
	if _, _, err := p.bounds(); err == nil {
		t.Error("a wrong cursor is taken")
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	e := testEngine(t)
	for query, good := range map[string]bool{`{ shop(name: "s") { id } }`: true, `{ shop { id } }`: false, `{`: false} {
		if err := e.Validate(query); (err == nil) != good {
			t.Errorf("%s: %v", query, err)
		}
	}
}
