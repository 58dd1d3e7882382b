package fakehost

import (
	"io"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/memory"
)

// objects is the object store of a repository and all its forks: they share
// it, so a fork knows every commit of its origin. It has its own lock, so that
// go-git's objects, which read from it lazily, can be handed out.
type objects struct {
	mu    sync.RWMutex
	store *memory.Storage

	cacheMu sync.Mutex
	trees   map[plumbing.Hash]*tree
	flat    map[plumbing.Hash][]Entry
	diffs   map[[2]plumbing.Hash][]FileChange // from one tree to another
	commits map[plumbing.Hash]*object.Commit
}

func newObjects() *objects {
	return &objects{
		store:   memory.NewStorage(),
		trees:   map[plumbing.Hash]*tree{},
		flat:    map[plumbing.Hash][]Entry{},
		diffs:   map[[2]plumbing.Hash][]FileChange{},
		commits: map[plumbing.Hash]*object.Commit{},
	}
}

var _ storer.EncodedObjectStorer = (*objects)(nil)

func (o *objects) NewEncodedObject() plumbing.EncodedObject { return &plumbing.MemoryObject{} }

func (o *objects) SetEncodedObject(obj plumbing.EncodedObject) (plumbing.Hash, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.store.SetEncodedObject(obj)
}

func (o *objects) EncodedObject(t plumbing.ObjectType, id plumbing.Hash) (plumbing.EncodedObject, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return o.store.EncodedObject(t, id)
}

func (o *objects) IterEncodedObjects(t plumbing.ObjectType) (storer.EncodedObjectIter, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return o.store.IterEncodedObjects(t)
}

func (o *objects) HasEncodedObject(id plumbing.Hash) error {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return o.store.HasEncodedObject(id)
}

func (o *objects) EncodedObjectSize(id plumbing.Hash) (int64, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return o.store.EncodedObjectSize(id)
}

func (o *objects) AddAlternate(string) error { return nil }

// typeOf is the type of an object: plumbing.InvalidObject when there is none.
func (o *objects) typeOf(id plumbing.Hash) plumbing.ObjectType {
	obj, err := o.EncodedObject(plumbing.AnyObject, id)
	if err != nil {
		return plumbing.InvalidObject
	}
	return obj.Type()
}

func (o *objects) blob(id plumbing.Hash) ([]byte, error) {
	obj, err := o.EncodedObject(plumbing.BlobObject, id)
	if err != nil {
		return nil, fail(NotFound, "no blob %s", id)
	}
	r, err := obj.Reader()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// commit returns a decoded commit, which nobody may change.
func (o *objects) commit(id plumbing.Hash) (*object.Commit, error) {
	o.cacheMu.Lock()
	defer o.cacheMu.Unlock()
	if c, ok := o.commits[id]; ok {
		return c, nil
	}
	c, err := object.GetCommit(o, id)
	if err != nil {
		return nil, fail(NotFound, "no commit %s", id)
	}
	o.commits[id] = c
	return c, nil
}

func (o *objects) writeBlob(content []byte) (plumbing.Hash, error) {
	obj := o.NewEncodedObject()
	obj.SetType(plumbing.BlobObject)
	w, err := obj.Writer()
	if err != nil {
		return plumbing.ZeroHash, err
	}
	if _, err := w.Write(content); err != nil {
		return plumbing.ZeroHash, err
	}
	return o.SetEncodedObject(obj)
}

func (o *objects) writeCommit(c *object.Commit) (plumbing.Hash, error) {
	obj := o.NewEncodedObject()
	if err := c.Encode(obj); err != nil {
		return plumbing.ZeroHash, err
	}
	return o.SetEncodedObject(obj)
}

// sizeOf is a blob's size; 0 for a tree or a submodule, which have none.
func (o *objects) sizeOf(e object.TreeEntry) int64 {
	if e.Mode == filemode.Dir || e.Mode == filemode.Submodule {
		return 0
	}
	size, err := o.EncodedObjectSize(e.Hash)
	if err != nil {
		return 0
	}
	return size
}
