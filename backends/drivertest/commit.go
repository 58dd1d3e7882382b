package drivertest

import (
	"fmt"
	"testing"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func commitCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Put":           commitPut,
		"Many":          commitMany,
		"Mixed":         commitMixed,
		"Author":        commitAuthor,
		"Message":       commitMessage,
		"DeleteMissing": commitDeleteMissing,
		"DeleteLast":    commitDeleteLast,
		"OverFolder":    commitOverFolder,
		"UnderFile":     commitUnderFile,
		"NoBranch":      commitNoBranch,
	})
}

// refused asserts that a commit onto a branch fails and leaves it as it was.
func (r *repo) refused(branch string, kind cmserr.Kind, changes ...driver.Change) *cmserr.Error {
	r.t.Helper()
	head := r.head(branch)
	before := r.read(head)
	_, err := r.Commit(r.t.Context(), driver.Commit{
		Branch: branch, ExpectedHead: head, Message: "Must fail", Changes: changes,
	})
	e := wantKind(r.t, err, kind)
	r.unmoved(branch, head)
	delete(before, "README.md")
	r.holds(head, before)
	return e
}

func commitPut(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a", "b.md": "b"})
	head := r.commit(put("a.md", "a2"), put("new/folder/c.md", "c"))
	r.unmoved("", head)
	r.holds(head, map[string]string{"a.md": "a2", "b.md": "b", "new/folder/c.md": "c"})
}

func commitMany(t *testing.T, h Harness) {
	r := h.open(t, nil)
	want := map[string]string{}
	var changes []driver.Change
	for i := range 30 {
		path := fmt.Sprintf("posts/%02d/entry.md", i)
		want[path] = fmt.Sprint("entry ", i)
		changes = append(changes, put(path, want[path]))
	}
	r.holds(r.commit(changes...), want)
}

func commitMixed(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"edit": "1", "drop": "2", "from": "3", "stay": "4"})
	head := r.commit(remove("drop"), move("from", "sub/to"), put("edit", "5"), put("add", "6"))
	r.holds(head, map[string]string{"edit": "5", "sub/to": "3", "stay": "4", "add": "6"})
}

func commitAuthor(t *testing.T, h Harness) {
	r := h.open(t, nil)
	for i, author := range []*driver.Author{
		nil,
		{Name: "Zoë O'Neil", Email: "zoe@example.com"},
		{Name: "Ann", Email: "ann@example.com", Date: time.Date(2020, 2, 29, 12, 0, 0, 0, time.UTC)},
	} {
		head := r.must(driver.Commit{
			Branch: r.branch, ExpectedHead: r.head(""), Message: "Add", Author: author,
			Changes: []driver.Change{put("a.md", fmt.Sprint(i))},
		})
		r.holds(head, map[string]string{"a.md": fmt.Sprint(i)})
	}
}

func commitMessage(t *testing.T, h Harness) {
	r := h.open(t, nil)
	head := r.must(driver.Commit{
		Branch: r.branch, ExpectedHead: r.head(""), Message: "Create “Über #1”\n\n\"quoted\" \\ 100%\n",
		Changes: []driver.Change{put("a.md", "a")},
	})
	r.unmoved("", head)
}

// commitDeleteMissing also asserts all or nothing, whatever the order.
func commitDeleteMissing(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"posts/a.md": "a", "b.md": "b"})
	for _, missing := range []string{"none.md", "posts/none.md", "none/a.md", "posts", "post"} {
		r.refused(r.branch, cmserr.NotFound, remove(missing))
		r.refused(r.branch, cmserr.NotFound, put("new.md", "n"), remove("b.md"), remove(missing))
		r.refused(r.branch, cmserr.NotFound, remove(missing), put("posts/a.md", "n"), move("b.md", "c.md"))
	}
}

func commitDeleteLast(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"posts/deep/a.md": "a"})
	head := r.commit(remove("posts/deep/a.md"))
	r.wantTree(head, "", true, "README.md")
}

// commitOverFolder: the files below would vanish without a change that says so.
func commitOverFolder(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"posts/a.md": "a", "b.md": "b"})
	r.refused(r.branch, cmserr.Invalid, put("new.md", "n"), put("posts", "a file"))
}

// commitUnderFile: the same the other way round.
func commitUnderFile(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"posts": "a file", "b.md": "b"})
	r.refused(r.branch, cmserr.Invalid, put("new.md", "n"), put("posts/a.md", "a"))
}

func commitNoBranch(t *testing.T, h Harness) {
	r := h.open(t, nil)
	_, err := r.Commit(t.Context(), driver.Commit{
		Branch: "cms/gone", ExpectedHead: r.head(""), Message: "Must fail",
		Changes: []driver.Change{put("a.md", "a")},
	})
	wantKind(t, err, cmserr.NotFound)
	_, err = r.Head(t.Context(), "cms/gone")
	wantKind(t, err, cmserr.NotFound)
}
