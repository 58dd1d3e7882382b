package gitlab

import (
	"cmp"
	"context"

	"github.com/tidwall/gjson"

	"mooring/backends/driver"
	"mooring/backends/rest"
)

// LastChanges implements driver.MetadataReader: in batches through GraphQL, else with a
// request for each file.
func (r *Repo) LastChanges(ctx context.Context, commit string, paths []string) ([]driver.LastChange, error) {
	places := make([]place, len(paths))
	for i, path := range paths {
		places[i] = place{commit, path}
	}
	out := make([]driver.LastChange, len(paths))
	err := r.eachLastCommit(ctx, places, "authorName authoredDate", func(i int, v gjson.Result) {
		out[i] = decodeChange(cmp.Or(v.Get("authorName").String(), v.Get("author_name").String()),
			cmp.Or(v.Get("authoredDate").String(), v.Get("authored_date").String()))
	})
	return out, err
}

func decodeChange(author, date string) driver.LastChange {
	c := driver.LastChange{Author: author}
	c.Date, _ = rest.ParseTime(date)
	return c
}

// lastCommits finds the commits that changed files last, "" for none.
func (r *Repo) lastCommits(ctx context.Context, places []place) ([]string, error) {
	out := make([]string, len(places))
	err := r.eachLastCommit(ctx, places, "sha", func(i int, v gjson.Result) {
		out[i] = cmp.Or(v.Get("sha").String(), v.Get("id").String())
	})
	return out, err
}

// eachLastCommit reads the last commit of each place, in GraphQL's words or in REST's.
func (r *Repo) eachLastCommit(ctx context.Context, places []place, fields string, do func(i int, commit gjson.Result)) error {
	if len(places) == 0 {
		return nil
	}
	found, err := r.queries.lastCommits(ctx, places, fields)
	if useREST(err) {
		return r.eachLastCommitOverREST(ctx, places, do)
	}
	for i, commit := range found {
		do(i, commit)
	}
	return err
}

// lastCommits reads fields of the last commit of each place.
// https://docs.gitlab.com/api/graphql/reference/#tree
func (r graph) lastCommits(ctx context.Context, places []place, fields string) ([]gjson.Result, error) {
	parts := make([]part, len(places))
	for i, p := range places {
		// The tree, its last commit, two fields of it, and a call of Gitaly for both.
		parts[i] = part{cost: 6, write: func(o *operation) {
			o.raw("tree(ref:").str(p.commit).raw(",path:").str(p.path).raw("){lastCommit{...c}}")
		}}
	}
	trees, err := r.gather(ctx, "LastCommits", parts, "fragment c on Commit{"+fields+"}")
	for i, tree := range trees {
		trees[i] = tree.Get("lastCommit")
	}
	return trees, err
}

// eachLastCommitOverREST asks for each file.
// https://docs.gitlab.com/api/commits/#list-repository-commits
func (r *Repo) eachLastCommitOverREST(ctx context.Context, places []place, do func(i int, commit gjson.Result)) error {
	found := make([]gjson.Result, len(places))
	err := rest.Together(ctx, len(places), func(ctx context.Context, i int) (err error) {
		p := places[i]
		found[i], err = r.api.Get(ctx, r.path("repository", "commits")+rest.Query("ref_name", p.commit, "path", p.path, "per_page", "1"))
		return err
	})
	for i, v := range found {
		do(i, v.Get("0"))
	}
	return err
}
