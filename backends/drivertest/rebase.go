package drivertest

import (
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func rebaseCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Rebases":   rebaseRebases,
		"OnTop":     rebaseOnTop,
		"BothEdit":  rebaseBothEdit,
		"HeadMoved": rebaseHeadMoved,
		"Missing":   rebaseMissing,
	})
}

func (r *repo) rebase(number int, head string) (string, error) {
	return r.Driver.(driver.Rebaser).Rebase(r.t.Context(), number, head)
}

// rebaseRebases: the branch holds both sides, and starts where the base is now.
func rebaseRebases(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a", "b.md": "b", "drop.md": "d"})
	r.branchOff("cms/a", put("a.md", "draft"), remove("drop.md"))
	head := r.commitTo("cms/a", put("new.md", "n"))
	p := r.openPull("cms/a")
	base := r.commit(put("b.md", "b2"))
	rebased, err := r.rebase(p.Number, head)
	r.ok(err, "Rebase")
	if rebased == head {
		t.Error("the branch did not move")
	}
	r.unmoved("cms/a", rebased)
	r.unmoved("", base)
	r.holds(rebased, map[string]string{"a.md": "draft", "b.md": "b2", "new.md": "n"})
	if c, ok := r.Driver.(driver.Comparer); ok {
		got, err := c.Compare(t.Context(), base, rebased)
		r.ok(err, "Compare")
		if got.MergeBase != base || len(got.Files) != 3 {
			t.Errorf("the branch does not start at its base: %+v", got)
		}
	}
	if now := r.pull("cms/a"); now.Number != p.Number || now.HeadCommit != rebased {
		t.Errorf("the pull request is %+v, want number %d at %s", now, p.Number, rebased)
	}
}

// rebaseOnTop: nothing is to be done, and nothing happens.
func rebaseOnTop(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	head := r.branchOff("cms/a", put("a.md", "draft"))
	got, err := r.rebase(r.openPull("cms/a").Number, head)
	r.ok(err, "Rebase")
	if got != head {
		t.Errorf("the head is %s, want %s as before", got, head)
	}
	r.unmoved("cms/a", head)
}

func rebaseBothEdit(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	head := r.branchOff("cms/a", put("a.md", "draft"))
	p := r.openPull("cms/a")
	base := r.commit(put("a.md", "published"))
	_, err := r.rebase(p.Number, head)
	wantKind(t, err, cmserr.Conflict)
	r.unmoved("cms/a", head)
	r.unmoved("", base)
	if now := r.pull("cms/a"); now.Number != p.Number {
		t.Errorf("the pull request is %+v, want number %d", now, p.Number)
	}
}

// rebaseHeadMoved: what nobody has seen is not moved about.
func rebaseHeadMoved(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a", "b.md": "b"})
	seen := r.branchOff("cms/a", put("a.md", "draft"))
	p := r.openPull("cms/a")
	r.commit(put("b.md", "b2"))
	head := r.commitTo("cms/a", put("c.md", "c"))
	_, err := r.rebase(p.Number, seen)
	wantKind(t, err, cmserr.Conflict)
	r.unmoved("cms/a", head)
}

func rebaseMissing(t *testing.T, h Harness) {
	r := h.open(t, nil)
	_, err := r.rebase(999, r.head(""))
	wantKind(t, err, cmserr.NotFound)
}
