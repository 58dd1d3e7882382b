package driver

import (
	"context"
	"time"

	"mooring/backends/content"
)

// User is who a credential belongs to.
type User struct {
	Login, Name, Email, AvatarURL string
}

// Access is what a user may do with the repository.
type Access struct {
	Read, Write   bool
	DefaultBranch string // "" where the host does not tell
}

// Mode is a Git file mode.
type Mode uint32

// The modes that Git knows.
const (
	ModeDir        Mode = 0o040000
	ModeRegular    Mode = 0o100644
	ModeExecutable Mode = 0o100755
	ModeSymlink    Mode = 0o120000
	ModeSubmodule  Mode = 0o160000
)

// TreeEntry is a file or directory at a commit.
type TreeEntry struct {
	Path string // from the repository's root
	Mode Mode
	ID   string // of the blob or tree: the same id means the same content
	Size int64  // in bytes, -1 where the host does not tell
}

// IsDir says whether the entry is a directory.
func (e TreeEntry) IsDir() bool { return e.Mode == ModeDir }

// IsFile says whether the entry has content that can be read as a blob.
func (e TreeEntry) IsFile() bool { return e.Mode != ModeDir && e.Mode != ModeSubmodule }

// Listing is what a directory holds at a commit, as Tree lists it.
type Listing struct {
	Commit  string
	Entries []TreeEntry
}

// BlobRef names a blob. Hosts without blob ids read by Path at Commit: their ids are made
// of the two, so the same content may have several.
type BlobRef struct {
	ID, Path, Commit string
}

// Author is who a commit is by.
type Author struct {
	Name, Email string
	Date        time.Time // zero: now
}

// Pull is a pull request (GitLab: merge request).
type Pull struct {
	Number int
	Title  string
	// Head is the branch that is to be merged, HeadCommit where it stands now.
	Head, HeadCommit string
	Base             string // the branch it is to be merged into
	// MergeBase is the newest commit that Head and Base both have, "" where the host
	// does not tell along with the rest.
	MergeBase string
	// Fork names the fork that Head is a branch of, "" for this repository.
	Fork      string
	Labels    []string
	Author    string // login
	UpdatedAt time.Time
	URL       string // for people
}

// NewPull is a pull request to open.
type NewPull struct {
	Head, Base, Title, Body string
}

// Merge says how to merge.
type Merge struct {
	ExpectedHead string // the head commit that was reviewed
	Message      string
	Squash       bool
}

// FileDiff is a file that differs between two commits.
type FileDiff struct {
	Status  DiffStatus
	Path    string // where it lies at the newer commit, or lay when it was deleted
	OldPath string // of a renamed file
	ID      string // of the blob at the newer commit, "" when deleted
	OldID   string // of the blob at the older commit; "" when added, and when modified on a host that does not tell
}

// DiffStatus is how a file differs.
type DiffStatus uint8

// The ways in which a file differs.
const (
	Added DiffStatus = iota
	Modified
	Deleted
	Renamed
)

// Comparison is what head has that base has not.
type Comparison struct {
	MergeBase string // the newest commit that both have
	Files     []FileDiff
	// Authors are the names of those whose commits base lacks, as LastChange has them; none
	// where the host does not tell of all.
	Authors []string
}

// StatusCheck is what some service says of a commit.
type StatusCheck struct {
	Context string // who says so
	State   string // success, pending, failure, error
	URL     string
}

// Branch is a branch and where it stands.
type Branch struct {
	Name, Head string
	// Merged says that what the branch holds was merged by a pull request, which a
	// squashed merge does not show.
	Merged bool
}

// Fork is a user's copy of the repository, to which the user may write.
type Fork struct {
	Name   string // as Pull.Fork has it, e.g. "octocat/site"
	Driver Driver
}

// LastChange is the commit that changed a file last.
type LastChange struct {
	Author string // the name, or the login where there is none
	Date   time.Time
}

// LFSPointer is what Git holds instead of a large file.
type LFSPointer struct {
	OID  string // SHA-256 of the content, 64 hexadecimal digits
	Size int64
}

// Matches says whether c is the file that the pointer stands for.
func (p LFSPointer) Matches(ctx context.Context, c content.Content) (bool, error) {
	if c.Size() != p.Size {
		return false, nil
	}
	sum, err := c.SHA256(ctx)
	return err == nil && sum == p.OID, err
}

// LFSFile is a large file to store.
type LFSFile struct {
	LFSPointer
	Path    string // for messages
	Content content.Content
}

// ServiceStatus is how a host's service is doing.
type ServiceStatus struct {
	OK   bool
	Page string // the status page for people
}
