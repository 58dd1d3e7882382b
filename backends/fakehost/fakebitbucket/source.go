package fakebitbucket

import (
	"bytes"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

// sourceListing: pages have names, and nobody counts.
var sourceListing = listing{usual: 10, most: 100, uncounted: true, opaque: true}

// redirectToMain leads to the root directory of the main branch
// (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-source/#api-repositories-workspace-repo-slug-src-get).
func redirectToMain(c *call) (*answer, error) {
	head, found := c.repo.Head(c.repo.Info().DefaultBranch)
	if !found {
		return nil, notFound("The repository has no commits.")
	}
	to := c.inRepo("src", head.String()) + "/"
	if c.r.URL.RawQuery != "" {
		to += "?" + c.r.URL.RawQuery
	}
	a := empty(http.StatusFound)
	a.header = map[string]string{"Location": to}
	return a, nil
}

// getSource reads a file or lists a directory
// (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-source/#api-repositories-workspace-repo-slug-src-commit-path-get).
// Of a branch with a slash the path is not told apart: it is missing.
func getSource(c *call) (*answer, error) {
	commit, err := c.commitOf(c.path["commit"])
	if err != nil {
		return nil, err
	}
	root, err := c.repo.TreeOf(commit)
	if err != nil {
		return nil, err
	}
	name := strings.Trim(c.path["path"], "/")
	e, found := c.repo.EntryAt(root, name)
	folder := strings.HasSuffix(c.r.URL.Path, "/")
	if !found || name == "" && !folder || e.Type() != "tree" && folder {
		return nil, noSuchFile(name)
	}
	a, err := c.source(commit, e)
	if err == nil && c.path["commit"] == commit.String() {
		if a.header == nil {
			a.header = map[string]string{}
		}
		a.header["Cache-Control"] = daily
	}
	return a, err
}

// daily is the lifetime of what a commit's hash names, and of what it hasn't.
const daily = "max-age=86400"

func noSuchFile(name string) error {
	return &apiError{status: http.StatusNotFound, message: "No such file or directory: " + name,
		header: map[string]string{"Cache-Control": daily}}
}

func (c *call) source(commit plumbing.Hash, e fakehost.Entry) (*answer, error) {
	meta := c.param("format") == "meta"
	switch {
	case meta:
		return ok(c.entryJSON(commit.String(), e))
	case e.Type() == "tree":
		return c.directory(commit.String(), e)
	case e.Type() == "commit":
		return &answer{raw: []byte(e.ID.String()), mime: "text/plain"}, nil
	}
	content, err := c.repo.Blob(e.ID)
	if err != nil {
		return nil, err
	}
	if c.param("format") == "rendered" {
		return ok(rendered(string(content)))
	}
	if oid := pointerOID(content); oid != "" && !c.repo.Info().NoLFS {
		a := empty(http.StatusFound)
		a.header = map[string]string{"Location": c.media(oid, path.Base(e.Path))}
		return a, nil
	}
	return c.file(e, content), nil
}

// file is a file's bytes. Their type goes by the name alone.
func (c *call) file(e fakehost.Entry, content []byte) *answer {
	kind := mimeType(e.Path)
	switch {
	case kind == "" && isBinary(content):
		kind = "application/octet-stream"
	case kind == "":
		kind = "text/plain"
	}
	if content == nil {
		content = []byte{}
	}
	return &answer{raw: content, mime: kind, header: map[string]string{
		"ETag":                `"` + e.ID.String()[:32] + e.Mode.String() + `"`,
		"Content-Disposition": "attachment; filename=" + strconv.Quote(path.Base(e.Path)),
	}}
}

// mimeTypes are those of names that sites use. Markdown has none.
var mimeTypes = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml", ".webp": "image/webp",
	".pdf": "application/pdf", ".json": "application/json", ".js": "application/javascript", ".css": "text/css", ".html": "text/html",
	".txt": "text/plain", ".mp4": "video/mp4", ".zip": "application/zip",
}

func mimeType(name string) string { return mimeTypes[strings.ToLower(path.Ext(name))] }

func isBinary(content []byte) bool { return bytes.IndexByte(content[:min(len(content), 8000)], 0) >= 0 }

// directory lists a folder breadth-first, max_depth levels of it.
func (c *call) directory(commit string, e fakehost.Entry) (*answer, error) {
	depth := 1
	if text := c.param("max_depth"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, badRequest("Invalid max_depth")
		}
		depth = n
	}
	list, err := c.breadthFirst(e, depth)
	if err != nil {
		return nil, err
	}
	return paged(c, list, sourceListing, func(e fakehost.Entry) (obj, error) { return c.entryJSON(commit, e), nil })
}

// breadthFirst is what is below a folder, each level in Git's order. More than
// the model's limit of a tree takes the host too long.
func (c *call) breadthFirst(folder fakehost.Entry, depth int) ([]fakehost.Entry, error) {
	var list []fakehost.Entry
	for level := []fakehost.Entry{folder}; depth > 0 && len(level) > 0; depth-- {
		var next []fakehost.Entry
		for _, at := range level {
			below, err := c.repo.List(at.ID)
			if err != nil {
				return nil, err
			}
			for _, e := range below {
				e.Path = path.Join(at.Path, e.Path)
				list = append(list, e)
				if e.Type() == "tree" {
					next = append(next, e)
				}
			}
		}
		if len(list) > c.host.Settings().TreeLimit {
			return nil, &apiError{status: status555, message: "The request timed out."} // the text isn't known
		}
		level = next
	}
	return list, nil
}

// entryJSON is a file or a directory of a listing. Its commit is the one that
// was asked for, whenever the file was changed.
func (c *call) entryJSON(commit string, e fakehost.Entry) obj {
	o := obj{"path": e.Path, "commit": c.commitBrief(c.repo, commit)}
	if e.Type() == "tree" {
		self := c.inRepo("src", commit, e.Path) + "/"
		o["type"], o["links"] = "commit_directory", obj{"self": href(self), "meta": href(self + "?format=meta")}
		return o
	}
	o["type"], o["size"], o["mimetype"], o["attributes"] = "commit_file", e.Size, orNull(mimeType(e.Path)), c.attributes(e)
	o["escaped_path"] = extra(func() any { return escapedPath(e.Path) })
	o["links"] = c.fileLinks(commit, e.Path)
	return o
}

func (c *call) fileLinks(commit, name string) obj {
	self := c.inRepo("src", commit, name)
	return obj{"self": href(self), "meta": href(self + "?format=meta"), "history": href(c.inRepo("filehistory", commit, name))}
}

// attributes are what a file is beside bytes.
func (c *call) attributes(e fakehost.Entry) []string {
	list := []string{}
	switch e.Mode {
	case filemode.Symlink:
		return append(list, "link")
	case filemode.Submodule:
		return append(list, "subrepository")
	case filemode.Executable:
		list = append(list, "executable")
	}
	content, err := c.repo.Blob(e.ID)
	if err == nil && isBinary(content) {
		list = append(list, "binary")
	}
	if pointerOID(content) != "" && !c.repo.Info().NoLFS {
		list = append(list, "lfs")
	}
	return list
}

func escapedPath(name string) string { return (&url.URL{Path: name}).EscapedPath() }

// orNull is null for an empty text.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
