package fakebitbucket

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"mooring/backends/fakehost/fakelfs"
)

// pointerHead is how a Git LFS pointer file begins
// (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
const pointerHead = "version https://git-lfs.github.com/spec/v1\n"

// pointerOID is the id of the object that a pointer file names, "" for any other
// file.
func pointerOID(content []byte) string {
	if len(content) >= 1024 || !bytes.HasPrefix(content, []byte(pointerHead)) {
		return ""
	}
	for line := range strings.SplitSeq(string(content), "\n") {
		if oid, ok := strings.CutPrefix(line, "oid sha256:"); ok {
			return oid
		}
	}
	return ""
}

// media is the address of a large file in the media store. Its token is good for
// that file alone.
func (c *call) media(oid, name string) string {
	origin := c.options.Media
	if origin == "" {
		origin = c.origin()
	}
	q := url.Values{"token": {uuid(oid, c.repo.Info().ID)}, "client": {"fake"}, "dl": {"1"}, "name": {name}}
	return origin + "/file/" + c.repo.FullName() + "/" + oid + "/binary?" + q.Encode()
}

// beside answers for what is not below the API's root: Git LFS, the store behind
// it, and the media store.
func (c *call) beside() (*answer, error) {
	parts := strings.Split(strings.Trim(c.r.URL.Path, "/"), "/")
	n := len(parts)
	post := c.r.Method == http.MethodPost
	switch {
	case n == 5 && parts[0] == "file" && parts[4] == "binary":
		return c.download(parts[1], parts[2], parts[3])
	case strings.HasPrefix(c.r.URL.Path, fakelfs.Prefix):
		return c.store()
	case n == 6 && post && strings.HasSuffix(c.r.URL.Path, "/info/lfs/objects/batch"):
		return c.lfsBatch(parts[0], strings.TrimSuffix(parts[1], ".git"))
	case n == 6 && post && strings.HasSuffix(c.r.URL.Path, "/info/lfs/object/verify"):
		return c.lfsVerify(parts[0], parts[1])
	case n > 3 && parts[2] == "info" && parts[3] == "lfs": // locks, which it doesn't have
		_, err := c.lfsRepository(parts[0], strings.TrimSuffix(parts[1], ".git"))
		return nowhere, err
	}
	return nowhere, nil
}

// nowhere is what is not there outside the API.
var nowhere = &answer{status: http.StatusNotFound, mime: "text/html",
	raw: []byte("<h1>Not Found</h1><p>The requested resource was not found on this server.</p>")}

func (c *call) download(owner, name, oid string) (*answer, error) {
	repo, _, found := c.host.Lookup(owner, name)
	if !found || c.param("token") != uuid(oid, repo.Info().ID) {
		return nil, &apiError{status: http.StatusForbidden, message: "Forbidden"}
	}
	content, stored := c.lfs.Content(repo, oid)
	if !stored {
		return nil, notFound("Not found")
	}
	file := c.param("name")
	kind := mimeType(file)
	if kind == "" {
		kind = "application/octet-stream"
	}
	return &answer{raw: content, mime: kind, header: map[string]string{
		"Content-Disposition": `attachment; filename="` + file + `"`, "Cache-Control": "private"}}, nil
}
