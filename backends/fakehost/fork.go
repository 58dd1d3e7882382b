package fakehost

import (
	"maps"
	"slices"
	"strconv"

	"github.com/go-git/go-git/v5/plumbing"
)

// ForkOptions say what a fork takes along.
type ForkOptions struct {
	Name              string // default that of the origin
	DefaultBranchOnly bool
}

// Fork gives owner a fork, or the one that they have. Clients don't find it
// before Settings.ForkPolls lookups.
func (h *Host) Fork(owner string, origin *Repository, o ForkOptions) (*Repository, error) {
	user, ok := h.User(owner)
	if !ok {
		return nil, fail(NotFound, "no user %s", owner)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.repos {
		if r.info.Parent == origin && r.info.Owner == user.Login {
			return r, nil
		}
	}
	info := origin.info
	info.Owner, info.Parent = user.Login, origin
	if o.Name != "" {
		info.Name = o.Name
	}
	for base, n := info.Name, 1; h.repos[key(info.Owner, info.Name)] != nil; n++ {
		info.Name = base + "-" + strconv.Itoa(n)
	}
	fork := h.newRepository(origin.objects, info)
	fork.hidden = h.settings.ForkPolls
	fork.refs = maps.Clone(origin.refs)
	if o.DefaultBranchOnly {
		only := heads + info.DefaultBranch
		maps.DeleteFunc(fork.refs, func(name string, _ plumbing.Hash) bool { return name != only })
	}
	return fork, nil
}

// Forks are the forks of a repository, newest first.
func (r *Repository) Forks() []*Repository {
	var list []*Repository
	for _, other := range r.host.Repositories() {
		if other.Info().Parent == r {
			list = append(list, other)
		}
	}
	slices.Reverse(list)
	return list
}

// Source is the repository that the whole family of forks comes from.
func (r *Repository) Source() *Repository {
	for p := r.Info().Parent; p != nil; p = r.Info().Parent {
		r = p
	}
	return r
}

// Upstream says what MergeUpstream did.
type Upstream struct {
	Type string // none, fast-forward, merge
	Base string // owner:branch that was merged
}

// MergeUpstream brings a fork's branch up to date with the branch of that name
// in its origin. Errors: NotFound, Invalid (not a fork), Conflict.
func (r *Repository) MergeUpstream(by, branch string) (Upstream, error) {
	parent := r.Info().Parent
	if parent == nil {
		return Upstream{}, fail(Invalid, "This repository is not a fork")
	}
	user, _ := r.host.User(by)
	sign := r.host.Signature(user)
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	mine, ok := r.refs[heads+branch]
	theirs, known := parent.refs[heads+branch]
	if !ok || !known {
		return Upstream{}, fail(NotFound, "Branch not found")
	}
	did := Upstream{Type: "none", Base: parent.info.Owner + ":" + branch}
	if r.objects.isAncestor(theirs, mine) {
		return did, nil
	}
	if r.objects.isAncestor(mine, theirs) {
		did.Type = "fast-forward"
		return did, r.updateRefs(by, RefUpdate{Name: heads + branch, After: theirs})
	}
	id, err := r.mergeCommit(mine, theirs, sign, "Merge branch '"+parent.info.FullName()+":"+branch+"' into "+branch)
	if err != nil {
		return did, err
	}
	did.Type = "merge"
	return did, r.updateRefs(by, RefUpdate{Name: heads + branch, After: id})
}
