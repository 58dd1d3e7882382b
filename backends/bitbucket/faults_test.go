package bitbucket_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/bitbucket"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/rest"
	"mooring/backends/rest/resttest"
)

func put(path, text string) driver.Change {
	return driver.Change{Op: driver.Put, Path: path, Data: []byte(text)}
}

// head is where a branch is.
func (s *site) head(branch string) string {
	s.t.Helper()
	id, ok := s.repo.Head(branch)
	if !ok {
		s.t.Fatalf("there is no branch %s", branch)
	}
	return id.String()
}

// text is what a file holds on a branch.
func (s *site) text(branch, path string) string {
	s.t.Helper()
	blobs, err := s.signedIn("octo-token").Blobs(s.t.Context(), []driver.BlobRef{{Path: path, Commit: s.head(branch)}})
	if err != nil {
		s.t.Fatal(err)
	}
	return string(blobs[0])
}

// commits is how many commits a branch has.
func (s *site) commits(branch string) int {
	s.t.Helper()
	n := 0
	id, _ := s.repo.Head(branch)
	if err := s.repo.Log(id, "", func(*object.Commit) bool { n++; return true }); err != nil {
		s.t.Fatal(err)
	}
	return n
}

// editAs saves a.md on a branch, on top of a commit.
func editAs(ctx context.Context, r *bitbucket.Repo, branch, head, text string) error {
	_, err := r.Commit(ctx, driver.Commit{
		Branch: branch, ExpectedHead: head, Message: "Edit", Changes: []driver.Change{put("a.md", text)},
	})
	return err
}

// TestTree_TooMuchAtOnce goes on folder by folder.
func TestTree_TooMuchAtOnce(t *testing.T) {
	t.Parallel()
	seed, want := files(), 1+3+9+27
	for i := range 27 {
		path := fmt.Sprintf("d%d/e%d/f%d.md", i/9, i/3, i)
		seed[path] = files(path, path)[path]
	}
	seed["root.md"] = files("root.md", "r")["root.md"]
	s := serve(t, seed)
	s.host.Set(func(o *fakehost.Settings) { o.TreeLimit = 8 })
	entries, err := s.signedIn("octo-token").Tree(t.Context(), s.head("main"), "", true)
	if err != nil || len(entries) != want {
		t.Errorf("%d entries, want %d: %v", len(entries), want, err)
	}
	for i, e := range entries {
		if i > 0 && entries[i-1].Path >= e.Path {
			t.Errorf("%q comes after %q", e.Path, entries[i-1].Path)
		}
	}
}

// TestTree_CommitsThatCannotBeCompared are listed anew.
func TestTree_CommitsThatCannotBeCompared(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 500, 555} {
		s := serve(t, files("a.md", "a", "b.md", "b"))
		r := s.signedIn("octo-token")
		if _, err := r.Tree(t.Context(), s.head("main"), "", false); err != nil {
			t.Fatal(err)
		}
		s.edit("c.md", "c")
		s.host.Fault(fakehost.Rule{Path: "*/diffstat/*", Effect: fakehost.Effect{Status: status}})
		entries, err := r.Tree(t.Context(), s.head("main"), "", false)
		if err != nil || len(entries) != 3 {
			t.Errorf("%d: %v, %v", status, entries, err)
		}
	}
}

// TestUpdateTree_MuchChanged: a folder of which most changed is listed anew, and what did
// not change keeps its name.
func TestUpdateTree_MuchChanged(t *testing.T) {
	t.Parallel()
	s := serve(t, posts())
	r := s.signedIn("octo-token")
	before, err := r.Tree(t.Context(), s.head("main"), "content/posts", false)
	if err != nil {
		t.Fatal(err)
	}
	var changes []fakehost.Change
	for i := range 400 {
		changes = append(changes, fakehost.Change{Path: fmt.Sprintf("content/posts/%04d.md", i), Content: []byte("new")})
	}
	user, _ := s.host.User("octo")
	if _, err := s.repo.Commit("main", s.host.Signature(user), "Theirs", changes...); err != nil {
		t.Fatal(err)
	}
	s.host.ClearRequests()
	after, err := r.Tree(t.Context(), s.head("main"), "content/posts", false)
	if err != nil || len(after) != 1000 {
		t.Fatal(len(after), err)
	}
	s.wantRequests("a folder of which most changed", 11)
	for i := range after {
		if same := before[i].ID == after[i].ID; same != (i >= 400) {
			t.Fatalf("%q keeps its name: %v", after[i].Path, same)
		}
	}
}

