package fakehost

import (
	"path"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Entry is one path of a listing.
type Entry struct {
	Path string // from the listed tree's root
	Mode filemode.FileMode
	ID   plumbing.Hash
	Size int64 // of a blob
}

// Type is "blob", "tree" or "commit" (a submodule).
func (e Entry) Type() string {
	switch e.Mode {
	case filemode.Dir:
		return "tree"
	case filemode.Submodule:
		return "commit"
	}
	return "blob"
}

// tree is a decoded tree object.
type tree struct {
	entries []object.TreeEntry // in Git's order
	index   map[string]int
}

func (t *tree) get(name string) (object.TreeEntry, bool) {
	i, ok := t.index[name]
	if !ok {
		return object.TreeEntry{}, false
	}
	return t.entries[i], true
}

func (o *objects) tree(id plumbing.Hash) (*tree, error) {
	o.cacheMu.Lock()
	defer o.cacheMu.Unlock()
	if t, ok := o.trees[id]; ok {
		return t, nil
	}
	obj, err := object.GetTree(o, id)
	if err != nil {
		return nil, fail(NotFound, "no tree %s", id)
	}
	t := &tree{entries: obj.Entries, index: make(map[string]int, len(obj.Entries))}
	for i, e := range obj.Entries {
		t.index[e.Name] = i
	}
	o.trees[id] = t
	return t, nil
}

// list is one level of a tree.
func (o *objects) list(id plumbing.Hash) ([]Entry, error) {
	t, err := o.tree(id)
	if err != nil {
		return nil, err
	}
	list := make([]Entry, len(t.entries))
	for i, e := range t.entries {
		list[i] = Entry{Path: e.Name, Mode: e.Mode, ID: e.Hash, Size: o.sizeOf(e)}
	}
	return list, nil
}

// flatten lists a tree with all below it, each folder before its content.
func (o *objects) flatten(id plumbing.Hash) ([]Entry, error) {
	o.cacheMu.Lock()
	list, ok := o.flat[id]
	o.cacheMu.Unlock()
	if ok {
		return list, nil
	}
	top, err := o.list(id)
	if err != nil {
		return nil, err
	}
	for _, e := range top {
		list = append(list, e)
		if e.Mode != filemode.Dir {
			continue
		}
		below, err := o.flatten(e.ID)
		if err != nil {
			return nil, err
		}
		for _, b := range below {
			b.Path = e.Path + "/" + b.Path
			list = append(list, b)
		}
	}
	o.cacheMu.Lock()
	o.flat[id] = list
	o.cacheMu.Unlock()
	return list, nil
}

// find is the entry at a path below a tree; the tree itself for "".
func (o *objects) find(root plumbing.Hash, file string) (object.TreeEntry, bool) {
	at := object.TreeEntry{Mode: filemode.Dir, Hash: root}
	for file != "" {
		var name string
		name, file, _ = strings.Cut(file, "/")
		if at.Mode != filemode.Dir {
			return object.TreeEntry{}, false
		}
		t, err := o.tree(at.Hash)
		if err != nil {
			return object.TreeEntry{}, false
		}
		var ok bool
		if at, ok = t.get(name); !ok {
			return at, false
		}
	}
	return at, true
}

// Change is one path of a new tree.
type Change struct {
	Path    string
	Mode    filemode.FileMode // zero: that of the replaced file, else a regular file
	Content []byte            // used when ID is zero
	ID      plumbing.Hash     // of a blob, tree or submodule commit that exists
	Delete  bool
}

// validPath says whether Git would take a path: relative, clean, without
// "." or ".." or ".git".
func validPath(p string) bool {
	if p == "" || strings.Contains(p, "\x00") || path.Clean("/" + p)[1:] != p {
		return false
	}
	return !slices.ContainsFunc(strings.Split(p, "/"), func(s string) bool { return strings.EqualFold(s, ".git") })
}

// writeTree applies changes to a tree (zero: the empty one). A file where a
// folder is needed, or a folder where a file is, gives way, as in Git's own
// index with replacement. Deleting what isn't there is Invalid.
func (o *objects) writeTree(base plumbing.Hash, changes []Change) (plumbing.Hash, error) {
	root := &node{id: base}
	for _, c := range changes {
		if !validPath(c.Path) {
			return base, fail(Invalid, "tree.path contains a malformed path component")
		}
		if c.Delete {
			gone, err := root.remove(o, strings.Split(c.Path, "/"))
			if err != nil {
				return base, err
			}
			if !gone {
				return base, fail(Invalid, "%s is not in the tree", c.Path)
			}
			continue
		}
		if c.ID.IsZero() {
			var err error
			if c.ID, err = o.writeBlob(c.Content); err != nil {
				return base, err
			}
		}
		if err := root.put(o, strings.Split(c.Path, "/"), c); err != nil {
			return base, err
		}
	}
	return root.write(o)
}

// node is a folder while it changes; its entries are read when first needed.
type node struct {
	id      plumbing.Hash // what it was before
	entries map[string]object.TreeEntry
	below   map[string]*node // changed folders
}

func (n *node) load(o *objects) error {
	if n.entries != nil {
		return nil
	}
	n.entries, n.below = map[string]object.TreeEntry{}, map[string]*node{}
	if n.id.IsZero() {
		return nil
	}
	t, err := o.tree(n.id)
	if err != nil {
		return err
	}
	for _, e := range t.entries {
		n.entries[e.Name] = e
	}
	return nil
}

// child is the folder of that name, made when it isn't one.
func (n *node) child(name string) *node {
	if c, ok := n.below[name]; ok {
		return c
	}
	c := &node{}
	if e, ok := n.entries[name]; ok && e.Mode == filemode.Dir {
		c.id = e.Hash
	}
	n.below[name] = c
	return c
}

func (n *node) put(o *objects, names []string, c Change) error {
	if err := n.load(o); err != nil {
		return err
	}
	name := names[0]
	if len(names) > 1 {
		below := n.child(name)
		n.entries[name] = object.TreeEntry{Name: name, Mode: filemode.Dir}
		return below.put(o, names[1:], c)
	}
	mode := c.Mode
	if mode == filemode.Empty {
		mode = filemode.Regular
		if old := n.entries[name]; old.Mode == filemode.Executable {
			mode = old.Mode
		}
	}
	delete(n.below, name)
	n.entries[name] = object.TreeEntry{Name: name, Mode: mode, Hash: c.ID}
	return nil
}

// remove deletes a path, and says whether it was there.
func (n *node) remove(o *objects, names []string) (bool, error) {
	if err := n.load(o); err != nil {
		return false, err
	}
	e, ok := n.entries[names[0]]
	if !ok {
		return false, nil
	}
	if len(names) > 1 {
		if e.Mode != filemode.Dir {
			return false, nil
		}
		return n.child(names[0]).remove(o, names[1:])
	}
	delete(n.entries, names[0])
	delete(n.below, names[0])
	return true, nil
}

// write stores the folder and all changed ones below it. Git knows no empty
// folders: they vanish.
func (n *node) write(o *objects) (plumbing.Hash, error) {
	if n.entries == nil && !n.id.IsZero() {
		return n.id, nil
	}
	for name, below := range n.below {
		id, err := below.write(o)
		if err != nil {
			return id, err
		}
		if len(below.entries) == 0 {
			delete(n.entries, name)
			continue
		}
		n.entries[name] = object.TreeEntry{Name: name, Mode: filemode.Dir, Hash: id}
	}
	t := object.Tree{}
	for _, e := range n.entries {
		t.Entries = append(t.Entries, e)
	}
	slices.SortFunc(t.Entries, func(a, b object.TreeEntry) int {
		return strings.Compare(sortName(a), sortName(b))
	})
	obj := o.NewEncodedObject()
	if err := t.Encode(obj); err != nil {
		return plumbing.ZeroHash, fail(Invalid, "%v", err)
	}
	return o.SetEncodedObject(obj)
}

// sortName makes plain comparison Git's order: a folder sorts as if its name
// ended in a slash.
func sortName(e object.TreeEntry) string {
	if e.Mode == filemode.Dir {
		return e.Name + "/"
	}
	return e.Name
}
