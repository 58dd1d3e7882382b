package github

import (
	"context"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

// queries is what GraphQL does in one request where REST takes many. Where there is none,
// each is graphql.ErrNone.
type queries interface {
	head(ctx context.Context, branch string) (string, error)
	texts(ctx context.Context, refs []driver.BlobRef) ([][]byte, error)
	histories(ctx context.Context, commit string, paths []string) ([]driver.LastChange, error)
	names(ctx context.Context, logins []string) ([]string, error)
	pulls(ctx context.Context, base, head string) ([]driver.Pull, error)
	pullFiles(ctx context.Context, pulls []driver.Pull) ([][]driver.FileDiff, error)
	mergedHeads(ctx context.Context, branches []driver.Branch) ([][]string, error)
	mutate(ctx context.Context, c driver.Commit, parent string) (string, error)
	swap(ctx context.Context, branch, from, to string) error
	// of is the same for a fork.
	of(r *Repo) queries
}

// graph is queries over GraphQL.
type graph struct{ repo *Repo }

func (graph) of(r *Repo) queries { return graph{r} }

// query begins an operation on a repository; the caller closes both.
// https://docs.github.com/en/graphql/guides/forming-calls-with-graphql
func query(name, repository string) *graphql.Query {
	owner, repo, _ := strings.Cut(repository, "/")
	q := &graphql.Query{Halves: true} // but for one that asks for a single thing
	return q.Raw("query " + name + "{repository(owner:").Quoted(owner).Raw(",name:").Quoted(repo).Raw("){")
}

// unknown says whether the server's schema is older than the operation.
func unknown(a graphql.Answer) bool {
	for _, e := range a.Errors {
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
