package gitlab

import (
	"context"
	"strconv"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// listOverREST lists a tree page by page, with GitLab's cursors where the server knows
// them, which is faster for it.
// https://docs.gitlab.com/api/repositories/#list-repository-tree
func (r *Repo) listOverREST(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	path := r.path("repository", "tree") + rest.Query("ref", commit, "path", dir, "recursive", strconv.FormatBool(recursive),
		"per_page", strconv.Itoa(pageSize), "pagination", "keyset")
	var entries []driver.TreeEntry
	err := r.api.Each(ctx, path, func(item gjson.Result) error {
		e, err := decodeEntry(item)
		entries = append(entries, e)
		return err
	})
	switch {
	case cmserr.Is(err, cmserr.NotFound):
		return nil, r.named(err, "There is no such folder.")
	case err != nil:
		return nil, err
	case len(entries) == 0 && dir != "":
		return nil, noFolder()
	}
	return entries, nil
}

// decodeEntry reads an entry of a tree of GitLab's REST API.
func decodeEntry(item gjson.Result) (driver.TreeEntry, error) {
	e := driver.TreeEntry{
		Path: item.Get("path").String(), Mode: modeOf(item.Get("mode").String()), ID: item.Get("id").String(), Size: -1,
	}
	if e.Path == "" || e.ID == "" || e.Mode == 0 {
		return e, misshapen("list of files")
	}
	return e, nil
}
