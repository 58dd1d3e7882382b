package gitea

import (
	"context"
	"path"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// Tree implements driver.Driver.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/GetTree
func (r *Repo) Tree(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	if err := ctx.Err(); err != nil {
		return nil, cmserr.From(err)
	}
	entries, err := r.trees.Tree(commit, dir, recursive, func() ([]driver.TreeEntry, error) {
		entries, err := r.list(ctx, treeish(commit, dir), dir, recursive)
		if cmserr.Is(err, cmserr.NotFound) || noRoute(err) {
			return r.listByID(ctx, commit, dir, recursive, err)
		}
		return entries, err
	})
	if err != nil {
		return nil, at(err, dir)
	}
	return entries, nil
}

// treeish names a directory at a commit.
func treeish(commit, dir string) string {
	if dir == "" {
		return commit
	}
	return commit + ":" + dir
}

// listByID finds the directory in the one above it, where its path is not understood:
// some proxies turn the slashes in it, which are escaped, into slashes of the address,
// and then there is nothing. A server that does understand says 400 of what is missing.
func (r *Repo) listByID(ctx context.Context, commit, dir string, recursive bool, cause error) ([]driver.TreeEntry, error) {
	if !strings.Contains(dir, "/") || cmserr.From(cause).Status == 400 {
		return nil, cause
	}
	above, err := r.Tree(ctx, commit, path.Dir(dir), false)
	if err != nil {
		return nil, err
	}
	for _, e := range above {
		if e.Path == dir && e.IsDir() {
			return r.list(ctx, e.ID, dir, recursive)
		}
	}
	return nil, noFolder(nil)
}

// list lists a tree that lies at dir, all pages of it. How long they are is the
// server's setting ([api] DEFAULT_GIT_TREES_PER_PAGE).
func (r *Repo) list(ctx context.Context, tree, dir string, recursive bool) ([]driver.TreeEntry, error) {
	url := r.path("git", "trees", rest.EscapeSegment(tree)) + "?recursive=" + strconv.FormatBool(recursive)
	entries, total, err := r.listPage(ctx, url, dir)
	if err != nil {
		return nil, err
	}
	if per := len(entries); per > 0 && per < total {
		more := make([][]driver.TreeEntry, (total-1)/per)
		err := rest.Together(ctx, len(more), func(ctx context.Context, i int) (err error) {
			more[i], _, err = r.listPage(ctx, url+"&page="+strconv.Itoa(i+2), dir)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, page := range more {
			entries = append(entries, page...)
		}
	}
	if len(entries) != total {
		return nil, misshapen("whole list of files")
	}
	driver.SortEntries(entries)
	return entries, nil
}

// listPage is one page, and how many entries all of them have.
func (r *Repo) listPage(ctx context.Context, url, dir string) ([]driver.TreeEntry, int, error) {
	v, err := r.api.Get(ctx, url)
	if e := cmserr.From(err); err != nil && e.Status == 400 && strings.Contains(e.Msg, "sha not found") {
		return nil, 0, noFolder(err)
	}
	if err != nil {
		return nil, 0, err
	}
	return decodeTree(v, dir)
}

func noFolder(err error) error {
	e := cmserr.Wrap(cmserr.NotFound, err, "There is no such folder.")
	e.Status = cmserr.From(err).Status
	return e
}

func decodeTree(v gjson.Result, dir string) (entries []driver.TreeEntry, total int, err error) {
	tree := v.Get("tree")
	if !rest.Has(v, "total_count") || !tree.IsArray() && tree.Type != gjson.Null {
		return nil, 0, misshapen("list of files")
	}
	tree.ForEach(func(_, item gjson.Result) bool {
		var e driver.TreeEntry
		if e, err = decodeTreeEntry(item, dir); err != nil {
			return false
		}
		entries = append(entries, e)
		return true
	})
	if err != nil {
		return nil, 0, err
	}
	return entries, int(v.Get("total_count").Int()), nil
}

// decodeTreeEntry walks over an entry once: there may be many of them.
func decodeTreeEntry(item gjson.Result, dir string) (driver.TreeEntry, error) {
	e := driver.TreeEntry{Size: -1}
	isBlob := false
	item.ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "path":
			e.Path = strings.Clone(value.Str)
		case "mode":
			mode, err := strconv.ParseUint(value.Str, 8, 32)
			if err == nil {
				e.Mode = driver.Mode(mode)
			}
		case "type":
			isBlob = value.Str == "blob"
		case "sha":
			e.ID = strings.Clone(value.Str)
		case "size":
			e.Size = value.Int()
		}
		return true
	})
	if e.Path == "" || e.ID == "" || e.Mode == 0 {
		return e, misshapen("list of files")
	}
	if !isBlob {
		e.Size = -1
	}
	if dir != "" {
		e.Path = dir + "/" + e.Path
	}
	return e, nil
}
