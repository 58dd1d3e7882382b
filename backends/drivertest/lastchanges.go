package drivertest

import (
	"fmt"
	"testing"
	"time"

	"mooring/backends/driver"
)

func lastChangesCases(t *testing.T, h Harness) {
	cases := map[string]func(*testing.T, Harness){
		"Last":     lastChangesLast,
		"OldOnes":  lastChangesOldOnes,
		"None":     lastChangesNone,
		"OddPaths": lastChangesOddPaths,
		"Complete": lastChangesComplete,
	}
	if _, ok := h.Open(t, seed(nil)).Driver.(driver.PullRequester); ok {
		cases["Merge"] = lastChangesMerge
	}
	each(t, h, cases)
}

// by commits as somebody whom the host does not know; "" is the default branch.
func (r *repo) by(name, branch string, changes ...driver.Change) string {
	r.t.Helper()
	if branch == "" {
		branch = r.branch
	}
	return r.must(driver.Commit{
		Branch: branch, ExpectedHead: r.head(branch), Message: "By " + name, Changes: changes,
		Author: &driver.Author{
			Name: name, Email: name + "@nobody.invalid", Date: time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC),
		},
	})
}

func (r *repo) lastChanges(commit string, paths ...string) []driver.LastChange {
	r.t.Helper()
	found, err := r.Driver.(driver.MetadataReader).LastChanges(r.t.Context(), commit, paths)
	r.ok(err, "LastChanges")
	if len(found) != len(paths) {
		r.t.Fatalf("LastChanges answered %d of %d", len(found), len(paths))
	}
	return found
}

// wantAuthors asserts by whom paths were changed last; "" is by nobody.
func (r *repo) wantAuthors(commit string, want map[string]string) {
	r.t.Helper()
	var paths []string
	for path := range want {
		paths = append(paths, path)
	}
	for i, last := range r.lastChanges(commit, paths...) {
		author := want[paths[i]]
		if last.Author != author || last.Date.IsZero() != (author == "") {
			r.t.Errorf("%q was changed by %+v, want %q", paths[i], last, author)
		}
	}
}

func lastChangesLast(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a", "b.md": "b", "dir/c.md": "c"})
	r.by("ada", "", put("a.md", "a2"), put("dir/c.md", "c2"), put("dir/new.md", "n"))
	head := r.by("bob", "", put("b.md", "b2"), put("dir/c.md", "c3"))
	r.wantAuthors(head, map[string]string{"a.md": "ada", "dir/new.md": "ada", "b.md": "bob", "dir/c.md": "bob"})
	if seeded := r.lastChanges(head, "README.md")[0]; seeded.Date.IsZero() {
		t.Errorf("the first commit's file was changed by %+v", seeded)
	}
}

// lastChangesOldOnes: what came after a commit is not of it.
func lastChangesOldOnes(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	first := r.by("ada", "", put("a.md", "a2"))
	second := r.by("bob", "", put("a.md", "a3"), put("b.md", "b"))
	r.wantAuthors(first, map[string]string{"a.md": "ada", "b.md": ""})
	r.wantAuthors(second, map[string]string{"a.md": "bob", "b.md": "bob"})
}

func lastChangesNone(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	r.lastChanges(r.head(""))
	head := r.by("ada", "", put("a.md", "a2"))
	r.wantAuthors(head, map[string]string{"a.md": "ada", "none.md": "", "no/such/dir.md": "", "a.md/x": ""})
}

func lastChangesOddPaths(t *testing.T, h Harness) {
	r := h.open(t, nil)
	var changes []driver.Change
	want := map[string]string{}
	for path := range odd {
		changes = append(changes, put(path, "text of "+path))
		want[path] = "ada"
	}
	r.by("ada", "", changes...)
	head := r.by("bob", "", put("posts/a b.md", "edited")) // and none that it could be taken for
	want["posts/a b.md"] = "bob"
	r.wantAuthors(head, want)
}

// lastChangesComplete asks for more than any host answers at once.
func lastChangesComplete(t *testing.T, h Harness) {
	r := h.open(t, nil)
	var ada, bob []driver.Change
	want := map[string]string{}
	for i := range 150 {
		path, name := fmt.Sprintf("posts/%03d.md", i), "ada"
		ada = append(ada, put(path, path))
		if i%3 == 0 {
			name = "bob"
			bob = append(bob, put(path, "edited"))
		}
		want[path] = name
	}
	r.by("ada", "", ada...)
	r.wantAuthors(r.by("bob", "", bob...), want)
}

// lastChangesMerge: who merges a change has not made it.
func lastChangesMerge(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a", "b.md": "b"})
	r.branchOff("cms/a", put("c.md", "c"))
	head := r.by("ada", "cms/a", put("a.md", "a2"))
	number := r.openPull("cms/a").Number
	r.by("bob", "", put("b.md", "b2"))
	r.ok(r.merge(number, head, false), "MergePull")
	r.wantAuthors(r.head(""), map[string]string{"a.md": "ada", "b.md": "bob"})
}
