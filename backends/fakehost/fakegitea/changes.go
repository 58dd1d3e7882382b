package fakegitea

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

// identity is who a request says did it.
type identity struct{ Name, Email string }

// fileOptions are what all requests that change files have
// (modules/structs/repo_file.go).
type fileOptions struct {
	Message           string
	Branch            string
	NewBranch         string `json:"new_branch"`
	ForcePush         bool   `json:"force_push"`
	Author, Committer identity
	Dates             struct{ Author, Committer time.Time }
	Signoff           bool
}

// operation is one change of a file.
type operation struct {
	Operation string
	Path      string
	FromPath  string `json:"from_path"`
	SHA       string
	Content   string // Base64

	path, from string // cleaned
	content    []byte
}

// changeFiles: POST …/contents
func changeFiles(c *call) (*answer, error) {
	var in struct {
		fileOptions
		Files []*operation
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Files == nil {
		return nil, required("Files", "")
	}
	for _, op := range in.Files {
		if err := cmp.Or(required("Operation", op.Operation), required("Path", op.Path), short("Path", op.Path, 500)); err != nil {
			return nil, err
		}
	}
	made, err := c.change(in.fileOptions, in.Files)
	if err != nil {
		return nil, err
	}
	body, err := c.changedJSON(made, in.Files)
	if err != nil {
		return nil, err
	}
	return created(body)
}

// createFile: POST …/contents/{filepath}
func createFile(c *call) (*answer, error) { return c.changeFile("create", http.StatusCreated) }

// updateFile: PUT …/contents/{filepath}, which without sha is createFile.
func updateFile(c *call) (*answer, error) { return c.changeFile("update", http.StatusOK) }

// deleteFile: DELETE …/contents/{filepath}
func deleteFile(c *call) (*answer, error) { return c.changeFile("delete", http.StatusOK) }

func (c *call) changeFile(kind string, status int) (*answer, error) {
	var in struct {
		fileOptions
		Content, SHA string
		FromPath     string `json:"from_path"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if kind == "delete" {
		if err := required("SHA", in.SHA); err != nil {
			return nil, err
		}
	}
	if kind == "update" && in.SHA == "" {
		kind, status = "create", http.StatusCreated
	}
	op := &operation{Operation: kind, Path: c.params["path"], FromPath: in.FromPath, SHA: in.SHA, Content: in.Content}
	made, err := c.change(in.fileOptions, []*operation{op})
	if err != nil {
		return nil, err
	}
	body, err := c.changedJSON(made, []*operation{op})
	if err != nil {
		return nil, err
	}
	files, _ := body["files"].([]any)
	body["content"] = files[0]
	delete(body, "files")
	return &answer{status: status, body: body}, nil
}

// mustEnableEditor refuses changes in an archived repository.
func mustEnableEditor(c *call) error {
	if c.repo.Info().Archived {
		return refused(http.StatusLocked, c.repo.FullName()+" is not allowed to edit")
	}
	return nil
}

func short(field, value string, limit int) error {
	if len(value) > limit {
		return invalid("[" + field + "]: MaxSize")
	}
	return nil
}

// branchName refuses names that Git does (the rule GitRefName).
func branchName(field, name string) error {
	if name == "" {
		return nil
	}
	if plumbing.NewBranchReferenceName(name).Validate() != nil {
		return invalid("[" + field + "]: GitRefName")
	}
	return short(field, name, 100)
}

// change makes one commit of operations (ChangeRepoFiles in
// services/repository/files/update.go). Its order of checks is the server's.
func (c *call) change(o fileOptions, ops []*operation) (plumbing.Hash, error) {
	var none plumbing.Hash
	if err := cmp.Or(c.enterBranch(&o), decodeContents(ops)); err != nil {
		return none, err
	}
	if o.Message == "" {
		o.Message = describe(ops)
	}
	base, err := c.branchHead(o)
	if err != nil {
		return none, err
	}
	if err := cmp.Or(cleanPaths(ops), c.checkTarget(o)); err != nil {
		return none, err
	}
	root, err := c.newTree(base, o, ops)
	if err != nil {
		return none, err
	}
	return c.commitTree(base, root, o)
}

// enterBranch fills in which branches are meant, if the user may write to them.
func (c *call) enterBranch(o *fileOptions) error {
	if err := cmp.Or(branchName("BranchName", o.Branch), branchName("NewBranchName", o.NewBranch)); err != nil {
		return err
	}
	o.Branch = cmp.Or(o.Branch, c.repo.Info().DefaultBranch)
	o.NewBranch = cmp.Or(o.NewBranch, o.Branch)
	if c.permission() < fakehost.Write {
		return forbidden("user should have a permission to write to the target branch")
	}
	return nil
}

// branchHead is where the branch is that is changed: nowhere in an empty repository.
func (c *call) branchHead(o fileOptions) (plumbing.Hash, error) {
	base, exists := c.repo.Head(o.Branch)
	if !exists && len(c.repo.Refs("refs/heads/")) > 0 {
		return base, refused(http.StatusNotFound, "branch does not exist [repo_id: "+digits(c.repo.Info().ID)+" name: "+o.Branch+"]")
	}
	return base, nil
}

// describe is the message of a commit that has none (changeFilesCommitMessage in
// routers/api/v1/repo/file.go).
func describe(ops []*operation) string {
	words := map[string]string{"create": "Add", "delete": "Delete", "update": "Update", "upload": "Update", "rename": "Update"}
	paths := map[string][]string{}
	for _, op := range ops {
		paths[words[op.Operation]] = append(paths[words[op.Operation]], op.Path)
	}
	var lines []string
	for _, word := range []string{"Add", "Update", "Delete"} {
		if len(paths[word]) > 0 {
			lines = append(lines, word+" "+strings.Join(paths[word], ", "))
		}
	}
	return strings.Join(lines, "\n")
}

// decodeContents reads the contents, which must all be Base64.
func decodeContents(ops []*operation) error {
	for _, op := range ops {
		var err error
		if op.content, err = base64.StdEncoding.DecodeString(op.Content); err != nil {
			return invalid(err.Error())
		}
	}
	return nil
}

// cleanPaths cleans the paths. One that leads out of the repository is an
// error of Git's that the server didn't see coming.
func cleanPaths(ops []*operation) error {
	for _, op := range ops {
		op.path, op.from = cleanPath(op.Path), cleanPath(cmp.Or(op.FromPath, op.Path))
		if op.path == "" {
			return invalid("path contains a malformed path component [path: " + op.Path + "]")
		}
		if op.from == "" {
			return invalid("path contains a malformed path component [path: " + op.FromPath + "]")
		}
	}
	for _, op := range ops {
		for _, p := range []string{op.Path, op.FromPath} {
			if strings.HasPrefix(p, "/") || strings.HasPrefix(p, "../") || strings.HasPrefix(p, "-") && op.Operation != "delete" {
				return internal() // Git takes a dash for an option
			}
		}
	}
	return nil
}

// checkTarget refuses branches that may not be written to.
func (c *call) checkTarget(o fileOptions) error {
	_, exists := c.repo.Head(o.NewBranch)
	rule, protected := c.repo.Protection(o.NewBranch)
	switch {
	case o.NewBranch == o.Branch && protected && closedToPushes(rule):
		return forbidden("user cannot commit to repo [user: " + strings.ToLower(c.user.Login) + "]")
	case o.NewBranch != o.Branch && exists && !(o.ForcePush && c.offers.forcePush):
		return invalid("branch already exists [name: " + o.NewBranch + "]")
	}
	return nil
}

// checkForce refuses what a protected new branch forbids, once the commit is
// made.
func (c *call) checkForce(o fileOptions, id plumbing.Hash) error {
	at, exists := c.repo.Head(o.NewBranch)
	if rule, protected := c.repo.Protection(o.NewBranch); !exists || !protected || o.NewBranch == o.Branch || !closedToPushes(rule) {
		return nil
	}
	if cmp, err := c.repo.Compare(at, id); err == nil && cmp.Behind == 0 {
		return forbidden("Not allowed to push to protected branch " + o.NewBranch)
	}
	return forbidden("branch " + o.NewBranch + " is protected from force push")
}

// newTree is the tree that the operations make of base's.
func (c *call) newTree(base plumbing.Hash, o fileOptions, ops []*operation) (plumbing.Hash, error) {
	var before plumbing.Hash
	if !base.IsZero() {
		var err error
		if before, err = c.repo.TreeOf(base); err != nil {
			return before, err
		}
		for _, op := range ops {
			if err := c.checkOperation(before, op, o); err != nil {
				return before, err
			}
		}
	}
	at := before
	for _, op := range ops {
		changes, err := c.apply(before, at, op)
		if err != nil {
			return at, err
		}
		if at, err = c.repo.WriteTree(at, changes); err != nil {
			return at, err
		}
	}
	if at.IsZero() {
		return c.repo.WriteTree(plumbing.ZeroHash, nil)
	}
	return at, nil
}
