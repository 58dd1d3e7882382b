package fakehost

import (
	"slices"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// Side is one end of a pull request.
type Side struct {
	Repo   *Repository
	Branch string
	SHA    plumbing.Hash // of the base: the branch's commit when the head was last pushed
}

// Label is owner:branch.
func (s Side) Label() string { return s.Repo.Info().Owner + ":" + s.Branch }

// PullRequest is a pull request.
type PullRequest struct {
	ID          int64
	Number      int
	Title, Body string
	Author      string // login
	Open        bool
	Draft       bool
	Base, Head  Side
	Labels      []string // names
	LabelIDs    []int64  // of Labels
	Reviews     []Review // oldest first

	Merged      bool
	MergedBy    string        // login
	MergeCommit plumbing.Hash // on the base branch

	MaintainerCanModify bool

	Squash       bool          // it is to be merged as one commit
	SquashCommit plumbing.Hash // what it was squashed to
	RemoveBranch bool          // its branch is to go when it is merged
	AutoMerge    bool          // it is to be merged once its statuses have passed
	MergeError   string        // why the last rebase or merge failed
	Unresolved   int           // discussions that wait for an answer
	ClosedBy     string        // login
	Reason       string        // why it was closed

	CreatedAt, UpdatedAt time.Time
	ClosedAt, MergedAt   time.Time // zero until then

	comments []Comment // oldest first; replaced, not changed, when one changes

	unknown int           // how many more readers are told that mergeability isn't known yet
	lag     int           // how many more readers see oldHead
	oldHead plumbing.Hash // where the head was before the last push
	rebase  *rebase       // what is under way
}

// CrossRepository says whether the head is in a fork.
func (p PullRequest) CrossRepository() bool { return p.Head.Repo != p.Base.Repo }

// NewPull is a pull request to be opened.
type NewPull struct {
	By                  string // login
	Title, Body         string
	Head                *Repository // default the base repository
	HeadBranch          string
	BaseBranch          string
	Draft               bool
	MaintainerCanModify bool
	Squash              bool
	RemoveBranch        bool
}

// CreatePull opens a pull request. Errors: Invalid (a missing branch, no
// commits between; Error.Field says which), Exists.
func (r *Repository) CreatePull(n NewPull) (PullRequest, error) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	if n.Head == nil {
		n.Head = r
	}
	base, ok := r.refs[heads+n.BaseBranch]
	if !ok {
		return PullRequest{}, &Error{Kind: Invalid, Field: "base", Msg: "base is invalid"}
	}
	head, ok := n.Head.refs[heads+n.HeadBranch]
	if !ok || n.Head.objects != r.objects {
		return PullRequest{}, &Error{Kind: Invalid, Field: "head", Msg: "head is invalid"}
	}
	for _, p := range r.pulls {
		if p.Open && p.Head.Repo == n.Head && p.Head.Branch == n.HeadBranch && p.Base.Branch == n.BaseBranch {
			return PullRequest{}, fail(Exists, "A pull request already exists for %s:%s.", n.Head.info.Owner, n.HeadBranch)
		}
	}
	if !r.host.habits.EmptyPulls && r.objects.isAncestor(head, base) {
		return PullRequest{}, fail(Invalid, "No commits between %s and %s",
			r.sideName(r, n.BaseBranch, n.Head), r.sideName(n.Head, n.HeadBranch, r))
	}
	now := r.host.Now()
	p := &PullRequest{
		ID: r.host.nextID(), Number: len(r.pulls) + 1, Title: n.Title, Body: n.Body, Author: n.By, Open: true,
		Draft: n.Draft, Squash: n.Squash, RemoveBranch: n.RemoveBranch, Base: Side{r, n.BaseBranch, base}, Head: Side{n.Head, n.HeadBranch, head},
		MaintainerCanModify: n.MaintainerCanModify, CreatedAt: now, UpdatedAt: now,
		unknown: r.host.settings.MergeabilityPolls,
	}
	r.pulls = append(r.pulls, p)
	return p.clone(), nil
}

// sideName is how messages call a branch: with its owner when the other side
// is in another repository.
func (r *Repository) sideName(repo *Repository, branch string, other *Repository) string {
	if repo == other {
		return branch
	}
	return repo.info.Owner + ":" + branch
}

