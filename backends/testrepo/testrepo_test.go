package testrepo

import (
	"maps"
	"slices"
	"testing"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

var noon = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

// head is where a branch stands.
func head(t *testing.T, r *Repo, branch string) string {
	t.Helper()
	id, err := r.Head(t.Context(), branch)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// mustCommit makes a commit that has to succeed.
func mustCommit(t *testing.T, r *Repo, branch, expected, base string, changes ...driver.Change) string {
	t.Helper()
	done, err := r.Commit(t.Context(), driver.Commit{
		Branch: branch, ExpectedHead: expected, Base: base, Message: "Change", Changes: changes,
	})
	if err != nil {
		t.Fatal(err)
	}
	return done.Head
}

// edit commits to the default branch.
func edit(t *testing.T, r *Repo, changes ...driver.Change) string {
	t.Helper()
	return mustCommit(t, r, "main", head(t, r, "main"), "", changes...)
}

// draft creates a branch with a pull request, and returns its head and number.
func draft(t *testing.T, r *Repo, branch string, changes ...driver.Change) (string, int) {
	t.Helper()
	made := mustCommit(t, r, branch, "", head(t, r, "main"), changes...)
	p, err := r.OpenPull(t.Context(), driver.NewPull{Head: branch, Base: "main", Title: "Title"})
	if err != nil {
		t.Fatal(err)
	}
	return made, p.Number
}

func put(path, text string) driver.Change {
	return driver.Change{Op: driver.Put, Path: path, Data: []byte(text)}
}

func drop(path string) driver.Change { return driver.Change{Op: driver.Delete, Path: path} }

func wantKind(t *testing.T, err error, kind cmserr.Kind) *cmserr.Error {
	t.Helper()
	if !cmserr.Is(err, kind) {
		t.Fatalf("%v, want %v", err, kind)
	}
	e := cmserr.From(err)
	if e.Host != host {
		t.Errorf("the error names the host %q", e.Host)
	}
	return e
}

// texts are the files of a branch.
func texts(t *testing.T, r *Repo, branch string) map[string]string {
	t.Helper()
	entries, err := r.Tree(t.Context(), head(t, r, branch), "", true)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		if !e.IsFile() {
			continue
		}
		blobs, err := r.Blobs(t.Context(), []driver.BlobRef{{ID: e.ID, Path: e.Path}})
		if err != nil {
			t.Fatal(err)
		}
		out[e.Path] = string(blobs[0])
	}
	return out
}

func TestOpen_Empty(t *testing.T) {
	t.Parallel()
	r := Open(Options{})
	entries, err := r.Tree(t.Context(), head(t, r, "main"), "", true)
	if err != nil || len(entries) != 0 {
		t.Errorf("got %v, %v, want no files", entries, err)
	}
	edit(t, r, put("a.md", "a"))
	if got := texts(t, r, "main"); !maps.Equal(got, map[string]string{"a.md": "a"}) {
		t.Errorf("got %v", got)
	}
}

func TestOpen_Branch(t *testing.T) {
	t.Parallel()
	r := Open(Options{Branch: "site/live"})
	a, err := r.Access(t.Context())
	if err != nil || a != (driver.Access{Read: true, Write: true, DefaultBranch: "site/live"}) {
		t.Errorf("Access: %+v, %v", a, err)
	}
	head(t, r, "site/live")
	_, err = r.Head(t.Context(), "main")
	wantKind(t, err, cmserr.NotFound)
}

func TestOpen_Files(t *testing.T) {
	t.Parallel()
	seed := map[string][]byte{"posts/a.md": []byte("a"), "empty": {}, "nil": nil}
	r := Open(Options{Files: seed, OnChange: func(map[string][]byte) { t.Error("told of the seed") }})
	seed["posts/a.md"][0] = 'X' // the repository has its own copy
	delete(seed, "empty")
	want := map[string]string{"posts/a.md": "a", "empty": "", "nil": ""}
	if got := texts(t, r, "main"); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestOpen_Sessions: a blob's id may be cached beyond a session, a commit's must
// not be mistaken for another session's.
func TestOpen_Sessions(t *testing.T) {
	t.Parallel()
	id := func(r *Repo) string {
		entries, err := r.Tree(t.Context(), head(t, r, "main"), "", false)
		if err != nil || len(entries) != 1 {
			t.Fatal(entries, err)
		}
		return entries[0].ID
	}
	open := func(text string) *Repo {
		return Open(Options{Files: map[string][]byte{"a.md": []byte(text)}, Now: clock})
	}
	one, two := open("hello"), open("hello")
	if got := id(one); got != id(two) || got != "e3e1efd54283d94f7081314b599d31b3" {
		t.Errorf("the ids of one content are %s and %s", got, id(two))
	}
	if head(t, one, "main") == head(t, open("other"), "main") {
		t.Error("different commits have one id")
	}
}

func TestBlobs_Copied(t *testing.T) {
	t.Parallel()
	r := Open(Options{})
	data := []byte("text")
	made := edit(t, r, driver.Change{Op: driver.Put, Path: "a.md", Data: data})
	data[0] = 'X'
	ref := []driver.BlobRef{{Path: "a.md", Commit: made}} // without an id: by path
	for range 2 {
		blobs, err := r.Blobs(t.Context(), ref)
		if err != nil || string(blobs[0]) != "text" {
			t.Fatalf("got %q, %v", blobs, err)
		}
		blobs[0][0] = 'X'
	}
}

func TestBlobs_MissingPath(t *testing.T) {
	t.Parallel()
	r := Open(Options{})
	for _, ref := range []driver.BlobRef{
		{Path: "none", Commit: head(t, r, "main")}, {Path: "none", Commit: "none"}, {Path: "none"},
	} {
		_, err := r.Blobs(t.Context(), []driver.BlobRef{ref})
		wantKind(t, err, cmserr.NotFound)
	}
}

func TestUser_IsTest(t *testing.T) {
	t.Parallel()
	u, err := Open(Options{}).User(t.Context())
	if err != nil || u != (driver.User{Login: "test", Name: "Test user"}) {
		t.Errorf("got %+v, %v", u, err)
	}
}

func TestRepo_Capabilities(t *testing.T) {
	t.Parallel()
	var d driver.Driver = Open(Options{})
	if _, ok := d.(driver.StatusReader); ok {
		t.Error("a test repository has no services to report a status")
	}
}

func TestDeleteBranch_Default(t *testing.T) {
	t.Parallel()
	r := Open(Options{})
	wantKind(t, r.DeleteBranch(t.Context(), "main", head(t, r, "main")), cmserr.Forbidden)
	head(t, r, "main")
}

func TestDeleteBranch_ClosesPulls(t *testing.T) {
	t.Parallel()
	r := Open(Options{})
	made, number := draft(t, r, "cms/a", put("a.md", "a"))
	if err := r.DeleteBranch(t.Context(), "cms/a", made); err != nil {
		t.Fatal(err)
	}
	open, err := r.Pulls(t.Context(), "main", "cms/")
	if err != nil || len(open) != 0 {
		t.Errorf("still open: %v, %v", open, err)
	}
	wantKind(t, r.MergePull(t.Context(), number, driver.Merge{ExpectedHead: made}), cmserr.Conflict)
	_, again := draft(t, r, "cms/a", put("a.md", "a"))
	if again == number {
		t.Error("a number was used twice")
	}
}

func TestTree_UnknownCommit(t *testing.T) {
	t.Parallel()
	_, err := Open(Options{}).Tree(t.Context(), "main", "", true)
	wantKind(t, err, cmserr.NotFound)
}

func TestTree_FolderIDs(t *testing.T) {
	t.Parallel()
	r := Open(Options{Files: map[string][]byte{
		"a/x/1": []byte("1"), "a/y": []byte("2"), "b/x/1": []byte("1"), "b/y": []byte("2"), "c/x1": []byte("1"), "c/y": []byte("2"),
	}})
	entries, err := r.Tree(t.Context(), head(t, r, "main"), "", false)
	if err != nil || len(entries) != 3 {
		t.Fatal(entries, err)
	}
	if entries[0].ID != entries[1].ID || entries[0].ID == entries[2].ID {
		t.Errorf("the same content must have the same id, and other content another: %+v", entries)
	}
	all, err := r.Tree(t.Context(), head(t, r, "main"), "", true)
	if err != nil || !slices.Contains(all, entries[0]) {
		t.Errorf("a recursive listing lacks %+v", entries[0])
	}
}
