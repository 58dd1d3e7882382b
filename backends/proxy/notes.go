package proxy

import "mooring/backends/cmserr"

// noteKey names a file of a branch.
type noteKey struct{ branch, path string }

// note is what the editor has before them of a file, and what was last sent to
// be written there, which may have arrived although no answer came.
type note struct {
	read  *string // nil: the file did not exist
	wrote *string // nil: nothing
	blind bool    // written without having been read: whatever is there is fine
}

// holds says whether the editor knows this state of the file. Nobody's note
// knows nothing.
func (n *note) holds(text string, exists bool) bool {
	switch {
	case n == nil:
		return false
	case n.blind:
		return true
	case !exists:
		return n.read == nil
	}
	return n.read != nil && *n.read == text || n.sent(text)
}

// sent says whether this text is what was last sent.
func (n *note) sent(text string) bool { return n != nil && n.wrote != nil && *n.wrote == text }

func (c *Client) noted(branch, path string) *note { return c.notes[noteKey{branch, path}] }

func (c *Client) noteRead(branch, path, text string, exists bool) {
	n := &note{}
	if exists {
		n.read = &text
	}
	c.notes[noteKey{branch, path}] = n
}

// noteSending notes a text that is about to be written.
func (c *Client) noteSending(branch, path, text string) {
	n := &note{wrote: &text, blind: true}
	if before := c.noted(branch, path); before != nil {
		n.read, n.blind = before.read, before.blind
	}
	c.notes[noteKey{branch, path}] = n
}

// forgetBranch drops all notes of a branch.
func (c *Client) forgetBranch(branch string) {
	for key := range c.notes {
		if key.branch == branch {
			delete(c.notes, key)
		}
	}
}

func conflict(paths []string, msg string) error {
	return &cmserr.Error{Kind: cmserr.Conflict, Path: paths[0], Paths: paths, Msg: msg}
}
