package fakegitea

import (
	"encoding/json"
	"net/url"
	"path"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// revision is a commit and how a request named it.
type revision struct {
	input string // as it was asked for
	link  string // of pages: branch/main, commit/…
	id    plumbing.Hash
	tree  plumbing.Hash
}

// revision finds the commit of a ref parameter: a branch, a tag, or a whole
// commit id (utils.ResolveRefCommit); older versions take whatever Git does.
func (c *call) revision(ref string) (revision, error) {
	if ref == "" {
		ref = c.repo.Info().DefaultBranch
	}
	r := revision{input: ref}
	missing := notFound(missingObject(ref, ""))
	branch, isBranch := c.repo.SeenRef("refs/heads/" + ref)
	tag, isTag := c.repo.SeenRef("refs/tags/" + ref)
	switch {
	case isBranch:
		r.link, r.id = "branch/"+ref, branch.ID
	case isTag:
		r.link, r.id = "tag/"+ref, tag.ID
	default:
		id, found := c.repo.ResolveCommit(ref)
		if !found || c.offers.exactRefs && !plumbing.IsHash(ref) {
			return r, missing
		}
		r.link, r.id = "commit/"+id.String(), id
	}
	var err error
	if r.tree, err = c.repo.TreeOf(r.id); err != nil {
		return r, missing
	}
	return r, nil
}

// cleanPath is a path as the server understands it: relative, without . and
// .., without doubled slashes; "" when it has a part .git (CleanGitTreePath in
// services/repository/files/file.go).
func cleanPath(p string) string {
	p = strings.TrimPrefix(path.Clean("/"+strings.TrimSpace(p)), "/")
	for part := range strings.SplitSeq(p, "/") {
		if strings.EqualFold(part, ".git") {
			return ""
		}
	}
	return p
}

// includes are what an entry is told with.
type includes struct{ content, lfs, commit, message bool }

// getContents: GET …/contents/{filepath}: a file with its content, or a
// folder's entries without theirs.
func getContents(c *call) (*answer, error) {
	file, list, err := c.contents(includes{content: true, lfs: c.offers.lfsMeta, commit: true})
	if err != nil {
		return nil, err
	}
	if file != nil {
		return ok(file)
	}
	return ok(list)
}

// getContentsExt: GET …/contents-ext/{filepath}?includes=…
func getContentsExt(c *call) (*answer, error) {
	var in includes
	for option := range strings.SplitSeq(c.r.URL.Query().Get("includes"), ",") {
		switch option {
		case "":
		case "file_content":
			in.content = true
		case "lfs_metadata":
			in.lfs = true
		case "commit_metadata":
			in.commit = true
		case "commit_message":
			in.message = true
		default:
			return nil, badRequest("unknown include option \"" + option + "\"")
		}
	}
	file, list, err := c.contents(in)
	if err != nil {
		return nil, err
	}
	if file != nil {
		return ok(obj{"file_contents": file})
	}
	return ok(obj{"dir_contents": list})
}

// contents is the file at the path, or else the list of the folder's entries.
func (c *call) contents(in includes) (obj, []obj, error) {
	rev, err := c.revision(c.r.URL.Query().Get("ref"))
	if err != nil {
		return nil, nil, err
	}
	e, found := c.repo.EntryAt(rev.tree, cleanPath(c.params["path"]))
	if !found {
		return nil, nil, notFoundAs("GetContentsOrList", missingObject("", cleanPath(c.params["path"])))
	}
	if e.Type() != "tree" {
		file, err := c.contentJSON(rev, e, in)
		return file, nil, err
	}
	entries, err := c.repo.List(e.ID)
	if err != nil {
		return nil, nil, err
	}
	in.content = false
	list := []obj{}
	for _, entry := range entries {
		entry.Path = path.Join(e.Path, entry.Path)
		o, err := c.contentJSON(rev, entry, in)
		if err != nil {
			return nil, nil, err
		}
		list = append(list, o)
	}
	return nil, list, nil
}

// getFileContents: GET …/file-contents?body={"files":[…]}, for those whose
// token may not POST.
func getFileContents(c *call) (*answer, error) {
	var in struct{ Files []string }
	if err := json.Unmarshal([]byte(c.r.URL.Query().Get("body")), &in); err != nil {
		return nil, badRequest("invalid body parameter")
	}
	return c.fileContents(in.Files)
}

// postFileContents: POST …/file-contents {"files": […]}
func postFileContents(c *call) (*answer, error) {
	var in struct{ Files []string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Files == nil {
		return nil, required("Files", "")
	}
	return c.fileContents(in.Files)
}

func (c *call) fileContents(paths []string) (*answer, error) {
	rev, err := c.revision(c.r.URL.Query().Get("ref"))
	if err != nil {
		return nil, err
	}
	list, err := c.contentsOf(rev, paths)
	if err != nil {
		return nil, err
	}
	return ok(list)
}

// contentsOf are files with their content, null where there is none, in order,
// and fewer than were asked for when they are too many or too large
// (GetContentsListFromTreePaths in services/repository/files/file.go).
func (c *call) contentsOf(rev revision, paths []string) ([]any, error) {
	list, size := []any{}, 0
	for _, p := range paths {
		if len(list) == defaultPageSize {
			break
		}
		e, found := c.repo.EntryAt(rev.tree, cleanPath(p))
		if !found {
			list = append(list, nil)
			continue
		}
		o, err := c.contentJSON(rev, e, includes{content: true, lfs: c.offers.lfsMeta, commit: true})
		if err != nil {
			return nil, err
		}
		if text, ok := o["content"].(*string); ok && text != nil {
			size += len(*text)
		}
		if size > c.responseLimit() {
			break
		}
		list = append(list, o)
	}
	return list, nil
}

// responseLimit is how much content, in Base64, file-contents answers.
func (c *call) responseLimit() int {
	if n := c.host.Settings().ResponseLimit; n > 0 {
		return n
	}
	return maxResponseSize
}

// contentJSON is an entry (getFileContentsByEntryInternal in
// services/repository/files/content.go).
func (c *call) contentJSON(rev revision, e fakehost.Entry, in includes) (obj, error) {
	self := c.repoAPI("contents", e.Path) + "?ref=" + url.QueryEscape(rev.input)
	var html, git, download any
	links := obj{"self": self, "git": nil, "html": nil}
	kind := map[string]string{"blob": "file", "tree": "dir", "commit": "submodule"}[e.Type()]
	if e.Mode == filemode.Symlink {
		kind = "symlink"
	}
	if kind != "submodule" {
		html, git = c.repoWeb("src", rev.link, e.Path), c.repoAPI("git/blobs", e.ID.String())
		links["git"], links["html"] = git, html
	}
	if e.Type() == "blob" {
		download = c.repoWeb("raw", rev.link, e.Path)
	}
	o := obj{"name": path.Base(e.Path), "path": e.Path, "sha": e.ID.String(), "type": kind, "size": e.Size,
		"encoding": nil, "content": nil, "target": nil, "url": self, "html_url": html, "git_url": git,
		"download_url": download, "submodule_git_url": nil, "_links": links}
	if err := c.addBlob(o, e, in); err != nil {
		return nil, err
	}
	return o, c.addCommit(o, rev, e, in)
}

func (c *call) addBlob(o obj, e fakehost.Entry, in includes) error {
	if e.Type() != "blob" {
		return nil
	}
	content, err := c.repo.Blob(e.ID)
	if err != nil {
		return err
	}
	if e.Mode == filemode.Symlink {
		o["target"] = string(content)
		return nil
	}
	if in.content {
		b, _ := c.blobJSON(e.ID)
		o["content"], o["encoding"] = b.Content, b.Encoding
	}
	if p, is := readPointer(content); is && in.lfs {
		o["lfs_oid"], o["lfs_size"] = p.oid, p.size
	}
	return nil
}

func (c *call) addCommit(o obj, rev revision, e fakehost.Entry, in includes) error {
	if !in.commit && !in.message {
		return nil
	}
	var last *object.Commit
	err := c.repo.Log(rev.id, e.Path, func(commit *object.Commit) bool {
		last = commit
		return false
	})
	if err != nil || last == nil {
		return err
	}
	if in.commit {
		o["last_commit_sha"] = last.Hash.String()
	}
	if in.commit && c.offers.contentDates {
		o["last_committer_date"], o["last_author_date"] = timeText(last.Committer.When), timeText(last.Author.When)
	}
	if in.message {
		o["last_commit_message"] = last.Message
	}
	return nil
}
