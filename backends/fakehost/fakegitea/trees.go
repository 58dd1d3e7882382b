package fakegitea

import (
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

// treeJSON is a page of a tree; a struct, because trees are large.
type treeJSON struct {
	SHA        string      `json:"sha"`
	URL        string      `json:"url"`
	Tree       []treeEntry `json:"tree"` // null on a page past the end
	Truncated  bool        `json:"truncated"`
	Page       int         `json:"page"`
	TotalCount int         `json:"total_count"`
}

type treeEntry struct {
	Path string `json:"path"`
	Mode string `json:"mode"`
	Type string `json:"type"`
	Size int64  `json:"size"`
	SHA  string `json:"sha"`
	URL  string `json:"url"`
}

// getTree: GET …/git/trees/{sha}. What names the tree may be its id, a commit,
// a branch, a tag, HEAD, a full reference, or one of those with :path, whose
// slashes must be escaped. Whatever isn't there is 400
// (services/repository/files/tree.go). The answer's sha is the commit's, when
// one was named without a path.
func getTree(c *call) (*answer, error) {
	e, found := c.treeish(c.params["sha"])
	if !found {
		return nil, badRequest("sha not found [" + c.params["sha"] + "]")
	}
	root, err := c.repo.TreeOf(e.ID)
	if err != nil {
		return nil, badRequest("sha not found [" + c.params["sha"] + "]")
	}
	list := c.repo.List
	if c.flag("recursive") {
		list = c.repo.ListAll
	}
	entries, err := list(root)
	if err != nil {
		return nil, err
	}
	p := page{number: max(c.number("page"), 1), size: c.number("per_page")}
	if p.size <= 0 || p.size > c.treeLimit() {
		p.size = c.treeLimit()
	}
	a := &answer{body: c.treePage(e.ID, entries, p)}
	a.set("X-Total-Count", strconv.Itoa(len(entries)))
	return a, nil
}

// treeLimit is how many entries a page has at most.
func (c *call) treeLimit() int { return min(c.host.Settings().TreeLimit, treePageSize) }

// treeish finds what names a tree.
func (c *call) treeish(text string) (fakehost.Entry, bool) {
	rev, path, hasPath := strings.Cut(text, ":")
	if strings.ContainsAny(rev, "^~@{") || plumbing.IsHash(rev) != (len(rev) == 40) {
		return fakehost.Entry{}, false
	}
	id, found := c.resolve(rev)
	e := fakehost.Entry{ID: id}
	if !found {
		e, found = c.repo.Resolve(rev) // a tree's id
	}
	if !found || !hasPath {
		return e, found
	}
	root, err := c.repo.TreeOf(e.ID)
	if err != nil {
		return e, false
	}
	return c.repo.EntryAt(root, strings.Trim(path, "/"))
}

func (c *call) treePage(id plumbing.Hash, entries []fakehost.Entry, p page) treeJSON {
	git := c.repoAPI("git")
	t := treeJSON{SHA: id.String(), URL: git + "/trees/" + id.String(), Page: p.number, TotalCount: len(entries)}
	from, to := p.part(len(entries))
	if from == to {
		return t
	}
	t.Truncated, t.Tree = to < len(entries), make([]treeEntry, to-from)
	if !c.offers.exactPages {
		t.Truncated = len(entries) > p.size // on the last page too
	}
	for i, e := range entries[from:to] {
		out := treeEntry{Path: e.Path, Mode: modeText(e.Mode), Type: e.Type(), SHA: e.ID.String(), Size: e.Size}
		if out.Type != "commit" {
			out.URL = git + "/" + out.Type + "s/" + out.SHA
		}
		t.Tree[i] = out
	}
	return t
}

// modeText is six octal digits: 040000, 100644 …
func modeText(m filemode.FileMode) string { return strings.TrimPrefix(m.String(), "0") }
