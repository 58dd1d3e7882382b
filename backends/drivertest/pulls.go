package drivertest

import (
	"fmt"
	"slices"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func pullCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Open":           pullOpen,
		"OpenTwice":      pullOpenTwice,
		"OpenMissing":    pullOpenMissing,
		"FollowsHead":    pullFollowsHead,
		"MergeBase":      pullMergeBase,
		"ListByPrefix":   pullListByPrefix,
		"ListByBase":     pullListByBase,
		"ListComplete":   pullListComplete,
		"FindMissing":    pullFindMissing,
		"Close":          pullClose,
		"NumbersMissing": pullNumbersMissing,
	})
}

func (r *repo) puller() driver.PullRequester { return r.Driver.(driver.PullRequester) }

// openPull opens a pull request from a branch into the default branch.
func (r *repo) openPull(head string) driver.Pull {
	r.t.Helper()
	p, err := r.puller().OpenPull(r.t.Context(), driver.NewPull{
		Head: head, Base: r.branch, Title: "Update “" + head + "”", Body: "For *review*.\n",
	})
	r.ok(err, "OpenPull")
	return p
}

// pull finds the open pull request of a branch.
func (r *repo) pull(head string) driver.Pull {
	r.t.Helper()
	p, err := r.puller().Pull(r.t.Context(), r.branch, head)
	r.ok(err, "Pull")
	return p
}

// pulls lists the heads of the open pull requests into the default branch.
func (r *repo) wantPulls(prefix string, want ...string) {
	r.t.Helper()
	list, err := r.puller().Pulls(r.t.Context(), r.branch, prefix)
	r.ok(err, "Pulls")
	heads := []string{}
	for i, p := range list {
		heads = append(heads, p.Head)
		if i > 0 && list[i-1].Number >= p.Number {
			r.t.Errorf("number %d comes after %d", p.Number, list[i-1].Number)
		}
	}
	if !slices.Equal(heads, want) {
		r.t.Errorf("Pulls(%q)\n got %q\nwant %q", prefix, heads, want)
	}
}

func pullOpen(t *testing.T, h Harness) {
	r := h.open(t, nil)
	u, err := r.User(t.Context())
	r.ok(err, "User")
	isAuthor := func(login string) bool { return login == u.Login || h.OneAccount && login != "" }
	for _, branch := range []string{"cms/posts/a", "cms/posts/ünï#1%20+&x"} {
		head := r.branchOff(branch, put("a.md", "a"))
		opened := r.openPull(branch)
		list, err := r.puller().Pulls(t.Context(), r.branch, branch)
		r.ok(err, "Pulls")
		if len(list) != 1 {
			t.Fatalf("%d pull requests of %q, want 1", len(list), branch)
		}
		for _, p := range []driver.Pull{opened, r.pull(branch), list[0]} {
			if p.Number != opened.Number || p.Number < 1 || p.Title != "Update “"+branch+"”" || p.Head != branch ||
				p.HeadCommit != head || p.Base != r.branch || p.Fork != "" || len(p.Labels) != 0 || !isAuthor(p.Author) || p.UpdatedAt.IsZero() {
				t.Errorf("the pull request of %q at %s is %+v", branch, head, p)
			}
		}
	}
}

func pullOpenTwice(t *testing.T, h Harness) {
	r := h.open(t, nil)
	r.branchOff("cms/a", put("a.md", "a"))
	first := r.openPull("cms/a")
	again := driver.NewPull{Head: "cms/a", Base: r.branch, Title: "Again", Body: "b"}
	_, err := r.puller().OpenPull(t.Context(), again)
	wantKind(t, err, cmserr.Conflict)
	r.wantPulls("cms/", "cms/a")

	r.ok(r.puller().ClosePull(t.Context(), first.Number), "ClosePull")
	second, err := r.puller().OpenPull(t.Context(), again)
	r.ok(err, "OpenPull after the first was closed")
	if second.Number == first.Number || r.pull("cms/a").Title != "Again" {
		t.Errorf("the closed pull request is back: %+v", second)
	}
}

func pullOpenMissing(t *testing.T, h Harness) {
	r := h.open(t, nil)
	_, err := r.puller().OpenPull(t.Context(), driver.NewPull{Head: "cms/none", Base: r.branch, Title: "A", Body: "b"})
	wantKind(t, err, cmserr.NotFound)
	r.wantPulls("cms/")
}

func pullFollowsHead(t *testing.T, h Harness) {
	r := h.open(t, nil)
	r.branchOff("cms/a", put("a.md", "a"))
	number := r.openPull("cms/a").Number
	head := r.commitTo("cms/a", put("b.md", "b"))
	if p := r.pull("cms/a"); p.HeadCommit != head || p.Number != number {
		t.Errorf("got %+v, want number %d at %s", p, number, head)
	}
}

