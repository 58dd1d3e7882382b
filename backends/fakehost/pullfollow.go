package fakehost

import (
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// pullsFollow keeps pull requests in step with a branch of this repository
// that was written, as GitHub does: the head moves with it, and the pull
// request closes when the branch is deleted or has nothing new any more; what
// arrives in the base is merged.
func (r *Repository) pullsFollow(branch string, after plumbing.Hash) {
	now := r.host.Now()
	for _, repo := range r.host.repos {
		for _, p := range repo.pulls {
			if p.Open && p.Head.Repo == r && p.Head.Branch == branch {
				p.headMoved(after, now)
			}
		}
	}
	r.pullsArrive(branch, after, now)
}

func (r *Repository) pullsArrive(branch string, after plumbing.Hash, now time.Time) {
	var has map[plumbing.Hash]bool
	for _, p := range r.pulls {
		if !p.Open || p.Base.Branch != branch || after.IsZero() {
			continue
		}
		if has == nil {
			var err error
			if has, err = r.objects.reachable(after); err != nil {
				return
			}
		}
		p.unknown = r.host.settings.MergeabilityPolls
		if has[p.Head.SHA] && !r.host.habits.NoArrivals && !r.objects.isAncestor(p.Head.SHA, p.Base.SHA) {
			p.Open, p.Merged, p.MergeCommit = false, true, p.Head.SHA
			p.ClosedAt, p.MergedAt, p.UpdatedAt = now, now, now
		}
	}
}

func (p *PullRequest) headMoved(to plumbing.Hash, now time.Time) {
	p.UpdatedAt = now
	base := p.Base.Repo.refs[heads+p.Base.Branch]
	habits := p.Base.Repo.host.habits
	nothing := to.IsZero() || p.Base.Repo.objects.isAncestor(to, base)
	if nothing && !habits.KeepPulls || to.IsZero() && habits.ClosesWithBranch {
		p.Open, p.ClosedAt = false, now
		return
	}
	if to.IsZero() {
		return
	}
	p.lag, p.oldHead = p.Base.Repo.host.settings.HeadLag, p.Head.SHA
	p.Head.SHA, p.Base.SHA = to, base
	p.unknown = p.Base.Repo.host.settings.MergeabilityPolls
}
