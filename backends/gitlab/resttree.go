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
	query := []string{"ref", commit, "path", dir, "recursive", strconv.FormatBool(recursive), "per_page", strconv.Itoa(pageSize)}
	var entries []driver.TreeEntry
	add := func(item gjson.Result) error {
		e, err := decodeEntry(item)
		entries = append(entries, e)
		return err
	}
	path := r.path("repository", "tree")
	keyset := r.api.API
	keyset.PageSize = "" // a cursor can't be guessed
	err := keyset.Each(ctx, path+rest.Query(append(query, "pagination", "keyset")...), add)
	if err == nil && len(entries) == pageSize { // one full page, and no link to a next: it may be hidden
		err = r.api.Each(ctx, path+rest.Query(append(query, "page", "2")...), add)
	}
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
