// Package driver is what a Git host must offer. It speaks of trees, blobs,
// commits, branches and pull requests, never of entries, collections or slugs.
// Package backends turns any Driver into what a CMS asks for, and checks inputs
// first: a driver may trust that paths are clean, relative and inside the
// repository, and that no argument is empty unless its comment allows it.
//
// Every sentence of these comments is asserted by package drivertest.
//
// Errors are *cmserr.Error; what is missing is NotFound. An error is never turned
// into empty content. A cancelled context aborts the request with Canceled. All
// methods may be called concurrently. Paths, branches and refs may hold any
// character that Git allows ("#?%+ &", spaces, Unicode, slashes in branches).
package driver

import "context"

// Driver is the part that every host has.
type Driver interface {
	// User identifies who the credential belongs to; Unauthenticated if to nobody.
	User(ctx context.Context) (User, error)

	// Access tells what this user may do with the repository; NotFound when the
	// repository does not exist or is hidden from the user.
	Access(ctx context.Context) (Access, error)

	// Head is the commit id that a branch points to.
	Head(ctx context.Context, branch string) (string, error)

	// Tree lists dir ("" is the root) as it is at a commit. With recursive it
	// lists everything below, else one level. The listing is complete: paged to
	// its end, truncated answers finished. Directories are listed too. Entries
	// are sorted by path, bytewise. A dir that is missing, or is a file, is NotFound.
	Tree(ctx context.Context, commit, dir string, recursive bool) ([]TreeEntry, error)

	// Blobs reads many blobs, in the order asked for, byte-exact. One that is
	// missing is NotFound for the whole call, naming its path.
	Blobs(ctx context.Context, refs []BlobRef) ([][]byte, error)

	// Commit makes one commit with all changes, or none. See Commit for the rules.
	Commit(ctx context.Context, c Commit) (Committed, error)
}

// Commit is one atomic change of a branch.
//
// The branch must point to ExpectedHead. If it moved meanwhile and no path in
// Changes differs between ExpectedHead and the new head, the commit is redone on
// the new head without asking; if one differs it is a Conflict that names those
// paths in Paths, and nothing changed. An empty ExpectedHead means that the branch
// must not exist yet: it is created at Base; one that exists is a Conflict.
//
// Without Changes a new branch is made at Base itself; a branch that exists needs some,
// or it is Invalid.
//
// A branch that is gone is NotFound. Only the two ends count: what was changed and
// changed back did not move. A Base equal to ExpectedHead is an ordinary commit.
//
// A retried request never applies a change twice. Modes and symlinks that no
// Change touches survive; an update keeps its file's mode, a move takes it along.
type Commit struct {
	Branch       string
	ExpectedHead string
	// Base is the commit that the changes are applied to, "" for ExpectedHead. A
	// Base other than ExpectedHead replaces what the branch held: no merge, no
	// fast-forward, and no redoing when the head moved: that is a Conflict. It is
	// meant for a branch of one's own and is Invalid outside "cms/". A host that can't
	// say where it replaces a branch from looks at its head right before; one that can't
	// replace any is Unsupported.
	Base    string
	Message string
	Author  *Author // nil: the host takes the user
	Changes []Change
}

// Change is one file's part in a commit. No two changes touch the same path.
type Change struct {
	Op   Op
	Path string
	// From is where a Move takes the file from; Path is where it then lies.
	From string
	// Data is the file's whole content. For a Move, nil carries it over unchanged.
	Data []byte
}

// Op is what a Change does.
type Op uint8

const (
	// Put creates the file or replaces its content. A file where a folder is, or
	// below a file, is Invalid.
	Put Op = iota
	// Delete removes the file. One that does not exist, or is a folder, is NotFound.
	Delete
	// Move renames From to Path, with Data as new content if it is set. A missing
	// From is NotFound; an existing Path is a Conflict.
	Move
)

// Committed is the outcome of a Commit.
type Committed struct {
	// Head is the commit that the branch now points to. After a commit to a branch that
	// was there it is "" on a host that does not tell: Driver.Head does.
	Head string
}
