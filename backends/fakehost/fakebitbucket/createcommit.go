package fakebitbucket

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// createCommit makes a commit of uploaded files
// (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-source/#api-repositories-workspace-repo-slug-src-post).
// What it answers to paths that can't be is not documented, but that it refuses
// the whole commit.
func createCommit(c *call) (*answer, error) {
	u, err := c.readUpload()
	if err != nil {
		return nil, err
	}
	target, err := c.target(u)
	if err != nil {
		return nil, err
	}
	if !c.mayPush(target.branch) {
		return nil, forbidden("Permission denied to update branch " + target.branch + ".")
	}
	changes, err := c.changes(u, target)
	if err != nil {
		return nil, err
	}
	id, err := c.commit(u, target, changes)
	if err != nil {
		return nil, err
	}
	a := empty(http.StatusCreated)
	a.header = map[string]string{"Location": c.inRepo("commit", id.String())}
	return a, nil
}

// target is where a commit goes.
type target struct {
	branch  string
	exists  bool
	tip     plumbing.Hash   // of the branch, zero when it is new
	parents []plumbing.Hash // empty for a repository's first commit
	root    plumbing.Hash   // the tree of the first parent
}

func (c *call) target(u *upload) (target, error) {
	if len(u.fields["branch"]) > 1 {
		return target{}, badRequest("The branch field cannot be repeated.")
	}
	main := c.repo.Info().DefaultBranch
	t := target{branch: cmp.Or(u.get("branch"), main)}
	t.tip, t.exists = c.repo.Head(t.branch)
	for hash := range strings.SplitSeq(u.get("parents"), ",") {
		if hash = strings.TrimSpace(hash); hash == "" {
			continue
		}
		id, err := c.commitOf(hash)
		if err != nil {
			return t, badField("parents", "Commit not found: "+hash)
		}
		t.parents = append(t.parents, id)
	}
	switch mainHead, hasMain := c.repo.Head(main); {
	case t.exists && len(t.parents) > 0 && t.parents[0] != t.tip:
		return t, errMoved(t.branch)
	case t.exists && len(t.parents) == 0:
		t.parents = []plumbing.Hash{t.tip}
	case !t.exists && len(t.parents) == 0 && hasMain:
		t.parents = []plumbing.Hash{mainHead}
	}
	if len(t.parents) == 0 {
		return t, nil
	}
	var err error
	t.root, err = c.repo.TreeOf(t.parents[0])
	return t, err
}

// errMoved: that it is a 409 is documented, the text isn't.
func errMoved(branch string) error {
	return &apiError{status: http.StatusConflict, message: `The given parent is not the tip of branch "` + branch + `".`}
}

// changes checks what a form wants done.
func (c *call) changes(u *upload, t target) ([]fakehost.Change, error) {
	changes := slices.Clone(u.changes)
	for _, path := range u.removed() {
		e, found := c.entryAt(t.root, path)
		if !found || e.Type() == "tree" {
			return nil, badField("files", "No such file: "+path)
		}
		// First, so that a folder can take a deleted file's place.
		changes = slices.Insert(changes, 0, fakehost.Change{Path: path, Delete: true})
	}
	if len(changes) == 0 && t.exists {
		return nil, badRequest("There are no files to commit.")
	}
	for _, change := range changes {
		if !change.Delete {
			if err := c.checkPath(u, t, change.Path); err != nil {
				return nil, err
			}
		}
	}
	return changes, nil
}

func (c *call) entryAt(root plumbing.Hash, path string) (fakehost.Entry, bool) {
	if root.IsZero() {
		return fakehost.Entry{}, false
	}
	return c.repo.EntryAt(root, path)
}

// checkPath refuses a file where a folder is, and the other way round.
func (c *call) checkPath(u *upload, t target, path string) error {
	if e, found := c.entryAt(t.root, path); found && e.Type() == "tree" {
		return badField(path, "There is a directory of that name.")
	}
	for i := range path {
		if path[i] != '/' {
			continue
		}
		e, found := c.entryAt(t.root, path[:i])
		gone := slices.Contains(u.removed(), path[:i])
		if u.has(path[:i]) || found && e.Type() != "tree" && !gone {
			return badField(path, "There is a file where it needs a directory.")
		}
	}
	return nil
}

// commit writes the commit and moves the branch, unless it was moved meanwhile.
func (c *call) commit(u *upload, t target, changes []fakehost.Change) (plumbing.Hash, error) {
	author, err := c.author(u.get("author"))
	if err != nil {
		return plumbing.ZeroHash, err
	}
	tree, err := c.repo.WriteTree(t.root, changes)
	if err != nil {
		return tree, err
	}
	id, err := c.repo.WriteCommit(object.Commit{TreeHash: tree, ParentHashes: t.parents, Author: author,
		Committer: c.host.Signature(c.user), Message: cmp.Or(u.get("message"), defaultMessage(changes))})
	if err != nil {
		return id, err
	}
	err = c.repo.UpdateRefs("", fakehost.RefUpdate{Name: headsPrefix + t.branch, After: id, Before: &t.tip})
	switch kind := fakehost.KindOf(err); {
	case kind == fakehost.Moved, kind == fakehost.Exists:
		return id, errMoved(t.branch)
	case kind == fakehost.Conflict: // a/b beside a
		return id, badRequest("Something went wrong")
	case kind == fakehost.Invalid:
		return id, badField("branch", "Invalid branch name: "+t.branch)
	}
	if err == nil && len(t.parents) == 0 { // of an empty repository it becomes the main branch
		c.repo.Edit(func(i *fakehost.Info) { i.DefaultBranch = t.branch })
	}
	return id, err
}

var rawAuthor = regexp.MustCompile(`^\s*(.*?)\s*<([^<>]*)>\s*$`)

// author reads Name <address>; without one it is the caller.
func (c *call) author(raw string) (object.Signature, error) {
	sign := c.host.Signature(c.user)
	if raw == "" {
		return sign, nil
	}
	m := rawAuthor.FindStringSubmatch(raw)
	if m == nil || m[1] == "" {
		return sign, badField("author", "Invalid author: "+raw)
	}
	sign.Name, sign.Email = m[1], m[2]
	return sign, nil
}

// defaultMessage is what the host writes itself.
func defaultMessage(changes []fakehost.Change) string {
	if len(changes) == 1 {
		return changes[0].Path + " edited online with Bitbucket"
	}
	return "Edited online with Bitbucket"
}
