package changeset

import (
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// ownBranches is where a branch may be replaced: see driver.Commit.
const ownBranches = "cms/"

// Way is what a commit does with its branch.
type Way uint8

const (
	Advance   Way = iota // it adds a commit to the branch
	BranchOff            // it makes a branch at its base, and no commit
	Create               // it makes a branch with one commit
	Replace              // it puts a branch of our own onto another base
)

// WayOf tells which way a commit is, or that there is none such.
func WayOf(c driver.Commit) (Way, error) {
	replaces := c.ExpectedHead != "" && c.Base != "" && c.Base != c.ExpectedHead
	switch {
	case c.ExpectedHead == "" && c.Base == "":
		return 0, cmserr.New(cmserr.Invalid, "A new branch needs a commit to start from.")
	case c.ExpectedHead == "" && len(c.Changes) == 0:
		return BranchOff, nil
	case len(c.Changes) == 0:
		return 0, cmserr.New(cmserr.Invalid, "A commit needs changes.")
	case c.ExpectedHead == "":
		return Create, nil
	case replaces && !strings.HasPrefix(c.Branch, ownBranches):
		return 0, cmserr.New(cmserr.Invalid, "Only branches below “"+ownBranches+"” may be replaced, not “"+c.Branch+"”.")
	case replaces:
		return Replace, nil
	}
	return Advance, nil
}

// BranchMoved is the Conflict over a branch that is not where it was expected.
func BranchMoved(branch string) error {
	return cmserr.New(cmserr.Conflict, "The branch “"+branch+"” has changed meanwhile. Reload it and try again.")
}
