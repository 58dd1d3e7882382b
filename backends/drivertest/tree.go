package drivertest

import (
	"fmt"
	"slices"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func treeCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Recursive":  treeRecursive,
		"OneLevel":   treeOneLevel,
		"Complete":   treeComplete,
		"Deep":       treeDeep,
		"Sorted":     treeSorted,
		"Prefix":     treePrefix,
		"Missing":    treeMissing,
		"OldCommits": treeOldCommits,
		"IDs":        treeIDs,
	})
}

func (r *repo) wantTree(commit, dir string, recursive bool, want ...string) {
	r.t.Helper()
	entries, err := r.Tree(r.t.Context(), commit, dir, recursive)
	r.ok(err, "Tree")
	if got := paths(entries); !slices.Equal(got, want) {
		r.t.Errorf("Tree(%q, recursive %v)\n got %q\nwant %q", dir, recursive, got, want)
	}
}

var nested = map[string]string{
	"posts/2024/a.md": "a", "posts/2024/b.md": "b", "posts/index.md": "i", "static/img/logo.svg": "<svg/>",
}

func treeRecursive(t *testing.T, h Harness) {
	r := h.open(t, nested)
	head := r.head("")
	r.wantTree(head, "", true, "README.md", "posts", "posts/2024", "posts/2024/a.md",
		"posts/2024/b.md", "posts/index.md", "static", "static/img", "static/img/logo.svg")
	r.wantTree(head, "posts", true, "posts/2024", "posts/2024/a.md", "posts/2024/b.md", "posts/index.md")
	for _, e := range r.tree(head) {
		_, isFile := nested[e.Path]
		if e.Path != "README.md" && e.IsDir() == isFile {
			t.Errorf("%q has the mode %o", e.Path, e.Mode)
		}
		if text := nested[e.Path]; isFile && e.Size != int64(len(text)) && e.Size != -1 {
			t.Errorf("%q has %d bytes, not %d", e.Path, len(text), e.Size)
		}
	}
}

func treeOneLevel(t *testing.T, h Harness) {
	r := h.open(t, nested)
	head := r.head("")
	r.wantTree(head, "", false, "README.md", "posts", "static")
	r.wantTree(head, "posts", false, "posts/2024", "posts/index.md")
	r.wantTree(head, "posts/2024", false, "posts/2024/a.md", "posts/2024/b.md")
}

// treeComplete has more files in a folder than any host puts on a page.
func treeComplete(t *testing.T, h Harness) {
	files := map[string]string{"zzz/last.md": "last"}
	want := make([]string, 3000)
	for i := range want {
		want[i] = fmt.Sprintf("posts/entry-%04d.md", i)
		files[want[i]] = fmt.Sprint("entry ", i%7)
	}
	r := h.open(t, files)
	head := r.head("")
	r.wantTree(head, "posts", false, want...)
	r.wantTree(head, "posts", true, want...)
	r.wantTree(head, "", true, slices.Concat([]string{"README.md", "posts"}, want, []string{"zzz", "zzz/last.md"})...)
}

func treeDeep(t *testing.T, h Harness) {
	files, want := map[string]string{}, []string{}
	dir := "a"
	for i := range 12 {
		path := fmt.Sprintf("%s/f%d.md", dir, i)
		files[path] = path
		want = append(want, dir, path)
		dir += "/b"
	}
	r := h.open(t, files)
	slices.Sort(want)
	r.wantTree(r.head(""), "", true, append([]string{"README.md"}, want...)...)
}

// treeSorted has names that Git itself orders otherwise: it sorts a directory as
// if its name ended with a slash.
func treeSorted(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{
		"foo/a": "1", "foo-bar": "2", "foo.md": "3", "foo0": "4", "Zed": "5", "é": "6", "z": "7",
	})
	head := r.head("")
	r.wantTree(head, "", false, "README.md", "Zed", "foo", "foo-bar", "foo.md", "foo0", "z", "é")
	r.wantTree(head, "", true, "README.md", "Zed", "foo", "foo-bar", "foo.md", "foo/a", "foo0", "z", "é")
}

func treePrefix(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{
		"posts/a.md": "a", "posts-archive/b.md": "b", "posts.md": "c", "my/posts/d.md": "d",
	})
	head := r.head("")
	r.wantTree(head, "posts", false, "posts/a.md")
	r.wantTree(head, "posts", true, "posts/a.md")
	r.wantTree(head, "my", true, "my/posts", "my/posts/d.md")
}

func treeMissing(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"posts/a.md": "a"})
	head := r.head("")
	for _, dir := range []string{"nowhere", "post", "posts/a", "posts/a.md", "README.md", "README.md/x", "a/b/c"} {
		for _, recursive := range []bool{false, true} {
			_, err := r.Tree(t.Context(), head, dir, recursive)
			if !cmserr.Is(err, cmserr.NotFound) {
				t.Errorf("Tree(%q, recursive %v): %v, want NotFound", dir, recursive, err)
			}
		}
	}
	head = r.commit(remove("posts/a.md"))
	_, err := r.Tree(t.Context(), head, "posts", false)
	wantKind(t, err, cmserr.NotFound)
}

func treeOldCommits(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	first := r.head("")
	second := r.commit(put("b.md", "b"))
	third := r.commit(remove("a.md"), put("b.md", "b2"))
	r.holds(first, map[string]string{"a.md": "a"})
	r.holds(second, map[string]string{"a.md": "a", "b.md": "b"})
	r.holds(third, map[string]string{"b.md": "b2"})
}

// treeIDs asserts that ids tell content apart, for everything is cached by them.
func treeIDs(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a/x.md": "same", "b/x.md": "same", "c/x.md": "other"})
	before := r.head("")
	after := r.commit(put("c/x.md", "new"))
	id := func(commit, path string) string { return r.entry(commit, path).ID }
	if id(before, "a/x.md") != id(after, "a/x.md") || id(before, "a") != id(after, "a") {
		t.Error("an id changed without the content")
	}
	if id(before, "c/x.md") == id(after, "c/x.md") || id(before, "c") == id(after, "c") {
		t.Error("content changed without the id")
	}
	if id(before, "a/x.md") == id(before, "c/x.md") {
		t.Error("different files have one id")
	}
	blobs, err := r.Blobs(t.Context(), []driver.BlobRef{{ID: id(before, "c/x.md"), Path: "c/x.md", Commit: before}})
	r.ok(err, "Blobs")
	if string(blobs[0]) != "other" {
		t.Errorf("the replaced file reads %q", blobs[0])
	}
}
