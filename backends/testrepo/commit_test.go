package testrepo

import (
	"maps"
	"slices"
	"testing"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func TestCommit_NoBase(t *testing.T) {
	t.Parallel()
	r := Open(Options{})
	_, err := r.Commit(t.Context(), driver.Commit{Branch: "cms/a", Changes: []driver.Change{put("a", "1")}})
	wantKind(t, err, cmserr.Invalid)
}

func TestCommit_UnknownExpectedHead(t *testing.T) {
	t.Parallel()
	r := Open(Options{})
	before := head(t, r, "main")
	_, err := r.Commit(t.Context(), driver.Commit{
		Branch: "main", ExpectedHead: "gone", Changes: []driver.Change{put("b", "1"), put("a", "1")},
	})
	if e := wantKind(t, err, cmserr.Conflict); !slices.Equal(e.Paths, []string{"a", "b"}) {
		t.Errorf("in doubt, all paths are in conflict; got %q", e.Paths)
	}
	if head(t, r, "main") != before {
		t.Error("the branch moved")
	}
}

func TestCommit_UnknownOp(t *testing.T) {
	t.Parallel()
	r := Open(Options{Files: map[string][]byte{"a": nil}})
	_, err := r.Commit(t.Context(), driver.Commit{
		Branch: "main", ExpectedHead: head(t, r, "main"), Changes: []driver.Change{{Op: 9, Path: "a"}},
	})
	wantKind(t, err, cmserr.Invalid)
}

func TestCommit_Author(t *testing.T) {
	t.Parallel()
	r := Open(Options{Now: clock})
	then := noon.Add(-time.Hour)
	for _, c := range []struct{ given, want *driver.Author }{
		{nil, &driver.Author{Name: "Test user", Date: noon}},
		{&driver.Author{Name: "Ann", Email: "a@b.c"}, &driver.Author{Name: "Ann", Email: "a@b.c", Date: noon}},
		{&driver.Author{Name: "Ann", Date: then}, &driver.Author{Name: "Ann", Date: then}},
	} {
		done, err := r.Commit(t.Context(), driver.Commit{
			Branch: "main", ExpectedHead: head(t, r, "main"), Message: "Say why", Author: c.given,
			Changes: []driver.Change{put("a", "1")},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.commits[done.Head]; got.author != *c.want || got.message != "Say why" {
			t.Errorf("got %+v %q, want %+v", got.author, got.message, *c.want)
		}
	}
}

// TestCommit_SameTwice: two commits of one content at one time are two commits.
func TestCommit_SameTwice(t *testing.T) {
	t.Parallel()
	r := Open(Options{Now: clock})
	first := head(t, r, "main")
	one := mustCommit(t, r, "cms/a", "", first, put("a", "1"))
	two := mustCommit(t, r, "cms/b", "", first, put("a", "1"))
	if one == two || len(r.commits) != 3 {
		t.Errorf("got the ids %s and %s", one, two)
	}
}

// TestCommit_FileForFolder: one commit may empty a folder and take its name, but
// what it does not delete is not lost.
func TestCommit_FileForFolder(t *testing.T) {
	t.Parallel()
	r := Open(Options{Files: map[string][]byte{"a/x": []byte("1"), "b": []byte("2")}})
	for _, refused := range [][]driver.Change{
		{put("a", "file")}, {put("b/x", "1")}, {put("new", ""), put("new/x", "")},
		{{Op: driver.Move, From: "b", Path: "a"}}, {{Op: driver.Move, From: "a/x", Path: "b/x"}},
	} {
		_, err := r.Commit(t.Context(), driver.Commit{
			Branch: "main", ExpectedHead: head(t, r, "main"), Changes: refused,
		})
		wantKind(t, err, cmserr.Invalid)
	}
	edit(t, r, put("a", "file"), drop("a/x"), put("b/x", "1"), drop("b"))
	if got := texts(t, r, "main"); !maps.Equal(got, map[string]string{"a": "file", "b/x": "1"}) {
		t.Errorf("got %v", got)
	}
	edit(t, r, driver.Change{Op: driver.Move, From: "a", Path: "a/index"})
	if got := texts(t, r, "main"); !maps.Equal(got, map[string]string{"a/index": "file", "b/x": "1"}) {
		t.Errorf("got %v", got)
	}
}

// TestCommit_RedoneUnderFile: the folder that a change needs has become a file.
func TestCommit_RedoneUnderFile(t *testing.T) {
	t.Parallel()
	r := Open(Options{})
	seen := head(t, r, "main")
	edit(t, r, put("posts", "a file"))
	_, err := r.Commit(t.Context(), driver.Commit{
		Branch: "main", ExpectedHead: seen, Changes: []driver.Change{put("posts/a.md", "a"), put("b", "2")},
	})
	if e := wantKind(t, err, cmserr.Conflict); !slices.Equal(e.Paths, []string{"posts/a.md"}) {
		t.Errorf("conflict over %q", e.Paths)
	}
}

func TestCommit_RefusedLeavesNoBlob(t *testing.T) {
	t.Parallel()
	r := Open(Options{Files: map[string][]byte{"a/x": []byte("1")}})
	for _, bad := range []driver.Change{drop("none"), put("a", "file")} {
		_, err := r.Commit(t.Context(), driver.Commit{
			Branch: "main", ExpectedHead: head(t, r, "main"), Changes: []driver.Change{put("new", "text"), bad},
		})
		if err == nil {
			t.Fatal("no error")
		}
	}
	if len(r.blobs) != 1 || len(r.commits) != 1 {
		t.Errorf("%d blobs and %d commits, want one of each", len(r.blobs), len(r.commits))
	}
}

func TestCommit_CreatesAnyBranch(t *testing.T) {
	t.Parallel()
	r := Open(Options{})
	made := mustCommit(t, r, "feature/x", "", head(t, r, "main"), put("a", "1"))
	if head(t, r, "feature/x") != made {
		t.Error("the branch is not at its commit")
	}
	_, err := r.Commit(t.Context(), driver.Commit{
		Branch: "feature/x", ExpectedHead: made, Base: head(t, r, "main"), Changes: []driver.Change{put("a", "2")},
	})
	wantKind(t, err, cmserr.Invalid)
}
