package gitlab

import (
	"sync"

	"mooring/backends/driver"
)

// textMemo holds texts that came along with something else, for whoever asks for them
// next: the list of drafts needs to know the files, and then their texts. It tells
// each once.
type textMemo struct {
	mu    sync.Mutex
	known map[string][]byte // by the blob's id
	bytes int
}

// keptTexts is how many bytes of them are held.
const keptTexts = 4 << 20

func (m *textMemo) note(id string, text []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || m.bytes+len(text) > keptTexts {
		m.known, m.bytes = map[string][]byte{}, 0
	}
	if _, twice := m.known[id]; !twice {
		m.known[id] = text
		m.bytes += len(text)
	}
}

func (m *textMemo) take(refs []driver.BlobRef, out [][]byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, ref := range refs {
		if text, ok := m.known[ref.ID]; ok && ref.ID != "" {
			out[i] = text
		}
	}
	for i, ref := range refs {
		if out[i] != nil {
			m.bytes -= len(m.known[ref.ID])
			delete(m.known, ref.ID)
		}
	}
}
