// Package drivertest asserts what package driver asks of a host. A host's test
// makes a Harness and calls Run; that is its whole conformance test. Each topic
// has its own file, and each case seeds a repository of its own, so all run in
// parallel.
//
// Capabilities are found by type assertion, as everywhere: the cases of one that a
// driver does not have are not run.
package drivertest

import (
	"testing"

	"mooring/backends/driver"
)

// File is a file that a repository starts with. A zero Mode is a regular file.
type File struct {
	Data []byte
	Mode driver.Mode
}

// Opened is a repository made for one case.
type Opened struct {
	Driver driver.Driver
	Branch string // the default branch; it is not below "cms/"

	// OneLabel says that the host keeps the label of a pull request in a comment: there
	// is one at a time, the one that was added last. It was told of Labels.
	OneLabel bool

	// What follows lets the suite act on the host behind the driver. Cases that need
	// one of it are not run where it is nil.

	// Contributor is a driver for the same repository, whose user may read and fork
	// it, but not write to it, and has no fork yet.
	Contributor driver.Driver
	// LoseAnswer has the host do what the nth request from now on asks for, and cut
	// the connection where it should answer. 0 cancels that.
	LoseAnswer func(n int)
	// RefuseMerge has the host refuse to merge a pull request into the default branch,
	// and tells what its reason is about, in a word or two of the host's own.
	RefuseMerge func(number int) string
	// Protect has the host let nobody commit to a branch.
	Protect func(branch string)
	// BreakLFS has the host's store of large files fail from now on.
	BreakLFS func(how LFSFailure)
}

// LFSFailure is how a store of large files fails.
type LFSFailure uint8

// The failures of a store.
const (
	LFSWorks   LFSFailure = iota // it does not
	LFSRefuses                   // it takes no file
	LFSLoses                     // it keeps nothing of what it says that it took
	LFSDamages                   // it sends other bytes than those that it has
)

// Harness is how the suite gets at a host.
type Harness struct {
	// Open makes a new repository and a driver whose user may write to it. The
	// default branch holds one commit with the files, of which there is one at least.
	Open func(t *testing.T, files map[string]File) Opened
	// Nobody makes a driver whose credential is nobody's. Nil where there are none.
	Nobody func(t *testing.T) driver.Driver
	// Missing makes a driver for a repository that does not exist. Nil where there
	// is no such thing.
	Missing func(t *testing.T) driver.Driver

	// NoDefaultBranch says that the host does not tell which branch is the default.
	NoDefaultBranch bool
	// OneAccount says that the host knows all people by one account, which opens the
	// pull requests of all.
	OneAccount bool
}

// Run asserts the whole contract.
func Run(t *testing.T, h Harness) {
	topic := func(name string, cases func(*testing.T, Harness)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cases(t, h)
		})
	}
	topic("Access", accessCases)
	topic("Tree", treeCases)
	topic("Paths", pathCases)
	topic("Blobs", blobCases)
	topic("Commit", commitCases)
	topic("Move", moveCases)
	topic("Modes", modeCases)
	topic("Branches", branchCases)
	topic("Replace", replaceCases)
	topic("Moved", movedCases)
	topic("Race", raceCases)
	topic("Cancel", cancelCases)

	o := h.Open(t, seed(nil))
	d := o.Driver
	if _, ok := d.(driver.Brancher); ok {
		topic("DeleteBranch", deleteBranchCases)
	}
	if _, ok := d.(driver.PullRequester); ok {
		topic("Pulls", pullCases)
		topic("Merge", mergeCases)
	}
	if _, ok := d.(driver.Namer); ok {
		topic("Names", nameCases)
	}
	if _, ok := d.(driver.Labeler); ok {
		topic("Labels", labelCases)
	}
	if _, ok := d.(driver.Comparer); ok {
		topic("Compare", compareCases)
	}
	if _, ok := d.(driver.PullFiler); ok {
		topic("PullFiles", pullFilesCases)
	}
	if _, ok := d.(driver.BranchLister); ok {
		topic("BranchList", branchListCases)
	}
	if _, ok := d.(driver.MetadataReader); ok {
		topic("LastChanges", lastChangesCases)
	}
	if _, ok := d.(driver.LFSReader); ok {
		topic("LFS", lfsCases)
	}
	if _, ok := d.(driver.Rebaser); ok {
		topic("Rebase", rebaseCases)
	}
	if _, ok := d.(driver.PushChecker); ok {
		topic("Push", pushCases)
	}
	if _, ok := d.(driver.Forker); ok && o.Contributor != nil {
		topic("Fork", forkCases)
	}
	if o.LoseAnswer != nil {
		topic("LostAnswer", lostCases)
	}
}

// each runs the cases of one topic in parallel.
func each(t *testing.T, h Harness, cases map[string]func(*testing.T, Harness)) {
	for name, run := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, h)
		})
	}
}
