package driver

import "context"

// What follows is what some hosts can do. Each is found by a type assertion on
// the Driver; a host that can't do a thing does not have the method.

// Brancher deletes branches.
type Brancher interface {
	// DeleteBranch removes a branch that still points to expectedHead; one that
	// moved is a Conflict, one that is gone NotFound.
	DeleteBranch(ctx context.Context, branch, expectedHead string) error
}

// PullRequester works with pull requests.
type PullRequester interface {
	// Pulls lists all open pull requests into base whose head branch starts with
	// headPrefix, complete, in order of number.
	Pulls(ctx context.Context, base, headPrefix string) ([]Pull, error)
	// Pull finds the open pull request of a head branch into base, or NotFound.
	Pull(ctx context.Context, base, head string) (Pull, error)
	// OpenPull opens one; a second one for the same branches is a Conflict.
	OpenPull(ctx context.Context, p NewPull) (Pull, error)
	// MergePull merges it. A moved head, or files that can't be merged, are a
	// Conflict that leaves everything as it was; a number that nobody knows is
	// NotFound, here and below; a merge that the host refuses
	// (failing checks, missing review) is Forbidden and says why.
	MergePull(ctx context.Context, number int, m Merge) error
	// ClosePull closes it without merging.
	ClosePull(ctx context.Context, number int) error
}

// Labeler sets labels on pull requests. Hosts without labels keep them in
// comments, and show them in Pull.Labels all the same.
type Labeler interface {
	// Relabel adds and removes labels; other labels stay, labels that the host
	// does not know yet are made.
	Relabel(ctx context.Context, number int, add, remove []string) error
}

// Comparer compares commits.
type Comparer interface {
	// Compare lists every file that head changed since its merge base with base,
	// complete, sorted by path. A commit that is not there is NotFound; a host that
	// finds no renames shows a Deleted and an Added file.
	Compare(ctx context.Context, base, head string) (Comparison, error)
}

// StatusReader reads what services say of a commit.
type StatusReader interface {
	Statuses(ctx context.Context, commit string) ([]StatusCheck, error)
}
