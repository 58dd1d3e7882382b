// Package blobstore keeps blobs by name, so that unchanged content is not fetched
// twice. A name is made of host, repository and the blob's id ("github:owner/repo:id"),
// so that nobody is shown what another repository holds. The same name means the same
// bytes, so nothing in a store is ever out of date; it may be absent, full or broken
// without harm.
package blobstore

import (
	"context"
	"strings"
	"sync"
)

// Store keeps blobs. Implementations may forget at any time.
type Store interface {
	// Get returns the blobs it has, by name. A miss is no error.
	Get(ctx context.Context, names []string) (map[string][]byte, error)
	// Put takes blobs in. The caller does not change them afterwards.
	Put(ctx context.Context, blobs map[string][]byte) error
	// Clear forgets everything, at sign-out.
	Clear(ctx context.Context) error
}

// Lister is a Store that tells what it has.
type Lister interface {
	// Names lists the names that begin with prefix, those that were put in last at the
	// end.
	Names(ctx context.Context, prefix string) ([]string, error)
}

// Memory is a Store bounded in bytes; what was stored first is forgotten first.
type Memory struct {
	mu    sync.Mutex
	limit int
	size  int
	blobs map[string][]byte
	order []string
}

// NewMemory makes a Memory that holds at most limit bytes.
func NewMemory(limit int) *Memory {
	return &Memory{limit: limit, blobs: map[string][]byte{}}
}

// Get implements Store.
func (m *Memory) Get(_ context.Context, names []string) (map[string][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := make(map[string][]byte, len(names))
	for _, name := range names {
		if data, ok := m.blobs[name]; ok {
			found[name] = data
		}
	}
	return found, nil
}

// Put implements Store.
func (m *Memory) Put(_ context.Context, blobs map[string][]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, data := range blobs {
		if _, known := m.blobs[name]; known || len(data) > m.limit {
			continue
		}
		m.blobs[name] = data
		m.order = append(m.order, name)
		m.size += len(data)
	}
	for m.size > m.limit {
		oldest := m.order[0]
		m.order = m.order[1:]
		m.size -= len(m.blobs[oldest])
		delete(m.blobs, oldest)
	}
	return nil
}

// Names implements Lister.
func (m *Memory) Names(_ context.Context, prefix string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var names []string
	for _, name := range m.order {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	return names, nil
}

// Clear implements Store.
func (m *Memory) Clear(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.blobs, m.order, m.size = map[string][]byte{}, nil, 0
	return nil
}
