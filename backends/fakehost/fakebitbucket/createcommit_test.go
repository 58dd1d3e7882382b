package fakebitbucket

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

// keys are the names of an object, as JSON.
func keys(o map[string]any) string { return quoted(slices.Sorted(maps.Keys(o))) }

func TestCreateCommit_OnABranch(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"old.md": "old", "keep.md": "keep"})
	parent := s.head("main")
	r := s.upload(201, "/dir/n\"ew\\ ü.md", "new\r\n--", "/i.png", "\x89\x00\xff", "files", "old.md", "message", "Sëveral",
		"author", "Ann Lee <ann@example.com>", "branch", "main", "parents", parent)
	if want := s.url + inRepo + "/commit/" + s.head("main"); r.header.Get("Location") != want || r.body != "" {
		t.Errorf("it answers %q and %s", r.body, r.header.Get("Location"))
	}
	for path, want := range map[string]string{"dir/n\"ew\\ ü.md": "new\r\n--", "i.png": "\x89\x00\xff", "old.md": "-", "keep.md": "keep"} {
		if got := s.file("main", path); got != want {
			t.Errorf("%s is %q", path, got)
		}
	}
	commit := s.wants(200, "GET", "/commit/"+s.head("main"), "")
	if commit.text(t, "message") != "Sëveral" || commit.text(t, "author.raw") != "Ann Lee <ann@example.com>" || commit.text(t, "parents.0.hash") != parent {
		t.Errorf("the commit is %s", commit.body)
	}
	r = s.upload(409, "/a.md", "a", "branch", "main", "parents", parent)
	contains(t, r.body, "tip of branch")
	if s.file("main", "a.md") != "-" {
		t.Error("a refused commit was made")
	}
}

func TestCreateCommit_NewBranch(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	first := s.head("main")
	s.change("main", "b.md", "b")
	s.upload(201, "/x.md", "x", "branch", "cms/x", "parents", first)
	s.upload(201, "/y.md", "y", "branch", "cms/y")
	s.upload(201, "branch", "cms/z", "parents", s.head("main"))
	if s.file("cms/x", "b.md") != "-" || s.file("cms/x", "x.md") != "x" || s.file("cms/y", "b.md") != "b" || s.file("cms/z", "b.md") != "b" {
		t.Error("the branches begin elsewhere")
	}
	if s.head("cms/z") == s.head("main") {
		t.Error("the branch has no commit of its own")
	}
	s.upload(400, "/z.md", "z", "branch", "cms", "parents", first) // cms/x is there
	s.upload(409, "/z.md", "z", "branch", "cms/x", "parents", first)
}

func TestCreateCommit_Refused(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"dir/a.md": "a"})
	head := s.head("main")
	for _, refused := range []struct {
		status int
		text   string
		pairs  []string
	}{
		{400, "directory of that name", []string{"/dir", "file"}},
		{400, "needs a directory", []string{"/dir/a.md/b", "file"}},
		{400, "needs a directory", []string{"/x", "1", "/x/y", "2"}},
		{400, "No such file: none", []string{"/x", "1", "files", "none"}},
		{400, "malformed", []string{"/../x", "1"}},
		{400, "malformed", []string{"/.git/config", "1"}},
		{400, "no files", []string{"branch", "main"}},
		{400, "cannot be repeated", []string{"/x", "1", "branch", "a", "branch", "b"}},
		{400, "Invalid author", []string{"/x", "1", "author", "Ann"}},
		{400, "Commit not found", []string{"/x", "1", "parents", strings.Repeat("1", 40)}},
		{400, "Invalid branch", []string{"/x", "1", "branch", "a..b"}},
	} {
		contains(t, s.upload(refused.status, refused.pairs...).body, refused.text)
	}
	if s.head("main") != head {
		t.Error("something was committed")
	}
	s.wantsAs("reader", 403, "POST", "/src", "x=1", "Content-Type", "application/x-www-form-urlencoded")
	s.wants(400, "POST", "/src", "{}")
	s.repo.Protect("main", &fakehost.Protection{RestrictPushes: true})
	contains(t, s.upload(403, "/x", "1").body, "Permission denied")
	body, kind := form(t, "/x", "1")
	s.wants(201, "POST", "/src", body, "Content-Type", kind) // an administrator may
}

func TestCreateCommit_Urlencoded(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	body := "%2Fb.md=text%20%C3%BC&%2Fmessage=file&message=Said&files=a.md"
	s.wants(201, "POST", "/src?branch=ignored", body, "Content-Type", "application/x-www-form-urlencoded")
	if s.file("main", "b.md") != "text ü" || s.file("main", "message") != "file" || s.file("main", "a.md") != "-" {
		t.Error("the files differ")
	}
	if r := s.wants(200, "GET", "/commit/main", ""); r.text(t, "message") != "Said" || r.text(t, "author.raw") != "Owner <owner@example.com>" {
		t.Errorf("the commit is %s", r.body)
	}
}

func TestCreateCommit_Modes(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	part := func(name, attributes string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"f\"" + attributes + "\r\n\r\ntext\r\n"
	}
	send := func(parts ...string) {
		s.wants(201, "POST", "/src", strings.Join(parts, "")+"--b--\r\n", "Content-Type", "multipart/form-data; boundary=b")
	}
	mode := func(path string) filemode.FileMode {
		root, err := s.repo.TreeOf(plumbing.NewHash(s.head("main")))
		if err != nil {
			t.Fatal(err)
		}
		e, _ := s.repo.EntryAt(root, path)
		return e.Mode
	}
	send(part("run", `; x-attributes="executable"`), part("link", `; x-attributes:"link"`))
	if mode("run") != filemode.Executable || mode("link") != filemode.Symlink {
		t.Errorf("the modes are %v and %v", mode("run"), mode("link"))
	}
	send(part("run", ""))
	if mode("run") != filemode.Regular {
		t.Errorf("without the attribute the mode is %v", mode("run"))
	}
}

func TestCreateCommit_EmptyRepository(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	if r := s.wants(200, "GET", "", ""); r.field(t, "mainbranch") != nil {
		t.Errorf("the main branch is %v", r.field(t, "mainbranch"))
	}
	s.upload(201, "/a.md", "a", "branch", "trunk")
	if r := s.wants(200, "GET", "", ""); r.text(t, "mainbranch.name") != "trunk" {
		t.Errorf("the main branch is %v", r.field(t, "mainbranch"))
	}
}
