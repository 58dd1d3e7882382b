package bitbucket

import (
	"cmp"
	"context"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// LastChanges implements driver.MetadataReader. Each file costs a request.
func (r *Repo) LastChanges(ctx context.Context, commit string, paths []string) ([]driver.LastChange, error) {
	out := make([]driver.LastChange, len(paths))
	err := rest.Together(ctx, len(paths), func(ctx context.Context, i int) (err error) {
		out[i], err = r.lastChange(ctx, commit, paths[i])
		return at(err, paths[i])
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/#api-repositories-workspace-repo-slug-commits-get
func (r *Repo) lastChange(ctx context.Context, commit, path string) (driver.LastChange, error) {
	query := rest.Query("include", commit, "path", path, "pagelen", "1",
		"fields", "values.date,values.author.raw,values.author.user.display_name")
	values, _, err := r.api.page(ctx, r.path("commits")+query)
	switch {
	case cmserr.Is(err, cmserr.NotFound):
		return driver.LastChange{}, r.commitMissing(err)
	case err != nil || len(values.Array()) == 0:
		return driver.LastChange{}, err
	}
	return decodeChange(values.Get("0")), nil
}

// decodeChange reads a commit's author: the account's name, or the one in the commit.
func decodeChange(commit gjson.Result) driver.LastChange {
	raw, _, _ := strings.Cut(commit.Get("author.raw").String(), "<")
	c := driver.LastChange{Author: cmp.Or(commit.Get("author.user.display_name").String(), strings.TrimSpace(raw))}
	c.Date, _ = rest.ParseTime(commit.Get("date").String())
	return c
}
