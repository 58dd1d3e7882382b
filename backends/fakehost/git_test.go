package fakehost

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

func TestCommit_Changes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, edits, want string }{
		{"add", "x=1", "a/b=b a/c=c d=d x=1"},
		{"modify", "a/b=2", "a/b=2 a/c=c d=d"},
		{"delete", "-a/b", "a/c=c d=d"},
		{"empty a folder", "-a/b -a/c", "d=d"},
		{"delete a folder", "-a", "d=d"},
		{"folder for file", "d/e=1", "a/b=b a/c=c d/e=1"},
		{"file for folder", "a=1", "a=1 d=d"},
		{"the last change counts", "x=1 x=2 -x", "a/b=b a/c=c d=d"},
		{"deep", "p/q/r/s=1", "a/b=b a/c=c d=d p/q/r/s=1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, map[string]string{"a/b": "b", "a/c": "c", "d": "d"})
			f.commit("main", strings.Fields(c.edits)...)
			if got := f.files("main"); got != c.want {
				t.Errorf("%q, not %q", got, c.want)
			}
		})
	}
}

func TestCommit_KeepsModes(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "a"})
	_, err := f.repo.Commit("main", somebody, "m", Change{Path: "run", Mode: filemode.Executable, Content: []byte("1")},
		Change{Path: "link", Mode: filemode.Symlink, Content: []byte("a")})
	if err != nil {
		t.Fatal(err)
	}
	f.commit("main", "run=2", "a=2")
	files, err := f.repo.Files("main")
	if err != nil || files["run"].Mode != filemode.Executable || files["link"].Mode != filemode.Symlink || files["a"].Mode != filemode.Regular {
		t.Errorf("%v, %v", files, err)
	}
}

func TestCommitOn_Refused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "a"})
	old := f.head("main")
	f.commit("main", "a=b")
	for name, c := range map[string]struct {
		branch string
		commit NewCommit
		kind   Kind
	}{
		"another head":      {"main", NewCommit{Expected: old, Changes: changes([]string{"a=c"})}, Moved},
		"no branch":         {"none", NewCommit{Changes: changes([]string{"a=c"})}, NotFound},
		"deletes nothing":   {"main", NewCommit{Changes: changes([]string{"-none"})}, Invalid},
		"leaves the folder": {"main", NewCommit{Changes: changes([]string{"../a=c"})}, Invalid},
	} {
		_, err := f.repo.CommitOn(c.branch, c.commit)
		if KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := f.files("main"); got != "a=b" {
		t.Errorf("the files are %s", got)
	}
}

func TestUpdateRefs(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "a"})
	first := f.head("main")
	second := f.commit("main", "a=b")
	wants(t, f.repo.UpdateRef("owner", "refs/heads/main", first, false), NotFastForward)
	wants(t, f.repo.UpdateRef("owner", "refs/heads/none", first, false), NotFound)
	wants(t, f.repo.CreateRef("owner", "refs/heads/main", first), Exists)
	wants(t, f.repo.CreateRef("owner", "refs/heads/main/x", first), Conflict)
	wants(t, f.repo.CreateRef("owner", "refs/heads/x", plumbing.NewHash("01")), Invalid)
	tree, _ := f.repo.TreeOf(first)
	wants(t, f.repo.CreateRef("owner", "refs/heads/x", tree), Invalid)
	for _, name := range []string{"refs/heads/a b", "refs/heads/.a", "refs/heads/a..b", "refs/heads/a.lock", "refs/heads/", "heads/a", "refs/x"} {
		wants(t, f.repo.CreateRef("owner", name, first), Invalid)
	}
	err := f.repo.UpdateRefs("owner", RefUpdate{Name: "refs/heads/new", After: first}, RefUpdate{Name: "refs/heads/main", After: first})
	wants(t, err, NotFastForward)
	if _, ok := f.repo.Head("new"); ok {
		t.Error("half of the updates was done")
	}
	err = f.repo.UpdateRefs("owner", RefUpdate{Name: "refs/heads/main", After: first, Force: true, Before: &second},
		RefUpdate{Name: "refs/heads/new", After: second})
	if err != nil || f.head("main") != first || f.head("new") != second {
		t.Errorf("both: %v", err)
	}
	wants(t, f.repo.UpdateRefs("owner", RefUpdate{Name: "refs/heads/main", After: second, Before: &second}), Moved)
}

func TestProtection(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "a"})
	first, second := f.head("main"), f.commit("next", "a=b")
	f.repo.SetPermission("guest", Write)
	push := func(by string) error { return f.repo.UpdateRef(by, "refs/heads/main", second, false) }
	for _, p := range []Protection{{RequiredReviews: 1}, {RestrictPushes: true}, {RequiredChecks: []string{"ci"}}} {
		f.repo.Protect("main", &p)
		wants(t, push("guest"), Protected)
		p.EnforceAdmins = true
		f.repo.Protect("main", &p)
		wants(t, push("owner"), Protected)
	}
	wants(t, f.repo.DeleteRef("owner", "refs/heads/main"), Protected)
	f.repo.AddCheckRun(second, CheckRun{Name: "ci", Conclusion: "failure"})
	wants(t, push("guest"), Protected)
	f.repo.AddCheckRun(second, CheckRun{Name: "ci", Conclusion: "success"})
	if err := push("guest"); err != nil {
		t.Errorf("with its check: %v", err)
	}
	wants(t, f.repo.UpdateRef("owner", "refs/heads/main", first, true), Protected)
	f.repo.Protect("main", nil)
	if err := f.repo.UpdateRef("guest", "refs/heads/main", first, true); err != nil {
		t.Errorf("unprotected: %v", err)
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a/b": "b"})
	head := f.head("main")
	f.commit("cms/x", "a/c=c")
	for expression, want := range map[string]string{
		"main": "commit", "HEAD": "commit", "refs/heads/main": "commit", "heads/cms/x": "commit", head.String(): "commit",
		head.String()[:8]: "commit", "main:": "tree", "main:a": "tree", "main:a/": "tree", "cms/x:a/c": "blob",
		"main:a/c": "", "none": "", "none:a": "", "main:a/b/c": "", head.String()[:5]: "",
	} {
		e, ok := f.repo.Resolve(expression)
		got := ""
		if ok {
			got = f.repo.TypeOf(e.ID).String()
		}
		if got != want {
			t.Errorf("%s is %q, not %q", expression, got, want)
		}
	}
}

// TestLog_Path has a file that changed on both sides of a merge, and one that
// changed on one.
func TestLog_Path(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "1", "b": "1"})
	first := f.head("main")
	side := f.commit("side", "a=2")
	main := f.commit("main", "b=2")
	f.clock.pass(1)
	merged, err := f.repo.mergeCommit(main, side, somebody, "merge")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]plumbing.Hash{
		"": {merged, main, side, first}, "a": {side, first}, "b": {main, first}, "none": nil,
	} {
		var got []plumbing.Hash
		err := f.repo.Log(merged, path, func(c *object.Commit) bool {
			got = append(got, c.Hash)
			return true
		})
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q has %v, %v, not %v", path, got, err, want)
		}
	}
	deleted := f.commit("main", "-a")
	var got []plumbing.Hash
	if err := f.repo.Log(deleted, "a", func(c *object.Commit) bool { got = append(got, c.Hash); return false }); err != nil || len(got) != 1 || got[0] != deleted {
		t.Errorf("a deletion: %v, %v", got, err)
	}
}
