package graphql

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const sdl = `
schema { query: Query mutation: Mutation }
scalar Oid
enum State { OPEN CLOSED }
interface Node { id: ID! }
type Query {
  shop(name: String!, state: State = OPEN): Shop
  echo(input: EchoInput!): String
  nodes(ids: [ID!]!): [Node]!
  oid(oid: Oid!): Oid
  broken: Int!
  missing: String
}
input EchoInput { text: String!, times: Int = 2, tags: [String!] = [] }
type Shop implements Node { id: ID! name: String! state: State! items(first: Int, last: Int, after: String, before: String): ItemConnection! strict: Strict nothing: String! }
type Strict { must: String! other: String }
type Item implements Node { id: ID! price: Float! shop: Shop! }
type ItemConnection { nodes: [Item] edges: [ItemEdge] pageInfo: PageInfo! totalCount: Int! }
type ItemEdge { node: Item cursor: String! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type Mutation { add(n: Int!): Int }
`

type testQuery struct{}

func (testQuery) TypeName() string { return "Query" }

func (testQuery) Field(_ context.Context, name string, args Args) (any, error) {
	switch name {
	case "shop":
		if args.String("name") == "none" {
			return nil, Errorf("NOT_FOUND", "no shop %q", args.String("name"))
		}
		return shop{args.String("name"), args.String("state")}, nil
	case "echo":
		in := args.Object("input")
		times, _ := in.Int("times")
		return strings.Repeat(in.String("text"), times) + strings.Join(in.Strings("tags"), ","), nil
	case "nodes":
		out := []any{}
		for _, id := range args.Strings("ids") {
			if id == "shop" {
				out = append(out, shop{"s", "OPEN"})
			} else {
				out = append(out, item(len(id)))
			}
		}
		return append(out, nil), nil
	case "oid":
		return args.String("oid"), nil
	case "broken":
		return nil, errors.New("broken")
	}
	return nil, ErrNoField
}

type shop struct{ name, state string }

func (shop) TypeName() string { return "Shop" }

func (s shop) Field(_ context.Context, name string, _ Args) (any, error) {
	switch name {
	case "id", "name":
		return s.name, nil
	case "state":
		return s.state, nil
	case "items":
		return Connect([]item{0, 1, 2, 3, 4}), nil
	case "strict":
		return Fields{"Strict", map[string]any{"must": nil, "other": "x"}}, nil
	case "nothing":
		return nil, Errorf("FORBIDDEN", "not for you")
	}
	return nil, ErrNoField
}

type item int

func (item) TypeName() string { return "Item" }

func (i item) Field(_ context.Context, name string, _ Args) (any, error) {
	switch name {
	case "id":
		return strconv.Itoa(int(i)), nil
	case "price":
		return float64(i) / 2, nil
	case "shop":
		return shop{"of" + strconv.Itoa(int(i)), "CLOSED"}, nil
	}
	return nil, ErrNoField
}

type adder struct{ sum int }

func (*adder) TypeName() string { return "Mutation" }

func (a *adder) Field(_ context.Context, _ string, args Args) (any, error) {
	n, _ := args.Int("n")
	a.sum = a.sum*10 + n
	return a.sum, nil
}

func testEngine(t *testing.T) *Engine {
	t.Helper()
	file := filepath.Join(t.TempDir(), "schema.graphql")
	if err := os.WriteFile(file, []byte(sdl), 0o600); err != nil {
		t.Fatal(err)
	}
	schema, err := LoadSchema(file)
	if err != nil {
		t.Fatal(err)
	}
	return New(schema, map[string]func(any) error{"Oid": func(v any) error {
		if s, _ := v.(string); len(s) != 4 {
			return errors.New("is not an oid")
		}
		return nil
	}})
}

// ask executes a query and returns the body of the answer.
func ask(t *testing.T, limits Limits, query, variables string) (string, *Response) {
	t.Helper()
	req := Request{Query: query}
	if variables != "" {
		decoder := json.NewDecoder(strings.NewReader(variables))
		decoder.UseNumber()
		if err := decoder.Decode(&req.Variables); err != nil {
			t.Fatal(err)
		}
	}
	response := testEngine(t).Execute(t.Context(), req, Root{testQuery{}, &adder{}}, limits)
	body, err := json.Marshal(response)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), response
}

