package bitbucket

import (
	"bytes"
	"strings"
	"sync"

	"mooring/backends/driver"
)

const (
	// keptOwn is how many commits of this session are remembered,
	keptOwn = 4
	// keptText what a file may have at most for its content to be remembered, too.
	keptText = 1 << 18
)

// ownCommits remembers what this session has committed: what follows a save looks at just
// that, and Bitbucket would have to be asked for each file. Browsers don't let a page see
// which commit it was; the branch tells, once somebody looks at it.
type ownCommits struct {
	mu      sync.Mutex
	unnamed map[string]ownCommit // by branch
	named   []ownCommit          // oldest first
}

type ownCommit struct {
	id, parent string
	form       form
}

// made notes a commit that was made on parent; id is "" where that was not told.
func (o *ownCommits) made(id, parent string, f form) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := ownCommit{id, parent, f}
	if id != "" {
		o.name(c)
		return
	}
	if o.unnamed == nil {
		o.unnamed = map[string]ownCommit{}
	}
	o.unnamed[f.branch] = c
}

// recognize finds out which commit is our own: the one on the same parent that says the
// same, since a branch only ever goes from a commit to one commit.
func (o *ownCommits) recognize(branch string, t tip) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, ok := o.unnamed[branch]
	if ok && t.parent == c.parent && strings.TrimSpace(t.message) == strings.TrimSpace(c.form.message) {
		c.id = t.id
		delete(o.unnamed, branch)
		o.name(c)
	}
}

func (o *ownCommits) name(c ownCommit) {
	if len(o.named) == keptOwn {
		o.named = append(o.named[:0:0], o.named[1:]...)
	}
	o.named = append(o.named, c)
}

func (o *ownCommits) find(id string) (ownCommit, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range o.named {
		if c.id == id {
			return c, true
		}
	}
	return ownCommit{}, false
}

// diff lists what a commit of our own changed, if it is one, and the other its parent.
func (o *ownCommits) diff(head, base string) ([]driver.FileDiff, bool) {
	c, ok := o.find(head)
	if !ok || c.parent != base {
		return nil, false
	}
	var files []driver.FileDiff
	for _, p := range c.form.removed {
		files = append(files, driver.FileDiff{Status: driver.Deleted, Path: p})
	}
	for _, f := range c.form.files {
		files = append(files, driver.FileDiff{Status: driver.Modified, Path: f.path})
	}
	driver.SortFiles(files)
	return files, true
}

// file is a file as a commit of our own left it; known is false if it did not touch it.
func (o *ownCommits) file(commit, path string) (f upload, known bool) {
	c, _ := o.find(commit)
	for _, f := range c.form.files {
		if f.path == path {
			return f, true
		}
	}
	return upload{}, false
}

// entry describes a file that was uploaded.
func (f upload) entry(commit string) driver.TreeEntry {
	e := driver.TreeEntry{
		Path: f.path, Mode: driver.ModeRegular, ID: idOf(commit, f.path, isPointer(f.data)), Size: int64(f.size),
	}
	for mode, word := range attributes {
		if word == f.attributes {
			e.Mode = mode
		}
	}
	return e
}

// kept is a form to remember: without what large files hold.
func (f form) kept() form {
	f.files = append([]upload(nil), f.files...)
	for i := range f.files {
		file := &f.files[i]
		file.size = len(file.data)
		if file.size > keptText {
			file.data = nil
		} else {
			file.data = bytes.Clone(file.data)
		}
	}
	return f
}
