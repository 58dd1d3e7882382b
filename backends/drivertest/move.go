package drivertest

import (
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func moveCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Unchanged": moveUnchanged,
		"WithData":  moveWithData,
		"Emptied":   moveEmptied,
		"Siblings":  moveSiblings,
		"Missing":   moveMissing,
		"Taken":     moveTaken,
	})
}

func moveUnchanged(t *testing.T, h Harness) {
	binary := "\xff\x00\xfe"
	r := h.open(t, map[string]string{"a.bin": binary, "same.bin": binary})
	id, same := r.entry(r.head(""), "a.bin").ID, r.entry(r.head(""), "same.bin").ID
	head := r.commit(move("a.bin", "deep/er/b.bin"))
	r.holds(head, map[string]string{"deep/er/b.bin": binary, "same.bin": binary})
	if got := r.entry(head, "deep/er/b.bin").ID; id == same && got != id { // ids are made of contents
		t.Errorf("the same content has the ids %s and %s", id, got)
	}
}

func moveWithData(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	head := r.commit(driver.Change{Op: driver.Move, From: "a.md", Path: "b.md", Data: []byte("b")})
	r.holds(head, map[string]string{"b.md": "b"})
}

// moveEmptied tells empty content from none.
func moveEmptied(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	head := r.commit(driver.Change{Op: driver.Move, From: "a.md", Path: "b.md", Data: []byte{}})
	r.holds(head, map[string]string{"b.md": ""})
}

func moveSiblings(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"p/a/index.md": "a", "p/a/img.png": "i", "p/ab/index.md": "ab"})
	head := r.commit(move("p/a/index.md", "p/c/index.md"))
	r.holds(head, map[string]string{"p/c/index.md": "a", "p/a/img.png": "i", "p/ab/index.md": "ab"})
}

func moveMissing(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"posts/a.md": "a"})
	for _, from := range []string{"none.md", "posts/none.md", "posts"} {
		r.refused(r.branch, cmserr.NotFound, put("new.md", "n"), move(from, "to.md"))
		r.refused(r.branch, cmserr.NotFound, driver.Change{
			Op: driver.Move, From: from, Path: "to.md", Data: []byte("content"),
		})
	}
}

func moveTaken(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a", "b.md": "b"})
	r.refused(r.branch, cmserr.Conflict, put("new.md", "n"), move("a.md", "b.md"))
	r.refused(r.branch, cmserr.Conflict, driver.Change{
		Op: driver.Move, From: "a.md", Path: "b.md", Data: []byte("content"),
	})
}
