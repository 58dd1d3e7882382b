package fakehost

import (
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// NewCommit is a commit to be made on a branch.
type NewCommit struct {
	By        string // login; "" is the test itself
	Author    object.Signature
	Committer object.Signature // default the author
	Message   string
	Changes   []Change
	Expected  plumbing.Hash // where the branch must be; zero: anywhere
}

// Commit commits changes to a branch as somebody else might: nothing is
// checked. A branch that doesn't exist yet starts at the default branch, or
// is the first one.
func (r *Repository) Commit(branch string, author object.Signature, message string, changes ...Change) (plumbing.Hash, error) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	if _, ok := r.refs[heads+branch]; !ok {
		if id, ok := r.refs[heads+r.info.DefaultBranch]; ok {
			r.setRef(heads+branch, id, false)
		}
	}
	return r.commitOn(branch, NewCommit{Author: author, Message: message, Changes: changes})
}

// CommitOn commits changes to a branch that exists, in one step. Errors:
// NotFound (no such branch), Moved, Protected, Invalid (an impossible path).
func (r *Repository) CommitOn(branch string, c NewCommit) (plumbing.Hash, error) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	at, ok := r.refs[heads+branch]
	if !ok {
		return at, fail(NotFound, "branch %s does not exist", branch)
	}
	if !c.Expected.IsZero() && c.Expected != at {
		return at, fail(Moved, "Expected branch to point to %q but it did not. Pull and try again.", c.Expected)
	}
	return r.commitOn(branch, c)
}

func (r *Repository) commitOn(branch string, c NewCommit) (plumbing.Hash, error) {
	var parents []plumbing.Hash
	base := plumbing.ZeroHash
	if at, ok := r.refs[heads+branch]; ok {
		commit, err := r.objects.commit(at)
		if err != nil {
			return at, err
		}
		parents, base = []plumbing.Hash{at}, commit.TreeHash
	}
	root, err := r.objects.writeTree(base, c.Changes)
	if err != nil {
		return root, err
	}
	id, err := r.writeCommit(&object.Commit{TreeHash: root, ParentHashes: parents, Message: c.Message,
		Author: c.Author, Committer: c.Committer})
	if err != nil {
		return id, err
	}
	return id, r.updateRefs(c.By, RefUpdate{Name: heads + branch, After: id})
}

// writeCommit stores a commit, filling in who and when.
func (r *Repository) writeCommit(c *object.Commit) (plumbing.Hash, error) {
	if c.Author.When.IsZero() {
		c.Author.When = r.host.Now()
	}
	if c.Committer.Name == "" {
		c.Committer = c.Author
	}
	if c.Committer.When.IsZero() {
		c.Committer.When = c.Author.When
	}
	return r.objects.writeCommit(c)
}

// WriteCommit stores a commit that no branch has yet. Tree and parents must
// exist, else NotFound.
func (r *Repository) WriteCommit(c object.Commit) (plumbing.Hash, error) {
	if r.objects.typeOf(c.TreeHash) != plumbing.TreeObject {
		return plumbing.ZeroHash, fail(Invalid, "Tree SHA does not exist")
	}
	for _, p := range c.ParentHashes {
		if r.objects.typeOf(p) != plumbing.CommitObject {
			return plumbing.ZeroHash, fail(Invalid, "Parent SHA does not exist or is not a commit object")
		}
	}
	return r.writeCommit(&c)
}

// WriteBlob stores a file's content.
func (r *Repository) WriteBlob(content []byte) (plumbing.Hash, error) {
	return r.objects.writeBlob(content)
}

// WriteTree stores base (a tree, or a commit for its tree; zero for the empty
// one) with changes. A file gives way to a folder of its name and the other
// way round; deleting a missing path is Invalid.
func (r *Repository) WriteTree(base plumbing.Hash, changes []Change) (plumbing.Hash, error) {
	if !base.IsZero() {
		var err error
		if base, err = r.TreeOf(base); err != nil {
			return base, err
		}
	}
	return r.objects.writeTree(base, changes)
}