func (p *PullRequest) clone() PullRequest {
	c := *p
	c.Labels, c.LabelIDs, c.Reviews = slices.Clone(p.Labels), slices.Clone(p.LabelIDs), slices.Clone(p.Reviews)
	return c
}

func (r *Repository) pull(number int) *PullRequest {
	if number < 1 || number > len(r.pulls) {
		return nil
	}
	return r.pulls[number-1]
}

// Pull finds a pull request.
func (r *Repository) Pull(number int) (PullRequest, bool) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	if p := r.pull(number); p != nil {
		return p.clone(), true
	}
	return PullRequest{}, false
}

// Pulls are all pull requests, oldest first.
func (r *Repository) Pulls() []PullRequest {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	list := make([]PullRequest, len(r.pulls))
	for i, p := range r.pulls {
		list[i] = p.clone()
	}
	return list
}

// OpenPulls counts the open pull requests.
func (r *Repository) OpenPulls() int {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	n := 0
	for _, p := range r.pulls {
		if p.Open {
			n++
		}
	}
	return n
}

// ComparePull is what a pull request brings: its commits, and its files
// against the merge base.
func (r *Repository) ComparePull(p PullRequest) (Comparison, error) {
	return r.Compare(p.Base.SHA, p.Head.SHA)
}

// PullEdit changes a pull request; nil leaves a field as it is.
type PullEdit struct {
	Title, Body, Base   *string
	Open                *bool
	Draft               *bool
	MaintainerCanModify *bool
	Squash              *bool
	RemoveBranch        *bool
	AutoMerge           *bool
	MergeError          *string
	Unresolved          *int
	By                  string // login of who closes it
	Reason              *string
}

// EditPull edits, closes or reopens a pull request. Errors: NotFound; Invalid
// when it can't be reopened, because its branch is gone or was rewritten, or
// because it was merged.
func (r *Repository) EditPull(number int, e PullEdit) (PullRequest, error) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	p := r.pull(number)
	if p == nil {
		return PullRequest{}, fail(NotFound, "no pull request %d", number)
	}
	if e.Base != nil && *e.Base != p.Base.Branch {
		at, ok := r.refs[heads+*e.Base]
		if !ok {
			return p.clone(), &Error{Kind: Invalid, Field: "base", Msg: "base is invalid"}
		}
		p.Base = Side{r, *e.Base, at}
	}
	if e.Open != nil && *e.Open != p.Open {
		if err := r.openOrClose(p, *e.Open); err != nil {
			return p.clone(), err
		}
		p.ClosedBy = e.By
	}
	set(&p.Title, e.Title)
	set(&p.Body, e.Body)
	set(&p.Draft, e.Draft)
	set(&p.MaintainerCanModify, e.MaintainerCanModify)
	set(&p.Squash, e.Squash)
	set(&p.RemoveBranch, e.RemoveBranch)
	set(&p.AutoMerge, e.AutoMerge)
	set(&p.MergeError, e.MergeError)
	set(&p.Unresolved, e.Unresolved)
	set(&p.Reason, e.Reason)
	p.UpdatedAt = r.host.Now()
	return p.clone(), nil
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

func (r *Repository) openOrClose(p *PullRequest, open bool) error {
	if !open {
		p.Open, p.ClosedAt = false, r.host.Now()
		return nil
	}
	if p.Merged {
		return &Error{Kind: Invalid, Field: "state", Msg: "state cannot be changed. The pull request was merged."}
	}
	at, ok := p.Head.Repo.refs[heads+p.Head.Branch]
	if !ok {
		return &Error{Kind: Invalid, Field: "state",
			Msg: "state cannot be changed. The " + p.Head.Branch + " branch has been deleted."}
	}
	if !r.objects.isAncestor(p.Head.SHA, at) && !r.host.habits.KeepPulls {
		return &Error{Kind: Invalid, Field: "state",
			Msg: "state cannot be changed. The " + p.Head.Branch + " branch was force-pushed or recreated."}
	}
	if base, ok := r.refs[heads+p.Base.Branch]; ok && r.objects.isAncestor(at, base) && !r.host.habits.EmptyPulls {
		return &Error{Kind: Invalid, Field: "state",
			Msg: "state cannot be changed. There are no new commits between base branch '" + p.Base.Branch +
				"' and head branch '" + p.Head.Branch + "'."}
	}
	p.Open, p.ClosedAt, p.Head.SHA = true, time.Time{}, at
	return nil
}
