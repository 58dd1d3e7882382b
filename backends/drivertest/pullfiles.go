package drivertest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"mooring/backends/driver"
)

func pullFilesCases(t *testing.T, h Harness) {
	d := h.Open(t, seed(nil)).Driver
	_, pulls := d.(driver.PullRequester)
	_, compares := d.(driver.Comparer)
	if !pulls || !compares {
		t.Fatal("a PullFiler without pull requests, or that compares nothing")
	}
	each(t, h, map[string]func(*testing.T, Harness){
		"AsCompare": pullFilesAsCompare,
		"Complete":  pullFilesComplete,
		"OddPaths":  pullFilesOddPaths,
		"Order":     pullFilesOrder,
		"None":      pullFilesNone,
	})
}

func (r *repo) pullFiles(pulls ...driver.Pull) [][]driver.FileDiff {
	r.t.Helper()
	files, err := r.Driver.(driver.PullFiler).PullFiles(r.t.Context(), pulls)
	r.ok(err, "PullFiles")
	if len(files) != len(pulls) {
		r.t.Fatalf("PullFiles answered %d of %d", len(files), len(pulls))
	}
	return files
}

// pullFilesAsCompare has pull requests that change files in every way, into a base
// that went on since.
func pullFilesAsCompare(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{
		"edit.md": "e", "drop.md": "a text of its own\n", "from.md": "a long enough text to be known again\n", "stay.md": "s",
	})
	r.branchOff("cms/a", put("edit.md", "e2"), put("sub/add.md", "+"), remove("drop.md"), move("from.md", "to.md"))
	r.branchOff("cms/b", put("stay.md", "s2"))
	r.commitTo("cms/b", put("stay.md", "s"), put("new.md", "n")) // changed, and changed back
	pulls := []driver.Pull{r.openPull("cms/a"), r.openPull("cms/b")}
	base := r.commit(put("edit.md", "theirs"), put("base.md", "b"))
	files := r.pullFiles(pulls...)
	wantFiles(t, files[0], "* edit.md", "+ sub/add.md", "- drop.md", "- from.md", "+ to.md")
	wantFiles(t, files[1], "+ new.md")
	for i, p := range pulls {
		want := map[string]string{}
		for _, f := range r.compare(base, p.HeadCommit).Files {
			want[f.Path] = f.ID
		}
		if !slices.IsSortedFunc(files[i], func(a, b driver.FileDiff) int { return cmp.Compare(a.Path, b.Path) }) {
			t.Errorf("not sorted: %+v", files[i])
		}
		for _, f := range files[i] {
			if id, ok := want[f.Path]; !ok || f.ID != id {
				t.Errorf("%s: %q has the id %q, want %q", p.Head, f.Path, f.ID, id)
			}
		}
	}
}

// pullFilesComplete has more files than any host puts on a page.
func pullFilesComplete(t *testing.T, h Harness) {
	r := h.open(t, nil)
	var changes []driver.Change
	var want []string
	for i := range 310 {
		path := fmt.Sprintf("posts/%03d.md", i)
		changes = append(changes, put(path, path))
		want = append(want, "+ "+path)
	}
	r.branchOff("cms/many", changes...)
	r.branchOff("cms/one", put("a.md", "a"))
	files := r.pullFiles(r.openPull("cms/many"), r.openPull("cms/one"))
	wantFiles(t, files[0], want...)
	wantFiles(t, files[1], "+ a.md")
}

func pullFilesOddPaths(t *testing.T, h Harness) {
	r := h.open(t, nil)
	var changes []driver.Change
	var want []string
	for path := range odd {
		changes = append(changes, put(path, "text of "+path))
		want = append(want, "+ "+path)
	}
	r.branchOff("cms/a", changes...)
	wantFiles(t, r.pullFiles(r.openPull("cms/a"))[0], want...)
}

// pullFilesOrder asks for more than the 100 that hosts put on a page, backwards.
func pullFilesOrder(t *testing.T, h Harness) {
	r := h.open(t, nil)
	base := r.head("")
	var pulls []driver.Pull
	for i := range 103 {
		branch := fmt.Sprintf("cms/posts/%03d", i)
		r.must(driver.Commit{
			Branch: branch, Base: base, Message: "Start", Changes: []driver.Change{put(branch+".md", branch)},
		})
		pulls = append([]driver.Pull{r.openPull(branch)}, pulls...)
	}
	for i, files := range r.pullFiles(pulls...) {
		wantFiles(t, files, "+ "+pulls[i].Head+".md")
	}
}

func pullFilesNone(t *testing.T, h Harness) {
	r := h.open(t, nil)
	r.pullFiles()
}
