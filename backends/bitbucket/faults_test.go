package bitbucket_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"mooring/backends/bitbucket"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/drivertest/fakesite"
	"mooring/backends/fakehost"
)

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
		seed[path] = drivertest.File{Data: []byte(path)}
	}
	s := serve(t, seed)
	s.Host.Set(func(o *fakehost.Settings) { o.TreeLimit = 8 })
	entries, err := s.signedIn("octo-token").Tree(t.Context(), s.Head("main"), "", true)
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
		if _, err := r.Tree(t.Context(), s.Head("main"), "", false); err != nil {
			t.Fatal(err)
		}
		s.Theirs("main", "c.md", "c")
		s.Host.Fault(fakehost.Rule{Path: "*/diffstat/*", Effect: fakehost.Effect{Status: status}})
		entries, err := r.Tree(t.Context(), s.Head("main"), "", false)
		if err != nil || len(entries) != 4 {
			t.Errorf("%d: %v, %v", status, entries, err)
		}
	}
}

// TestUpdateTree_MuchChanged: a folder of which most changed is listed anew, and what did
// not change keeps its name.
func TestUpdateTree_MuchChanged(t *testing.T) {
	t.Parallel()
	s := serve(t, fakesite.Posts())
	r := s.signedIn("octo-token")
	before, err := r.Tree(t.Context(), s.Head("main"), "content/posts", false)
	if err != nil {
		t.Fatal(err)
	}
	var changes []fakehost.Change
	for i := range 400 {
		changes = append(changes, fakehost.Change{Path: fmt.Sprintf("content/posts/%04d.md", i), Content: []byte("new")})
	}
	if _, err := s.Repo.Commit("main", s.Author(), "Theirs", changes...); err != nil {
		t.Fatal(err)
	}
	s.Host.ClearRequests()
	after, err := r.Tree(t.Context(), s.Head("main"), "content/posts", false)
	if err != nil || len(after) != 1000 {
		t.Fatal(len(after), err)
	}
	s.WantRequests("a folder of which most changed", 11)
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
		seen := s.Head("main")
		s.Theirs("main", path, "theirs")
		s.Host.Fault(fakehost.Rule{Path: "*/diffstat/*", Effect: fakehost.Effect{Status: 500}})
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
	s.Resend("POST", "*/src")
	err := editAs(t.Context(), s.signedIn("octo-token"), "main", s.Head("main"), "b")
	if err != nil || s.Commits("main") != 1 || s.Text("main", "a.md") != "b" {
		t.Errorf("%v, %d commits", err, s.Commits("main"))
	}
}

// TestCommit_SameChangeBySomebodyElse: a commit that only looks like ours, after another
// change of the same file, is theirs.
func TestCommit_SameChangeBySomebodyElse(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	s.CheckSameChange(s.signedIn("octo-token"))
}

// TestCommit_DraftThatWasPublished: Bitbucket would make the branch anew.
func TestCommit_DraftThatWasPublished(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("octo-token")
	done, err := r.Commit(t.Context(), driver.Commit{
		Branch: "cms/a", Base: s.Head("main"), Message: "Start", Changes: []driver.Change{put("a.md", "draft")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Repo.DeleteRef("", "refs/heads/cms/a"); err != nil {
		t.Fatal(err)
	}
	if err := editAs(t.Context(), r, "cms/a", done.Head, "more"); !cmserr.Is(err, cmserr.NotFound) {
		t.Errorf("%v", err)
	}
	if _, there := s.Repo.Head("cms/a"); there {
		t.Error("the branch is there again")
	}
}

// TestCommit_NewBranchWithTheNameOfOne: a new branch is never one that is there.
func TestCommit_NewBranchWithTheNameOfOne(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	head := s.Head("main")
	_, err := s.signedIn("octo-token").Commit(t.Context(), driver.Commit{
		Branch: "main", Base: head, Message: "Start", Changes: []driver.Change{put("a.md", "draft")},
	})
	if !cmserr.Is(err, cmserr.Conflict) || s.Head("main") != head {
		t.Errorf("%v", err)
	}
}

// TestCommit_NamesThatNoFormCanHold are refused before anything is sent.
func TestCommit_NamesThatNoFormCanHold(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	_, err := s.signedIn("octo-token").Commit(t.Context(), driver.Commit{
		Branch: "main", ExpectedHead: s.Head("main"), Message: "Odd", Changes: []driver.Change{put("a\r\nb.md", "a")},
	})
	if !cmserr.Is(err, cmserr.Invalid) || !strings.Contains(err.Error(), "line breaks") {
		t.Errorf("%v", err)
	}
}

// TestBlobs_NamesTheFile whose reading failed.
func TestBlobs_NamesTheFile(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a", "b.md", "b"))
	s.Host.Fault(fakehost.Rule{Path: "*/b.md", Effect: fakehost.Effect{Status: 500}})
	head := s.Head("main")
	_, err := s.signedIn("octo-token").Blobs(t.Context(), []driver.BlobRef{{Path: "a.md", Commit: head}, {Path: "b.md", Commit: head}})
	if e := cmserr.From(err); e.Path != "b.md" || e.Status != 500 {
		t.Errorf("%+v", e)
	}
}

// TestHead_StaleReadAfterAWrite: what is read right after a write may be old.
func TestHead_StaleReadAfterAWrite(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	s.CheckStaleHead(s.signedIn("octo-token"))
}
