package fakegitea

import (
	"net/http"
	"path"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

// getRaw: GET …/raw/{filepath}?ref=…: a file as it is, LFS pointers too.
func getRaw(c *call) (*answer, error) { return c.raw(false) }

// getMedia: GET …/media/{filepath}?ref=…: a file, for an LFS pointer what it
// points to.
func getMedia(c *call) (*answer, error) { return c.raw(true) }

func (c *call) raw(follow bool) (*answer, error) {
	if len(c.repo.Refs("refs/heads/")) == 0 {
		return nil, notFoundAs("repository is empty")
	}
	e, err := c.rawEntry()
	if err != nil {
		return nil, err
	}
	if e.Type() != "blob" {
		return nil, notFoundAs("getBlobForEntry")
	}
	content, err := c.repo.Blob(e.ID)
	if err != nil {
		return nil, err
	}
	tag := e.ID.String()
	if p, is := readPointer(content); is && follow {
		if object, stored := c.repo.LFS(p.oid); stored {
			content, tag = object, p.oid
		}
	}
	a := &answer{raw: content, mime: http.DetectContentType(content), header: map[string]string{"X-Gitea-Object-Type": "file"}}
	if a.raw == nil {
		a.raw = []byte{}
	}
	if follow && e.Size <= 1024 && tag == e.ID.String() {
		return a, nil // it might have been a pointer: the server has read it, and sends it as it is
	}
	a.header["ETag"] = `"` + tag + `"`
	a.header["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
	if !follow {
		a.header["Cache-Control"] = "public, max-age=21600, no-transform"
	}
	a.set("Content-Disposition", "inline; filename="+path.Base(e.Path))
	return a, nil
}

// rawEntry finds the file. What ref and path begin with, put together, may be a
// branch, a tag or a whole commit id. If it is none of them, ref counts for
// nothing: the file is the default branch's (getRefNameLegacy in
// services/context/repo.go).
func (c *call) rawEntry() (fakehost.Entry, error) {
	file := cleanPath(c.params["path"])
	whole := path.Join(c.r.URL.Query().Get("ref"), c.params["path"])
	for _, prefix := range []string{"refs/heads/", "refs/tags/"} {
		for i := range len(whole) + 1 {
			if i < len(whole) && whole[i] != '/' {
				continue
			}
			if ref, found := c.repo.SeenRef(prefix + whole[:i]); found {
				return c.entryIn(ref.ID, strings.TrimPrefix(whole[i:], "/"))
			}
		}
	}
	if rev, rest, _ := strings.Cut(whole, "/"); plumbing.IsHash(rev) {
		if id := plumbing.NewHash(rev); c.repo.TypeOf(id) == plumbing.CommitObject {
			return c.entryIn(id, rest)
		}
		return fakehost.Entry{}, notFoundAs("unable to find a git ref")
	}
	id, _ := c.repo.Head(c.repo.Info().DefaultBranch)
	return c.entryIn(id, file)
}

func (c *call) entryIn(commit plumbing.Hash, file string) (fakehost.Entry, error) {
	root, err := c.repo.TreeOf(commit)
	if err != nil {
		return fakehost.Entry{}, err
	}
	e, found := c.repo.EntryAt(root, file)
	if !found {
		return e, notFound()
	}
	return e, nil
}
