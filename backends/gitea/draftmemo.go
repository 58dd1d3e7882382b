package gitea

import (
	"sync"

	"mooring/backends/driver"
)

const (
	keptDrafts = 500
	keptTexts  = 8 << 20 // bytes
)

// draftMemo remembers what pull requests change, and the texts that came along with
// their diffs. Each is of a commit, so it never changes.
type draftMemo struct {
	mu    sync.Mutex
	bases map[int]draftKey // by number, as listed last
	files map[draftKey][]driver.FileDiff
	texts map[string][]byte // by id
	bytes int
}

// draftKey are the commits that a draft lies between.
type draftKey struct{ base, head string }

// noteBase keeps where a listed pull request begins.
func (m *draftMemo) noteBase(p driver.Pull, mergeBase string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.bases == nil {
		m.bases = map[int]draftKey{}
	}
	m.bases[p.Number] = draftKey{mergeBase, p.HeadCommit}
}

func (m *draftMemo) filesOf(p driver.Pull) ([]driver.FileDiff, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := m.bases[p.Number]
	if key.base == "" || key.head != p.HeadCommit {
		return nil, false
	}
	files, ok := m.files[key]
	return files, ok
}

func (m *draftMemo) note(p driver.Pull, files []driver.FileDiff) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := m.bases[p.Number]
	if key.base == "" || key.head != p.HeadCommit {
		return
	}
	if m.files == nil || len(m.files) >= keptDrafts {
		m.files = map[draftKey][]driver.FileDiff{}
	}
	m.files[key] = files
}

func (m *draftMemo) noteText(id string, text []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.texts == nil || m.bytes+len(text) > keptTexts {
		m.texts, m.bytes = map[string][]byte{}, 0
	}
	m.texts[id] = text
	m.bytes += len(text)
}

// take is a text by its id, nil if it is not known.
func (m *draftMemo) take(id string) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.texts[id]
}
