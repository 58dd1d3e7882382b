package fakegitlab

import (
	"bytes"
	_ "embed" // the schema
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"mooring/backends/fakehost/graphql"
)

//go:embed schema.graphql
var schemaText string

// parsedSchema is parsed once: nothing changes it.
var parsedSchema = sync.OnceValue(func() *graphql.Engine {
	schema, err := graphql.ParseSchema("schema.graphql", schemaText)
	if err != nil {
		panic(err) // the embedded schema is a mistake of this package
	}
	e := graphql.New(schema, map[string]func(any) error{"Time": isString})
	e.Page(paging)
	return e
})

func newEngine() *graphql.Engine { return parsedSchema() }

func isString(value any) error {
	if _, ok := value.(string); !ok {
		return errors.New("is not a string")
	}
	return nil
}

// paging is graphql-ruby's, with cursors that count from one.
var paging = graphql.Paging{
	Optional: true,
	MaxPage:  100,
	Cursor:   func(index int) string { return encodeCursor(strconv.Itoa(index + 1)) },
	Index: func(cursor string) (int, bool) {
		text, ok := decodeCursor(cursor)
		n, err := strconv.Atoi(text)
		return n - 1, ok && err == nil && n > 0
	},
	Invalid: func(cursor string) *graphql.Error {
		return graphql.Errorf("", "Invalid cursor: %q", cursor)
	},
}

func encodeCursor(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func decodeCursor(cursor string) (string, bool) {
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(cursor, "="))
	return string(text), err == nil
}

// The limits of a request (app/graphql/gitlab_schema.rb,
// app/controllers/graphql_controller.rb).
const (
	maxComplexity      = 200
	signedInComplexity = 250
	maxDepth           = 15
	signedInDepth      = 20
	maxQuerySize       = 10_000 // characters
	internalError      = "Internal server error"
	queryTooLarge      = "Query too large"
	invalidToken       = "Invalid token"
)

// graphql answers POST /api/graphql.
func (c *call) graphql() (*answer, error) {
	if c.authenticate([]string{"read_api"}) != nil {
		return graphqlError(http.StatusUnauthorized, invalidToken)
	}
	if c.r.Method != http.MethodPost {
		return nil, notFound("")
	}
	var request graphql.Request
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.UseNumber()
	if err := d.Decode(&request); err != nil {
		c.host.NoteError(c.r, fmt.Errorf("the body is not a GraphQL request: %w", err))
		return graphqlError(http.StatusBadRequest, "There was a problem in the JSON you submitted")
	}
	if c.CheckQuery != nil {
		if err := c.CheckQuery(request.Query); err != nil {
			c.host.NoteError(c.r, err)
		}
	}
	if len([]rune(request.Query)) > maxQuerySize {
		return graphqlError(http.StatusUnprocessableEntity, queryTooLarge)
	}
	s := &session{call: c}
	response := c.engine.Execute(c.r.Context(), request, graphql.Root{Query: queryRoot{s}}, graphql.Limits{Costs: c.costs()})
	if s.broken {
		return graphqlError(http.StatusInternalServerError, internalError)
	}
	if response.Problem != nil {
		c.host.NoteError(c.r, response.Problem)
	}
	return ok(response)
}

func graphqlError(status int, message string) (*answer, error) {
	return &answer{status: status, body: obj{"errors": []obj{{"message": message}}}}, nil
}

// costs are the caller's limits.
func (c *call) costs() *graphql.Costs {
	costs := &graphql.Costs{Field: fieldCost, MaxComplexity: maxComplexity, MaxDepth: maxDepth}
	if c.signedIn() {
		costs.MaxComplexity, costs.MaxDepth = signedInComplexity, signedInDepth
	}
	if own := c.host.Settings().MaxComplexity; own > 0 {
		costs.MaxComplexity = own
	}
	return costs
}

// session is what resolvers know of a request.
type session struct {
	*call
	// broken: a resolver met what the real host can't put into JSON, and ends the
	// whole request on.
	broken bool
}
