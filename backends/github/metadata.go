package github

import (
	"cmp"
	"context"
	"errors"
	"strconv"

	"github.com/tidwall/gjson"

	"mooring/backends/driver"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

// LastChanges implements driver.MetadataReader: in batches through GraphQL, else
// with a request for each file.
// https://docs.github.com/en/graphql/reference/objects#commit
func (r *Repo) LastChanges(ctx context.Context, commit string, paths []string) ([]driver.LastChange, error) {
	out, err := r.queries.histories(ctx, commit, paths)
	if errors.Is(err, graphql.ErrNone) {
		return r.historiesOneByOne(ctx, commit, paths)
	}
	return out, err
}

func (r graph) histories(ctx context.Context, commit string, paths []string) ([]driver.LastChange, error) {
	return rest.Batches(ctx, paths, r.repo.api.batching(r.repo.api.historySizes),
		func(ctx context.Context, paths []string) ([]driver.LastChange, error) {
			return r.someHistories(ctx, commit, paths)
		})
}

func (r graph) someHistories(ctx context.Context, commit string, paths []string) ([]driver.LastChange, error) {
	q := query("Histories", r.repo.fullName())
	q.Raw("object(oid:").Quoted(commit).Raw("){...on Commit{")
	for i, p := range paths {
		q.Raw("h" + strconv.Itoa(i) + ":history(first:1,path:").Quoted(p).Raw("){...h}")
	}
	q.Raw("}}}}fragment h on CommitHistoryConnection{nodes{author{name date user{login}}}}")
	data, err := r.repo.api.graphQL.Read(ctx, q)
	if err != nil {
		return nil, err
	}
	object := data.Get("repository.object")
	out := make([]driver.LastChange, len(paths))
	for i := range paths {
		nodes := object.Get("h" + strconv.Itoa(i) + ".nodes")
		if !nodes.IsArray() {
			return nil, misshapen("history")
		}
		out[i] = decodeChange(nodes.Get("0.author"), nodes.Get("0.author.user.login"))
	}
	return out, nil
}

// historiesOneByOne asks for each file.
// https://docs.github.com/en/rest/commits/commits#list-commits
func (r *Repo) historiesOneByOne(ctx context.Context, commit string, paths []string) ([]driver.LastChange, error) {
	out := make([]driver.LastChange, len(paths))
	err := rest.Together(ctx, len(paths), func(ctx context.Context, i int) error {
		v, err := r.api.Get(ctx, r.path("commits")+rest.Query("sha", commit, "path", paths[i], "per_page", "1"))
		out[i] = decodeChange(v.Get("0.commit.author"), v.Get("0.author.login"))
		return err
	})
	return out, err
}

// decodeChange reads a commit's author. People know each other by their names.
func decodeChange(author, login gjson.Result) driver.LastChange {
	c := driver.LastChange{Author: cmp.Or(author.Get("name").String(), login.String())}
	c.Date, _ = rest.ParseTime(author.Get("date").String())
	return c
}
