package gitlab

import (
	"context"

	"github.com/tidwall/gjson"

	"mooring/backends/driver"
	"mooring/backends/rest"
)

// LastChanges implements driver.MetadataReader: in batches through GraphQL, else with a
// request for each file.
// https://docs.gitlab.com/api/graphql/reference/#tree
func (r *Repo) LastChanges(ctx context.Context, commit string, paths []string) ([]driver.LastChange, error) {
	parts := make([]part, len(paths))
	for i, path := range paths {
		// The tree, its last commit, two fields of it, and a call of Gitaly for both.
		parts[i] = part{cost: 6, write: func(o *operation) {
			o.raw("tree(ref:").str(commit).raw(",path:").str(path).raw("){lastCommit{...c}}")
		}}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	trees, err := r.gather(ctx, "LastChanges", parts, "fragment c on Commit{authorName authoredDate}")
	if useREST(err) {
		return r.lastChangesOneByOne(ctx, commit, paths)
	}
	if err != nil {
		return nil, err
	}
	out := make([]driver.LastChange, len(paths))
	for i, tree := range trees {
		out[i] = decodeChange(tree.Get("lastCommit.authorName"), tree.Get("lastCommit.authoredDate"))
	}
	return out, nil
}

// lastChangesOneByOne asks for each file.
// https://docs.gitlab.com/api/commits/#list-repository-commits
func (r *Repo) lastChangesOneByOne(ctx context.Context, commit string, paths []string) ([]driver.LastChange, error) {
	out := make([]driver.LastChange, len(paths))
	err := rest.Together(ctx, len(paths), func(ctx context.Context, i int) error {
		v, err := r.api.Get(ctx, r.path("repository", "commits")+rest.Query("ref_name", commit, "path", paths[i], "per_page", "1"))
		out[i] = decodeChange(v.Get("0.author_name"), v.Get("0.authored_date"))
		return err
	})
	return out, err
}

func decodeChange(author, date gjson.Result) driver.LastChange {
	c := driver.LastChange{Author: author.String()}
	c.Date, _ = rest.ParseTime(date.String())
	return c
}
