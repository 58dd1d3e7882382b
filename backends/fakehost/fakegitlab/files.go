package fakegitlab

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"path"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// file is a file at a commit.
type file struct {
	fakehost.Entry
	commit  plumbing.Hash
	content []byte
}

// file is the file that the path names, at params' ref.
func (c *call) file() (file, error) {
	var f file
	id, found := c.commitAt(c.params.text("ref"))
	if !found {
		return f, notFound("Commit")
	}
	root, err := c.repo.TreeOf(id)
	if err != nil {
		return f, err
	}
	name := strings.TrimPrefix(c.path["file_path"], "/")
	if f.Entry, found = c.repo.EntryAt(root, name); !found || f.Type() != "blob" {
		return f, notFound("File")
	}
	f.commit = id
	f.content, err = c.repo.Blob(f.ID)
	return f, err
}

// safePath refuses a path that leads out of the repository.
func (c *call) safePath() error {
	for part := range strings.SplitSeq(c.path["file_path"], "/") {
		if part == ".." {
			return &apiError{status: http.StatusBadRequest, body: obj{"error": "file_path should be a valid file path"}}
		}
	}
	return nil
}

// getFile: https://docs.gitlab.com/api/repository_files/#get-file-from-repository
func getFile(c *call) (*answer, error) {
	if err := c.safePath(); err != nil {
		return nil, err
	}
	if err := c.params.require("ref"); err != nil {
		return nil, err
	}
	f, err := c.file()
	if err != nil {
		return nil, err
	}
	data := c.fileData(f)
	header := fileHeader(data)
	data["content"] = base64.StdEncoding.EncodeToString(f.content)
	return &answer{body: data, header: header}, nil
}

// headFile is getFile without the content. All that it says is in the header.
func headFile(c *call) (*answer, error) { return getFile(c) }

// getRawFile: https://docs.gitlab.com/api/repository_files/#get-raw-file-from-repository
func getRawFile(c *call) (*answer, error) {
	if err := c.safePath(); err != nil {
		return nil, err
	}
	f, err := c.file()
	if err != nil {
		return nil, err
	}
	if c.params.flag("lfs") && !c.repo.Info().NoLFS && isPointer(f.content) {
		content, found := c.repo.LFS(pointerOID(f.content))
		if !found {
			return nil, notFound("")
		}
		return &answer{raw: content, mime: "application/octet-stream", noETag: true}, nil
	}
	header := fileHeader(c.fileData(f))
	header["Cache-Control"] = uncached
	header["Content-Disposition"] = "inline"
	return &answer{raw: f.content, mime: "text/plain; charset=utf-8", header: header, noETag: true}, nil
}

func (c *call) fileData(f file) obj {
	ref := c.params.text("ref")
	if ref == "" {
		ref = c.repo.Info().DefaultBranch
	}
	sum := sha256.Sum256(f.content)
	return obj{
		"file_name": path.Base(f.Path), "file_path": f.Path, "size": f.Size, "encoding": "base64",
		"content_sha256": hex.EncodeToString(sum[:]), "ref": ref, "blob_id": f.ID.String(), "commit_id": f.commit.String(),
		"last_commit_id": c.lastCommit(f.commit, f.Path), "execute_filemode": f.Mode == filemode.Executable,
	}
}

// lastCommit is the id of the last commit that changed a path, "" when there
// is none.
func (c *call) lastCommit(from plumbing.Hash, name string) string {
	id := ""
	_ = c.repo.Log(from, name, func(commit *object.Commit) bool { // a missing commit has no history
		id = commit.Hash.String()
		return false
	})
	return id
}

// fileHeader says all of a file in headers: X-Gitlab-Blob-Id and so on.
func fileHeader(data obj) map[string]string {
	header := map[string]string{}
	for name, value := range data {
		words := strings.Split(name, "_")
		for i, w := range words {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
		header["X-Gitlab-"+strings.Join(words, "-")] = params{"v": value}.text("v")
	}
	return header
}

// createFile: https://docs.gitlab.com/api/repository_files/#create-new-file-in-repository
func createFile(c *call) (*answer, error) { return c.writeFile("create", http.StatusCreated) }

// updateFile: https://docs.gitlab.com/api/repository_files/#update-existing-file-in-repository
func updateFile(c *call) (*answer, error) { return c.writeFile("update", http.StatusOK) }

// deleteFile: https://docs.gitlab.com/api/repository_files/#delete-existing-file-in-repository
func deleteFile(c *call) (*answer, error) { return c.writeFile("delete", http.StatusNoContent) }

// writeFile is a commit of one action.
func (c *call) writeFile(do string, status int) (*answer, error) {
	if err := c.safePath(); err != nil {
		return nil, err
	}
	needed := []string{"branch", "commit_message"}
	if do != "delete" {
		needed = append(needed, "content")
	}
	if err := c.params.require(needed...); err != nil {
		return nil, err
	}
	if err := c.need(fakehost.Write); err != nil {
		return nil, err
	}
	name := c.path["file_path"]
	a := action{do: do, path: name, content: c.params.text("content"), hasContent: true, base64: c.params.text("encoding") == "base64",
		lastCommit: c.params.text("last_commit_id")}
	list := []action{a}
	if do != "delete" && c.params.has("execute_filemode") {
		list = append(list, action{do: "chmod", path: name, executable: c.params.flag("execute_filemode")})
	}
	n := c.newCommit(list)
	n.changed = "You are attempting to update a file that has changed since you started editing it."
	if _, err := c.commit(n); err != nil {
		return nil, err
	}
	return &answer{status: status, body: obj{"file_path": name, "branch": n.branch}}, nil
}
