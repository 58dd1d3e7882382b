package fakegithub

import (
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

// treeJSON is a tree; a struct, because trees are large.
type treeJSON struct {
	SHA       string      `json:"sha"`
	URL       string      `json:"url"`
	Tree      []treeEntry `json:"tree"`
	Truncated bool        `json:"truncated"`
}

type treeEntry struct {
	Path string `json:"path"`
	Mode string `json:"mode"`
	Type string `json:"type"`
	SHA  string `json:"sha"`
	Size *int64 `json:"size,omitempty"` // of a blob
	URL  string `json:"url,omitempty"`  // not of a submodule
}

// getTree: https://docs.github.com/rest/git/trees#get-a-tree. What names the
// tree may be its id, a commit, a branch, or one of the last two with a path
// (branch:path); any value of recursive, even 0, asks for all levels.
func getTree(c *call) (*answer, error) {
	if err := c.nonEmpty(); err != nil {
		return nil, err
	}
	e, found := c.repo.Resolve(c.params["tree"])
	if !found {
		return nil, notFound(docsRoot + "/git/trees#get-a-tree")
	}
	root, err := c.repo.TreeOf(e.ID)
	if err != nil {
		return nil, notFound(docsRoot + "/git/trees#get-a-tree")
	}
	list, recursive := c.repo.List, c.r.URL.Query().Has("recursive")
	if recursive {
		list = c.repo.ListAll
	}
	entries, err := list(root)
	if err != nil {
		return nil, err
	}
	limit := c.host.Settings().TreeLimit
	cut := recursive && len(entries) > limit
	if cut {
		entries = entries[:limit]
	}
	return ok(c.treeAnswer(e.ID, entries, cut))
}

func (c *call) treeAnswer(id plumbing.Hash, entries []fakehost.Entry, cut bool) treeJSON {
	git := c.repoAPI("git")
	t := treeJSON{SHA: id.String(), URL: git + "/trees/" + id.String(), Tree: make([]treeEntry, len(entries)), Truncated: cut}
	for i, e := range entries {
		out := treeEntry{Path: e.Path, Mode: modeText(e.Mode), Type: e.Type(), SHA: e.ID.String()}
		switch out.Type {
		case "blob":
			out.Size, out.URL = &entries[i].Size, git+"/blobs/"+out.SHA
		case "tree":
			out.URL = git + "/trees/" + out.SHA
		}
		t.Tree[i] = out
	}
	return t
}

// modeText is six octal digits: 040000, 100644 …
func modeText(m filemode.FileMode) string { return strings.TrimPrefix(m.String(), "0") }

// createTree: https://docs.github.com/rest/git/trees#create-a-tree. base_tree
// may also be a commit: nearly all recorded requests have one.
func createTree(c *call) (*answer, error) {
	if err := c.mayPush(); err != nil {
		return nil, err
	}
	if err := c.nonEmpty(); err != nil {
		return nil, err
	}
	var in struct {
		BaseTree string `json:"base_tree"`
		Tree     []map[string]any
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	var base plumbing.Hash
	if in.BaseTree != "" {
		if base = plumbing.NewHash(in.BaseTree); !plumbing.IsHash(in.BaseTree) || base.IsZero() {
			return nil, notFound("")
		}
	}
	if len(in.Tree) == 0 {
		return nil, invalid("Invalid tree info")
	}
	changes := make([]fakehost.Change, 0, len(in.Tree))
	for _, e := range in.Tree {
		change, err := c.treeChange(e)
		if err != nil {
			return nil, err
		}
		changes = append(changes, change)
	}
	id, err := c.repo.WriteTree(base, changes)
	if err != nil {
		return nil, treeError(err)
	}
	entries, err := c.repo.List(id)
	if err != nil {
		return nil, err
	}
	t := c.treeAnswer(id, entries, false)
	return created(t.URL, t)
}

// treeError: a path that can't be deleted, because it isn't there, is what the
// host calls a bad state.
func treeError(err error) error {
	if fakehost.KindOf(err) == fakehost.Invalid && strings.HasSuffix(err.Error(), "is not in the tree") {
		return invalid("GitRPC::BadObjectState")
	}
	return err
}

// treeChange reads one entry. "sha": null deletes; no sha at all needs content.
func (c *call) treeChange(e map[string]any) (fakehost.Change, error) {
	path, _ := e["path"].(string)
	mode, _ := e["mode"].(string)
	sha, hasSHA := e["sha"]
	content, hasContent := e["content"].(string)
	change := fakehost.Change{Path: path, Content: []byte(content)}
	var err error
	if change.Mode, err = filemode.New(mode); err != nil || change.Mode == filemode.Empty || change.Mode.IsMalformed() {
		return change, invalid("Must supply a valid tree.mode")
	}
	id, hasID := sha.(string)
	if hasContent == hasID && (hasContent || !hasSHA) {
		return change, invalid("Must supply either tree.sha or tree.content. Request will be rejected if both are present.")
	}
	change.Delete = !hasContent && !hasID
	if hasID {
		change.ID = plumbing.NewHash(id)
		want := objectType(change.Mode)
		if want != plumbing.InvalidObject && c.repo.TypeOf(change.ID) != want {
			return change, invalid("tree.sha " + id + " is not a valid " + want.String())
		}
	}
	return change, nil
}

// objectType is what an entry of a mode must name; InvalidObject when it may
// be unknown here, as a submodule's commit.
func objectType(m filemode.FileMode) plumbing.ObjectType {
	switch m {
	case filemode.Dir:
		return plumbing.TreeObject
	case filemode.Submodule:
		return plumbing.InvalidObject
	}
	return plumbing.BlobObject
}
