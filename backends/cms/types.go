package cms

import (
	"strings"

	"mooring/backends/content"
)

// Statuses of a draft, in the CMS's words.
const (
	StatusDraft          = "draft"
	StatusPendingReview  = "pending_review"
	StatusPendingPublish = "pending_publish"
)

// Credentials is what the sign-in page hands to the CMS, or what the CMS stored.
type Credentials struct {
	Token        string
	RefreshToken string
	// Fork says that the person agreed to a fork of the repository, or works on one.
	Fork bool
}

// User is who signed in.
type User struct {
	Login, Name, Email, AvatarURL string
	Fork                          string // "owner/name" of the fork that they work on, "" for none
}

// Status is the answer to the CMS's question every five minutes.
type Status struct {
	Auth       bool
	API        bool
	StatusPage string // a page for people, "" if the host has none
}

// FolderQuery names a folder's entries.
type FolderQuery struct {
	Folder    string
	Extension string // "md", no dot; "" is any
	Depth     int    // 1 is the folder alone
	Offset    int
	Limit     int  // 0 is no limit
	Metadata  bool // the CMS has a use for Author and UpdatedOn
}

// Page is a part of a listing.
type Page struct {
	Entries []Entry
	Total   int  // how many entries the whole listing has, as far as it is known
	More    bool // it has more entries than Total
}

// File names a file, and how the CMS's configuration labels it.
type File struct {
	Path  string
	Label string
	ID    string // names this content; "" where the host has no id
	// Author and UpdatedOn (RFC 3339) are "" until somebody asks the host for them.
	Author, UpdatedOn string
	// Metadata, of a file that is asked for: the CMS has a use for Author and UpdatedOn.
	Metadata bool
}

// Entry is a file with its text, byte-exact.
type Entry struct {
	File
	Data string
}

// DataFile is one file of an entry being saved (i18n entries have several).
type DataFile struct {
	Path    string
	Slug    string
	Raw     string
	NewPath string // where it moves, "" or Path if it stays
}

// Target is where the file lies after the save.
func (f DataFile) Target() string {
	if f.NewPath != "" {
		return f.NewPath
	}
	return f.Path
}

// Moves says whether the save moves the file.
func (f DataFile) Moves() bool { return f.NewPath != "" && f.NewPath != f.Path }

// Asset is a media file being saved. In an entry, nil Content leaves the file as it
// is: a draft's earlier uploads come back without it.
type Asset struct {
	Path    string
	Content content.Content
}

// EntryDraft is what the editor saves.
type EntryDraft struct {
	Files  []DataFile
	Assets []Asset
}

// PersistOptions say how to save.
type PersistOptions struct {
	NewEntry    bool
	Message     string // commit message
	Collection  string
	UseWorkflow bool
	Status      string // of a new draft; a stored status wins over it
}

// MediaQuery names a folder of media.
type MediaQuery struct {
	Folder     string
	Subfolders bool   // also list directories
	Public     string // the folder's public path, which some servers want
}

// MediaFile is a file of the media library. Content is nil in listings.
type MediaFile struct {
	ID, Name, Path string
	Size           int64 // -1 where a listing does not tell
	IsDir          bool
	Content        content.Content
}

// Key names a draft.
type Key struct{ Collection, Slug string }

func (k Key) String() string { return k.Collection + "/" + k.Slug }

// ParseKey takes a content key apart at its first slash: slugs may have slashes,
// names of collections may not.
func ParseKey(s string) (Key, bool) {
	collection, slug, ok := strings.Cut(s, "/")
	return Key{collection, slug}, ok && collection != "" && slug != ""
}

// Draft is an unpublished entry.
type Draft struct {
	Key
	Status    string
	Diffs     []Diff
	UpdatedAt string // RFC 3339
	Author    string // login
	// OpenAuthoring says that the draft is on the fork of somebody else. Static CMS
	// then shows it and takes no edits.
	OpenAuthoring bool
}

// Diff is one file that a draft changes.
type Diff struct {
	ID, Path string
	NewFile  bool // the published branch has no such file
	// Text is what it holds, where that was read along with many others; else nil.
	Text *string
}

// Preview is a deployed preview of a draft.
type Preview struct{ URL, Status string }
