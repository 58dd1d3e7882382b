package fakegithub

import (
	"encoding/base64"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"

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

// getBlob: https://docs.github.com/rest/git/blobs#get-a-blob
func getBlob(c *call) (*answer, error) {
	id := plumbing.NewHash(c.params["sha"])
	content, err := c.repo.Blob(id)
	if err != nil {
		return nil, notFound(docsRoot + "/git/blobs#get-a-blob")
	}
	if mime := c.rawMedia(); mime != "" {
		return &answer{raw: content, mime: mime}, nil
	}
	return ok(obj{"sha": id.String(), "node_id": nodeID("Blob", c.repo.Info().ID, id), "size": len(content),
		"url": c.repoAPI("git/blobs", id.String()), "content": base64Lines(content), "encoding": "base64"})
}

// base64Lines is base64 in lines of 60, as the host writes it.
func base64Lines(content []byte) string {
	const width = 60
	text := base64.StdEncoding.EncodeToString(content)
	var b strings.Builder
	for len(text) > 0 {
		n := min(width, len(text))
		b.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	return b.String()
}

// rawMedia is the media type of the answer when the request accepts the raw
// content: application/vnd.github.raw, with or without a version and +json.
func (c *call) rawMedia() string { return c.media("raw") }

func (c *call) media(form string) string {
	for accept := range strings.SplitSeq(c.r.Header.Get("Accept"), ",") {
		accept, _, _ = strings.Cut(strings.TrimSpace(accept), ";")
		kind, isGitHub := strings.CutPrefix(strings.TrimSuffix(accept, "+json"), "application/vnd.github.")
		if isGitHub && (kind == form || strings.HasSuffix(kind, "."+form)) {
			return accept + "; charset=utf-8"
		}
	}
	return ""
}

// createBlob: https://docs.github.com/rest/git/blobs#create-a-blob
func createBlob(c *call) (*answer, error) {
	if err := c.mayPush(); err != nil {
		return nil, err
	}
	if err := c.nonEmpty(); err != nil {
		return nil, err
	}
	var in struct{ Content, Encoding string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	content := []byte(in.Content)
	switch in.Encoding {
	case "", "utf-8":
	case "base64":
		var err error
		if content, err = base64.StdEncoding.DecodeString(strings.ReplaceAll(in.Content, "\n", "")); err != nil {
			return nil, invalid("content is not valid Base64")
		}
	default:
		return nil, invalid("encoding must be one of: utf-8, base64")
	}
	id, err := c.repo.WriteBlob(content)
	if err != nil {
		return nil, err
	}
	url := c.repoAPI("git/blobs", id.String())
	return created(url, obj{"sha": id.String(), "url": url})
}

// getGitCommit: https://docs.github.com/rest/git/commits#get-a-commit-object
func getGitCommit(c *call) (*answer, error) {
	commit, err := c.repo.CommitByID(plumbing.NewHash(c.params["sha"]))
	if err != nil {
		return nil, notFound(docsRoot + "/git/commits#get-a-commit-object")
	}
	return ok(c.gitCommitJSON(commit))
}

// person is the author or committer of a new commit.
type person struct {
	Name, Email string
	Date        time.Time
}

func (p *person) signature(otherwise object.Signature) object.Signature {
	if p == nil || p.Name == "" && p.Email == "" {
		return otherwise
	}
	s := object.Signature{Name: p.Name, Email: p.Email, When: p.Date}
	if s.When.IsZero() {
		s.When = otherwise.When
	}
	return s
}

// createGitCommit: https://docs.github.com/rest/git/commits#create-a-commit
func createGitCommit(c *call) (*answer, error) {
	if err := c.mayPush(); err != nil {
		return nil, err
	}
	var in struct {
		Message, Tree     string
		Parents           []string
		Author, Committer *person
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	commit := object.Commit{Message: in.Message, TreeHash: plumbing.NewHash(in.Tree)}
	for _, p := range in.Parents {
		commit.ParentHashes = append(commit.ParentHashes, plumbing.NewHash(p))
	}
	commit.Author = in.Author.signature(c.host.Signature(c.user))
	commit.Committer = in.Committer.signature(commit.Author)
	id, err := c.repo.WriteCommit(commit)
	if err != nil {
		return nil, err
	}
	written, err := c.repo.CommitByID(id)
	if err != nil {
		return nil, err
	}
	o := c.gitCommitJSON(written)
	return created(o["url"].(string), o)
}
