package drivertest

import (
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func mergeCases(t *testing.T, h Harness) {
	cases := map[string]func(*testing.T, Harness){
		"Merge":      mergeMerge,
		"BaseMoved":  mergeBaseMoved,
		"Squash":     mergeSquash,
		"HeadMoved":  mergeHeadMoved,
		"BothEdited": mergeBothEdited,
		"EditDelete": mergeEditDelete,
		"Twice":      mergeTwice,
		"NextDraft":  mergeNextDraft,
		"Modes":      mergeModes,
	}
	if h.Open(t, seed(nil)).RefuseMerge != nil {
		cases["Refused"] = mergeRefused
	}
	each(t, h, cases)
}

func (r *repo) merge(number int, head string, squash bool) error {
	return r.puller().MergePull(r.t.Context(), number, driver.Merge{
		ExpectedHead: head, Message: "Publish “draft”", Squash: squash,
	})
}

// mergeConflict asserts that a merge is a Conflict that leaves everything as it was.
func (r *repo) mergeConflict(branch string, number int, reviewed string) {
	r.t.Helper()
	base, head := r.head(""), r.head(branch)
	for _, squash := range []bool{false, true} {
		wantKind(r.t, r.merge(number, reviewed, squash), cmserr.Conflict)
		r.unmoved("", base)
		r.unmoved(branch, head)
		if p := r.pull(branch); p.Number != number || p.HeadCommit != head {
			r.t.Errorf("the pull request changed: %+v", p)
		}
	}
}

func mergeMerge(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a", "drop.md": "d", "from.md": "f"})
	base := r.head("")
	r.branchOff("cms/a", put("a.md", "a2"))
	head := r.commitTo("cms/a", put("b.md", "b"), remove("drop.md"), move("from.md", "to.md"))
	r.ok(r.merge(r.openPull("cms/a").Number, head, false), "MergePull")
	if r.head("") == base {
		t.Error("the base did not move")
	}
	r.holds(r.head(""), map[string]string{"a.md": "a2", "b.md": "b", "to.md": "f"})
	r.wantPulls("cms/")
	_, err := r.puller().Pull(t.Context(), r.branch, "cms/a")
	wantKind(t, err, cmserr.NotFound)
}

func mergeBaseMoved(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a", "b.md": "b", "c.md": "c", "both.md": "x", "gone.md": "g"})
	head := r.branchOff("cms/a", put("a.md", "a2"), remove("c.md"), put("both.md", "same"), remove("gone.md"), put("new/a.md", "n"))
	number := r.openPull("cms/a").Number
	r.commit(put("b.md", "b2"), put("both.md", "same"), remove("gone.md"), put("new/b.md", "n"))
	r.ok(r.merge(number, head, false), "MergePull")
	r.holds(r.head(""), map[string]string{
		"a.md": "a2", "b.md": "b2", "both.md": "same", "new/a.md": "n", "new/b.md": "n",
	})
}

func mergeSquash(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a", "b.md": "b"})
	r.branchOff("cms/a", put("a.md", "a2"))
	head := r.commitTo("cms/a", put("c.md", "c"))
	number := r.openPull("cms/a").Number
	r.commit(put("b.md", "b2"))
	r.ok(r.merge(number, head, true), "MergePull")
	r.holds(r.head(""), map[string]string{"a.md": "a2", "b.md": "b2", "c.md": "c"})
	r.wantPulls("cms/")
}

// mergeHeadMoved: what nobody reviewed is not published.
func mergeHeadMoved(t *testing.T, h Harness) {
	r := h.open(t, nil)
	reviewed := r.branchOff("cms/a", put("a.md", "a"))
	number := r.openPull("cms/a").Number
	r.commitTo("cms/a", put("b.md", "not reviewed"))
	r.mergeConflict("cms/a", number, reviewed)
}

func mergeBothEdited(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a", "b.md": "b"})
	head := r.branchOff("cms/a", put("a.md", "mine"), put("b.md", "mine"))
	number := r.openPull("cms/a").Number
	r.commit(put("a.md", "theirs"))
	r.mergeConflict("cms/a", number, head)
}

func mergeEditDelete(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a", "b.md": "b"})
	one := r.branchOff("cms/a", put("a.md", "mine"))
	two := r.branchOff("cms/b", remove("b.md"))
	first, second := r.openPull("cms/a").Number, r.openPull("cms/b").Number
	r.commit(remove("a.md"), put("b.md", "theirs"))
	r.mergeConflict("cms/a", first, one)
	r.mergeConflict("cms/b", second, two)
}

// mergeTwice: a merge that is asked for once more is not applied once more.
func mergeTwice(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	head := r.branchOff("cms/a", put("a.md", "a2"))
	number := r.openPull("cms/a").Number
	r.ok(r.merge(number, head, false), "MergePull")
	undone := r.commit(put("a.md", "a"))
	_ = r.merge(number, head, false) // hosts differ in what they say, not in what they do
	r.unmoved("", undone)
}

// mergeRefused: the host has its reasons, and people must hear them.
func mergeRefused(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	head := r.branchOff("cms/a", put("a.md", "a2"))
	base, number := r.head(""), r.openPull("cms/a").Number
	why := r.opened.RefuseMerge(number)
	for _, squash := range []bool{false, true} {
		e := wantKind(t, r.merge(number, head, squash), cmserr.Forbidden)
		if !strings.Contains(strings.ToLower(e.Message()), why) {
			t.Errorf("%q says nothing of %q", e.Message(), why)
		}
	}
	r.unmoved("", base)
	r.wantPulls("cms/", "cms/a")
}

// mergeNextDraft: after a merge, the next draft of the same files merges as well.
func mergeNextDraft(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	for _, text := range []string{"first", "second"} {
		branch := "cms/" + text
		head := r.branchOff(branch, put("a.md", text))
		r.ok(r.merge(r.openPull(branch).Number, head, false), "MergePull")
		r.holds(r.head(""), map[string]string{"a.md": text})
	}
}

func mergeModes(t *testing.T, h Harness) {
	r := openModes(t, h)
	head := r.branchOff("cms/a", put("bin/run.sh", "exit\n"))
	number := r.openPull("cms/a").Number
	r.commit(put("bin/plain", "edited"))
	r.ok(r.merge(number, head, false), "MergePull")
	r.wantModes(r.head(""), seededModes)
}
