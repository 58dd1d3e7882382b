package backends

import (
	"context"
	"sync"
	"time"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rfc3339"
)

// metadata remembers who changed files last. The next commit may have changed any
// file, and changed it back, so what is known is known of one commit.
type metadata struct {
	mu  sync.Mutex
	now *changesAt
}

// changesAt is what is known, or being asked for, at a commit.
type changesAt struct {
	commit string
	known  map[string]driver.LastChange
	asked  map[string]*inquiry
}

// inquiry is a request that is under way.
type inquiry struct {
	done chan struct{}
	err  error
}

// withMetadata reads entries, and fills in who changed those at paths last. Both are
// read at the same time; the entries wait for the rest as long as they took
// themselves since start, and do without it then. What comes later serves the next
// call, so the request outlives this one.
func (r *Repository) withMetadata(ctx context.Context, start time.Time, commit string, paths []string,
	read func() ([]cms.Entry, error)) ([]cms.Entry, error) {
	reader, ok := r.d.(driver.MetadataReader)
	if !ok || len(paths) == 0 {
		return read()
	}
	at, inquiries := r.metadata.ask(ctx, reader, commit, paths)
	entries, err := read()
	if err != nil {
		return nil, err
	}
	if err := await(ctx, inquiries, time.Since(start)); err != nil {
		return nil, err
	}
	r.metadata.mu.Lock()
	defer r.metadata.mu.Unlock()
	wanted := map[string]bool{}
	for _, p := range paths {
		wanted[p] = true
	}
	for i, e := range entries {
		last, known := at.known[e.Path]
		if !wanted[e.Path] || !known {
			continue
		}
		entries[i].Author, entries[i].UpdatedOn = last.Author, rfc3339.Format(last.Date)
	}
	return entries, nil
}

// await waits for inquiries, but not for long. That one failed is no failure, unless
// it is that nobody wants the answer.
func await(ctx context.Context, inquiries []*inquiry, long time.Duration) error {
	timer := time.NewTimer(long)
	defer timer.Stop()
	for _, q := range inquiries {
		select {
		case <-q.done:
			if cmserr.Is(q.err, cmserr.Canceled) {
				return q.err
			}
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			return nil
		}
	}
	return nil
}

// ask makes sure that each path is known or asked for, and answers with what is
// under way.
func (m *metadata) ask(ctx context.Context, reader driver.MetadataReader, commit string,
	paths []string) (*changesAt, []*inquiry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.now == nil || m.now.commit != commit {
		m.now = &changesAt{commit, map[string]driver.LastChange{}, map[string]*inquiry{}}
	}
	at := m.now
	var missing []string
	var inquiries []*inquiry
	seen := map[*inquiry]bool{}
	for _, p := range paths {
		_, known := at.known[p]
		switch q := at.asked[p]; {
		case known:
		case q == nil:
			missing = append(missing, p)
		case !seen[q]:
			seen[q] = true
			inquiries = append(inquiries, q)
		}
	}
	if len(missing) == 0 {
		return at, inquiries
	}
	q := &inquiry{done: make(chan struct{})}
	for _, p := range missing {
		at.asked[p] = q
	}
	go m.inquire(context.WithoutCancel(ctx), reader, at, missing, q)
	return at, append(inquiries, q)
}

func (m *metadata) inquire(ctx context.Context, reader driver.MetadataReader, at *changesAt, paths []string, q *inquiry) {
	var found []driver.LastChange
	err := guarded(func() (err error) {
		found, err = reader.LastChanges(ctx, at.commit, paths)
		return err
	})
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, p := range paths {
		delete(at.asked, p)
		if err == nil {
			at.known[p] = found[i]
		}
	}
	q.err = err
	close(q.done)
}

func (m *metadata) clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = nil
}
