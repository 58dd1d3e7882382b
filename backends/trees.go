package backends

import (
	"context"
	"path"
	"strings"
	"sync"

	"mooring/backends/blobstore"
	"mooring/backends/driver"
)

const (
	keptTrees   = 32 // listings that are remembered
	atOnceTrees = 6  // listings that are asked for at the same time
)

// trees lists directories at commits and remembers the last answers, which can
// never be out of date.
type trees struct {
	d     driver.Driver
	store blobstore.Store
	owner string // begins the names of listings in the store
	*listings
}

// listings are the answers that are remembered.
type listings struct {
	mu   sync.Mutex
	kept []listing // oldest first
}

// listing is a directory at a commit. No entries means that there is none.
type listing struct {
	commit, dir string
	recursive   bool
	entries     []driver.TreeEntry
}

// list is everything in dir, or one level of it. A missing dir has no entries.
func (t *trees) list(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	if entries, ok := t.find(commit, dir, recursive); ok {
		return entries, nil
	}
	entries, err := t.ask(ctx, commit, dir, recursive)
	if err != nil {
		return nil, err
	}
	t.keep(listing{commit, dir, recursive, entries})
	return entries, nil
}

// find answers from what is remembered: the same listing, or one that holds it.
func (t *listings) find(commit, dir string, recursive bool) ([]driver.TreeEntry, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, l := range t.kept {
		if l.commit == commit && l.dir == dir && l.recursive == recursive {
			return l.entries, true
		}
	}
	for _, l := range t.kept {
		if l.commit == commit && l.recursive && inside(dir, l.dir) {
			return below(l.entries, dir, recursive), true
		}
	}
	return nil, false
}

func (t *listings) keep(l listing) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.kept) >= keptTrees {
		t.kept = append(t.kept[:0:0], t.kept[1:]...)
	}
	t.kept = append(t.kept, l)
}

func (t *listings) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = nil
}

// inside says whether dir is folder or lies in it.
func inside(dir, folder string) bool {
	return folder == "" || dir == folder || strings.HasPrefix(dir, folder+"/")
}

// below cuts dir's listing out of that of a folder above it.
func below(entries []driver.TreeEntry, dir string, recursive bool) []driver.TreeEntry {
	var out []driver.TreeEntry
	for _, e := range entries {
		if n := levels(e.Path, dir); n == 1 || n > 1 && recursive {
			out = append(out, e)
		}
	}
	return out
}

// levels is how far p lies below dir: 1 is directly in it, 0 not below it at all.
func levels(p, dir string) int {
	if dir != "" {
		rest, ok := strings.CutPrefix(p, dir+"/")
		if !ok {
			return 0
		}
		p = rest
	}
	return strings.Count(p, "/") + 1
}

// lookup finds what lies at paths, files and directories. Missing ones are left out.
func (t *trees) lookup(ctx context.Context, commit string, paths []string) (map[string]driver.TreeEntry, error) {
	wanted := map[string]bool{}
	dirs := map[string]bool{}
	for _, p := range paths {
		wanted[p] = true
		dirs[parent(p)] = true
	}
	lists, err := t.listAll(ctx, commit, keys(dirs))
	if err != nil {
		return nil, err
	}
	found := map[string]driver.TreeEntry{}
	for _, entries := range lists {
		for _, e := range entries {
			if wanted[e.Path] {
				found[e.Path] = e
			}
		}
	}
	return found, nil
}

// known is lookup as far as that needs no request.
func (t *listings) known(commit string, paths []string) map[string]driver.TreeEntry {
	found := map[string]driver.TreeEntry{}
	for _, p := range paths {
		entries, _ := t.find(commit, parent(p), false)
		for _, e := range entries {
			if e.Path == p {
				found[p] = e
			}
		}
	}
	return found
}

// listAll lists several directories, some at the same time.
func (t *trees) listAll(ctx context.Context, commit string, dirs []string) ([][]driver.TreeEntry, error) {
	lists := make([][]driver.TreeEntry, len(dirs))
	errs := make([]error, len(dirs))
	slots := make(chan struct{}, atOnceTrees)
	var wg sync.WaitGroup
	for i, dir := range dirs {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			lists[i], errs[i] = t.list(ctx, commit, dir, false)
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return lists, nil
}

// parent is the directory that p lies in, "" for the root.
func parent(p string) string {
	if dir := path.Dir(p); dir != "." {
		return dir
	}
	return ""
}

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	driver.SortPaths(out)
	return out
}