// TestCommit_WithoutDiffs compares what files hold, where commits can't be compared.
func TestCommit_WithoutDiffs(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]cmserr.Kind{"b.md": cmserr.Unknown, "a.md": cmserr.Conflict} {
		s := serve(t, files("a.md", "a", "b.md", "b"))
		r := s.signedIn("octo-token")
		seen := s.head("main")
		s.edit(path, "theirs")
		s.host.Fault(fakehost.Rule{Path: "*/diffstat/*", Effect: fakehost.Effect{Status: 500}})
		err := editAs(t.Context(), r, "main", seen, "mine")
		if cmserr.KindOf(err) != want {
			t.Errorf("others changed %s: %v", path, err)
		}
	}
}

// TestCommit_SentTwice: browsers do so by themselves when a connection ends.
func TestCommit_SentTwice(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	s.wrap = func(d rest.Doer) rest.Doer { return resttest.Browser{Doer: d} }
	s.host.Fault(fakehost.Rule{Method: "POST", Path: "*/src", Count: 1, Effect: fakehost.Effect{CutAfter: true}})
	err := editAs(t.Context(), s.signedIn("octo-token"), "main", s.head("main"), "b")
	if err != nil || s.commits("main") != 2 || s.text("main", "a.md") != "b" {
		t.Errorf("%v, %d commits", err, s.commits("main"))
	}
}

// TestCommit_SameChangeBySomebodyElse: a commit that only looks like ours, after another
// change of the same file, is theirs.
func TestCommit_SameChangeBySomebodyElse(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	seen := s.head("main")
	user, _ := s.host.User("octo")
	for _, text := range []string{"theirs", "b"} {
		if _, err := s.repo.Commit("main", s.host.Signature(user), "Edit", fakehost.Change{Path: "a.md", Content: []byte(text)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := editAs(t.Context(), s.signedIn("octo-token"), "main", seen, "b"); !cmserr.Is(err, cmserr.Conflict) || s.commits("main") != 3 {
		t.Errorf("%v, %d commits", err, s.commits("main"))
	}
}

// TestCommit_DraftThatWasPublished: Bitbucket would make the branch anew.
func TestCommit_DraftThatWasPublished(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("octo-token")
	done, err := r.Commit(t.Context(), driver.Commit{
		Branch: "cms/a", Base: s.head("main"), Message: "Start", Changes: []driver.Change{put("a.md", "draft")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.repo.DeleteRef("", "refs/heads/cms/a"); err != nil {
		t.Fatal(err)
	}
	if err := editAs(t.Context(), r, "cms/a", done.Head, "more"); !cmserr.Is(err, cmserr.NotFound) {
		t.Errorf("%v", err)
	}
	if _, there := s.repo.Head("cms/a"); there {
		t.Error("the branch is there again")
	}
}

// TestCommit_NewBranchWithTheNameOfOne: a new branch is never one that is there.
func TestCommit_NewBranchWithTheNameOfOne(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	head := s.head("main")
	_, err := s.signedIn("octo-token").Commit(t.Context(), driver.Commit{
		Branch: "main", Base: head, Message: "Start", Changes: []driver.Change{put("a.md", "draft")},
	})
	if !cmserr.Is(err, cmserr.Conflict) || s.head("main") != head {
		t.Errorf("%v", err)
	}
}

// TestCommit_NamesThatNoFormCanHold are refused before anything is sent.
func TestCommit_NamesThatNoFormCanHold(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	_, err := s.signedIn("octo-token").Commit(t.Context(), driver.Commit{
		Branch: "main", ExpectedHead: s.head("main"), Message: "Odd", Changes: []driver.Change{put("a\r\nb.md", "a")},
	})
	if !cmserr.Is(err, cmserr.Invalid) || !strings.Contains(err.Error(), "line breaks") {
		t.Errorf("%v", err)
	}
}

// TestBlobs_NamesTheFile whose reading failed.
func TestBlobs_NamesTheFile(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a", "b.md", "b"))
	s.host.Fault(fakehost.Rule{Path: "*/b.md", Effect: fakehost.Effect{Status: 500}})
	head := s.head("main")
	_, err := s.signedIn("octo-token").Blobs(t.Context(), []driver.BlobRef{{Path: "a.md", Commit: head}, {Path: "b.md", Commit: head}})
	if e := cmserr.From(err); e.Path != "b.md" || e.Status != 500 {
		t.Errorf("%+v", e)
	}
}

// TestHead_OldAnswers: what is read right after a write may be old.
func TestHead_OldAnswers(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("octo-token")
	before := s.head("main")
	s.host.Fault(fakehost.Rule{Method: "POST", Path: "*/src", Count: 1, Effect: fakehost.Effect{StaleReads: 2}})
	if err := editAs(t.Context(), r, "main", before, "b"); err != nil {
		t.Fatal(err)
	}
	if head, err := r.Head(t.Context(), "main"); err != nil || head == before || head != s.head("main") {
		t.Errorf("%s, %v", head, err)
	}
}
