package fakegithub

import (
	"path"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

const (
	contentDocs = docsRoot + "/repos/contents#get-repository-content"
	// inlineLimit is the size from which the API leaves the content out.
	inlineLimit = 1 << 20
	// folderLimit is how many entries of a folder it lists.
	folderLimit = 1000
)

// getContents: https://docs.github.com/rest/repos/contents#get-repository-content
func getContents(c *call) (*answer, error) {
	rev := c.r.URL.Query().Get("ref")
	if rev == "" {
		rev = c.repo.Info().DefaultBranch
	}
	commit, found := c.repo.ResolveCommit(rev)
	if !found {
		return nil, &apiError{status: 404, message: "No commit found for the ref " + rev, docs: contentDocs}
	}
	root, err := c.repo.TreeOf(commit)
	if err != nil {
		return nil, notFound(contentDocs)
	}
	file := strings.Trim(c.params["path"], "/")
	e, found := c.repo.EntryAt(root, file)
	if !found {
		return nil, notFound(contentDocs)
	}
	if e.Type() == "tree" {
		return c.folderContents(e, rev)
	}
	if e.Mode == filemode.Symlink {
		e = c.follow(root, e)
	}
	return c.fileContents(e, rev)
}

// follow is the file that a link leads to, or the link when it leads nowhere.
func (c *call) follow(root [20]byte, link fakehost.Entry) fakehost.Entry {
	target, err := c.repo.Blob(link.ID)
	if err != nil {
		return link
	}
	to := path.Join(path.Dir(link.Path), string(target))
	e, found := c.repo.EntryAt(root, to)
	if !found || e.Type() != "blob" {
		return link
	}
	e.Path = link.Path
	return e
}

func (c *call) folderContents(e fakehost.Entry, rev string) (*answer, error) {
	entries, err := c.repo.List(e.ID)
	if err != nil {
		return nil, err
	}
	list := []obj{}
	for _, entry := range entries[:min(len(entries), folderLimit)] {
		entry.Path = path.Join(e.Path, entry.Path)
		list = append(list, c.contentJSON(entry, rev))
	}
	return ok(list)
}

func (c *call) fileContents(e fakehost.Entry, rev string) (*answer, error) {
	o := c.contentJSON(e, rev)
	if o["type"] == "submodule" {
		return ok(o)
	}
	content, err := c.repo.Blob(e.ID)
	if err != nil {
		return nil, err
	}
	if mime := c.rawMedia(); mime != "" {
		return &answer{raw: content, mime: mime}, nil
	}
	switch {
	case o["type"] == "symlink":
		o["target"] = string(content)
	case len(content) > inlineLimit:
		o["content"], o["encoding"] = "", "none"
	default:
		o["content"], o["encoding"] = base64Lines(content), "base64"
	}
	return ok(o)
}

// contentJSON is an entry without its content.
func (c *call) contentJSON(e fakehost.Entry, rev string) obj {
	kind := map[string]string{"blob": "file", "tree": "dir", "commit": "submodule"}[e.Type()]
	if e.Mode == filemode.Symlink {
		kind = "symlink"
	}
	self := c.repoAPI("contents", e.Path) + "?ref=" + query(rev)
	git := c.repoAPI("git", e.Type()+"s", e.ID.String())
	html := c.repoWeb(e.Type(), rev, e.Path)
	var download any
	if kind == "file" || kind == "symlink" {
		download = c.downloadURL(e, rev)
	}
	return obj{
		"name": path.Base(e.Path), "path": e.Path, "sha": e.ID.String(), "size": e.Size, "url": self,
		"html_url": html, "git_url": git, "download_url": download, "type": kind,
		"_links": obj{"self": self, "git": git, "html": html},
	}
}
