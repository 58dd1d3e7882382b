package backends

import (
	"context"
	"strconv"
	"strings"

	"mooring/backends/blobstore"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// The store keeps listings as it keeps blobs: what a directory holds at a commit never
// changes, so of a branch that did not move only its head is asked for. Where the branch
// did move, a host that can tell what changed is asked for that alone.

// ask lists a directory that is not remembered: from the store, or else from the host.
func (t *trees) ask(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	group := t.group(dir, recursive)
	if entries := t.stored(ctx, group, commit); entries != nil {
		return entries, nil
	}
	entries, err := t.askHost(ctx, commit, dir, recursive)
	if cmserr.Is(err, cmserr.NotFound) && dir != "" {
		return nil, nil
	}
	if err == nil && len(entries) > 0 && t.store != nil {
		// If it can't be kept, it will be asked for again.
		_ = t.store.Put(ctx, map[string][]byte{group + commit: formatEntries(entries)})
	}
	return entries, err
}

// begin lists the first entries of a directory, at least n of them, or all.
func (t *trees) begin(ctx context.Context, commit, dir string, n int) (first []driver.TreeEntry, all bool, err error) {
	beginner, ok := t.d.(driver.TreeBeginner)
	if ok {
		_, known := t.find(commit, dir, false)
		ok = !known && !t.stores(ctx, commit, dir)
	}
	if !ok {
		first, err = t.list(ctx, commit, dir, false)
		return first, true, err
	}
	first, all, err = beginner.BeginTree(ctx, commit, dir, n)
	if cmserr.Is(err, cmserr.NotFound) && dir != "" {
		return nil, true, nil
	}
	return first, all, err
}

// stores says whether the store has a directory's listing, or one that can be updated.
func (t *trees) stores(ctx context.Context, commit, dir string) bool {
	if t.stored(ctx, t.group(dir, false), commit) != nil {
		return true
	}
	_, known := t.latest(ctx, dir, false)
	return known
}

func (t *trees) askHost(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	if updater, ok := t.d.(driver.TreeUpdater); ok {
		if known, ok := t.latest(ctx, dir, recursive); ok {
			return updater.UpdateTree(ctx, commit, dir, recursive, known)
		}
	}
	return t.d.Tree(ctx, commit, dir, recursive)
}

// group begins the names of a directory's listings in the store. The commit ends them.
func (t *trees) group(dir string, recursive bool) string {
	depth := ":one:"
	if recursive {
		depth = ":all:"
	}
	return t.owner + "tree:" + dir + depth
}

// stored is what the store has of a listing, nil for nothing.
func (t *trees) stored(ctx context.Context, group, commit string) []driver.TreeEntry {
	if t.store == nil {
		return nil
	}
	found, err := t.store.Get(ctx, []string{group + commit})
	if err != nil {
		return nil
	}
	return parseEntries(string(found[group+commit]))
}

// latest is the newest listing of a directory that is known at whatever commit.
func (t *trees) latest(ctx context.Context, dir string, recursive bool) (driver.Listing, bool) {
	if known, ok := t.newest(dir, recursive); ok {
		return known, true
	}
	lister, ok := t.store.(blobstore.Lister)
	if !ok {
		return driver.Listing{}, false
	}
	group := t.group(dir, recursive)
	names, err := lister.Names(ctx, group)
	if err != nil || len(names) == 0 {
		return driver.Listing{}, false
	}
	commit := names[len(names)-1][len(group):]
	entries := t.stored(ctx, group, commit)
	return driver.Listing{Commit: commit, Entries: entries}, entries != nil
}

// newest is the listing of a directory that was remembered last.
func (t *listings) newest(dir string, recursive bool) (driver.Listing, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := len(t.kept) - 1; i >= 0; i-- {
		if l := t.kept[i]; l.dir == dir && l.recursive == recursive && len(l.entries) > 0 {
			return driver.Listing{Commit: l.commit, Entries: l.entries}, true
		}
	}
	return driver.Listing{}, false
}

// formatEntries writes each entry as four fields, each with a NUL byte at its end.
func formatEntries(entries []driver.TreeEntry) []byte {
	var b strings.Builder
	for _, e := range entries {
		mode, size := strconv.FormatUint(uint64(e.Mode), 8), strconv.FormatInt(e.Size, 10)
		for _, field := range []string{mode, e.ID, size, e.Path} {
			b.WriteString(field)
			b.WriteByte(0)
		}
	}
	return []byte(b.String())
}

// parseEntries reads what formatEntries wrote: nil for anything else.
func parseEntries(s string) []driver.TreeEntry {
	fields := strings.Split(s, "\x00")
	if len(fields) < 5 || len(fields)%4 != 1 || fields[len(fields)-1] != "" {
		return nil
	}
	entries := make([]driver.TreeEntry, 0, len(fields)/4)
	for i := 0; i+4 < len(fields); i += 4 {
		mode, err := strconv.ParseUint(fields[i], 8, 32)
		if err != nil {
			return nil
		}
		size, err := strconv.ParseInt(fields[i+2], 10, 64)
		if err != nil {
			return nil
		}
		entries = append(entries, driver.TreeEntry{Mode: driver.Mode(mode), ID: fields[i+1], Size: size, Path: fields[i+3]})
	}
	return entries
}
