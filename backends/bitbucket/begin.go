package bitbucket

import (
	"context"
	"sync"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// BeginTree implements driver.TreeBeginner. Bitbucket lists as Git does, so that of the
// folders some may come later than their names say.
func (r *Repo) BeginTree(ctx context.Context, commit, dir string, n int) (first []driver.TreeEntry, all bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, false, cmserr.From(err)
	}
	if entries, ok := r.listed(commit, dir); ok {
		return entries, true, nil
	}
	b := r.begun.take(commit, dir, r.folderPath(commit, dir, "1"))
	for b.next != "" && len(b.entries) < n {
		if err := r.more(ctx, &b); err != nil {
			return nil, false, at(err, dir)
		}
	}
	r.begun.put(b)
	if b.next == "" {
		entries, err := r.Tree(ctx, commit, dir, false)
		return entries, true, err
	}
	first = append([]driver.TreeEntry(nil), b.entries...)
	driver.SortEntries(first)
	return first, false, nil
}

// keptBegun is how many listings are remembered that were not read to their end.
const keptBegun = 16

// begunListings remembers listings that were not read to their end.
type begunListings struct {
	mu   sync.Mutex
	kept []begunListing // oldest first
}

// begunListing is what is known of a folder, and where the rest is: "" if that is all.
type begunListing struct {
	commit, dir string
	entries     []driver.TreeEntry
	next        string
}

// take is what is known of a folder, or else a listing that begins at first. It is the
// caller's from then on.
func (m *begunListings) take(commit, dir, first string) begunListing {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, b := range m.kept {
		if b.commit == commit && b.dir == dir {
			m.kept = append(m.kept[:i:i], m.kept[i+1:]...)
			return b
		}
	}
	return begunListing{commit: commit, dir: dir, next: first}
}

func (m *begunListings) put(b begunListing) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.kept) == keptBegun {
		m.kept = append(m.kept[:0:0], m.kept[1:]...)
	}
	m.kept = append(m.kept, b)
}

func (m *begunListings) has(commit, dir string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, b := range m.kept {
		if b.commit == commit && b.dir == dir {
			return true
		}
	}
	return false
}
