package github

import (
	"context"
	"errors"
	"strconv"
	"sync"

	"github.com/tidwall/gjson"

	"mooring/backends/driver"
	"mooring/backends/rest"
)

// LastChanges implements driver.MetadataReader: in batches through GraphQL, else
// with a request for each file.
// https://docs.github.com/en/graphql/reference/objects#commit
func (r *Repo) LastChanges(ctx context.Context, commit string, paths []string) ([]driver.LastChange, error) {
	out, err := rest.Batches(ctx, paths, r.api.batching(r.api.historySizes),
		func(ctx context.Context, paths []string) ([]driver.LastChange, error) {
			return r.histories(ctx, commit, paths)
		})
	if errors.Is(err, errNoGraphQL) {
		return r.historiesOneByOne(ctx, commit, paths)
	}
	return out, err
}

func (r *Repo) histories(ctx context.Context, commit string, paths []string) ([]driver.LastChange, error) {
	q := &query{}
	q.raw("query Histories{").repository(r.fullName()).raw("object(oid:").quoted(commit).raw("){...on Commit{")
	for i, p := range paths {
		q.raw("h" + strconv.Itoa(i) + ":history(first:1,path:").quoted(p).raw("){...h}")
	}
	q.raw("}}}}fragment h on CommitHistoryConnection{nodes{author{name date user{login}}}}")
	data, err := r.api.read(ctx, q)
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

// historiesOneByOne asks for each file; the governor limits how many at once.
// https://docs.github.com/en/rest/commits/commits#list-commits
func (r *Repo) historiesOneByOne(ctx context.Context, commit string, paths []string) ([]driver.LastChange, error) {
	out := make([]driver.LastChange, len(paths))
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for i, p := range paths {
		wg.Go(func() {
			v, err := r.api.Get(ctx, r.path("commits")+rest.Query("sha", commit, "path", p, "per_page", "1"))
			if err != nil {
				cancel(err)
				return
			}
			out[i] = decodeChange(v.Get("0.commit.author"), v.Get("0.author.login"))
		})
	}
	wg.Wait()
	return out, context.Cause(ctx)
}

// decodeChange reads a commit's author. People know each other by their names.
func decodeChange(author, login gjson.Result) driver.LastChange {
	c := driver.LastChange{Author: or(author.Get("name").String(), login.String())}
	c.Date, _ = rest.ParseTime(author.Get("date").String())
	return c
}
