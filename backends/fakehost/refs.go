package fakehost

import (
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// Ref is a reference and the object that it names.
type Ref struct {
	Name string // full: refs/heads/…
	ID   plumbing.Hash
}

// Branch is the branch's name, "" when the reference isn't a branch.
func (r Ref) Branch() string {
	b, ok := strings.CutPrefix(r.Name, heads)
	if !ok {
		return ""
	}
	return b
}

const heads = "refs/heads/"

// staleRef is what the next readers still see of a reference.
type staleRef struct {
	before plumbing.Hash // zero: it wasn't there
	reads  int
}

// journal notes the references that a request writes.
type journal struct {
	users int // requests under way that want to know
	list  []refWrite
}

type refWrite struct {
	repo   *Repository
	name   string
	before plumbing.Hash
}

// Head is the commit that a branch is at. (Clients may still see an older one:
// see SeenRef.)
func (r *Repository) Head(branch string) (plumbing.Hash, bool) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	id, ok := r.refs[heads+branch]
	return id, ok
}

// Refs are the references whose full name starts with prefix, by name.
// (Clients may still see older ones: see SeenRefs.)
func (r *Repository) Refs(prefix string) []Ref {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	var list []Ref
	for name, id := range r.refs {
		if strings.HasPrefix(name, prefix) {
			list = append(list, Ref{Name: name, ID: id})
		}
	}
	sortRefs(list)
	return list
}

func sortRefs(list []Ref) {
	slices.SortFunc(list, func(a, b Ref) int { return strings.Compare(a.Name, b.Name) })
}

// SeenRef is what a client that reads the reference is told. After a write
// under a StaleReads rule that is the state before it.
func (r *Repository) SeenRef(name string) (Ref, bool) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	return r.seenRef(name)
}

func (r *Repository) seenRef(name string) (Ref, bool) {
	if s := r.stale[name]; s != nil {
		if s.reads--; s.reads <= 0 {
			delete(r.stale, name)
		}
		return Ref{Name: name, ID: s.before}, !s.before.IsZero()
	}
	id, ok := r.refs[name]
	return Ref{Name: name, ID: id}, ok
}

// SeenRefs are the references whose full name starts with prefix, by name, as
// clients see them.
func (r *Repository) SeenRefs(prefix string) []Ref {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	names := map[string]bool{}
	for name := range r.refs {
		names[name] = true
	}
	for name := range r.stale {
		names[name] = true
	}
	var list []Ref
	for name := range names {
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		if ref, ok := r.seenRef(name); ok {
			list = append(list, ref)
		}
	}
	sortRefs(list)
	return list
}

// RefUpdate is one change of a reference.
type RefUpdate struct {
	Name   string // full
	After  plumbing.Hash
	Delete bool
	Force  bool           // also when commits get lost
	Before *plumbing.Hash // the expected present state (zero: absent); nil: any
}

// CreateRef makes a reference to an existing object. by is the login of who
// does it; "" is the test itself, which nothing stops. Errors: Invalid for a
// name that Git refuses or an object that isn't there, Exists.
func (r *Repository) CreateRef(by, name string, id plumbing.Hash) error {
	zero := plumbing.ZeroHash
	return r.UpdateRefs(by, RefUpdate{Name: name, After: id, Before: &zero})
}

// UpdateRef moves a reference. Errors: NotFound, NotFastForward, Protected.
func (r *Repository) UpdateRef(by, name string, id plumbing.Hash, force bool) error {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	if _, ok := r.refs[name]; !ok {
		return fail(NotFound, "Reference does not exist")
	}
	return r.updateRefs(by, RefUpdate{Name: name, After: id, Force: force})
}

