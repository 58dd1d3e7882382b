// Package memo remembers, on behalf of drivers, what need not be asked for again.
package memo

import (
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

func (m *Trees) get(key treeKey) (keptTree, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range m.kept {
		if k.treeKey == key {
			return k, true
		}
	}
	return keptTree{}, false
}

func (m *Trees) set(k keptTree) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.kept) == keptTrees {
		m.kept = append(m.kept[:0:0], m.kept[1:]...)
	}
	m.kept = append(m.kept, k)
}
