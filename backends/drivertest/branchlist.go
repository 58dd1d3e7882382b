package drivertest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"mooring/backends/driver"
)

func branchListCases(t *testing.T, h Harness) {
	d := h.Open(t, seed(nil)).Driver
	cases := map[string]func(*testing.T, Harness){
		"Prefix":   branchListPrefix,
		"Heads":    branchListHeads,
		"OddNames": branchListOddNames,
		"Complete": branchListComplete,
	}
	if _, ok := d.(driver.PullRequester); ok {
		cases["Merged"] = branchListMerged
	}
	each(t, h, cases)
}

// branches lists the branches of a driver, and asserts what holds of every list.
func (r *repo) branches(d driver.Driver, prefix string) []driver.Branch {
	r.t.Helper()
	list, err := d.(driver.BranchLister).Branches(r.t.Context(), prefix)
	r.ok(err, "Branches")
	if !slices.IsSortedFunc(list, func(a, b driver.Branch) int { return cmp.Compare(a.Name, b.Name) }) {
		r.t.Errorf("not sorted: %+v", list)
	}
	return list
}

func (r *repo) wantBranches(prefix string, want ...string) {
	r.t.Helper()
	names := []string{}
	for _, b := range r.branches(r.Driver, prefix) {
		names = append(names, b.Name)
	}
	if !slices.Equal(names, want) {
		r.t.Errorf("Branches(%q)\n got %q\nwant %q", prefix, names, want)
	}
}

// branchListPrefix: a prefix may end within a name, or be one.
func branchListPrefix(t *testing.T, h Harness) {
	r := h.open(t, nil)
	for _, branch := range []string{
		"cms/posts/b", "cms/posts/a/deep/er", "cms/posts-old/c", "cms/pages/d", "fix/cms/posts/e", "cmsx",
	} {
		r.branchOff(branch, put("a.md", branch))
	}
	r.wantBranches("cms/posts/", "cms/posts/a/deep/er", "cms/posts/b")
	r.wantBranches("cms/posts", "cms/posts-old/c", "cms/posts/a/deep/er", "cms/posts/b")
	r.wantBranches("cms/posts/b", "cms/posts/b")
	r.wantBranches("cms/", "cms/pages/d", "cms/posts-old/c", "cms/posts/a/deep/er", "cms/posts/b")
	r.wantBranches("none/")
	r.wantBranches(r.branch, r.branch)
}

func branchListHeads(t *testing.T, h Harness) {
	r := h.open(t, nil)
	stays := r.branchOff("cms/a", put("a.md", "a"))
	r.branchOff("cms/b", put("b.md", "b"))
	moved := r.commitTo("cms/b", put("b.md", "b2"))
	want := []driver.Branch{{Name: "cms/a", Head: stays}, {Name: "cms/b", Head: moved}}
	if got := r.branches(r.Driver, "cms/"); !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if b, ok := r.Driver.(driver.Brancher); ok {
		r.ok(b.DeleteBranch(t.Context(), "cms/b", moved), "DeleteBranch")
		r.wantBranches("cms/", "cms/a")
	}
}

func branchListOddNames(t *testing.T, h Harness) {
	r := h.open(t, nil)
	for _, branch := range []string{
		"cms/posts/a#b", "cms/posts/a%20b", "cms/posts/a+b&c=d", "cms/posts/ünï-日本", "cms/posts/-dash",
		"cms/posts/a.b;c,d!e(f)'g\"h",
	} {
		r.branchOff(branch, put("a.md", branch))
		r.wantBranches(branch, branch)
	}
	r.wantBranches("cms/posts/a", "cms/posts/a#b", "cms/posts/a%20b", "cms/posts/a+b&c=d", "cms/posts/a.b;c,d!e(f)'g\"h")
	r.wantBranches("cms/posts/a%", "cms/posts/a%20b")
	r.wantBranches("cms/posts/ü", "cms/posts/ünï-日本")
}

// branchListComplete has more than the 100 that hosts put on a page.
func branchListComplete(t *testing.T, h Harness) {
	r := h.open(t, nil)
	base := r.head("")
	want := make([]string, 103)
	for i := range want {
		want[i] = fmt.Sprintf("cms/posts/%03d", i)
		r.must(driver.Commit{Branch: want[i], Base: base, Message: "Start", Changes: []driver.Change{put("a.md", want[i])}})
	}
	r.wantBranches("cms/posts/", want...)
}

// branchListMerged: what was merged is done with, until the branch goes on.
func branchListMerged(t *testing.T, h Harness) {
	r := h.open(t, nil)
	merged := func() (names []string) {
		for _, b := range r.branches(r.Driver, "cms/") {
			if b.Merged {
				names = append(names, b.Name)
			}
		}
		return names
	}
	for _, squash := range []bool{false, true} {
		branch := fmt.Sprint("cms/squash-", squash)
		head := r.branchOff(branch, put(branch+".md", "a"))
		number := r.openPull(branch).Number
		if names := merged(); slices.Contains(names, branch) {
			t.Errorf("%q counts as merged while its pull request is open", branch)
		}
		r.ok(r.merge(number, head, squash), "MergePull")
		if len(r.branches(r.Driver, branch)) == 0 {
			continue // the host removes what was merged
		}
		if names := merged(); !slices.Equal(names, []string{branch}) {
			t.Errorf("merged are %q, want %q", names, branch)
		}
		r.commitTo(branch, put("more.md", branch))
		if names := merged(); len(names) != 0 {
			t.Errorf("%q counts as merged with what came after", names)
		}
	}
	r.branchOff("cms/closed", put("closed.md", "c"))
	r.ok(r.puller().ClosePull(t.Context(), r.openPull("cms/closed").Number), "ClosePull")
	if names := merged(); len(names) != 0 {
		t.Errorf("%q counts as merged though it was only closed", names)
	}
}
