package bitbucket

import (
	"context"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
)

// form is a commit as Bitbucket takes it, but for its parent.
type form struct {
	branch, message, author string
	removed                 []string
	files                   []upload
}

// upload is a file's new content, and what kind of file it is: Bitbucket takes a file for
// a regular one if it is not told.
type upload struct {
	path       string
	attributes string // "" for a regular file
	data       []byte
	size       int // of data, where that is not kept
}

// attributes are Bitbucket's words for modes.
var attributes = map[driver.Mode]string{driver.ModeExecutable: "executable", driver.ModeSymlink: "link"}

// fill puts changes into a form, in their order. A file that is moved is removed and made
// anew, with the content that it has at base if it is to have no other.
func (r *Repo) fill(ctx context.Context, c driver.Commit, base string, at changeset.Places) (form, error) {
	f := form{branch: c.Branch, message: c.Message}
	if c.Author != nil {
		f.author = c.Author.Name + " <" + c.Author.Email + ">"
	}
	var carried []int
	var refs []driver.BlobRef
	for _, ch := range c.Changes {
		if strings.ContainsFunc(ch.Path+ch.From, isControl) {
			return form{}, failAt(ch.Path, "Bitbucket takes no names of files with control characters, such as line breaks, in them.")
		}
		was := at[ch.Path].Entry
		switch ch.Op {
		case driver.Delete:
			f.removed = append(f.removed, ch.Path)
			continue
		case driver.Move:
			f.removed, was = append(f.removed, ch.From), at[ch.From].Entry
			if ch.Data == nil {
				carried = append(carried, len(f.files))
				refs = append(refs, driver.BlobRef{ID: was.ID, Path: ch.From, Commit: base})
			}
		}
		f.files = append(f.files, upload{path: ch.Path, attributes: attributes[was.Mode], data: ch.Data})
	}
	blobs, err := r.Blobs(ctx, refs)
	for i, data := range blobs {
		f.files[carried[i]].data = data
	}
	return f, err
}

// isControl says whether a character can't be in the header of a form's part.
func isControl(c rune) bool { return c < ' ' || c == 0x7f }

func failAt(path, msg string) error { return at(cmserr.New(cmserr.Invalid, msg), path) }

// post makes a commit on parent, which must be where the branch is, or the branch must not
// be there. It answers with the new commit, "" where that is not shown: Bitbucket tells
// it in a field that browsers keep from pages.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-source/#api-repositories-workspace-repo-slug-src-post
func (r *Repo) post(ctx context.Context, f form, parent string) (string, error) {
	m := newMultipart(f.data()...)
	for _, file := range f.files {
		m.file(file)
	}
	for _, path := range f.removed {
		m.field("files", path)
	}
	m.field("message", f.message)
	if f.author != "" {
		m.field("author", f.author)
	}
	m.field("branch", f.branch)
	m.field("parents", parent)
	res, err := r.api.Do(ctx, &rest.Request{
		Method: "POST", URL: r.path("src"), Body: m.end(), Header: rest.Header{"content-type": m.contentType()},
	})
	if err != nil {
		return "", err
	}
	id := newCommit(res)
	r.own.made(id, parent, f.kept())
	return id, nil
}

// newCommit is the commit that an answer leads to, "" where that is not shown.
func newCommit(res *rest.Response) string {
	_, id, _ := strings.Cut(res.Header.Get("location"), "/commit/")
	return id
}

func (f form) data() [][]byte {
	data := make([][]byte, len(f.files))
	for i, file := range f.files {
		data[i] = file.data
	}
	return data
}