// RenameBranch renames a branch that is at a commit; its pull requests go with
// it. Errors: as CreateRef, and Moved.
func (r *Repository) RenameBranch(from, to string, at plumbing.Hash) error {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	zero := plumbing.ZeroHash
	create := RefUpdate{Name: heads + to, After: at, Before: &zero}
	if err := r.checkUpdate("", create); err != nil {
		return err
	}
	if err := r.checkUpdate("", RefUpdate{Name: heads + from, Delete: true, Before: &at}); err != nil {
		return err
	}
	for _, repo := range r.host.repos {
		for _, p := range repo.pulls {
			if p.Open && p.Head.Repo == r && p.Head.Branch == from {
				p.Head.Branch = to
			}
			if p.Open && repo == r && p.Base.Branch == from {
				p.Base.Branch = to
			}
		}
	}
	if r.info.DefaultBranch == from {
		r.info.DefaultBranch = to
	}
	return r.updateRefs("", create, RefUpdate{Name: heads + from, Delete: true})
}

// DeleteRef removes a reference. Errors: NotFound, Protected.
func (r *Repository) DeleteRef(by, name string) error {
	return r.UpdateRefs(by, RefUpdate{Name: name, Delete: true})
}

// UpdateRefs does all the updates or none.
func (r *Repository) UpdateRefs(by string, updates ...RefUpdate) error {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	return r.updateRefs(by, updates...)
}

func (r *Repository) updateRefs(by string, updates ...RefUpdate) error {
	for _, u := range updates {
		if err := r.checkUpdate(by, u); err != nil {
			return err
		}
	}
	for _, u := range updates {
		r.setRef(u.Name, u.After, u.Delete)
	}
	return nil
}

func (r *Repository) checkUpdate(by string, u RefUpdate) error {
	at, exists := r.refs[u.Name]
	if u.Before != nil && *u.Before != at {
		if u.Before.IsZero() {
			return fail(Exists, "Reference already exists")
		}
		return fail(Moved, "Expected %s to point to %s but it points to %s", u.Name, u.Before, at)
	}
	if u.Delete {
		if !exists {
			return fail(NotFound, "Reference does not exist")
		}
		return r.checkProtection(by, u, at)
	}
	if !validRefName(u.Name) {
		return fail(Invalid, "%s is not a valid ref name.", u.Name)
	}
	isBranch := strings.HasPrefix(u.Name, heads)
	kind := r.objects.typeOf(u.After)
	if kind == plumbing.InvalidObject || isBranch && kind != plumbing.CommitObject {
		return fail(Invalid, "Object does not exist")
	}
	if !exists {
		return r.checkNewName(u.Name)
	}
	if isBranch && !u.Force && !r.objects.isAncestor(at, u.After) {
		return fail(NotFastForward, "Update is not a fast forward")
	}
	return r.checkProtection(by, u, at)
}

// checkNewName refuses a/b beside a, and a beside a/b: Git's references are
// files and folders.
func (r *Repository) checkNewName(name string) error {
	for other := range r.refs {
		if strings.HasPrefix(other, name+"/") || strings.HasPrefix(name, other+"/") {
			return fail(Conflict, "Reference update failed")
		}
	}
	return nil
}

// validRefName is Git's check-ref-format for a name with two slashes or more.
func validRefName(name string) bool {
	rest, ok := strings.CutPrefix(name, "refs/")
	if !ok || !strings.Contains(rest, "/") {
		return false
	}
	return plumbing.ReferenceName(name).Validate() == nil
}

// setRef writes a reference and lets the pull requests follow it.
func (r *Repository) setRef(name string, id plumbing.Hash, remove bool) {
	before := r.refs[name]
	if j := r.host.journal; j != nil {
		j.list = append(j.list, refWrite{r, name, before})
	}
	delete(r.stale, name)
	if remove {
		delete(r.refs, name)
		id = plumbing.ZeroHash
	} else {
		r.refs[name] = id
	}
	r.info.PushedAt = r.host.Now()
	if branch, ok := strings.CutPrefix(name, heads); ok {
		r.pullsFollow(branch, id)
	}
}
