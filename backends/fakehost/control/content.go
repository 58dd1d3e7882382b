package control

import (
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// file is a file in JSON.
type file struct {
	Content string `json:"content,omitempty"`
	Base64  []byte `json:"base64,omitempty"`
	Mode    string `json:"mode,omitempty"` // 100644 (default), 100755, 120000
}

func (f file) file() (fakehost.File, error) {
	out := fakehost.File{Content: []byte(f.Content)}
	if f.Base64 != nil {
		out.Content = f.Base64
	}
	if f.Mode == "" {
		return out, nil
	}
	var err error
	if out.Mode, err = filemode.New(f.Mode); err != nil {
		return out, fmt.Errorf("%q is not a file mode", f.Mode)
	}
	return out, nil
}

// addRepository makes {owner, name, files, private, defaultBranch,
// permissions: {login: "write"}}.
func (c *controller) addRepository(r *http.Request) (any, error) {
	var in struct {
		Owner, Name, DefaultBranch string
		Private                    bool
		Files                      map[string]file
		Permissions                map[string]string
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	files := map[string]fakehost.File{}
	for path, f := range in.Files {
		var err error
		if files[path], err = f.file(); err != nil {
			return nil, err
		}
	}
	repo, err := c.host.AddRepository(in.Owner, in.Name, files,
		fakehost.RepositoryOptions{DefaultBranch: in.DefaultBranch, Private: in.Private})
	if err != nil {
		return nil, err
	}
	for login, name := range in.Permissions {
		p, err := fakehost.ParsePermission(name)
		if err != nil {
			return nil, err
		}
		repo.SetPermission(login, p)
	}
	return map[string]any{"id": repo.Info().ID}, nil
}

// commit commits as somebody else: {repository, branch, author, message,
// files: {path: file, or null to delete}}. It answers {"sha"}.
func (c *controller) commit(r *http.Request) (any, error) {
	var in struct {
		Repository, Branch, Author, Message string
		Files                               map[string]*file
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	repo, err := c.repository(in.Repository)
	if err != nil {
		return nil, err
	}
	var changes []fakehost.Change
	for path, f := range in.Files {
		change := fakehost.Change{Path: path, Delete: f == nil}
		if f != nil {
			content, err := f.file()
			if err != nil {
				return nil, err
			}
			change.Content, change.Mode = content.Content, content.Mode
		}
		changes = append(changes, change)
	}
	id, err := repo.Commit(in.Branch, c.author(in.Author), in.Message, changes...)
	return map[string]string{"sha": id.String()}, err
}

// author is how the user of that login signs, or somebody of that name.
func (c *controller) author(login string) object.Signature {
	u, ok := c.host.User(login)
	if !ok {
		u = fakehost.User{Login: login, Email: login + "@example.com"}
	}
	return c.host.Signature(u)
}

// tree answers the files of ?repository=…&branch=… as {path: {mode, base64}}.
func (c *controller) tree(r *http.Request) (any, error) {
	q := r.URL.Query()
	repo, err := c.repository(q.Get("repository"))
	if err != nil {
		return nil, err
	}
	files, err := repo.Files(q.Get("branch"))
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]string{}
	for path, f := range files {
		out[path] = map[string]string{"mode": f.Mode.String()[1:], "base64": base64.StdEncoding.EncodeToString(f.Content)}
	}
	return out, nil
}

// branches answers {branch: {commit, tree}} of ?repository=….
func (c *controller) branches(r *http.Request) (any, error) {
	repo, err := c.repository(r.URL.Query().Get("repository"))
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]string{}
	for _, ref := range repo.Refs("refs/heads/") {
		root, err := repo.TreeOf(ref.ID)
		if err != nil {
			return nil, err
		}
		out[ref.Branch()] = map[string]string{"commit": ref.ID.String(), "tree": root.String()}
	}
	return out, nil
}

// addLFS stores {repository, content or base64} and answers {"oid", "size"}.
func (c *controller) addLFS(r *http.Request) (any, error) {
	var in struct {
		Repository string
		file
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	repo, err := c.repository(in.Repository)
	if err != nil {
		return nil, err
	}
	f, err := in.file.file()
	return map[string]any{"oid": repo.PutLFS(f.Content), "size": len(f.Content)}, err
}

// lfs answers the Git LFS objects of ?repository=… as {oid: size}. The oid is the hash of
// what is stored.
func (c *controller) lfs(r *http.Request) (any, error) {
	repo, err := c.repository(r.URL.Query().Get("repository"))
	if err != nil {
		return nil, err
	}
	return repo.LFSObjects(), nil
}
