package fakegitea

import (
	"net/http"
	"path"
	"strings"

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

// rawEntry finds the file. Without ref the path may begin with one
// (getRefNameLegacy in services/context/repo.go).
func (c *call) rawEntry() (fakehost.Entry, error) {
	ref, file := c.r.URL.Query().Get("ref"), cleanPath(c.params["path"])
	if ref == "" {
		if rev, rest, ok := strings.Cut(file, "/"); ok {
			if id, found := c.repo.ResolveCommit(rev); found {
				return c.entryIn(id, rest)
			}
		}
		ref = c.repo.Info().DefaultBranch
	}
	id, found := c.repo.ResolveCommit(ref)
	if !found {
		return fakehost.Entry{}, notFound()
	}
	return c.entryIn(id, file)
}

func (c *call) entryIn(commit [20]byte, file string) (fakehost.Entry, error) {
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
