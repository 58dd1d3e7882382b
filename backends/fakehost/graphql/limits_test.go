package graphql

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

func TestExecute_Connections(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ args, want string }{
		"first":         {`first: 2`, `{"nodes":[{"id":"0"},{"id":"1"}],"pageInfo":{"hasNextPage":true,"hasPreviousPage":false},"totalCount":5}`},
		"after":         {`first: 9, after: "` + cursorOf(2) + `"`, `{"nodes":[{"id":"3"},{"id":"4"}],"pageInfo":{"hasNextPage":false,"hasPreviousPage":true},"totalCount":5}`},
		"last":          {`last: 2`, `{"nodes":[{"id":"3"},{"id":"4"}],"pageInfo":{"hasNextPage":false,"hasPreviousPage":true},"totalCount":5}`},
		"before":        {`last: 1, before: "` + cursorOf(2) + `"`, `{"nodes":[{"id":"1"}],"pageInfo":{"hasNextPage":true,"hasPreviousPage":true},"totalCount":5}`},
		"after the end": {`first: 1, after: "` + cursorOf(9) + `"`, `{"nodes":[],"pageInfo":{"hasNextPage":false,"hasPreviousPage":true},"totalCount":5}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := ask(t, Limits{}, `{ shop(name: "x") { items(`+c.args+`) { nodes { id } pageInfo { hasNextPage hasPreviousPage } totalCount } } }`, "")
			if want := `{"data":{"shop":{"items":` + c.want + `}}}`; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestExecute_ConnectionErrors(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		``:                          "MISSING_PAGINATION_BOUNDARIES",
		`(first: 101)`:              "EXCESSIVE_PAGINATION",
		`(last: -1)`:                "ARGUMENT_ERROR",
		`(first: 1, after: "what")`: "INVALID_CURSOR_ARGUMENTS",
	} {
		got, _ := ask(t, Limits{}, `{ shop(name: "x") { items`+args+` { nodes { id } } } }`, "")
		if !strings.Contains(got, `"type":"`+want+`"`) {
			t.Errorf("items%s: %s", args, got)
		}
	}
	if got, _ := ask(t, Limits{}, `{ shop(name: "x") { items { totalCount } } }`, ""); got != `{"data":{"shop":{"items":{"totalCount":5}}}}` {
		t.Errorf("a count needs no page: %s", got)
	}
}

func TestExecute_CursorsOfEdgesPage(t *testing.T) {
	t.Parallel()
	const query = `query($after: String) { shop(name: "x") { items(first: 2, after: $after) { edges { cursor node { id } } pageInfo { endCursor hasNextPage } } } }`
	var ids []string
	after := "null"
	for range 4 {
		body, _ := ask(t, Limits{}, query, `{"after": `+after+`}`)
		var answer struct {
			Data struct {
				Shop struct {
					Items struct {
						Edges []struct {
							Cursor string
							Node   struct{ ID string }
						}
						PageInfo struct {
							EndCursor   string
							HasNextPage bool
						}
					}
				}
			}
		}
		if err := json.Unmarshal([]byte(body), &answer); err != nil {
			t.Fatal(err)
		}
		items := answer.Data.Shop.Items
		for _, e := range items.Edges {
			ids = append(ids, e.Node.ID)
		}
		if last := items.Edges[len(items.Edges)-1].Cursor; last != items.PageInfo.EndCursor {
			t.Fatalf("the last cursor is %q, endCursor %q", last, items.PageInfo.EndCursor)
		}
		if !items.PageInfo.HasNextPage {
			break
		}
		after = strconv.Quote(items.PageInfo.EndCursor)
	}
	if got := strings.Join(ids, ""); got != "01234" {
		t.Errorf("paged through %q", got)
	}
}

func TestExecute_Limits(t *testing.T) {
	t.Parallel()
	const many = `{ shop(name: "x") { items(first: 5) { nodes { shop { items(first: 100) { nodes { id } } } } } } }`
	got, _ := ask(t, Limits{MaxNodes: 500}, many, "")
	if want := `{"errors":[{"type":"MAX_NODE_LIMIT_EXCEEDED","message":"This query requests up to 505 possible nodes which exceeds the maximum limit of 500."}]}`; got != want {
		t.Errorf("got %s", got)
	}
	if _, response := ask(t, Limits{MaxNodes: 505}, many, ""); len(response.Errors) > 0 || response.TimedOut {
		t.Errorf("505 nodes are over a limit of 505: %v", response.Errors)
	}
	_, response := ask(t, Limits{Fields: map[string]int{"Item.id": 4}}, `{ shop(name: "x") { items(first: 5) { nodes { id } } } }`, "")
	if !response.TimedOut || response.Data != nil || len(response.Errors) > 0 {
		t.Errorf("over the limit: %+v", response)
	}
	_, response = ask(t, Limits{Fields: map[string]int{"Item.id": 5}}, `{ shop(name: "x") { items(first: 5) { nodes { id } } } }`, "")
	if response.TimedOut {
		t.Error("timed out within the limit")
	}
	got, _ = ask(t, Limits{Fields: map[string]int{"Shop.name": 1}, Partial: true}, `{ shop(name: "x") { name } b: shop(name: "x") { name } }`, "")
	if !strings.Contains(got, `{"data":{"shop":{"name":"x"},"b":null},"errors":[{"type":"RESOURCE_LIMITS_EXCEEDED","path":["b","name"]`) {
		t.Errorf("got %s", got)
	}
}

func TestExecute_Cost(t *testing.T) {
	t.Parallel()
	if _, response := ask(t, Limits{}, `{ shop(name: "x") { id } }`, ""); response.Cost != 1 {
		t.Errorf("costs %d", response.Cost)
	}
	const nested = `{ a: nodes(ids: "shop") { ... on Shop { items(first: 100) { nodes { shop { items(first: 50) { nodes { shop { items(first: 1) { totalCount } } } } } } } } } }`
	// 1 + 100 + 5,000 requests
	if _, response := ask(t, Limits{}, nested, ""); response.Cost != 51 {
		t.Errorf("costs %d", response.Cost)
	}
}
