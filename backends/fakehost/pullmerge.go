package fakehost

import (
	"cmp"
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Mergeability says whether a pull request could be merged now: "clean",
// "dirty" (conflicts), "blocked" (checks or reviews are missing), "draft", or
// "unknown" while the host still works it out (Settings.MergeabilityPolls).
func (r *Repository) Mergeability(number int) string {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	p := r.pull(number)
	if p == nil || !p.Open {
		return "unknown"
	}
	if p.unknown > 0 {
		p.unknown--
		return "unknown"
	}
	if p.Draft {
		return "draft"
	}
	if _, err := r.mergedTree(r.refs[heads+p.Base.Branch], p.Head.SHA); err != nil {
		return "dirty"
	}
	if r.checkMerge(p) != nil {
		return "blocked"
	}
	return "clean"
}

// MergeOptions say how to merge.
type MergeOptions struct {
	By             string        // login
	Method         string        // merge (default), squash, rebase
	Head           plumbing.Hash // the commit that the head must be at; zero: any
	Title, Message string        // of the commit; the host has its own for empty ones
	Text           string        // the commit's whole message, in place of Title and Message
	KeepBranch     bool          // whatever the repository does otherwise
	Unprotected    bool          // the host has checked itself what protection asks for
}

// MergePull merges a pull request and returns the commit. Errors: NotFound,
// Moved (the head isn't where it was expected), Conflict, Blocked (by checks,
// reviews, or because it is closed, a draft, or the method is off).
func (r *Repository) MergePull(number int, o MergeOptions) (plumbing.Hash, error) {
	user, _ := r.host.User(o.By)
	sign := r.host.Signature(user)
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	p := r.pull(number)
	if p == nil {
		return plumbing.ZeroHash, fail(NotFound, "no pull request %d", number)
	}
	if !p.Open || p.Draft {
		return plumbing.ZeroHash, fail(Blocked, "Pull Request is not mergeable")
	}
	if !o.Head.IsZero() && o.Head != p.Head.SHA {
		return plumbing.ZeroHash, fail(Moved, "Head branch was modified. Review and try the merge again.")
	}
	if err := r.checkMethod(o.Method); err != nil {
		return plumbing.ZeroHash, err
	}
	if p := r.checkMerge(p); p != nil && !o.Unprotected && !r.overrides(o.By, number) {
		return plumbing.ZeroHash, p
	}
	id, err := r.merge(p, o, sign)
	if err != nil {
		return id, err
	}
	now := r.host.Now()
	p.Open, p.Merged, p.MergedBy, p.MergeCommit = false, true, o.By, id
	p.ClosedAt, p.MergedAt, p.UpdatedAt = now, now, now
	r.setRef(heads+p.Base.Branch, id, false)
	if r.info.DeleteBranchOnMerge && !o.KeepBranch && p.Head.Repo == r {
		r.setRef(heads+p.Head.Branch, plumbing.ZeroHash, true)
	}
	return id, nil
}

func (r *Repository) checkMethod(method string) error {
	off, name := r.info.NoMergeCommits, "Merge commits"
	switch method {
	case "", "merge":
	case "squash":
		off, name = r.info.NoSquash, "Squash merges"
	case "rebase":
		off, name = r.info.NoRebase, "Rebase merges"
	default:
		return fail(Invalid, "%q is not a merge method", method)
	}
	if off {
		return fail(Blocked, "%s are not allowed on this repository.", name)
	}
	return nil
}

// overrides says whether protection doesn't bind the user.
func (r *Repository) overrides(by string, number int) bool {
	p := r.protection[r.pull(number).Base.Branch]
	return by == "" || r.permission(by) == Admin && !p.EnforceAdmins
}

// checkMerge refuses what the base branch's protection forbids.
func (r *Repository) checkMerge(p *PullRequest) error {
	protection, ok := r.protection[p.Base.Branch]
	if !ok {
		return nil
	}
	switch missing := protection.RequiredReviews - p.approvals(); {
	case missing > 0 && protection.RequiredReviews == 1:
		return fail(Blocked, "At least 1 approving review is required by reviewers with write access.")
	case missing > 0:
		return fail(Blocked, "At least %d approving reviews are required by reviewers with write access.", protection.RequiredReviews)
	}
	return r.checkRequired(protection, p.Head.SHA, Blocked)
}

// merge makes the commit or commits, without moving the base branch.
func (r *Repository) merge(p *PullRequest, o MergeOptions, by object.Signature) (plumbing.Hash, error) {
	base := r.refs[heads+p.Base.Branch]
	switch o.Method {
	case "squash":
		return r.squash(p, base, o, by)
	case "rebase":
		return r.rebase(base, p.Head.SHA, by)
	}
	title := o.Title
	if title == "" {
		title = fmt.Sprintf("Merge pull request #%d from %s/%s", p.Number, p.Head.Repo.info.Owner, p.Head.Branch)
	}
	message := o.Message
	if message == "" {
		message = p.Title
	}
	return r.mergeCommit(base, p.Head.SHA, by, cmp.Or(o.Text, title+"\n\n"+message))
}

func (r *Repository) squash(p *PullRequest, base plumbing.Hash, o MergeOptions, by object.Signature) (plumbing.Hash, error) {
	root, err := r.mergedTree(base, p.Head.SHA)
	if err != nil {
		return root, err
	}
	title := o.Title
	if title == "" {
		title = fmt.Sprintf("%s (#%d)", p.Title, p.Number)
	}
	message := title
	if o.Message != "" {
		message += "\n\n" + o.Message
	}
	head, err := r.objects.commit(p.Head.SHA)
	if err != nil {
		return base, err
	}
	author := head.Author
	author.When = by.When
	return r.writeCommit(&object.Commit{TreeHash: root, ParentHashes: []plumbing.Hash{base}, Message: cmp.Or(o.Text, message),
		Author: author, Committer: r.host.committer(by)})
}

// rebase makes the commits of head anew on base.
func (r *Repository) rebase(base, head plumbing.Hash, by object.Signature) (plumbing.Hash, error) {
	list, err := r.objects.missing(base, head)
	if err != nil {
		return base, err
	}
	at := base
	for _, id := range list {
		c, err := r.objects.commit(id)
		if err != nil {
			return at, err
		}
		if len(c.ParentHashes) != 1 {
			return at, fail(Blocked, "This branch can't be rebased")
		}
		before, _ := r.TreeOf(c.ParentHashes[0])
		ours, _ := r.TreeOf(at)
		root, err := r.MergeTrees(before, ours, c.TreeHash)
		if err != nil {
			return at, err
		}
		at, err = r.writeCommit(&object.Commit{TreeHash: root, ParentHashes: []plumbing.Hash{at}, Message: c.Message,
			Author: c.Author, Committer: r.host.committer(by)})
		if err != nil {
			return at, err
		}
	}
	return at, nil
}
