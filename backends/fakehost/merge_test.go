package fakehost

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
)

func TestMergeTrees(t *testing.T) {
	t.Parallel()
	base := map[string]string{"a": "1", "d/x": "1", "d/y": "1", "keep": "k"}
	for _, c := range []struct{ name, ours, theirs, want, conflicts string }{
		{"one side", "", "a=2", "a=2 d/x=1 d/y=1 keep=k", ""},
		{"other files", "a=2", "d/x=2", "a=2 d/x=2 d/y=1 keep=k", ""},
		{"the same change", "a=2", "a=2", "a=2 d/x=1 d/y=1 keep=k", ""},
		{"new files in one folder", "d/n=1", "d/m=1", "a=1 d/m=1 d/n=1 d/x=1 d/y=1 keep=k", ""},
		{"a new folder on both sides", "n/a=1", "n/b=1", "a=1 d/x=1 d/y=1 keep=k n/a=1 n/b=1", ""},
		{"both delete", "-a", "-a", "d/x=1 d/y=1 keep=k", ""},
		{"one deletes", "-d/x -d/y", "a=2", "a=2 keep=k", ""},
		{"each empties half", "-d/x", "-d/y", "a=1 keep=k", ""},
		{"different changes", "a=2", "a=3", "", "a"},
		{"delete and change", "-d/x", "d/x=2", "", "d/x"},
		{"both add", "n=1", "n=2", "", "n"},
		{"folder and file", "n/x=1", "n=2", "", "n"},
		{"several", "a=2 d/x=2 d/y=2", "a=3 d/x=3 d/y=2", "", "a d/x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, base)
			f.commit("ours", append(strings.Fields(c.ours), "keep=k")...)
			f.commit("theirs", append(strings.Fields(c.theirs), "keep=k")...)
			id, err := f.repo.mergeCommit(f.head("ours"), f.head("theirs"), somebody, "merge")
			if c.conflicts != "" {
				var e *Error
				if !errors.As(err, &e) || e.Kind != Conflict || strings.Join(e.Paths, " ") != c.conflicts {
					t.Errorf("the error is %#v, not a conflict in %s", err, c.conflicts)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := f.repo.CreateRef("", "refs/heads/merged", id); err != nil {
				t.Fatal(err)
			}
			if got := f.files("merged"); got != c.want {
				t.Errorf("%q, not %q", got, c.want)
			}
		})
	}
}

func TestMergeTrees_ModeAndContent(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "1"})
	if _, err := f.repo.Commit("ours", somebody, "m", Change{Path: "a", Mode: filemode.Executable, Content: []byte("1")}); err != nil {
		t.Fatal(err)
	}
	f.commit("theirs", "a=2")
	id, err := f.repo.mergedTree(f.head("ours"), f.head("theirs"))
	if err != nil {
		t.Fatal(err)
	}
	e, _ := f.repo.EntryAt(id, "a")
	if content, err := f.repo.Blob(e.ID); err != nil || string(content) != "2" || e.Mode != filemode.Executable {
		t.Errorf("%s %q, %v", e.Mode, content, err)
	}
}

// TestCompare_MergeBase has a branch that merged the main one half-way.
func TestCompare_MergeBase(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "1", "b": "1"})
	f.commit("side", "b=2")
	second := f.commit("main", "a=2")
	merged, err := f.repo.mergeCommit(f.head("side"), second, somebody, "merge")
	if err != nil {
		t.Fatal(err)
	}
	f.commit("main", "a=3")
	c, err := f.repo.Compare(f.head("main"), merged)
	if err != nil {
		t.Fatal(err)
	}
	if c.MergeBase != second || c.Status() != "diverged" || fmt.Sprint(c.Ahead) != fmt.Sprint([]plumbing.Hash{f.head("side"), merged}) || c.Behind != 1 {
		t.Errorf("%+v", c)
	}
	if len(c.Files) != 1 || c.Files[0].Path != "b" {
		t.Errorf("the files are %+v", c.Files)
	}
}

func TestCompare_Unrelated(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "1"})
	other, err := f.host.AddRepository("owner", "other", map[string]File{"a": {Content: []byte("2")}}, RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	head, _ := other.Head("main")
	_, err = f.repo.Compare(f.head("main"), head)
	wants(t, err, NotFound)
}

func TestDiff_Renames(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("the same line\n", 30)
	f := newFixture(t, map[string]string{"exact": "exactly this text\n", "similar": text + "old\n", "rewritten": "completely\n", "mode": "m\n", "gone": "g\n"})
	id, err := f.repo.Commit("main", somebody, "m",
		Change{Path: "exact", Delete: true}, Change{Path: "moved/exact", Content: []byte("exactly this text\n")},
		Change{Path: "similar", Delete: true}, Change{Path: "moved/similar", Content: []byte(text + "new\n")},
		Change{Path: "rewritten", Delete: true}, Change{Path: "moved/else", Content: []byte("1\n2\n3\n4\n")},
		Change{Path: "mode", Mode: filemode.Executable, Content: []byte("m\n")}, Change{Path: "gone", Delete: true})
	if err != nil {
		t.Fatal(err)
	}
	files, err := f.repo.Diff(id)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range files {
		p, err := c.Patch()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %s%s +%d -%d", c.Path, c.Status, c.Previous, p.Additions, p.Deleted))
	}
	want := "gone removed +0 -1, mode modified +0 -0, moved/else added +4 -0, moved/exact renamedexact +0 -0, " +
		"moved/similar renamedsimilar +1 -1, rewritten removed +0 -1"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("%s\nnot %s", s, want)
	}
}

func TestPatch_Hunks(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"text": "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "bin": "\x00", "big": strings.Repeat("x", patchLimit)})
	f.commit("main", "text=1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "bin=\x00\x01", "big="+strings.Repeat("y", patchLimit))
	files, err := f.repo.Diff(f.head("main"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range files {
		p, err := c.Patch()
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"text": "@@ -2,7 +2,7 @@ 1\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8"}[c.Path]
		if p.Hunks != want || p.Binary != (c.Path == "bin") {
			t.Errorf("%s: %.200q, %v", c.Path, p.Hunks, p.Binary)
		}
	}
}
