// Package fakesite has what drivers' own tests run on: a site on a fake host, into which
// they look, and which they change, behind the driver's back.
package fakesite

import (
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/rest"
	"mooring/backends/rest/nethttp"
)

// Site is a fake host with one repository.
type Site struct {
	T    *testing.T
	Host *fakehost.Host
	Repo *fakehost.Repository
	Wrap func(rest.Doer) rest.Doer // what stands between the driver and the host; nil: nothing
}

// New has the repository owner/site with files, and the user octo. At the test's end no
// request may have been one that the host's own description forbids.
func New(t *testing.T, owner string, files map[string]drivertest.File) *Site {
	t.Helper()
	h := fakehost.New(fakehost.Options{})
	h.AddUser(fakehost.User{Login: "octo", Name: "Octo Cat", Email: "octo@example.com"})
	repo, err := h.AddRepository(owner, "site", Seed(files), fakehost.RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, q := range h.Requests() {
			if q.Err != "" {
				t.Errorf("%s %s %s: %s", q.Method, q.Path, q.Operation, q.Err)
			}
		}
	})
	return &Site{T: t, Host: h, Repo: repo}
}

// Seed is files as a fake host's repository is made with them.
func Seed(files map[string]drivertest.File) map[string]fakehost.File {
	seed := map[string]fakehost.File{}
	for path, f := range files {
		seed[path] = fakehost.File{Content: f.Data, Mode: filemode.FileMode(f.Mode)}
	}
	return seed
}

// Files are a README and more, by path and text in turn.
func Files(pairs ...string) map[string]drivertest.File {
	out := map[string]drivertest.File{"README.md": {Data: []byte("A site.\n")}}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = drivertest.File{Data: []byte(pairs[i+1])}
	}
	return out
}

// Put is a change that writes a text.
func Put(path, text string) driver.Change {
	return driver.Change{Op: driver.Put, Path: path, Data: []byte(text)}
}

// Doer is what a driver sends its requests with, over real connections.
func (s *Site) Doer() rest.Doer {
	client := nethttp.New(time.Minute)
	s.T.Cleanup(client.Close)
	if s.Wrap != nil {
		return s.Wrap(client)
	}
	return client
}

// Head is where a branch is.
func (s *Site) Head(branch string) string {
	s.T.Helper()
	id, ok := s.Repo.Head(branch)
	if !ok {
		s.T.Fatalf("there is no branch %s", branch)
	}
	return id.String()
}

// Commits counts a branch's commits after the first.
func (s *Site) Commits(branch string) int {
	s.T.Helper()
	n := -1
	for id, ok := s.Repo.Head(branch); ok; n++ {
		c, err := s.Repo.CommitByID(id)
		if err != nil {
			s.T.Fatal(err)
		}
		ok = len(c.ParentHashes) > 0
		if ok {
			id = c.ParentHashes[0]
		}
	}
	return n
}

// Text is what Git has in a file on a branch; "" if there is none.
func (s *Site) Text(branch, path string) string {
	s.T.Helper()
	held, err := s.Repo.Files(branch)
	if err != nil {
		s.T.Fatal(err)
	}
	return string(held[path].Content)
}

// Author is octo, as commits name them.
func (s *Site) Author() object.Signature {
	user, _ := s.Host.User("octo")
	return s.Host.Signature(user)
}

// Push commits behind the driver's back, and tells the commit.
func (s *Site) Push(branch, message string, changes ...fakehost.Change) string {
	s.T.Helper()
	id, err := s.Repo.Commit(branch, s.Author(), message, changes...)
	if err != nil {
		s.T.Fatal(err)
	}
	return id.String()
}

// Theirs has somebody else write a text.
func (s *Site) Theirs(branch, path, text string) {
	s.T.Helper()
	s.Push(branch, "Theirs", fakehost.Change{Path: path, Content: []byte(text)})
}

// Draft makes a branch off main with changes, and opens its pull request.
func (s *Site) Draft(d driver.Driver, branch string, changes ...driver.Change) driver.Pull {
	s.T.Helper()
	_, err := d.Commit(s.T.Context(), driver.Commit{Branch: branch, Base: s.Head("main"), Message: "Draft", Changes: changes})
	if err != nil {
		s.T.Fatal(err)
	}
	p, err := d.(driver.PullRequester).OpenPull(s.T.Context(), driver.NewPull{Head: branch, Base: "main", Title: "Draft", Body: "By hand"})
	if err != nil {
		s.T.Fatal(err)
	}
	return p
}
