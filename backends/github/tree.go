package github

import (
	"context"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

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
	key := treeKey{commit, dir, recursive}
	if entries, err, ok := r.trees.get(key); ok {
		return entries, err
	}
	entries, err := r.list(ctx, treeish(commit, dir), dir, recursive)
	if err != nil {
		err = at(err, dir)
	}
	if err == nil || cmserr.Is(err, cmserr.NotFound) {
		r.trees.set(key, entries, err)
	}
	return entries, err
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
	sortEntries(entries)
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
	sortEntries(entries)
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

// sortEntries sorts by path: Git sorts a folder as if its name ended in a slash.
func sortEntries(entries []driver.TreeEntry) {
	sort.Slice(entries, func(i, j int) bool { return entries[i].Path < entries[j].Path })
}

// keptTrees is how many listings are remembered: a save looks at the same folders
// as the listing before it.
const keptTrees = 24

type treeKey struct {
	commit, dir string
	recursive   bool
}

type keptTree struct {
	treeKey
	entries []driver.TreeEntry
	err     error
}

// treeMemo remembers listings. They are of commits, so they never change.
type treeMemo struct {
	mu   sync.Mutex
	kept []keptTree // oldest first
}

func (m *treeMemo) get(key treeKey) ([]driver.TreeEntry, error, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range m.kept {
		if k.treeKey == key {
			return k.entries, k.err, true
		}
	}
	return nil, nil, false
}

func (m *treeMemo) set(key treeKey, entries []driver.TreeEntry, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.kept) == keptTrees {
		m.kept = append(m.kept[:0:0], m.kept[1:]...)
	}
	m.kept = append(m.kept, keptTree{key, entries, err})
}
