package backends

import (
	"context"

	"mooring/backends/cms"
	"mooring/backends/driver"
)

// mostAhead is how many entries are read before it is known that they are asked for:
// more would not fit into the memory before a page's store.
const mostAhead = 2000

// readAhead takes what the store last had of a folder into memory. The host takes longer
// to say where the branch is, and mostly it is where it was. The channel is closed when
// that is done.
func (r *Repository) readAhead(ctx context.Context, key pageKey, q cms.FolderQuery) <-chan struct{} {
	done := make(chan struct{})
	recursive := key.depth > 1
	if _, known := r.trees.newest(key.folder, recursive); known || r.trees.store == nil {
		close(done)
		return done
	}
	go func() {
		defer close(done)
		last, ok := r.trees.latest(ctx, key.folder, recursive)
		if !ok {
			return
		}
		r.trees.keep(listing{last.Commit, key.folder, recursive, last.Entries})
		if wanted := page(q, key.only(last.Entries)); len(wanted) <= mostAhead {
			r.blobs.stored(ctx, refs(last.Commit, wanted))
		}
	}()
	return done
}

// page are those of a folder's entries that q asks for.
func page(q cms.FolderQuery, all []driver.TreeEntry) []driver.TreeEntry {
	from, to := min(q.Offset, len(all)), len(all)
	if q.Limit > 0 {
		to = min(from+q.Limit, to)
	}
	return all[from:to]
}
