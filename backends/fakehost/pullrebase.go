package fakehost

import (
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// rebase is a rebase of a pull request that is under way.
type rebase struct {
	polls int // how many more readers see it so
	by    object.Signature
	fails string
}

// RebasePull starts to rebase a pull request's branch onto its base. It takes
// Settings.RebasePoll calls of Rebasing; when it fails, the pull request's
// MergeError becomes fails. Errors: NotFound.
func (r *Repository) RebasePull(number int, by, fails string) error {
	user, _ := r.host.User(by)
	sign := r.host.Signature(user)
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	p := r.pull(number)
	if p == nil {
		return fail(NotFound, "no pull request %d", number)
	}
	p.MergeError = ""
	p.rebase = &rebase{polls: r.host.settings.RebasePoll, by: sign, fails: fails}
	if p.rebase.polls == 0 {
		r.finishRebase(p)
	}
	return nil
}

// Rebasing says whether a rebase is still under way, and brings its end nearer.
func (r *Repository) Rebasing(number int) bool {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	p := r.pull(number)
	if p == nil || p.rebase == nil {
		return false
	}
	if p.rebase.polls > 0 {
		p.rebase.polls--
		return true
	}
	r.finishRebase(p)
	return false
}

func (r *Repository) finishRebase(p *PullRequest) {
	under := p.rebase
	p.rebase = nil
	base := r.refs[heads+p.Base.Branch]
	at, exists := p.Head.Repo.refs[heads+p.Head.Branch]
	if exists && r.objects.isAncestor(base, at) {
		return
	}
	id, err := r.rebase(base, at, under.by)
	if !exists || err != nil {
		p.MergeError = under.fails
		return
	}
	p.Head.Repo.setRef(heads+p.Head.Branch, id, false)
}

// RebaseCommits makes the commits of head anew on base, without moving a
// branch. Errors: Conflict, Blocked (head has merges).
func (r *Repository) RebaseCommits(base, head plumbing.Hash, by object.Signature) (plumbing.Hash, error) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	return r.rebase(base, head, by)
}

// MergedTree is the tree of theirs merged into ours. Errors: Conflict, which
// names the paths.
func (r *Repository) MergedTree(ours, theirs plumbing.Hash) (plumbing.Hash, error) {
	return r.mergedTree(ours, theirs)
}

// Landing is how a pull request was merged.
type Landing struct {
	By     string        // login
	Before plumbing.Hash // where its base must be
	After  plumbing.Hash // where its base is then
	Merge  plumbing.Hash // the merge commit, zero when there was none
	Squash plumbing.Hash // the squashed commit, likewise
	Remove bool          // its branch goes
}

// Land notes that a pull request was merged, and moves its base. Errors:
// NotFound, Moved.
func (r *Repository) Land(number int, l Landing) error {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	p := r.pull(number)
	if p == nil || !p.Open {
		return fail(NotFound, "no open pull request %d", number)
	}
	if r.refs[heads+p.Base.Branch] != l.Before {
		return fail(Moved, "%s was moved", p.Base.Branch)
	}
	now := r.host.Now()
	p.Open, p.Merged, p.MergedBy, p.MergeCommit, p.SquashCommit = false, true, l.By, l.Merge, l.Squash
	p.ClosedAt, p.MergedAt, p.UpdatedAt, p.AutoMerge = now, now, now, false
	r.setRef(heads+p.Base.Branch, l.After, false)
	if _, exists := p.Head.Repo.refs[heads+p.Head.Branch]; exists && l.Remove {
		p.Head.Repo.setRef(heads+p.Head.Branch, plumbing.ZeroHash, true)
	}
	return nil
}

// SeenPull is a pull request as clients see it: Settings.HeadLag readers still
// see the head that it had before a push.
func (r *Repository) SeenPull(number int) (PullRequest, bool) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	p := r.pull(number)
	if p == nil {
		return PullRequest{}, false
	}
	return p.seen(), true
}

// SeenPulls are all pull requests as clients see them, newest first.
func (r *Repository) SeenPulls() []PullRequest {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	list := make([]PullRequest, 0, len(r.pulls))
	for _, p := range slices.Backward(r.pulls) {
		list = append(list, p.seen())
	}
	return list
}

func (p *PullRequest) seen() PullRequest {
	c := p.clone()
	if p.lag > 0 {
		p.lag--
		c.Head.SHA = p.oldHead
	}
	return c
}
