// Package memo remembers, on behalf of drivers, what need not be asked for again.
package memo

import (
	"strings"
	"sync"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// keptTrees is how many listings are remembered: a save looks at the same folders
// as the listing before it.
const keptTrees = 24

// Trees remembers listings. They are of commits, so they never change. The zero
// value is ready to use.
type Trees struct {
	mu   sync.Mutex
	kept []keptTree // oldest first
}

type treeKey struct {
	commit, dir string
	recursive   bool
}

type keptTree struct {
	treeKey
	entries []driver.TreeEntry
	err     error
}

// Tree answers as driver.Driver's Tree does: what it remembers, or else what ask
// answers. That a folder is not there is remembered, too.
func (m *Trees) Tree(commit, dir string, recursive bool,
	ask func() ([]driver.TreeEntry, error)) ([]driver.TreeEntry, error) {
	key := treeKey{commit, dir, recursive}
	if k, ok := m.get(key); ok {
		return k.entries, k.err
	}
	entries, err := ask()
	if err == nil || cmserr.Is(err, cmserr.NotFound) {
		m.set(keptTree{key, entries, err})
	}
	return entries, err
}

// get finds a listing, or cuts it out of one of everything in a folder above.
func (m *Trees) get(key treeKey) (keptTree, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range m.kept {
		if k.treeKey == key {
			return k, true
		}
	}
	for _, k := range m.kept {
		if k.commit == key.commit && k.recursive && k.has(key.dir) {
			return keptTree{key, k.below(key), nil}, true
		}
	}
	return keptTree{}, false
}

// has says whether dir is known to be a folder in this listing of everything. What is
// not there may be asked for: the host's answer says why.
func (k keptTree) has(dir string) bool {
	if dir == k.dir {
		return k.err == nil
	}
	for _, e := range k.entries {
		if e.Path == dir {
			return e.IsDir()
		}
	}
	return false
}

// below cuts out what key asks for. Listings are sorted, so that stays so.
func (k keptTree) below(key treeKey) []driver.TreeEntry {
	var out []driver.TreeEntry
	for _, e := range k.entries {
		name, ok := strings.CutPrefix(e.Path, key.dir+"/")
		if key.dir == "" {
			name, ok = e.Path, true
		}
		if ok && (key.recursive || !strings.Contains(name, "/")) {
			out = append(out, e)
		}
	}
	return out
}

func (m *Trees) set(k keptTree) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.kept) == keptTrees {
		m.kept = append(m.kept[:0:0], m.kept[1:]...)
	}
	m.kept = append(m.kept, k)
}

// Latest is the listing of a folder, as deep, that was remembered last at whatever commit.
func (m *Trees) Latest(dir string, recursive bool) (driver.Listing, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := len(m.kept) - 1; i >= 0; i-- {
		if k := m.kept[i]; k.dir == dir && k.recursive == recursive && k.err == nil {
			return driver.Listing{Commit: k.commit, Entries: k.entries}, true
		}
	}
	return driver.Listing{}, false
}
