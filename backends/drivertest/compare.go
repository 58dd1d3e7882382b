package drivertest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func compareCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Changes":   compareChanges,
		"IDs":       compareIDs,
		"Diverged":  compareDiverged,
		"Same":      compareSame,
		"Behind":    compareBehind,
		"Authors":   compareAuthors,
		"Moved":     compareMoved,
		"Returned":  compareReturned,
		"OddPaths":  compareOddPaths,
		"Complete":  compareComplete,
		"Missing":   compareMissing,
		"NextDraft": compareNextDraft,
	})
}

func (r *repo) compare(base, head string) driver.Comparison {
	r.t.Helper()
	c, err := r.Driver.(driver.Comparer).Compare(r.t.Context(), base, head)
	r.ok(err, "Compare")
	if !slices.IsSortedFunc(c.Files, func(a, b driver.FileDiff) int { return cmp.Compare(a.Path, b.Path) }) {
		r.t.Errorf("not sorted: %+v", c.Files)
	}
	return c
}

// wantDiff asserts the files of a comparison, each written as its status and path.
// A rename counts as what it also is, for not every host sees one.
func wantDiff(t *testing.T, c driver.Comparison, mergeBase string, want ...string) {
	t.Helper()
	if c.MergeBase != mergeBase {
		t.Errorf("merge base %s, want %s", c.MergeBase, mergeBase)
	}
	wantFiles(t, c.Files, want...)
}

func wantFiles(t *testing.T, files []driver.FileDiff, want ...string) {
	t.Helper()
	got := []string{}
	for _, f := range files {
		if f.Status == driver.Renamed {
			got = append(got, "- "+f.OldPath, "+ "+f.Path)
			continue
		}
		if f.OldPath != "" {
			t.Errorf("%q was not renamed, but has the old path %q", f.Path, f.OldPath)
		}
		got = append(got, map[driver.DiffStatus]string{
			driver.Added: "+ ", driver.Modified: "* ", driver.Deleted: "- ",
		}[f.Status]+f.Path)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the files differ\n got %q\nwant %q", got, want)
	}
}

func compareChanges(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"edit.md": "e", "drop.md": "drop", "stay.md": "s"})
	base := r.head("")
	r.branchOff("cms/a", put("edit.md", "e2"), put("add.md", "1"))
	head := r.commitTo("cms/a", remove("drop.md"), put("add.md", "2"), put("sub/add.md", "3"))
	wantDiff(t, r.compare(base, head), base, "+ add.md", "- drop.md", "* edit.md", "+ sub/add.md")
}

// compareAuthors: each commit's, or none's.
func compareAuthors(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	base := r.head("")
	r.branchOff("cms/a", put("a.md", "b"))
	head := r.commitTo("cms/a", put("a.md", "c"))
	me, err := r.User(t.Context())
	r.ok(err, "User")
	authors := r.compare(base, head).Authors
	for _, a := range authors {
		if a != me.Name && a != me.Login {
			t.Errorf("%q wrote it, not %+v", a, me)
		}
	}
	if n := len(authors); n != 0 && n != 2 {
		t.Errorf("%d authors of 2 commits", n)
	}
}

// compareIDs asserts that the ids are those that Tree gives on either side.
func compareIDs(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"edit.md": "e", "drop.md": "a text of its own\n"})
	base := r.head("")
	head := r.branchOff("cms/a", put("edit.md", "e2"), put("add.md", "1"), remove("drop.md"))
	want := map[string]driver.FileDiff{
		"edit.md": {Status: driver.Modified, ID: r.entry(head, "edit.md").ID, OldID: r.entry(base, "edit.md").ID},
		"add.md":  {Status: driver.Added, ID: r.entry(head, "add.md").ID},
		"drop.md": {Status: driver.Deleted, OldID: r.entry(base, "drop.md").ID},
	}
	c := r.compare(base, head)
	if len(c.Files) != len(want) {
		t.Errorf("%d files, want %d", len(c.Files), len(want))
	}
	for _, f := range c.Files {
		w := want[f.Path]
		w.Path = f.Path
		if f.Status == driver.Modified && f.OldID == "" {
			w.OldID = "" // not every host tells
		}
		if f != w {
			t.Errorf("got %+v, want %+v", f, w)
		}
	}
}

