package fakegitea

import (
	"cmp"
	"net/http"
	"path"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

// checkOperation compares an operation with the branch as it is, not with what
// the operations before it make of it (handleCheckErrors in
// services/repository/files/update.go).
func (c *call) checkOperation(root plumbing.Hash, op *operation, o fileOptions) error {
	switch op.Operation {
	case "create":
		return c.checkNew(root, op)
	case "update", "delete":
	case "upload", "rename":
		if !c.offers.renames {
			return nil // and newTree refuses it
		}
	default:
		return nil
	}
	if err := c.checkOld(root, op, o); err != nil || op.Operation == "delete" {
		return err
	}
	return c.checkNew(root, op)
}

// checkOld checks that the file is there, and is the one that the request
// means. Without sha any will do, but in Forgejo.
func (c *call) checkOld(root plumbing.Hash, op *operation, o fileOptions) error {
	e, found := c.repo.EntryAt(root, op.from)
	folder := found && e.Type() == "tree" && op.Operation == "delete" && !c.offers.lostRace403
	current := ""
	switch {
	case (!found || folder) && op.Operation == "upload":
	case folder:
		return c.missing("repository file does not exist [path: " + op.Path + "]")
	case !found:
		return c.missing(missingObject("", op.from))
	default:
		current = e.ID.String()
	}
	if op.SHA == "" && c.offers.needsSHA && o.NewBranch == o.Branch {
		return invalid("a SHA or commit ID must be proved when updating a file")
	}
	if op.SHA != "" && op.SHA != current {
		return invalid("sha does not match [given: " + op.SHA + ", expected: " + current + "]")
	}
	return nil
}

// missing says that there is no such file, which older versions can't.
func (c *call) missing(message string) error {
	if c.offers.missing404 {
		return refused(http.StatusNotFound, message)
	}
	return internal()
}

// checkNew checks that the path can be a file.
func (c *call) checkNew(root plumbing.Hash, op *operation) error {
	parts := strings.Split(op.path, "/")
	for i := range parts {
		sub := path.Join(parts[:i+1]...)
		e, found := c.repo.EntryAt(root, sub)
		last := i == len(parts)-1
		switch {
		case !found:
			return nil
		case !last && e.Type() != "tree":
			return invalid("a file exists where you’re trying to create a subdirectory [path: " + sub + "]")
		case !last:
		case e.Mode == filemode.Symlink:
			return invalid("a symbolic link exists where you’re trying to create a subdirectory [path: " + sub + "]")
		case e.Type() == "tree":
			return invalid("a directory exists where you’re trying to create a file [path: " + sub + "]")
		case op.from != op.path || op.Operation == "create":
			return invalid("repository file already exists [path: " + op.path + "]")
		}
	}
	return nil
}

// apply are the changes that an operation makes to a tree: at is what those
// before it made of the branch's.
func (c *call) apply(branch, at plumbing.Hash, op *operation) ([]fakehost.Change, error) {
	_, there := c.entryAt(at, op.from)
	moves := op.from != op.path && there
	known := map[string]bool{"create": true, "update": true, "delete": true, "upload": c.offers.renames, "rename": c.offers.renames}
	switch {
	case !known[op.Operation]:
		return nil, internal()
	case op.Operation == "delete":
		e, found := c.entryAt(at, op.path)
		if !found || e.Type() == "tree" {
			return nil, nil // git update-index knows only files
		}
		return []fakehost.Change{{Path: op.path, Delete: true}}, nil
	case op.Operation == "create":
		if e, exists := c.entryAt(at, op.path); exists && e.Type() != "tree" {
			return nil, invalid("repository file already exists [path: " + op.path + "]")
		}
	}
	change := fakehost.Change{Path: op.path, Mode: filemode.Regular}
	if e, found := c.entryAt(branch, op.from); found && e.Mode == filemode.Executable && op.Operation != "create" {
		change.Mode = filemode.Executable
	}
	if err := c.fill(&change, branch, at, op); err != nil {
		return nil, err
	}
	if moves {
		return []fakehost.Change{{Path: op.from, Delete: true}, change}, nil
	}
	return []fakehost.Change{change}, nil
}

func (c *call) entryAt(root plumbing.Hash, file string) (fakehost.Entry, bool) {
	if root.IsZero() {
		return fakehost.Entry{}, false
	}
	return c.repo.EntryAt(root, file)
}

// fill gives a change its content: a pointer for what .gitattributes, as the
// operations before made it, gives to LFS. Content that is a pointer already
// gets one to itself.
func (c *call) fill(change *fakehost.Change, branch, at plumbing.Hash, op *operation) error {
	content, stored := op.content, false
	if op.Operation == "rename" {
		e, found := c.entryAt(branch, op.from)
		if !found {
			return internal()
		}
		var err error
		if content, err = c.repo.Blob(e.ID); err != nil {
			return err
		}
		if p, is := readPointer(content); is && c.isLFS(at, op.from) {
			if content, stored = c.repo.LFS(p.oid); !stored {
				return internal()
			}
		}
	}
	change.Content = content
	if c.isLFS(at, op.path) {
		c.repo.PutLFS(content)
		change.Content = []byte(pointerTo(content).String())
	}
	if change.Content == nil {
		change.Content = []byte{}
	}
	return nil
}

// changedJSON is the answer to a change: FilesResponse.
func (c *call) changedJSON(id plumbing.Hash, ops []*operation) (obj, error) {
	commit, err := c.repo.CommitByID(id)
	if err != nil {
		return nil, err
	}
	branch := cmp.Or(c.branchAt(id), id.String())
	rev := revision{input: branch, link: "branch/" + branch, id: id, tree: commit.TreeHash}
	paths := make([]string, len(ops))
	for i, op := range ops {
		paths[i] = op.path
	}
	files, err := c.contentsOf(rev, paths)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		files = nil // null
	}
	return obj{"files": files, "commit": c.fileCommitJSON(commit), "verification": verificationJSON()}, nil
}

// branchAt is the branch that a commit was just made on.
func (c *call) branchAt(id plumbing.Hash) string {
	for _, ref := range c.repo.Refs("refs/heads/") {
		if ref.ID == id {
			return ref.Branch()
		}
	}
	return ""
}
