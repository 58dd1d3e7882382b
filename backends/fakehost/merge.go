package fakehost

import (
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// MergeTrees merges ours and theirs, which both came from base (zero: the
// empty tree). A file that both sides changed differently is a Conflict that
// names the paths; lines within files are not merged.
func (r *Repository) MergeTrees(base, ours, theirs plumbing.Hash) (plumbing.Hash, error) {
	m := &merge{objects: r.objects}
	id, err := m.trees("", base, ours, theirs)
	if err == nil && len(m.conflicts) > 0 {
		err = &Error{Kind: Conflict, Msg: "Merge conflict", Paths: m.conflicts}
	}
	return id, err
}

type merge struct {
	objects   *objects
	conflicts []string
}

func (m *merge) trees(prefix string, base, ours, theirs plumbing.Hash) (plumbing.Hash, error) {
	var side [3]*tree
	names := map[string]bool{}
	for i, id := range []plumbing.Hash{base, ours, theirs} {
		side[i] = &tree{}
		if id.IsZero() {
			continue
		}
		t, err := m.objects.tree(id)
		if err != nil {
			return id, err
		}
		side[i] = t
		for _, e := range t.entries {
			names[e.Name] = true
		}
	}
	merged := &node{entries: map[string]object.TreeEntry{}}
	for name := range names {
		b, _ := side[0].get(name)
		o, _ := side[1].get(name)
		t, _ := side[2].get(name)
		e, err := m.entry(prefix+name, b, o, t)
		if err != nil {
			return base, err
		}
		if !e.Hash.IsZero() {
			merged.entries[name] = object.TreeEntry{Name: name, Mode: e.Mode, Hash: e.Hash}
		}
	}
	slices.Sort(m.conflicts)
	return merged.write(m.objects)
}

// entry merges one name; the zero entry stands for absence.
func (m *merge) entry(path string, base, ours, theirs object.TreeEntry) (object.TreeEntry, error) {
	switch {
	case same(ours, theirs), same(theirs, base):
		return ours, nil
	case same(ours, base):
		return theirs, nil
	case isDir(ours) && isDir(theirs):
		if !isDir(base) {
			base.Hash = plumbing.ZeroHash
		}
		id, err := m.trees(path+"/", base.Hash, ours.Hash, theirs.Hash)
		return object.TreeEntry{Mode: filemode.Dir, Hash: id}, err
	case isFile(base) && isFile(ours) && isFile(theirs):
		// One side may have changed the mode and the other the content.
		mode, okMode := pick(base.Mode, ours.Mode, theirs.Mode)
		id, okID := pick(base.Hash, ours.Hash, theirs.Hash)
		if okMode && okID {
			return object.TreeEntry{Mode: mode, Hash: id}, nil
		}
	}
	m.conflicts = append(m.conflicts, path)
	return ours, nil
}

// pick is the value that was changed, if only one side changed it.
func pick[T comparable](base, ours, theirs T) (T, bool) {
	if ours == base {
		return theirs, true
	}
	return ours, theirs == base || ours == theirs
}

func same(a, b object.TreeEntry) bool { return a.Hash == b.Hash && a.Mode == b.Mode }
func isDir(e object.TreeEntry) bool   { return e.Mode == filemode.Dir }
func isFile(e object.TreeEntry) bool  { return e.Mode.IsFile() && e.Mode != filemode.Symlink }

// mergeCommit merges theirs into ours as a commit with both as parents. The
// caller holds the lock.
func (r *Repository) mergeCommit(ours, theirs plumbing.Hash, by object.Signature, message string) (plumbing.Hash, error) {
	root, err := r.mergedTree(ours, theirs)
	if err != nil {
		return root, err
	}
	return r.writeCommit(&object.Commit{TreeHash: root, ParentHashes: []plumbing.Hash{ours, theirs},
		Message: message, Author: by, Committer: r.host.committer(by)})
}

func (r *Repository) mergedTree(ours, theirs plumbing.Hash) (plumbing.Hash, error) {
	base, ok, err := r.objects.mergeBase(ours, theirs)
	if err != nil {
		return base, err
	}
	var root [3]plumbing.Hash
	for i, id := range []plumbing.Hash{base, ours, theirs} {
		if i == 0 && !ok {
			continue
		}
		if root[i], err = r.TreeOf(id); err != nil {
			return id, err
		}
	}
	return r.MergeTrees(root[0], root[1], root[2])
}
