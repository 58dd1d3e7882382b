package fakehost

import "github.com/go-git/go-git/v5/plumbing"

// UpdatePull brings an open pull request's branch up to date with its base, by
// a merge commit or, with rebase, by making its commits anew. message is the
// merge commit's. Errors: NotFound, Exists when there is nothing to do,
// Conflict, Blocked (closed, or commits that can't be rebased), Protected.
func (r *Repository) UpdatePull(number int, by, message string, rebase bool) error {
	user, _ := r.host.User(by)
	sign := r.host.Signature(user)
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	p := r.pull(number)
	if p == nil {
		return fail(NotFound, "no pull request %d", number)
	}
	head, ok := p.Head.Repo.refs[heads+p.Head.Branch]
	base := r.refs[heads+p.Base.Branch]
	if !p.Open || !ok {
		return fail(Blocked, "the pull request is closed")
	}
	if r.objects.isAncestor(base, head) {
		return fail(Exists, "%s is up to date", p.Head.Branch)
	}
	var id plumbing.Hash
	var err error
	if rebase {
		id, err = r.rebase(base, head, sign)
	} else {
		id, err = r.mergeCommit(head, base, sign, message)
	}
	if err != nil {
		return err
	}
	return p.Head.Repo.updateRefs(by, RefUpdate{Name: heads + p.Head.Branch, After: id, Force: true, Before: &head})
}
