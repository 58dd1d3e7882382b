package memo

import (
	"context"
	"slices"
	"sync"
	"time"

	"mooring/backends/cmserr"
)

// believed is how long after our own write the state before it is not believed:
// hosts answer reads from copies that may lag behind.
const believed = 10 * time.Second

// Heads remembers where this session has put branches. The zero value is ready to use.
type Heads struct {
	mu   sync.Mutex
	last map[string]written
}

type written struct {
	before []string // where the branch stood, as far as that was just now
	after  string   // "" once it was deleted
	at     time.Time
}

// Wrote notes that a branch was moved from one commit to another; before is "" for a
// new one, after for one that was deleted.
func (m *Heads) Wrote(branch, before, after string, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.last == nil {
		m.last = map[string]written{}
	}
	w := written{before: []string{before}, after: after, at: now}
	if last := m.last[branch]; last.after == before && now.Sub(last.at) < believed {
		w.before = append(w.before, last.before...)
	}
	m.last[branch] = w
}

// Clock tells the time, and lets it pass.
type Clock interface {
	Now() time.Time
	Sleep(ctx context.Context, d time.Duration) error
}

// Read asks where a branch is, and again for a while as long as the answer is older than
// what this session wrote.
func (m *Heads) Read(ctx context.Context, clock Clock, branch string, ask func(context.Context, string) (string, error)) (string, error) {
	for pause := 200 * time.Millisecond; ; pause *= 2 {
		head, err := ask(ctx, branch)
		if err != nil || pause > 2*time.Second || !m.Outdated(branch, head, clock.Now()) {
			return head, err
		}
		if err := clock.Sleep(ctx, pause); err != nil {
			return "", cmserr.From(err)
		}
	}
}

// Outdated says whether head is where the branch stood before it was last written,
// which was only just now.
func (m *Heads) Outdated(branch, head string, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	w, ok := m.last[branch]
	return ok && head != w.after && slices.Contains(w.before, head) && now.Sub(w.at) < believed
}

// Newest is head, or where this session has put the branch since, for what hosts find
// out in the background.
func (m *Heads) Newest(branch, head string, now time.Time) string {
	if !m.Outdated(branch, head, now) || !m.Knows(branch) {
		return head
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.last[branch].after
}

// Knows says whether this session has put a branch somewhere, where it may still be.
func (m *Heads) Knows(branch string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.last[branch].after != ""
}
