package fakegitlab

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

// action is one change of a commit
// (https://docs.gitlab.com/api/commits/#create-a-commit-with-multiple-files-and-actions).
type action struct {
	do         string // create, update, move, delete, chmod
	path       string
	previous   string
	content    string
	hasContent bool
	base64     bool
	executable bool
	lastCommit string
}

// actionsIn reads the actions of a request. The messages are those of the API
// (lib/api/commits.rb).
func actionsIn(p params) ([]action, error) {
	items, isList := p["actions"].([]any)
	if !isList {
		return nil, badRequest("actions must be an array")
	}
	list := make([]action, len(items))
	for i, item := range items {
		fields, _ := item.(map[string]any)
		var err error
		if list[i], err = actionIn(params(fields)); err != nil {
			return nil, badRequest(fmt.Sprintf("actions[%d]%s", i, err))
		}
	}
	return list, nil
}

func actionIn(p params) (action, error) {
	_, hasContent := p["content"]
	a := action{do: p.text("action"), path: p.text("file_path"), previous: p.text("previous_path"), content: p.text("content"),
		hasContent: hasContent && p["content"] != nil, base64: p.text("encoding") == "base64",
		executable: p.flag("execute_filemode"), lastCommit: p.text("last_commit_id")}
	switch {
	case a.do == "":
		return a, fmt.Errorf("[action] is required")
	case a.path == "":
		return a, fmt.Errorf("[file_path] is required")
	case !slices.Contains([]string{"create", "update", "move", "delete", "chmod"}, a.do):
		return a, fmt.Errorf("[action] must be one of: create, update, move, delete, chmod")
	case p.has("encoding") && !slices.Contains([]string{"text", "base64"}, p.text("encoding")):
		return a, fmt.Errorf("[encoding] must be text or base64")
	case a.do == "update" && !hasContent:
		return a, fmt.Errorf("[content] is required for update action")
	case a.do == "move" && a.previous == "":
		return a, fmt.Errorf("[previous_path] is required for move action")
	case a.do == "chmod" && !p.has("execute_filemode"):
		return a, fmt.Errorf("[execute_filemode] is required for chmod action")
	}
	return a, nil
}

// The refusals of Gitaly's index.
var (
	errFileExists = refused(http.StatusBadRequest, "A file with this name already exists")
	errNoFile     = refused(http.StatusBadRequest, "A file with this name doesn't exist")
	errTraversal  = refused(http.StatusBadRequest, "Path cannot include directory traversal")
	errBelowAFile = refused(http.StatusBadRequest,
		"13:performing action: writing tree: error: object fails fsck: badTree: cannot be parsed as a tree")
	errEmptyedPath = refused(http.StatusBadRequest, "You must provide a file path")
)

// cleanPath is a path as Gitaly takes it: cleaned, and inside the repository.
func cleanPath(name string) (string, error) {
	if strings.Contains(name, "//") {
		return "", refused(http.StatusBadRequest, fmt.Sprintf("invalid path: '%s'", name))
	}
	clean := strings.TrimPrefix(path.Clean(name), "/")
	switch {
	case clean == "" || clean == ".":
		return "", errEmptyedPath
	case clean == ".." || strings.HasPrefix(clean, "../"):
		return "", errTraversal
	case slices.ContainsFunc(strings.Split(clean, "/"), func(s string) bool { return strings.EqualFold(s, ".git") }):
		return "", refused(http.StatusBadRequest, fmt.Sprintf("invalid path: '%s'", clean))
	}
	return clean, nil
}