func TestExecute_Answers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ query, variables, want string }{
		"order and aliases": {query: `{ b: shop(name: "x") { name } a: shop(name: "y") { id __typename } }`,
			want: `{"data":{"b":{"name":"x"},"a":{"id":"y","__typename":"Shop"}}}`},
		"fragments on an interface": {
			query:     `query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ...I ... on Shop { name } } } fragment I on Item { price }`,
			variables: `{"ids": ["shop", "abc"]}`,
			want:      `{"data":{"nodes":[{"__typename":"Shop","id":"s","name":"s"},{"__typename":"Item","id":"3","price":1.5},null]}}`},
		"fields are merged": {query: `{ shop(name: "x") { name } ...Q } fragment Q on Query { shop(name: "x") { id name } }`,
			want: `{"data":{"shop":{"name":"x","id":"x"}}}`},
		"defaults of arguments and variables": {query: `query($s: State = CLOSED) { a: shop(name: "x") { state } b: shop(name: "x", state: $s) { state } }`,
			want: `{"data":{"a":{"state":"OPEN"},"b":{"state":"CLOSED"}}}`},
		"defaults of input objects": {query: `query($i: EchoInput!) { echo(input: $i) }`, variables: `{"i": {"text": "ab"}}`,
			want: `{"data":{"echo":"abab"}}`},
		"variables inside literals": {query: `query($t: String!) { echo(input: {text: $t, times: 1, tags: "one"}) }`, variables: `{"t": "ab"}`,
			want: `{"data":{"echo":"abone"}}`},
		"skip and include": {query: `query($no: Boolean = false) { shop(name: "x") { id @skip(if: true) name @include(if: true) state @include(if: $no) } }`,
			want: `{"data":{"shop":{"name":"x"}}}`},
		"mutations in their order": {query: `mutation { a: add(n: 1) b: add(n: 2) c: add(n: 3) }`,
			want: `{"data":{"a":1,"b":12,"c":123}}`},
		"an error of a resolver": {query: "{\n  shop(name: \"none\") { id } echo(input: {text: \"a\"}) }",
			want: `{"data":{"shop":null,"echo":"aa"},"errors":[{"type":"NOT_FOUND","path":["shop"],"locations":[{"line":2,"column":3}],"message":"no shop \"none\""}]}`},
		"null travels up to what may be null": {query: `{ shop(name: "x") { nothing } }`,
			want: `{"data":{"shop":null},"errors":[{"type":"FORBIDDEN","path":["shop","nothing"],"locations":[{"line":1,"column":21}],"message":"not for you"}]}`},
		"custom scalar": {query: `{ oid(oid: "abcd") }`, want: `{"data":{"oid":"abcd"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, response := ask(t, Limits{}, c.query, c.variables)
			if got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.query, got, c.want)
			}
			if response.Problem != nil {
				t.Errorf("problem: %v", response.Problem)
			}
		})
	}
}

func TestExecute_Problems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ query, variables, want string }{
		"empty":            {"", "", `A query attribute must be specified`},
		"syntax":           {"{ shop(", "", `"locations":[{"line":1,"column":8}]`},
		"unknown field":    {"{ shap }", "", `"code":"undefinedField"`},
		"unknown argument": {`{ shop(name: "x", nome: "y") { id } }`, "", `"code":"argumentNotAccepted"`},
		"missing argument": {`{ shop { id } }`, "", `"code":"missingRequiredArguments"`},
		"wrong literal":    {`{ shop(name: 1) { id } }`, "", `"code":"argumentLiteralsIncompatible"`},
		"unused variable":  {`query($a: Int) { shop(name: "x") { id } }`, "", `"code":"variableNotUsed"`},
		"null for a variable": {`query($n: String!) { shop(name: $n) { id } }`, `{"n": null}`,
			`Variable $n of type String! was provided invalid value`},
		"absent variable":     {`query($n: String!) { shop(name: $n) { id } }`, `{}`, `Expected value to not be null`},
		"number for a string": {`query($n: String!) { shop(name: $n) { id } }`, `{"n": 1}`, `Could not coerce value 1 to String`},
		"lower case enum":     {`query($s: State) { shop(name: "x", state: $s) { id } }`, `{"s": "open"}`, `to be one of: OPEN, CLOSED`},
		"unknown input field": {`query($i: EchoInput!) { echo(input: $i) }`, `{"i": {"text": "a", "size": 1}}`, `Field is not defined on EchoInput`},
		"missing input field": {`query($i: EchoInput!) { echo(input: $i) }`, `{"i": {}}`,
			`of type EchoInput! was provided invalid value for text (Expected value to not be null)`},
		"bad scalar":                  {`query($o: Oid!) { oid(oid: $o) }`, `{"o": "abc"}`, `is not an oid`},
		"two operations":              {`query A { missing } query B { missing }`, "", `An operation name is required`},
		"a field that the fake lacks": {`{ missing }`, "", `{"data":{"missing":null},"errors":[{"type":"INTERNAL","path":["missing"]`},
		"null up to the root":         {`{ broken }`, "", `{"data":null,"errors":[`},
		"null where none may be":      {`{ shop(name: "x") { id strict { other must } } }`, "", `{"data":{"shop":{"id":"x","strict":null}},"errors":[`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, response := ask(t, Limits{}, c.query, c.variables)
			if !strings.Contains(got, c.want) {
				t.Errorf("%s\n got %s\nwant %s", c.query, got, c.want)
			}
			if response.Problem == nil {
				t.Error("no problem was noted")
			}
		})
	}
}

func TestExecute_NamedOperation(t *testing.T) {
	t.Parallel()
	req := Request{Query: `query A { a: echo(input: {text: "a"}) } query B { b: echo(input: {text: "b"}) }`, OperationName: "B"}
	response := testEngine(t).Execute(t.Context(), req, Root{testQuery{}, &adder{}}, Limits{})
	if body, _ := json.Marshal(response); string(body) != `{"data":{"b":"bb"}}` || response.Operation != "B" {
		t.Errorf("%s of operation %q", body, response.Operation)
	}
}

func TestLoadSchema_Errors(t *testing.T) {
	t.Parallel()
	if _, err := LoadSchema(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	file := filepath.Join(t.TempDir(), "bad")
	if err := os.WriteFile(file, []byte("type {"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadSchema(file); err == nil || !strings.Contains(err.Error(), "is not a GraphQL schema") {
		t.Errorf("a broken file: %v", err)
	}
}
