package drivertest

import (
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func branchCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Create":        branchCreate,
		"CreateAtOld":   branchCreateAtOld,
		"CreateBare":    branchCreateBare,
		"CreateRefused": branchCreateRefused,
		"Exists":        branchExists,
		"Separate":      branchSeparate,
	})
}

func deleteBranchCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Delete":  branchDelete,
		"Moved":   branchDeleteMoved,
		"Missing": branchDeleteMissing,
	})
}

// branchCreateBare: without changes a new branch is where it starts, and makes no
// commit. One that exists is not touched.
func branchCreateBare(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	base := r.head("")
	if made := r.branchOff("copies/of_a"); made != base {
		t.Errorf("the branch is at %s, not at its base %s", made, base)
	}
	r.unmoved("copies/of_a", base)
	next := r.commitTo("copies/of_a", put("b.md", "b"))
	for _, expected := range []string{"", next} {
		c := driver.Commit{Branch: "copies/of_a", ExpectedHead: expected, Base: base, Message: "Must fail"}
		want := cmserr.Conflict
		if expected != "" {
			c.Base, want = "", cmserr.Invalid
		}
		_, err := r.Commit(t.Context(), c)
		wantKind(t, err, want)
		r.unmoved("copies/of_a", next)
	}
}

func branchCreate(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a", "b.md": "b"})
	base := r.head("")
	made := r.branchOff("cms/posts/a", put("a.md", "draft"), remove("b.md"))
	r.unmoved("cms/posts/a", made)
	r.unmoved("", base)
	r.holds(made, map[string]string{"a.md": "draft"})
	r.holds(base, map[string]string{"a.md": "a", "b.md": "b"})
}

func branchCreateAtOld(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	old := r.head("")
	r.commit(put("a.md", "a2"), put("b.md", "b"))
	made := r.must(driver.Commit{
		Branch: "cms/old", Base: old, Message: "Start", Changes: []driver.Change{put("c.md", "c")},
	})
	r.holds(made, map[string]string{"a.md": "a", "c.md": "c"})
	if _, ok := r.Driver.(driver.Comparer); ok { // its history starts there too
		wantDiff(t, r.compare(r.head(""), made), old, "+ c.md")
	}
}

// branchCreateRefused: a branch whose first commit fails is not there.
func branchCreateRefused(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	_, err := r.Commit(t.Context(), driver.Commit{
		Branch: "cms/new", Base: r.head(""), Message: "Must fail",
		Changes: []driver.Change{put("a.md", "a2"), remove("none.md")},
	})
	wantKind(t, err, cmserr.NotFound)
	_, err = r.Head(t.Context(), "cms/new")
	wantKind(t, err, cmserr.NotFound)
}

func branchExists(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	made := r.branchOff("cms/posts/a", put("a.md", "draft"))
	for branch, head := range map[string]string{"cms/posts/a": made, r.branch: r.head("")} {
		_, err := r.Commit(t.Context(), driver.Commit{
			Branch: branch, Base: r.head(""), Message: "Must fail",
			Changes: []driver.Change{put("b.md", "b")},
		})
		wantKind(t, err, cmserr.Conflict)
		r.unmoved(branch, head)
	}
}

func branchSeparate(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	one := r.branchOff("cms/posts/one", put("a.md", "one"))
	two := r.branchOff("cms/posts/one-more", put("a.md", "two"))
	r.commit(put("a.md", "three"))
	r.unmoved("cms/posts/one", one)
	r.unmoved("cms/posts/one-more", two)
	r.holds(r.commitTo("cms/posts/one", put("b.md", "b")), map[string]string{"a.md": "one", "b.md": "b"})
	r.unmoved("cms/posts/one-more", two)
}

func branchDelete(t *testing.T, h Harness) {
	r := h.open(t, nil)
	b := r.Driver.(driver.Brancher)
	for _, branch := range []string{"cms/posts/a#b%20+&", "cms/posts/a"} {
		keep := r.branchOff(branch+"-keep", put("a.md", "a"))
		head := r.branchOff(branch, put("a.md", "a"))
		r.ok(b.DeleteBranch(t.Context(), branch, head), "DeleteBranch")
		_, err := r.Head(t.Context(), branch)
		wantKind(t, err, cmserr.NotFound)
		r.unmoved(branch+"-keep", keep)
		again := r.branchOff(branch, put("b.md", "b"))
		r.holds(again, map[string]string{"b.md": "b"})
	}
}

func branchDeleteMoved(t *testing.T, h Harness) {
	r := h.open(t, nil)
	old := r.branchOff("cms/a", put("a.md", "a"))
	head := r.commitTo("cms/a", put("b.md", "b"))
	err := r.Driver.(driver.Brancher).DeleteBranch(t.Context(), "cms/a", old)
	wantKind(t, err, cmserr.Conflict)
	r.unmoved("cms/a", head)
}

func branchDeleteMissing(t *testing.T, h Harness) {
	r := h.open(t, nil)
	err := r.Driver.(driver.Brancher).DeleteBranch(t.Context(), "cms/none", r.head(""))
	wantKind(t, err, cmserr.NotFound)
}