// compareDiverged: what base changed since is not head's doing.
func compareDiverged(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a", "b.md": "b"})
	fork := r.head("")
	head := r.branchOff("cms/a", put("a.md", "mine"))
	base := r.commit(put("a.md", "theirs"), put("b.md", "theirs"), put("c.md", "theirs"))
	wantDiff(t, r.compare(base, head), fork, "* a.md")
	wantDiff(t, r.compare(head, base), fork, "* a.md", "* b.md", "+ c.md")
}

func compareSame(t *testing.T, h Harness) {
	r := h.open(t, nil)
	head := r.head("")
	wantDiff(t, r.compare(head, head), head)
}

func compareBehind(t *testing.T, h Harness) {
	r := h.open(t, nil)
	old := r.head("")
	wantDiff(t, r.compare(r.commit(put("a.md", "a")), old), old)
}

func compareMoved(t *testing.T, h Harness) {
	text := "a long enough text to be known again\n"
	r := h.open(t, map[string]string{"posts/a.md": text, "posts/b.md": text, "b.md": "b"})
	base := r.head("")
	head := r.branchOff("cms/a", move("posts/a.md", "posts/z.md"), put("posts/m.md", "m"))
	c := r.compare(base, head)
	wantDiff(t, c, base, "- posts/a.md", "+ posts/m.md", "+ posts/z.md")
	for _, f := range c.Files {
		id, same := r.entry(base, "posts/a.md").ID, r.entry(base, "posts/b.md").ID
		if f.Status == driver.Renamed && id == same && (f.ID != id || f.OldID != id) { // ids are made of contents
			t.Errorf("renamed with the ids %q and %q, want %q", f.OldID, f.ID, id)
		}
	}
}

// compareReturned: a file that head changed and changed back does not differ.
func compareReturned(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	base := r.head("")
	r.branchOff("cms/a", put("a.md", "other"), put("b.md", "b"))
	head := r.commitTo("cms/a", put("a.md", "a"), remove("b.md"), put("c.md", "c"))
	wantDiff(t, r.compare(base, head), base, "+ c.md")
}

func compareOddPaths(t *testing.T, h Harness) {
	r := h.open(t, nil)
	base := r.head("")
	var changes []driver.Change
	var want []string
	for path := range odd {
		changes = append(changes, put(path, "text of "+path))
		want = append(want, "+ "+path)
	}
	wantDiff(t, r.compare(base, r.branchOff("cms/a", changes...)), base, want...)
}

// compareComplete has more files than the 300 at which GitHub stops.
func compareComplete(t *testing.T, h Harness) {
	r := h.open(t, nil)
	base := r.head("")
	var changes []driver.Change
	var want []string
	for i := range 310 {
		path := fmt.Sprintf("posts/%03d.md", i)
		changes = append(changes, put(path, path))
		want = append(want, "+ "+path)
	}
	wantDiff(t, r.compare(base, r.branchOff("cms/a", changes...)), base, want...)
}

func compareMissing(t *testing.T, h Harness) {
	r := h.open(t, nil)
	head, unknown := r.head(""), "0123456789012345678901234567890123456789"
	for _, pair := range [][2]string{{head, unknown}, {unknown, head}} {
		_, err := r.Driver.(driver.Comparer).Compare(t.Context(), pair[0], pair[1])
		wantKind(t, err, cmserr.NotFound)
	}
}

// compareNextDraft: what is published no longer differs.
func compareNextDraft(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	if _, ok := r.Driver.(driver.PullRequester); !ok {
		return
	}
	head := r.branchOff("cms/a", put("a.md", "published"))
	r.ok(r.merge(r.openPull("cms/a").Number, head, false), "MergePull")
	base := r.head("")
	next := r.branchOff("cms/b", put("b.md", "b"))
	wantDiff(t, r.compare(base, next), base, "+ b.md")
	wantDiff(t, r.compare(base, head), head)
}
