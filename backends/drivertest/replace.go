package drivertest

import (
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func replaceCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Replaces":    replaceReplaces,
		"SameBase":    replaceSameBase,
		"Moved":       replaceMoved,
		"Refused":     replaceRefused,
		"OutsideCMS":  replaceOutsideCMS,
		"BaseMissing": replaceBaseMissing,
	})
}

// replace makes a commit that replaces what its branch held. A host that can't must
// say so, and leave the branch alone.
func (r *repo) replace(c driver.Commit) string {
	r.t.Helper()
	done, err := r.Commit(r.t.Context(), c)
	if cmserr.Is(err, cmserr.Unsupported) {
		r.unmoved(c.Branch, c.ExpectedHead)
		r.t.Skip("this host can't replace a branch")
	}
	r.ok(err, "Commit")
	return done.Head
}

// notReplaced asserts why a branch was not replaced, where that can be done at all.
func (r *repo) notReplaced(err error, kind cmserr.Kind) {
	r.t.Helper()
	if cmserr.Is(err, cmserr.Unsupported) {
		kind = cmserr.Unsupported
	}
	wantKind(r.t, err, kind)
}

// replaceReplaces is a draft that is rebased onto what was published meanwhile.
func replaceReplaces(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	draft := r.branchOff("cms/a", put("a.md", "draft"), put("old.md", "o"))
	base := r.commit(put("b.md", "b"))
	head := r.replace(driver.Commit{
		Branch: "cms/a", ExpectedHead: draft, Base: base, Message: "Rebase",
		Changes: []driver.Change{put("a.md", "draft 2")},
	})
	r.unmoved("cms/a", head)
	r.holds(head, map[string]string{"a.md": "draft 2", "b.md": "b"})
	r.unmoved("", base)
	if c, ok := r.Driver.(driver.Comparer); ok {
		got, err := c.Compare(t.Context(), base, head)
		r.ok(err, "Compare")
		if got.MergeBase != base || len(got.Files) != 1 {
			t.Errorf("the branch does not start at its base: %+v", got)
		}
	}
}

// replaceSameBase: a Base that is the expected head is an ordinary commit, even
// where no branch may be replaced.
func replaceSameBase(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	seen := r.head("")
	r.commit(put("b.md", "b"))
	head := r.must(driver.Commit{
		Branch: r.branch, ExpectedHead: seen, Base: seen, Message: "Add",
		Changes: []driver.Change{put("c.md", "c")},
	})
	r.holds(head, map[string]string{"a.md": "a", "b.md": "b", "c.md": "c"})
}

// replaceMoved: nothing is redone, though no path is touched twice.
func replaceMoved(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	seen := r.branchOff("cms/a", put("a.md", "draft"))
	base := r.commit(put("b.md", "b"))
	head := r.commitTo("cms/a", put("c.md", "c"))
	_, err := r.Commit(t.Context(), driver.Commit{
		Branch: "cms/a", ExpectedHead: seen, Base: base, Message: "Must fail",
		Changes: []driver.Change{put("d.md", "d")},
	})
	r.notReplaced(err, cmserr.Conflict)
	r.unmoved("cms/a", head)
}

func replaceRefused(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	draft := r.branchOff("cms/a", put("new.md", "n"))
	base := r.commit(put("b.md", "b"))
	_, err := r.Commit(t.Context(), driver.Commit{
		Branch: "cms/a", ExpectedHead: draft, Base: base, Message: "Must fail",
		Changes: []driver.Change{remove("new.md")}, // the draft has it, the base has not
	})
	r.notReplaced(err, cmserr.NotFound)
	r.unmoved("cms/a", draft)
}

func replaceOutsideCMS(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	old := r.head("")
	head := r.commit(put("b.md", "b"))
	_, err := r.Commit(t.Context(), driver.Commit{
		Branch: r.branch, ExpectedHead: head, Base: old, Message: "Must fail",
		Changes: []driver.Change{put("c.md", "c")},
	})
	wantKind(t, err, cmserr.Invalid)
	r.unmoved("", head)
}

// replaceBaseMissing: hosts call an unknown id by different names, but none takes it.
func replaceBaseMissing(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	draft := r.branchOff("cms/a", put("a.md", "draft"))
	c := driver.Commit{
		Branch: "cms/a", ExpectedHead: draft, Base: "0123456789012345678901234567890123456789",
		Message: "Must fail", Changes: []driver.Change{put("c.md", "c")},
	}
	if _, err := r.Commit(t.Context(), c); err == nil {
		t.Error("a branch was replaced by nothing")
	}
	r.unmoved("cms/a", draft)
	c.Branch, c.ExpectedHead = "cms/b", ""
	if _, err := r.Commit(t.Context(), c); err == nil {
		t.Error("a branch was created at nothing")
	}
	_, err := r.Head(t.Context(), "cms/b")
	wantKind(t, err, cmserr.NotFound)
}
