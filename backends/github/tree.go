package github

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// Tree implements driver.Driver. GitHub truncates a recursive listing of more than
// 100,000 entries or 7 MB; it is then finished folder by folder.
// https://docs.github.com/en/rest/git/trees#get-a-tree
func (r *Repo) Tree(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	if err := ctx.Err(); err != nil {
		return nil, cmserr.From(err)
	}
	return r.trees.Tree(commit, dir, recursive, func() ([]driver.TreeEntry, error) {
		entries, err := r.list(ctx, treeish(commit, dir), dir, recursive)
		if err != nil {
			return nil, at(err, dir)
		}
		return entries, nil
	})
}

// treeish names a directory at a commit.
func treeish(commit, dir string) string {
	if dir == "" {
		return commit
	}
	return commit + ":" + dir
}

// list lists a tree that lies at dir.
func (r *Repo) list(ctx context.Context, tree, dir string, recursive bool) ([]driver.TreeEntry, error) {
	entries, truncated, err := r.listOnce(ctx, tree, dir, recursive)
	if err != nil || !truncated {
		return entries, err
	}
	if recursive {
		entries, truncated, err = r.listOnce(ctx, tree, dir, false)
	}
	if err != nil || truncated {
		return nil, cannotList(err)
	}
	if !recursive {
		return entries, nil
	}
	for _, e := range slices.Clone(entries) {
		if !e.IsDir() {
			continue
		}
		below, err := r.list(ctx, e.ID, e.Path, true)
		if err != nil {
			return nil, err
		}
		entries = append(entries, below...)
	}
	driver.SortEntries(entries)
	return entries, nil
}

func cannotList(err error) error {
	if err != nil {
		return err
	}
	return cmserr.New(cmserr.Unsupported,
		"The folder has more files than GitHub lists. Spread them over several folders.")
}

func (r *Repo) listOnce(ctx context.Context, tree, dir string, recursive bool) ([]driver.TreeEntry, bool, error) {
	path := r.path("git", "trees", rest.EscapeSegment(tree))
	if recursive {
		path += "?recursive=1"
	}
	v, err := r.api.Get(ctx, path)
	switch {
	case cmserr.From(err).Status == 422: // what lies there is a file
		return nil, false, cmserr.Wrap(cmserr.NotFound, err, "There is no such folder.")
	case err != nil:
		return nil, false, err
	}
	return decodeTree(v, dir)
}

func decodeTree(v gjson.Result, dir string) (entries []driver.TreeEntry, truncated bool, err error) {
	if !v.Get("tree").IsArray() {
		return nil, false, misshapen("list of files")
	}
	v.Get("tree").ForEach(func(_, item gjson.Result) bool {
		var e driver.TreeEntry
		if e, err = decodeTreeEntry(item, dir); err != nil {
			return false
		}
		entries = append(entries, e)
		return true
	})
	if err != nil {
		return nil, false, err
	}
	driver.SortEntries(entries)
	return entries, v.Get("truncated").Bool(), nil
}

// decodeTreeEntry walks over an entry once: there may be a hundred thousand of them.
func decodeTreeEntry(item gjson.Result, dir string) (driver.TreeEntry, error) {
	e := driver.TreeEntry{Size: -1}
	item.ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "path":
			e.Path = strings.Clone(value.Str)
		case "mode":
			mode, err := strconv.ParseUint(value.Str, 8, 32)
			if err == nil {
				e.Mode = driver.Mode(mode)
			}
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
	if dir != "" {
		e.Path = dir + "/" + e.Path
	}
	return e, nil
}
