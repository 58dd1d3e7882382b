package github

import (
	"context"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// errNoGraphQL says that there is no GraphQL here: use REST.
var errNoGraphQL = cmserr.New(cmserr.Unsupported, "This server has no GraphQL.")

// query is a GraphQL operation, written piece by piece. Values go into its text as
// literals: GraphQL's strings are written as JSON's.
// https://docs.github.com/en/graphql/guides/forming-calls-with-graphql
type query struct {
	text strings.Builder
	vars func(*rest.JSON) // writes the members of the variables; nil: there are none
	// again says that it does no harm to send it twice.
	again bool
	// halves says that the caller asks for less when it is too much at once.
	halves bool
}

func (q *query) raw(s string) *query {
	q.text.WriteString(s)
	return q
}

func (q *query) quoted(s string) *query {
	q.text.Write(gjson.AppendJSONString(nil, s))
	return q
}

// repository begins the selection of a repository; the caller closes it.
func (q *query) repository(name string) *query {
	owner, repo, _ := strings.Cut(name, "/")
	return q.raw("repository(owner:").quoted(owner).raw(",name:").quoted(repo).raw("){")
}

// answer is what a GraphQL operation came to. It may have data and errors at once.
type answer struct {
	data   gjson.Result
	errors []gjson.Result
}

// ask sends an operation; errNoGraphQL where it can't be sent. What GraphQL itself
// refused is in the answer's errors.
func (a *api) ask(ctx context.Context, q *query) (answer, error) {
	if a.noGraphQL.Load() {
		return answer{}, errNoGraphQL
	}
	// Over REST anybody may read what is public; GraphQL speaks to nobody unknown.
	token, err := a.token(ctx)
	switch {
	case err != nil:
		return answer{}, err
	case token == "":
		return answer{}, errNoGraphQL
	}
	var j rest.JSON
	j.Object().Field("query", q.text.String())
	if q.vars != nil {
		j.Key("variables").Object()
		q.vars(&j)
		j.EndObject()
	}
	j.EndObject()
	v, err := a.graphQL.Send(ctx, "POST", a.graphQL.Root, &j, func(req *rest.Request) {
		req.Repeatable, req.Halves = q.again, q.halves
	})
	if err != nil && lacksGraphQL(err) {
		a.noGraphQL.Store(true)
		return answer{}, errNoGraphQL
	}
	if err != nil {
		return answer{}, err
	}
	return decodeAnswer(v)
}

// lacksGraphQL tells a door without GraphQL from one that refuses this person.
func lacksGraphQL(err error) bool {
	switch cmserr.From(err).Status {
	case 404, 405, 410, 501:
		return true
	}
	return false
}

func decodeAnswer(v gjson.Result) (answer, error) {
	out := answer{data: v.Get("data"), errors: v.Get("errors").Array()}
	if !out.data.IsObject() && len(out.errors) == 0 {
		return answer{}, misshapen("data")
	}
	return out, nil
}

// read is the data of an operation without errors.
func (a *api) read(ctx context.Context, q *query) (gjson.Result, error) {
	q.again, q.halves = true, true
	got, err := a.ask(ctx, q)
	switch {
	case err != nil:
		return gjson.Result{}, err
	case len(got.errors) > 0:
		return gjson.Result{}, got.err()
	}
	return got.data, nil
}

// unknown says whether the server's schema is older than the operation.
func (a answer) unknown() bool {
	for _, e := range a.errors {
		switch e.Get("extensions.code").String() {
		case "undefinedField", "undefinedType", "argumentNotAccepted", "variableMismatch", "variableRequiresValidType":
			return true
		}
	}
	return false
}

// tooMuch says whether the operation asks for more than GitHub gives at once.
func tooMuch(err error) bool {
	return rest.TooBig(err) || cmserr.From(err).Msg == tooMuchAtOnce
}

// graphQLLimit is rest.Options.Limited: GraphQL refuses with a 200.
func graphQLLimit(res *rest.Response) (time.Duration, bool) {
	if res.Status != 200 || len(res.Body) > 4096 {
		return 0, false
	}
	for _, e := range gjson.GetBytes(res.Body, "errors").Array() {
		if kind := e.Get("type").String(); kind == "RATE_LIMITED" || kind == "RATE_LIMIT" {
			return 0, !gjson.GetBytes(res.Body, "data").IsObject()
		}
	}
	return 0, false
}

// batching is how lists are asked for piece by piece.
func (a *api) batching(size *rest.Sizer) rest.Batching {
	return rest.Batching{Sizer: size, AtOnce: atOnce, TooBig: tooMuch}
}
