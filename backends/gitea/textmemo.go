package gitea

import "sync"

// keptTexts is how many bytes of texts are remembered.
const keptTexts = 8 << 20

// textMemo remembers the texts that came along with the diffs of pull requests, by their
// ids: whoever lists drafts reads them next.
type textMemo struct {
	mu    sync.Mutex
	texts map[string][]byte
	bytes int
}

func (m *textMemo) note(id string, text []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.texts == nil || m.bytes+len(text) > keptTexts {
		m.texts, m.bytes = map[string][]byte{}, 0
	}
	m.texts[id] = text
	m.bytes += len(text)
}

// text is nil if it is not known.
func (m *textMemo) text(id string) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.texts[id]
}
