package drivertest

import (
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func movedCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Redone":        movedRedone,
		"RedoneBranch":  movedRedoneBranch,
		"TurnedBack":    movedTurnedBack,
		"Edited":        movedEdited,
		"SameEdit":      movedSameEdit,
		"Created":       movedCreated,
		"Deleted":       movedDeleted,
		"MoveFrom":      movedMoveFrom,
		"MoveTo":        movedMoveTo,
		"DeleteMissing": movedDeleteMissing,
		"Folder":        movedFolder,
	})
}

// late commits to the default branch on a head that somebody else has moved from.
func (r *repo) late(seen string, changes ...driver.Change) (string, error) {
	c := driver.Commit{Branch: r.branch, ExpectedHead: seen, Message: "Late", Changes: changes}
	done, err := r.Commit(r.t.Context(), c)
	if err != nil {
		return "", err
	}
	return r.made(c, done), nil
}

// lateConflict asserts that a late commit is a Conflict over exactly these paths,
// and that nothing changed.
func (r *repo) lateConflict(seen string, paths []string, changes ...driver.Change) {
	r.t.Helper()
	head := r.head("")
	_, err := r.late(seen, changes...)
	wantPaths(r.t, err, paths...)
	r.unmoved("", head)
}

func movedRedone(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a": "1", "b": "2", "drop": "3", "from": "4", "theirs": "5", "gone": "6"})
	seen := r.head("")
	r.commit(put("theirs", "T"), remove("gone"), put("added", "A"))
	r.commit(put("theirs", "T2"))
	head, err := r.late(seen, put("a", "mine"), put("new", "N"), remove("drop"), move("from", "to"))
	r.ok(err, "Commit")
	r.unmoved("", head)
	r.holds(head, map[string]string{"a": "mine", "b": "2", "new": "N", "to": "4", "theirs": "T2", "added": "A"})
}

func movedRedoneBranch(t *testing.T, h Harness) {
	r := h.open(t, nil)
	seen := r.branchOff("cms/posts/a", put("a.md", "a"))
	r.commitTo("cms/posts/a", put("b.md", "b"))
	head := r.must(driver.Commit{
		Branch: "cms/posts/a", ExpectedHead: seen, Message: "Late",
		Changes: []driver.Change{put("c.md", "c")},
	})
	r.holds(head, map[string]string{"a.md": "a", "b.md": "b", "c.md": "c"})
}

// movedTurnedBack: only the two ends count, not what lay between.
func movedTurnedBack(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	seen := r.head("")
	r.commit(put("a.md", "other"))
	r.commit(put("a.md", "a"), put("b.md", "b"))
	head, err := r.late(seen, put("a.md", "mine"))
	r.ok(err, "Commit")
	r.holds(head, map[string]string{"a.md": "mine", "b.md": "b"})
}

func movedEdited(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a #1.md": "a", "b.md": "b", "c.md": "c"})
	seen := r.head("")
	r.commit(put("a #1.md", "theirs"), put("b.md", "theirs"))
	r.lateConflict(seen, []string{"a #1.md", "b.md"},
		put("c.md", "mine"), put("b.md", "mine"), put("a #1.md", "mine"), put("d.md", "mine"))
}

// movedSameEdit: the same commit once more is a Conflict, not a second commit.
func movedSameEdit(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	seen := r.head("")
	r.commit(put("a.md", "a2"))
	r.lateConflict(seen, []string{"a.md"}, put("a.md", "a2"))
}

func movedCreated(t *testing.T, h Harness) {
	r := h.open(t, nil)
	seen := r.head("")
	r.commit(put("posts/a.md", "theirs"))
	r.lateConflict(seen, []string{"posts/a.md"}, put("posts/a.md", "mine"), put("posts/b.md", "mine"))
}

func movedDeleted(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a", "b.md": "b"})
	seen := r.head("")
	r.commit(remove("a.md"), put("b.md", "theirs"))
	r.lateConflict(seen, []string{"a.md"}, put("a.md", "mine"))
	r.lateConflict(seen, []string{"a.md"}, remove("a.md"))
	r.lateConflict(seen, []string{"b.md"}, remove("b.md"))
}

func movedMoveFrom(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	seen := r.head("")
	r.commit(put("a.md", "theirs"))
	r.lateConflict(seen, []string{"a.md"}, move("a.md", "b.md"))
	r.lateConflict(seen, []string{"a.md"}, driver.Change{
		Op: driver.Move, From: "a.md", Path: "b.md", Data: []byte("mine"),
	})
}

func movedMoveTo(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	seen := r.head("")
	r.commit(put("b.md", "theirs"))
	r.lateConflict(seen, []string{"b.md"}, move("a.md", "b.md"))
}

// movedDeleteMissing: what was never there does not become a Conflict.
func movedDeleteMissing(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	seen := r.head("")
	head := r.commit(put("a.md", "theirs"))
	_, err := r.late(seen, put("c.md", "mine"), remove("none.md"))
	wantKind(t, err, cmserr.NotFound)
	r.unmoved("", head)
}

// movedFolder: a file that has become a folder meanwhile differs too.
func movedFolder(t *testing.T, h Harness) {
	r := h.open(t, nil)
	seen := r.head("")
	head := r.commit(put("posts/a.md", "theirs"))
	_, err := r.late(seen, put("posts", "mine"))
	wantKind(t, err, cmserr.Conflict)
	r.unmoved("", head)
}
