package bitbucket_test

import (
	"context"
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/rest"
)

// sourceDoor is a gateway that passes nothing but files.
type sourceDoor struct{ rest.Doer }

func (d sourceDoor) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	if !strings.Contains(req.URL, "/src") {
		return nil, cmserr.New(cmserr.Unsupported, "The gateway does not pass this.")
	}
	return d.Doer.Do(ctx, req)
}

// TestDoor_ThatPassesFilesAlone: listing, reading and saving work, also where others saved
// meanwhile.
func TestDoor_ThatPassesFilesAlone(t *testing.T) {
	t.Parallel()
	s := serve(t, files("posts/a.md", "a", "posts/b.md", "b"))
	s.Wrap = func(d rest.Doer) rest.Doer { return sourceDoor{d} }
	r := s.signedIn("octo-token")
	ctx := t.Context()
	seen, err := r.Head(ctx, "main")
	if err != nil || seen != s.Head("main") {
		t.Fatal(seen, err)
	}
	if _, err := r.Tree(ctx, seen, "posts", false); err != nil {
		t.Fatal(err)
	}
	save := func(path, text string) error {
		_, err := r.Commit(ctx, driver.Commit{Branch: "main", ExpectedHead: seen, Message: "Edit", Changes: []driver.Change{put(path, text)}})
		return err
	}
	s.Theirs("main", "posts/b.md", "theirs")
	if err := save("posts/b.md", "mine"); !cmserr.Is(err, cmserr.Conflict) {
		t.Errorf("%v", err)
	}
	if err := save("posts/a.md", "mine"); err != nil {
		t.Errorf("%v", err)
	}
	head, err := r.Head(ctx, "main")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := r.Tree(ctx, head, "posts", false)
	if err != nil || len(entries) != 2 {
		t.Fatal(entries, err)
	}
	blobs, err := r.Blobs(ctx, []driver.BlobRef{{ID: entries[0].ID}, {ID: entries[1].ID}})
	if err != nil || string(blobs[0]) != "mine" || string(blobs[1]) != "theirs" {
		t.Errorf("%q, %v", blobs, err)
	}
	if _, err := r.Pulls(ctx, "main", "cms/"); !cmserr.Is(err, cmserr.Unsupported) {
		t.Errorf("%v", err)
	}
}

// TestBranchOff_LostAnswer: the branch is made once.
func TestBranchOff_LostAnswer(t *testing.T) {
	t.Parallel()
	for name, effect := range map[string]fakehost.Effect{
		"answer": {CutAfter: true}, "request": {CutBefore: true}, "trouble": {Status: 500},
	} {
		s := serve(t, files("a.md", "a"))
		s.Host.Fault(fakehost.Rule{Method: "POST", Path: "*/refs/branches", Count: 1, Effect: effect})
		head := s.Head("main")
		done, err := s.signedIn("octo-token").Commit(t.Context(), driver.Commit{Branch: "copies/a", Base: head, Message: "Copy"})
		if err != nil || done.Head != head || s.Head("copies/a") != head {
			t.Errorf("%s: %+v, %v", name, done, err)
		}
	}
}

// TestBranchOff_NothingThere: a commit that nobody knows is told as such.
func TestBranchOff_NothingThere(t *testing.T) {
	t.Parallel()
	_, err := serve(t, files("a.md", "a")).signedIn("octo-token").Commit(t.Context(), driver.Commit{
		Branch: "copies/a", Base: strings.Repeat("1", 40), Message: "Copy",
	})
	if err == nil || cmserr.Is(err, cmserr.Conflict) {
		t.Errorf("%v", err)
	}
}
