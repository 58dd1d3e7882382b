package fakehost

import (
	"container/heap"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// isAncestor says whether old is commit, or one that it is based on.
func (o *objects) isAncestor(old, commit plumbing.Hash) bool {
	found := old == commit
	all := func(c *object.Commit) []plumbing.Hash { return c.ParentHashes }
	err := o.walk(commit, all, func(c *object.Commit) bool {
		found = found || c.Hash == old
		return !found
	})
	return err == nil && found
}

// IsAncestor says whether old is commit, or one that it is based on.
func (r *Repository) IsAncestor(old, commit plumbing.Hash) bool {
	return r.objects.isAncestor(old, commit)
}

// MergeBase is the best common ancestor of two commits; false when there is none.
func (r *Repository) MergeBase(a, b plumbing.Hash) (plumbing.Hash, bool, error) {
	return r.objects.mergeBase(a, b)
}

// mergeBase is the best common ancestor; false when there is none.
func (o *objects) mergeBase(a, b plumbing.Hash) (plumbing.Hash, bool, error) {
	left, err := o.commit(a)
	if err != nil {
		return a, false, err
	}
	right, err := o.commit(b)
	if err != nil {
		return b, false, err
	}
	bases, err := left.MergeBase(right)
	if err != nil || len(bases) == 0 {
		return plumbing.ZeroHash, false, err
	}
	return bases[0].Hash, true, nil
}

// abbreviated finds a commit by the first 7 or more digits of its id.
func (o *objects) abbreviated(prefix string) (plumbing.Hash, bool) {
	if len(prefix) < 7 {
		return plumbing.ZeroHash, false
	}
	o.mu.RLock()
	defer o.mu.RUnlock()
	for id := range o.store.Commits {
		if strings.HasPrefix(id.String(), strings.ToLower(prefix)) {
			return id, true
		}
	}
	return plumbing.ZeroHash, false
}

// reachable is a commit with all its ancestors.
func (o *objects) reachable(from plumbing.Hash) (map[plumbing.Hash]bool, error) {
	seen, todo := map[plumbing.Hash]bool{from: true}, []plumbing.Hash{from}
	for len(todo) > 0 {
		c, err := o.commit(todo[len(todo)-1])
		if err != nil {
			return nil, err
		}
		todo = todo[:len(todo)-1]
		for _, p := range c.ParentHashes {
			if !seen[p] {
				seen[p] = true
				todo = append(todo, p)
			}
		}
	}
	return seen, nil
}

// queue gives commits newest first, and of one second those first that were
// found first.
type queue struct {
	commits []*object.Commit
	order   map[plumbing.Hash]int
}

func (q *queue) Len() int { return len(q.commits) }
func (q *queue) Less(i, j int) bool {
	a, b := q.commits[i], q.commits[j]
	if !a.Committer.When.Equal(b.Committer.When) {
		return a.Committer.When.After(b.Committer.When)
	}
	return q.order[a.Hash] < q.order[b.Hash]
}
func (q *queue) Swap(i, j int) { q.commits[i], q.commits[j] = q.commits[j], q.commits[i] }
func (q *queue) Push(x any)    { q.commits = append(q.commits, x.(*object.Commit)) }
func (q *queue) Pop() any {
	last := q.commits[len(q.commits)-1]
	q.commits = q.commits[:len(q.commits)-1]
	return last
}

// walk visits the history of a commit, newest first, until visit says false.
// next picks the parents to follow.
func (o *objects) walk(from plumbing.Hash, next func(*object.Commit) []plumbing.Hash, visit func(*object.Commit) bool) error {
	q := &queue{order: map[plumbing.Hash]int{}}
	add := func(id plumbing.Hash) error {
		if _, seen := q.order[id]; seen {
			return nil
		}
		c, err := o.commit(id)
		if err != nil {
			return err
		}
		q.order[id] = len(q.order)
		heap.Push(q, c)
		return nil
	}
	if err := add(from); err != nil {
		return err
	}
	for q.Len() > 0 {
		c := heap.Pop(q).(*object.Commit)
		if !visit(c) {
			return nil
		}
		for _, p := range next(c) {
			if err := add(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// Log is the history of a commit, newest first, as git log gives it; with a
// path only the commits that changed it. visit says false to stop.
func (r *Repository) Log(from plumbing.Hash, path string, visit func(*object.Commit) bool) error {
	o, path := r.objects, strings.Trim(path, "/")
	if path == "" {
		all := func(c *object.Commit) []plumbing.Hash { return c.ParentHashes }
		return o.walk(from, all, visit)
	}
	// A parent that has the same at path explains it alone: git log's history
	// simplification.
	same := func(c *object.Commit) (plumbing.Hash, bool) {
		here, _ := o.find(c.TreeHash, path)
		for _, id := range c.ParentHashes {
			p, err := o.commit(id)
			if err != nil {
				continue
			}
			if there, _ := o.find(p.TreeHash, path); there.Hash == here.Hash && there.Mode == here.Mode {
				return id, true
			}
		}
		return plumbing.ZeroHash, false
	}
	follow := func(c *object.Commit) []plumbing.Hash {
		if p, ok := same(c); ok {
			return []plumbing.Hash{p}
		}
		return c.ParentHashes
	}
	return o.walk(from, follow, func(c *object.Commit) bool {
		if _, ok := same(c); ok {
			return true
		}
		if _, exists := o.find(c.TreeHash, path); !exists && len(c.ParentHashes) == 0 {
			return true // the first commit, which never had it
		}
		return visit(c)
	})
}

// Comparison is what two commits differ in.
type Comparison struct {
	Base, Head, MergeBase plumbing.Hash
	Ahead                 []plumbing.Hash // commits of head that base lacks, oldest first
	Behind                int             // number of commits of base that head lacks
	Files                 []FileChange    // from the merge base to head
}

// Status is "identical", "ahead", "behind" or "diverged".
func (c Comparison) Status() string {
	switch {
	case len(c.Ahead) > 0 && c.Behind > 0:
		return "diverged"
	case len(c.Ahead) > 0:
		return "ahead"
	case c.Behind > 0:
		return "behind"
	}
	return "identical"
}

// Compare compares two commits as base...head does. NotFound when one of them
// doesn't exist, or they have no common history.
func (r *Repository) Compare(base, head plumbing.Hash) (Comparison, error) {
	o, c := r.objects, Comparison{Base: base, Head: head}
	var ok bool
	var err error
	if c.MergeBase, ok, err = o.mergeBase(base, head); err != nil || !ok {
		return c, fail(NotFound, "no common history of %s and %s", base, head)
	}
	if c.Ahead, err = o.missing(base, head); err != nil {
		return c, err
	}
	behind, err := o.missing(head, base)
	if err != nil {
		return c, err
	}
	c.Behind = len(behind)
	from, _ := r.TreeOf(c.MergeBase)
	to, _ := r.TreeOf(head)
	c.Files, err = o.diff(from, to)
	return c, err
}

// missing are the commits of head that base lacks, oldest first.
func (o *objects) missing(base, head plumbing.Hash) ([]plumbing.Hash, error) {
	has, err := o.reachable(base)
	if err != nil {
		return nil, err
	}
	var list []plumbing.Hash
	next := func(c *object.Commit) []plumbing.Hash {
		return slices.DeleteFunc(slices.Clone(c.ParentHashes), func(id plumbing.Hash) bool { return has[id] })
	}
	err = o.walk(head, next, func(c *object.Commit) bool {
		if !has[c.Hash] {
			list = append(list, c.Hash)
		}
		return true
	})
	slices.Reverse(list)
	return list, err
}

func modeOf(t plumbing.ObjectType) filemode.FileMode {
	switch t {
	case plumbing.TreeObject:
		return filemode.Dir
	case plumbing.CommitObject:
		return filemode.Submodule
	}
	return filemode.Regular
}

func (r *Repository) blobSize(kind plumbing.ObjectType, id plumbing.Hash) int64 {
	if kind != plumbing.BlobObject {
		return 0
	}
	size, err := r.objects.EncodedObjectSize(id)
	if err != nil {
		return 0
	}
	return size
}
