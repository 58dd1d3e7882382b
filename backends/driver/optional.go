package driver

import (
	"context"

	"mooring/backends/content"
)

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
	// headPrefix, complete, in order of number; those from forks too, with Fork set.
	// What is at a HeadCommit can be read and compared here, whatever its fork is.
	Pulls(ctx context.Context, base, headPrefix string) ([]Pull, error)
	// Pull finds the open pull request of a head branch into base, or NotFound.
	// The branch is one of this repository; those of forks are not looked at.
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

// PullFiler lists what many pull requests change at once, where that is cheaper
// than to compare each.
type PullFiler interface {
	// PullFiles lists for each pull every file that it changes, as Compare does
	// with its base branch and HeadCommit, in the order asked for. OldID may be "".
	PullFiles(ctx context.Context, pulls []Pull) ([][]FileDiff, error)
}

// Labeler sets labels on pull requests. Hosts without labels keep them in comments, and
// show them in Pull.Labels all the same: one at a time, the one that was added last, and
// only such as they were told of.
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

// Previewer knows where commits are deployed to, where no StatusReader tells.
type Previewer interface {
	// Preview is where a commit can be seen, or will be as soon as that is a success;
	// NotFound where nobody tells of it.
	Preview(ctx context.Context, commit string) (StatusCheck, error)
}

// BranchLister lists branches.
type BranchLister interface {
	// Branches lists all branches whose name starts with prefix, complete, sorted
	// by name.
	Branches(ctx context.Context, prefix string) ([]Branch, error)
}

// Forker works with forks of the repository. A fork's Driver writes its branches to
// the fork; its PullRequester speaks of pull requests from the fork into the
// repository that it was forked from, and finds only those: Pulls and Pull take
// branches of the fork, OpenPull opens one from there (or opens a closed one again),
// and MergePull merges into the origin. Its other capabilities are a Git host's.
type Forker interface {
	// Fork finds the user's own fork, or makes it if it may, waits until it can be
	// used, and brings its branch in step with the origin's where that needs no
	// force. Where there is none and create is false it is NotFound.
	Fork(ctx context.Context, branch string, create bool) (Fork, error)
	// OpenFork gives the driver of somebody's fork, by the name that Pull.Fork has.
	OpenFork(name string) Driver
}

// TreeUpdater lists a tree by what has changed since another listing, for hosts where a
// listing takes many requests, or where only a commit and a path name a file's content.
type TreeUpdater interface {
	// UpdateTree is Tree for who has a listing of the same dir, equally deep, at another
	// commit. What is the same at both keeps the entry that the listing has; what lay
	// elsewhere, or nowhere, gets one of its own.
	UpdateTree(ctx context.Context, commit, dir string, recursive bool, known Listing) ([]TreeEntry, error)
}

// TreeBeginner lists the beginning of a directory, for hosts where a whole listing takes
// many requests.
type TreeBeginner interface {
	// BeginTree lists the first entries of dir, at least n if it has so many, as Tree
	// does without recursive, and says whether these are all. What it has asked for, a
	// later Tree of the same dir and commit does not ask for again.
	BeginTree(ctx context.Context, commit, dir string, n int) (first []TreeEntry, all bool, err error)
}

// MetadataReader tells who changed files last.
type MetadataReader interface {
	// LastChanges tells of each path which commit, at or before commit, changed it
	// last, in the order asked for. A path that has none is a zero LastChange.
	LastChanges(ctx context.Context, commit string, paths []string) ([]LastChange, error)
}

// Namer tells what people are called.
type Namer interface {
	// Names answers for each login the name that the account shows, in the order asked
	// for: the login itself where it shows none, or where there is no such account.
	Names(ctx context.Context, logins []string) ([]string, error)
}

// LFSReader reads large files that lie beside the repository (Git LFS); what is
// committed is a pointer. Package backends reads pointers. A host that is no LFSStore
// writes them itself: it stores each file of a commit that .gitattributes says to keep
// in Git LFS, and commits the pointer.
type LFSReader interface {
	// DownloadLFS reads the file that a pointer at stands for, by reference where the
	// platform can. What comes is checked against the pointer's size and id: anything
	// else is an error.
	DownloadLFS(ctx context.Context, p LFSPointer, at BlobRef) (content.Content, error)
}

// LFSStore stores large files too, and leaves writing the pointers to package backends.
type LFSStore interface {
	LFSReader
	// UploadLFS stores files that are to be committed as pointers, and verifies that
	// all of them are there; what the store has already is not sent. If it fails,
	// nothing is committed. It is Unsupported, with what stands in the way, where the
	// store can't be written from here.
	UploadLFS(ctx context.Context, files []LFSFile) error
}

// LFSChooser is an LFSStore in some repositories only.
type LFSChooser interface {
	LFSStore
	// StoresLFS says whether large files that are saved on top of a commit go into the
	// store. If not, the host writes their pointers itself, as one that is no LFSStore;
	// where neither can be, it is Unsupported and says what stands in the way.
	StoresLFS(ctx context.Context, commit string) (bool, error)
}

// Thumbnailer shows large images smaller than they are.
type Thumbnailer interface {
	LFSReader
	// Thumbnail reads a small picture of the image that a pointer at stands for, or all
	// of the file where there is none.
	Thumbnail(ctx context.Context, p LFSPointer, at BlobRef) (content.Content, error)
}

// Rebaser rebases pull requests by the host's own means, which keep the commits and
// who made them.
type Rebaser interface {
	// Rebase puts what the branch of a pull request holds on top of the newest commit
	// of its base branch, and answers with the branch's new head; one that is on top
	// already stays as it is. A moved head, or commits that can't be applied there, are
	// a Conflict that leaves everything as it was.
	Rebase(ctx context.Context, number int, expectedHead string) (string, error)
}

// PushChecker tells beforehand which branches take commits.
type PushChecker interface {
	// MayPush is Forbidden, with the reason, where the user may not commit to a branch
	// because that is protected, and NotFound where there is no such branch.
	MayPush(ctx context.Context, branch string) error
}

// ServiceStatuser tells how the host's service is doing.
type ServiceStatuser interface {
	// ServiceStatus answers from the host's public status page. A page that does
	// not answer says nothing about the service and is an error.
	ServiceStatus(ctx context.Context) (ServiceStatus, error)
}
