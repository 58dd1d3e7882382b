// Package cms is the CMS's side of a backend: what Static CMS and Decap CMS ask
// for, in their words and their shapes. Git hosts never see it; the portable type
// in package backends turns a driver into it, and a backend that already speaks
// at this level (the local proxy) implements it directly.
//
// Shapes and call order were observed on @staticcms/core 4.3.0 (BackendClass in
// packages/core/src/interface.ts).
package cms

import "context"

// Service is what every backend can do. Paths are relative to the repository's
// root, without a leading slash. A missing file is a NotFound error, never empty
// content. All methods may be called concurrently.
type Service interface {
	Session
	Entries
	Media
	// DeleteFiles deletes paths in one commit. Paths that do not exist are passed
	// over: the CMS names every locale of an entry, whether it was translated or not.
	DeleteFiles(ctx context.Context, paths []string, message string) error
	// Status tells whether the host answers and the session is valid.
	Status(ctx context.Context) (Status, error)
}

// Session signs a person in and out.
type Session interface {
	// Authenticate checks the credentials with the host. It is ForkNeeded where the
	// person can take part only with a fork, and has not agreed to one yet.
	Authenticate(ctx context.Context, c Credentials) (User, error)
	// Restore takes up the session of a user stored by the CMS.
	Restore(ctx context.Context, c Credentials) (User, error)
	Logout(ctx context.Context) error
}

// Entries reads and writes content.
type Entries interface {
	// EntriesByFolder lists what lies in folder, and in subfolders down to depth
	// (1 is the folder alone), with this extension ("md", no dot; "" is any).
	// A folder that does not exist has no entries. Limit and Offset cut a page out
	// of the listing (limit 0: all of it), sorted by path; the answer's Total counts
	// all of it. A page with an Offset continues the listing that the last one
	// without Offset began, whatever was committed meanwhile.
	EntriesByFolder(ctx context.Context, q FolderQuery) (Page, error)
	// EntriesByFiles reads the files that exist among those named, in their order.
	EntriesByFiles(ctx context.Context, files []File) ([]Entry, error)
	// Entry reads one file, and notes which version the editor now has before them.
	Entry(ctx context.Context, path string) (Entry, error)
	// PersistEntry saves data files and assets in one commit: all or nothing.
	// It is a Conflict when Options.NewEntry is set and a path exists, or when a
	// path changed since Entry read it.
	PersistEntry(ctx context.Context, e EntryDraft, o PersistOptions) error
}

// Media reads and writes files that are not entries.
type Media interface {
	// Media lists the files directly in folder, and its subfolders if asked to.
	Media(ctx context.Context, q MediaQuery) ([]MediaFile, error)
	// MediaFile reads one file.
	MediaFile(ctx context.Context, path string) (MediaFile, error)
	// PersistMedia stores one file in one commit.
	PersistMedia(ctx context.Context, a Asset, message string) (MediaFile, error)
}

// Thumbnailer is a Media that can show images smaller than they are.
type Thumbnailer interface {
	// Thumbnail reads one file to be shown in a list: a small picture of it where there
	// is one. It is not what the file holds.
	Thumbnail(ctx context.Context, path string) (MediaFile, error)
}

// Workflow is the editorial workflow. A Service that has none does not implement
// it. A draft that does not exist is a NotInWorkflow error.
type Workflow interface {
	// Drafts lists the content keys ("collection/slug") of all drafts.
	Drafts(ctx context.Context) ([]string, error)
	// Draft tells what a draft is now.
	Draft(ctx context.Context, key Key) (Draft, error)
	// DraftData reads a text file as it is in the draft: the version that id names,
	// if Draft told of it, else the one that is there now.
	DraftData(ctx context.Context, key Key, path, id string) (string, error)
	// DraftMedia reads a media file as DraftData does.
	DraftMedia(ctx context.Context, key Key, path, id string) (MediaFile, error)
	// SetDraftStatus moves the draft to status.
	SetDraftStatus(ctx context.Context, key Key, status string) error
	// PublishDraft merges the draft and removes it.
	PublishDraft(ctx context.Context, key Key) error
	// DeleteDraft throws the draft away.
	DeleteDraft(ctx context.Context, key Key) error
	// DeployPreview finds the preview of the draft, nil if there is none.
	DeployPreview(ctx context.Context, key Key) (*Preview, error)
}

// DraftLister is a Workflow that learns what drafts are when it lists them.
type DraftLister interface {
	// ListedDraft tells what a draft was when Drafts last listed it: once, for then
	// it looks anew, as it does for a draft that was not listed.
	ListedDraft(ctx context.Context, key Key) (Draft, error)
}
