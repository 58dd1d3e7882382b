// Package graphql asks hosts that have GraphQL: one request then does the work of
// many.
package graphql

import (
	"context"
	"strings"
	"sync/atomic"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// ErrNone says that there is no GraphQL here: use REST.
var ErrNone = cmserr.New(cmserr.Unsupported, "This server has no GraphQL.")

// Query is an operation, written piece by piece. Values go into its text as
// literals: GraphQL's strings are written as JSON's.
type Query struct {
	text strings.Builder
	// Vars writes the members of the variables; nil: there are none.
	Vars func(*rest.JSON)
	// Again says that it does no harm to send it twice.
	Again bool
	// Halves says that the caller asks for less when it is too much at once.
	Halves bool
}

// Raw appends text as it is.
func (q *Query) Raw(s string) *Query {
	q.text.WriteString(s)
	return q
}

// Quoted appends a string as a literal.
func (q *Query) Quoted(s string) *Query {
	q.text.Write(gjson.AppendJSONString(nil, s))
	return q
}

// Len is how long the text is, in bytes.
func (q *Query) Len() int { return q.text.Len() }

// Answer is what an operation came to. It may have data and errors at once.
type Answer struct {
	Data   gjson.Result
	Errors []gjson.Result
}

// Client sends operations to one host.
type Client struct {
	API   rest.API // Root is the endpoint
	Host  string   // for people
	Token func(ctx context.Context) (string, error)
	// Fail is the error that an answer's errors are.
	Fail func(Answer) error
	// NotFor403 says that a 403 means that this credential can't use GraphQL at all.
	NotFor403 bool
	// Off says that there is no GraphQL, or that none is wanted.
	Off atomic.Bool
}

// Ask sends an operation; ErrNone where it can't be sent. What GraphQL itself refused
// is in the answer's errors.
func (c *Client) Ask(ctx context.Context, q *Query) (Answer, error) {
	if c.Off.Load() {
		return Answer{}, ErrNone
	}
	// Over REST anybody may read what is public; GraphQL speaks to nobody unknown.
	token, err := c.Token(ctx)
	switch {
	case err != nil:
		return Answer{}, err
	case token == "":
		return Answer{}, ErrNone
	}
	v, err := c.API.Send(ctx, "POST", c.API.Root, q.body(), func(req *rest.Request) {
		req.Repeatable, req.Halves = q.Again, q.Halves
	})
	if err != nil && c.isNone(err) {
		c.Off.Store(true)
		return Answer{}, ErrNone
	}
	if err != nil {
		return Answer{}, err
	}
	return Decode(c.Host, v)
}

func (q *Query) body() *rest.JSON {
	var j rest.JSON
	j.Object().Field("query", q.text.String())
	if q.Vars != nil {
		j.Key("variables").Object()
		q.Vars(&j)
		j.EndObject()
	}
	return j.EndObject()
}

// isNone tells a door without GraphQL from one that refuses this person.
func (c *Client) isNone(err error) bool {
	switch cmserr.From(err).Status {
	case 403:
		return c.NotFor403
	case 404, 405, 410, 501:
		return true
	}
	return false
}

// Decode reads an answer of a host.
func Decode(host string, v gjson.Result) (Answer, error) {
	out := Answer{Data: v.Get("data"), Errors: v.Get("errors").Array()}
	if !out.Data.IsObject() && len(out.Errors) == 0 {
		return Answer{}, rest.Misshapen(host, "data")
	}
	return out, nil
}

// Read is the data of an operation that has no errors and may be sent twice.
func (c *Client) Read(ctx context.Context, q *Query) (gjson.Result, error) {
	q.Again = true
	got, err := c.Ask(ctx, q)
	switch {
	case err != nil:
		return gjson.Result{}, err
	case len(got.Errors) > 0:
		return gjson.Result{}, c.Fail(got)
	}
	return got.Data, nil
}