// TreeOf is the tree of a commit, or the tree itself.
func (r *Repository) TreeOf(id plumbing.Hash) (plumbing.Hash, error) {
	switch r.objects.typeOf(id) {
	case plumbing.TreeObject:
		return id, nil
	case plumbing.CommitObject:
		c, err := r.objects.commit(id)
		if err != nil {
			return id, err
		}
		return c.TreeHash, nil
	}
	return id, fail(NotFound, "no tree or commit %s", id)
}

// TypeOf is an object's type, plumbing.InvalidObject when there is none.
func (r *Repository) TypeOf(id plumbing.Hash) plumbing.ObjectType { return r.objects.typeOf(id) }

// Blob is a file's content.
func (r *Repository) Blob(id plumbing.Hash) ([]byte, error) { return r.objects.blob(id) }

// CommitByID is a commit, which nobody may change.
func (r *Repository) CommitByID(id plumbing.Hash) (*object.Commit, error) {
	return r.objects.commit(id)
}

// List is one level of a tree, in Git's order.
func (r *Repository) List(tree plumbing.Hash) ([]Entry, error) { return r.objects.list(tree) }

// ListAll is a tree with all below it, folders before their content. Nobody
// may change the slice: it is kept for the next caller.
func (r *Repository) ListAll(tree plumbing.Hash) ([]Entry, error) { return r.objects.flatten(tree) }

// EntryAt is what a tree has at a path; the tree itself at "".
func (r *Repository) EntryAt(tree plumbing.Hash, path string) (Entry, bool) {
	e, ok := r.objects.find(tree, path)
	if !ok {
		return Entry{}, false
	}
	return Entry{Path: path, Mode: e.Mode, ID: e.Hash, Size: r.objects.sizeOf(e)}, true
}

// Files are a branch's files by path: blobs only, with content.
func (r *Repository) Files(branch string) (map[string]File, error) {
	at, ok := r.Head(branch)
	if !ok {
		return nil, fail(NotFound, "branch %s does not exist", branch)
	}
	root, err := r.TreeOf(at)
	if err != nil {
		return nil, err
	}
	list, err := r.ListAll(root)
	if err != nil {
		return nil, err
	}
	files := map[string]File{}
	for _, e := range list {
		if e.Type() != "blob" {
			continue
		}
		content, err := r.Blob(e.ID)
		if err != nil {
			return nil, err
		}
		files[e.Path] = File{Content: content, Mode: e.Mode}
	}
	return files, nil
}

// ResolveCommit finds the commit that a client means by a branch, a full or
// partial reference name, HEAD, or a commit id of 7 to 40 digits.
func (r *Repository) ResolveCommit(rev string) (plumbing.Hash, bool) {
	if rev == "HEAD" {
		rev = heads + r.Info().DefaultBranch
	}
	for _, prefix := range []string{heads, "refs/tags/", "refs/", ""} {
		if ref, ok := r.SeenRef(prefix + rev); ok {
			return ref.ID, true
		}
	}
	if plumbing.IsHash(rev) {
		id := plumbing.NewHash(rev)
		return id, r.objects.typeOf(id) == plumbing.CommitObject
	}
	return r.objects.abbreviated(rev)
}

// Resolve finds the object that a client means by Git's revision syntax:
// a commit as in ResolveCommit, the id of any object, or either of them
// followed by :path.
func (r *Repository) Resolve(expression string) (Entry, bool) {
	rev, path, hasPath := strings.Cut(expression, ":")
	id, ok := r.ResolveCommit(rev)
	if !ok && plumbing.IsHash(rev) {
		id = plumbing.NewHash(rev)
	}
	kind := r.objects.typeOf(id)
	if kind == plumbing.InvalidObject {
		return Entry{}, false
	}
	if !hasPath {
		return Entry{ID: id, Mode: modeOf(kind), Size: r.blobSize(kind, id)}, true
	}
	root, err := r.TreeOf(id)
	if err != nil {
		return Entry{}, false
	}
	return r.EntryAt(root, strings.Trim(path, "/"))
}