// apply does an action to a tree, and returns the new tree.
func (c *call) apply(root plumbing.Hash, a action) (plumbing.Hash, error) {
	name, err := cleanPath(a.path)
	if err != nil {
		return root, err
	}
	e, exists := c.repo.EntryAt(root, name)
	change := fakehost.Change{Path: name, Mode: e.Mode, ID: e.ID}
	switch a.do {
	case "create":
		return c.add(root, name, filemode.Regular, a)
	case "move":
		return c.move(root, name, a)
	case "delete": // of a folder, too
		if !exists {
			return root, errNoFile
		}
		change = fakehost.Change{Path: name, Delete: true}
	case "update":
		if !exists || e.Type() != "blob" {
			return root, errNoFile
		}
		change.ID, err = c.store(a)
	case "chmod":
		if !exists || e.Type() != "blob" {
			return root, errNoFile
		}
		change.Mode = changedMode(e.Mode, a.executable)
	}
	if err != nil {
		return root, err
	}
	return c.repo.WriteTree(root, []fakehost.Change{change})
}

// changedMode leaves a symlink what it is unless it is to be executable.
func changedMode(old filemode.FileMode, executable bool) filemode.FileMode {
	if executable {
		return filemode.Executable
	}
	if old == filemode.Executable {
		return filemode.Regular
	}
	return old
}

// add puts a file where none is. A folder of that name gives way, with all that
// is in it, as it does on the real host.
func (c *call) add(root plumbing.Hash, name string, mode filemode.FileMode, a action) (plumbing.Hash, error) {
	if a.executable {
		mode = filemode.Executable
	}
	if err := c.mayAdd(root, name); err != nil {
		return root, err
	}
	id, err := c.store(a)
	if err != nil {
		return root, err
	}
	return c.repo.WriteTree(root, []fakehost.Change{{Path: name, Mode: mode, ID: id}})
}

// mayAdd refuses a path that is a file, or is below one. What the real host
// makes of the latter is a broken tree, which Git refuses to store.
func (c *call) mayAdd(root plumbing.Hash, name string) error {
	if e, exists := c.repo.EntryAt(root, name); exists && e.Type() == "blob" {
		return errFileExists
	}
	for folder := path.Dir(name); folder != "."; folder = path.Dir(folder) {
		if e, exists := c.repo.EntryAt(root, folder); exists && e.Type() != "tree" {
			return errBelowAFile
		}
	}
	return nil
}

// move keeps a file's mode, and without content its content.
func (c *call) move(root plumbing.Hash, name string, a action) (plumbing.Hash, error) {
	previous, err := cleanPath(a.previous)
	if err != nil {
		return root, err
	}
	old, exists := c.repo.EntryAt(root, previous)
	if !exists || old.Type() != "blob" {
		return root, errNoFile
	}
	if a.hasContent {
		if old.ID, err = c.store(a); err != nil {
			return root, err
		}
	}
	if root, err = c.repo.WriteTree(root, []fakehost.Change{{Path: previous, Delete: true}}); err != nil {
		return root, err
	}
	if err := c.mayAdd(root, name); err != nil {
		return root, err
	}
	return c.repo.WriteTree(root, []fakehost.Change{{Path: name, Mode: old.Mode, ID: old.ID}})
}

// store stores an action's content.
func (c *call) store(a action) (plumbing.Hash, error) {
	content, err := a.bytes()
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return c.repo.WriteBlob(content)
}

func (a action) bytes() ([]byte, error) {
	if !a.base64 {
		return []byte(a.content), nil
	}
	content, err := base64.StdEncoding.DecodeString(a.content)
	if err != nil {
		return nil, refused(http.StatusBadRequest, "13:write created blob: writing blob: "+err.Error())
	}
	return content, nil
}

// toLFS stores the content of a new file in LFS where .gitattributes says so,
// and makes the action one of a pointer (app/services/lfs/file_transformer.rb).
func (c *call) toLFS(attributes []attribute, a action) (action, error) {
	if a.do != "create" || c.repo.Info().NoLFS || !isLFS(attributes, a.path) {
		return a, nil
	}
	content, err := a.bytes()
	if err != nil {
		return a, err
	}
	oid := c.repo.PutLFS(content)
	a.content, a.base64 = string(pointerFile(oid, len(content))), false
	return a, nil
}
