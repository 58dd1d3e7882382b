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
}

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

	d := h.Open(t, seed(nil)).Driver
	if _, ok := d.(driver.Brancher); ok {
		topic("DeleteBranch", deleteBranchCases)
	}
	if _, ok := d.(driver.PullRequester); ok {
		topic("Pulls", pullCases)
		topic("Merge", mergeCases)
	}
	if _, ok := d.(driver.Labeler); ok {
		topic("Labels", labelCases)
	}
	if _, ok := d.(driver.Comparer); ok {
		topic("Compare", compareCases)
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