// pullMergeBase: who tells the merge base tells the present one.
func pullMergeBase(t *testing.T, h Harness) {
	r := h.open(t, nil)
	base := r.head("")
	r.branchOff("cms/a", put("a.md", "a"))
	r.openPull("cms/a")
	r.commit(put("c.md", "c"))
	list, err := r.puller().Pulls(t.Context(), r.branch, "cms/")
	r.ok(err, "Pulls")
	for _, p := range append(list, r.pull("cms/a")) {
		if p.MergeBase != "" && p.MergeBase != base {
			t.Errorf("the merge base is %q, want %s", p.MergeBase, base)
		}
	}
}

func pullListByPrefix(t *testing.T, h Harness) {
	r := h.open(t, nil)
	for i, branch := range []string{"cms/posts/b", "cms/pages/x", "cms/posts/a", "fix/cms/posts/c", "cmsx/d", "cms/posts-old/e"} {
		r.branchOff(branch, put("a.md", fmt.Sprint(i)))
		r.openPull(branch)
	}
	r.wantPulls("cms/", "cms/posts/b", "cms/pages/x", "cms/posts/a", "cms/posts-old/e")
	r.wantPulls("cms/posts/", "cms/posts/b", "cms/posts/a")
	r.wantPulls("cms/posts", "cms/posts/b", "cms/posts/a", "cms/posts-old/e")
	r.wantPulls("none/")
}

func pullListByBase(t *testing.T, h Harness) {
	r := h.open(t, nil)
	r.branchOff("cms/base", put("base.md", "b"))
	r.branchOff("cms/a", put("a.md", "a"))
	other, err := r.puller().OpenPull(t.Context(), driver.NewPull{Head: "cms/a", Base: "cms/base", Title: "Other", Body: "b"})
	r.ok(err, "OpenPull")
	r.wantPulls("cms/")
	_, err = r.puller().Pull(t.Context(), r.branch, "cms/a")
	wantKind(t, err, cmserr.NotFound)

	mine := r.openPull("cms/a")
	if mine.Number == other.Number || r.pull("cms/a").Number != mine.Number {
		t.Errorf("two bases, one pull request: %+v", mine)
	}
	r.wantPulls("cms/", "cms/a")
	found, err := r.puller().Pull(t.Context(), "cms/base", "cms/a")
	r.ok(err, "Pull")
	if found.Number != other.Number {
		t.Errorf("got number %d, want %d", found.Number, other.Number)
	}
}

// pullListComplete has more than the 100 that hosts put on a page.
func pullListComplete(t *testing.T, h Harness) {
	r := h.open(t, nil)
	base := r.head("")
	want := make([]string, 103)
	for i := range want {
		want[i] = fmt.Sprintf("cms/posts/%03d", i)
		r.must(driver.Commit{
			Branch: want[i], Base: base, Message: "Start", Changes: []driver.Change{put("a.md", want[i])},
		})
		r.openPull(want[i])
	}
	r.wantPulls("cms/posts/", want...)
	r.wantPulls("cms/posts/000", want[0])
	r.wantPulls("cms/posts/102", want[102])
	if p := r.pull(want[0]); p.Head != want[0] {
		t.Errorf("the first is %+v", p)
	}
}

func pullFindMissing(t *testing.T, h Harness) {
	r := h.open(t, nil)
	r.branchOff("cms/posts/a", put("a.md", "a"))
	_, err := r.puller().Pull(t.Context(), r.branch, "cms/posts/a")
	wantKind(t, err, cmserr.NotFound)
	r.openPull("cms/posts/a")
	for _, head := range []string{"cms/posts", "cms/posts/", "cms/posts/aa", "posts/a", "none"} {
		_, err := r.puller().Pull(t.Context(), r.branch, head)
		wantKind(t, err, cmserr.NotFound)
	}
}

func pullClose(t *testing.T, h Harness) {
	r := h.open(t, nil)
	base := r.head("")
	head := r.branchOff("cms/a", put("a.md", "a"))
	r.branchOff("cms/b", put("b.md", "b"))
	number := r.openPull("cms/a").Number
	r.openPull("cms/b")
	r.ok(r.puller().ClosePull(t.Context(), number), "ClosePull")
	r.wantPulls("cms/", "cms/b")
	_, err := r.puller().Pull(t.Context(), r.branch, "cms/a")
	wantKind(t, err, cmserr.NotFound)
	r.unmoved("", base)
	r.unmoved("cms/a", head)
}

func pullNumbersMissing(t *testing.T, h Harness) {
	r := h.open(t, nil)
	err := r.puller().ClosePull(t.Context(), 4711)
	wantKind(t, err, cmserr.NotFound)
	err = r.puller().MergePull(t.Context(), 4711, driver.Merge{ExpectedHead: r.head(""), Message: "Merge"})
	wantKind(t, err, cmserr.NotFound)
}
