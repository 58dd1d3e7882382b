package fakehost

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	fdiff "github.com/go-git/go-git/v5/plumbing/format/diff"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// FileChange is one changed file. Renames are detected, exact and similar
// ones, as GitHub and git diff do.
type FileChange struct {
	Path     string
	Previous string // the old path of a renamed file
	Status   string // added, removed, modified, renamed
	ID       plumbing.Hash
	OldID    plumbing.Hash // zero for an added file
	Mode     filemode.FileMode
	OldMode  filemode.FileMode // zero for an added file

	// Hosts remember the patch with the diff.
	patch func() (Patch, error)
}

// Patch is the content's change: hunks as in a unified diff ("" when the
// content is binary, too large or unchanged), and the numbers of lines.
type Patch struct {
	Hunks              string
	Additions, Deleted int
	Binary             bool
}

const (
	// renameScore is git's default: half of the content must be the same.
	renameScore = 50
	// renameLimit bounds the pairs that are compared.
	renameLimit = 1000
	// patchLimit is the size in bytes from which GitHub shows no patch.
	patchLimit = 500_000
)

// diff lists what changed from one tree to another, by path. Hosts remember that of each
// pull request, so it is kept.
func (o *objects) diff(from, to plumbing.Hash) ([]FileChange, error) {
	o.cacheMu.Lock()
	list, ok := o.diffs[[2]plumbing.Hash{from, to}]
	o.cacheMu.Unlock()
	if ok {
		return slices.Clone(list), nil
	}
	list, err := o.diffAnew(from, to, true)
	if err == nil {
		o.cacheMu.Lock()
		o.diffs[[2]plumbing.Hash{from, to}] = list
		o.cacheMu.Unlock()
	}
	return slices.Clone(list), err
}

func (o *objects) diffAnew(from, to plumbing.Hash, renames bool) ([]FileChange, error) {
	if from == to {
		return nil, nil
	}
	a, err := o.treeObject(from)
	if err != nil {
		return nil, err
	}
	b, err := o.treeObject(to)
	if err != nil {
		return nil, err
	}
	changes, err := object.DiffTreeWithOptions(context.Background(), a, b,
		&object.DiffTreeOptions{DetectRenames: renames, RenameScore: renameScore, RenameLimit: renameLimit})
	if err != nil {
		return nil, err
	}
	list := make([]FileChange, 0, len(changes))
	for _, c := range changes {
		list = append(list, fileChange(c))
	}
	slices.SortFunc(list, func(a, b FileChange) int { return strings.Compare(a.Path, b.Path) })
	return list, nil
}

func (o *objects) treeObject(id plumbing.Hash) (*object.Tree, error) {
	if id.IsZero() {
		return nil, nil
	}
	return object.GetTree(o, id)
}

func fileChange(c *object.Change) FileChange {
	f := FileChange{Path: c.To.Name, ID: c.To.TreeEntry.Hash, OldID: c.From.TreeEntry.Hash,
		Mode: c.To.TreeEntry.Mode, OldMode: c.From.TreeEntry.Mode, Status: "modified",
		patch: sync.OnceValues(func() (Patch, error) { return patchOf(c) })}
	switch {
	case c.From.Name == "":
		f.Status = "added"
	case c.To.Name == "":
		f.Path, f.ID, f.Mode, f.Status = c.From.Name, f.OldID, c.From.TreeEntry.Mode, "removed"
	case c.From.Name != c.To.Name:
		f.Previous, f.Status = c.From.Name, "renamed"
	}
	return f
}

// OldPath is where the file was before; its path when it wasn't renamed.
func (f FileChange) OldPath() string {
	if f.Previous != "" {
		return f.Previous
	}
	return f.Path
}

// Patch is the change of the content.
func (f FileChange) Patch() (Patch, error) { return f.patch() }

func patchOf(c *object.Change) (Patch, error) {
	patch, err := c.Patch()
	if err != nil {
		return Patch{}, err
	}
	var p Patch
	for _, file := range patch.FilePatches() {
		p.Binary = p.Binary || file.IsBinary()
		for _, chunk := range file.Chunks() {
			p.count(chunk)
		}
	}
	var text bytes.Buffer
	if err := fdiff.NewUnifiedEncoder(&text, fdiff.DefaultContextLines).Encode(patch); err != nil {
		return p, err
	}
	if at := strings.Index(text.String(), "\n@@ "); at >= 0 && text.Len() < patchLimit && !p.Binary {
		p.Hunks = strings.TrimSuffix(text.String()[at+1:], "\n")
	}
	return p, nil
}

func (p *Patch) count(c fdiff.Chunk) {
	lines := strings.Count(c.Content(), "\n")
	if !strings.HasSuffix(c.Content(), "\n") {
		lines++
	}
	switch c.Type() {
	case fdiff.Add:
		p.Additions += lines
	case fdiff.Delete:
		p.Deleted += lines
	}
}

// DiffTrees lists what changed from one commit or tree to another.
func (r *Repository) DiffTrees(from, to plumbing.Hash) ([]FileChange, error) {
	a, err := r.TreeOf(from)
	if err != nil {
		return nil, err
	}
	b, err := r.TreeOf(to)
	if err != nil {
		return nil, err
	}
	return r.objects.diff(a, b)
}

// DiffTreesPlainly is DiffTrees without renames: a renamed file is a removed one
// and an added one.
func (r *Repository) DiffTreesPlainly(from, to plumbing.Hash) ([]FileChange, error) {
	a, err := r.TreeOf(from)
	if err != nil {
		return nil, err
	}
	b, err := r.TreeOf(to)
	if err != nil {
		return nil, err
	}
	return r.objects.diffAnew(a, b, false)
}

// Diff lists what a commit changed against its first parent.
func (r *Repository) Diff(commit plumbing.Hash) ([]FileChange, error) {
	c, err := r.objects.commit(commit)
	if err != nil {
		return nil, err
	}
	var before plumbing.Hash
	if len(c.ParentHashes) > 0 {
		if before, err = r.TreeOf(c.ParentHashes[0]); err != nil {
			return nil, err
		}
	}
	return r.objects.diff(before, c.TreeHash)
}
