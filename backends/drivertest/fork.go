package drivertest

import (
	"slices"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func forkCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Unasked":    forkUnasked,
		"Made":       forkMade,
		"InStep":     forkInStep,
		"Drafts":     forkDrafts,
		"OddNames":   forkOddNames,
		"Pull":       forkPull,
		"PullIsRead": forkPullIsRead,
		"OnlyItsOwn": forkOnlyItsOwn,
		"Reopened":   forkReopened,
		"Merged":     forkMerged,
		"OpenFork":   forkOpenFork,
	})
}

// contribution is a repository with a contributor's fork of it.
type contribution struct {
	*repo        // the owner's driver
	name  string // of the fork
	fork  *repo  // the contributor's driver of the fork
}

func (r *repo) contributor() driver.Forker { return r.opened.Contributor.(driver.Forker) }

// openFork seeds a repository, and has a contributor fork it.
func (h Harness) openFork(t *testing.T, files map[string]string) contribution {
	t.Helper()
	r := h.open(t, files)
	f, err := r.contributor().Fork(t.Context(), r.branch, true)
	r.ok(err, "Fork")
	return contribution{repo: r, name: f.Name, fork: &repo{Driver: f.Driver, t: t, branch: r.branch}}
}

// start creates a branch of the fork at the origin's head.
func (c contribution) start(branch string, changes ...driver.Change) string {
	c.t.Helper()
	return c.fork.must(driver.Commit{Branch: branch, Base: c.head(""), Message: "Start " + branch, Changes: changes})
}

// forkUnasked: nobody gets a fork who has not agreed to it.
func forkUnasked(t *testing.T, h Harness) {
	r := h.open(t, nil)
	for range 2 {
		_, err := r.contributor().Fork(t.Context(), r.branch, false)
		wantKind(t, err, cmserr.NotFound)
	}
}

// forkMade: it can be used at once, and there is but one.
func forkMade(t *testing.T, h Harness) {
	c := h.openFork(t, map[string]string{"a.md": "a"})
	a, err := c.opened.Contributor.Access(t.Context())
	c.ok(err, "Access")
	if !a.Read || a.Write {
		t.Errorf("a contributor has %+v in the origin", a)
	}
	if a, err = c.fork.Access(t.Context()); err != nil || !a.Write {
		t.Errorf("and %+v in the fork, %v", a, err)
	}
	c.fork.unmoved("", c.head(""))
	for _, create := range []bool{false, true} {
		again, err := c.contributor().Fork(t.Context(), c.branch, create)
		c.ok(err, "Fork")
		if again.Name != c.name || again.Name == "" {
			t.Errorf("the fork is %q, and then %q", c.name, again.Name)
		}
	}
}

func forkInStep(t *testing.T, h Harness) {
	c := h.openFork(t, map[string]string{"a.md": "a"})
	head := c.commit(put("a.md", "a2"))
	_, err := c.contributor().Fork(t.Context(), c.branch, false)
	c.ok(err, "Fork")
	c.fork.unmoved("", head)
}

// forkDrafts: a fork's branches start at, and are moved to, commits of the origin
// that came after the fork.
func forkDrafts(t *testing.T, h Harness) {
	c := h.openFork(t, map[string]string{"a.md": "a"})
	c.commit(put("b.md", "b"))
	first := c.start("cms/posts/a", put("a.md", "draft"))
	c.fork.unmoved("cms/posts/a", first)
	c.fork.holds(first, map[string]string{"a.md": "draft", "b.md": "b"})
	_, err := c.Head(t.Context(), "cms/posts/a")
	wantKind(t, err, cmserr.NotFound)
	base := c.commit(put("b.md", "b2"))
	moved := c.fork.must(driver.Commit{
		Branch: "cms/posts/a", ExpectedHead: first, Base: base, Message: "Rebase",
		Changes: []driver.Change{put("a.md", "draft 2")},
	})
	c.fork.holds(moved, map[string]string{"a.md": "draft 2", "b.md": "b2"})
	c.unmoved("", base)
	if _, ok := c.fork.Driver.(driver.Comparer); ok {
		wantDiff(t, c.fork.compare(base, moved), base, "* a.md")
	}
	if b, ok := c.fork.Driver.(driver.Brancher); ok {
		c.ok(b.DeleteBranch(t.Context(), "cms/posts/a", moved), "DeleteBranch")
		_, err = c.fork.Head(t.Context(), "cms/posts/a")
		wantKind(t, err, cmserr.NotFound)
	}
}

func forkOddNames(t *testing.T, h Harness) {
	c := h.openFork(t, nil)
	for _, branch := range []string{"cms/" + c.name + "/posts/a", "cms/posts/ünï#1%20+&x"} {
		head := c.start(branch, put("a.md", branch))
		c.fork.unmoved(branch, head)
		if _, ok := c.fork.Driver.(driver.BranchLister); ok {
			if list := c.branches(c.fork.Driver, branch); len(list) != 1 || list[0].Head != head || list[0].Merged {
				t.Errorf("Branches(%q): %+v", branch, list)
			}
		}
		p := c.fork.openPull(branch)
		if found := c.fork.pull(branch); p.Head != branch || found.Number != p.Number {
			t.Errorf("the pull request of %q is %+v, and found as %+v", branch, p, found)
		}
	}
}

// forkPull: the origin lists a fork's pull request as one, and keeps it apart from
// those of its own branches.
func forkPull(t *testing.T, h Harness) {
	c := h.openFork(t, nil)
	u, err := c.opened.Contributor.User(t.Context())
	c.ok(err, "User")
	head := c.start("cms/posts/a", put("a.md", "a"))
	opened := c.fork.openPull("cms/posts/a")
	listed, err := c.puller().Pulls(t.Context(), c.branch, "cms/posts/")
	c.ok(err, "Pulls")
	ofFork, err := c.fork.puller().Pulls(t.Context(), c.branch, "cms/")
	c.ok(err, "Pulls of the fork")
	for _, p := range append(append(listed, ofFork...), opened, c.fork.pull("cms/posts/a")) {
		if p.Number != opened.Number || p.Fork != c.name || p.Head != "cms/posts/a" || p.HeadCommit != head ||
			p.Base != c.branch || p.Author != u.Login {
			t.Errorf("the pull request is %+v", p)
		}
	}
	if len(listed) != 1 || len(ofFork) != 1 {
		t.Errorf("listed %d times by the origin, %d times by the fork", len(listed), len(ofFork))
	}
	_, err = c.puller().Pull(t.Context(), c.branch, "cms/posts/a")
	wantKind(t, err, cmserr.NotFound)
	_, err = c.fork.puller().OpenPull(t.Context(), driver.NewPull{Head: "cms/posts/a", Base: c.branch, Title: "A", Body: "b"})
	wantKind(t, err, cmserr.Conflict)
}

func forkPullIsRead(t *testing.T, h Harness) {
	c := h.openFork(t, map[string]string{"a.md": "a"})
	base := c.head("")
	head := c.start("cms/posts/a", put("a.md", "a2"), put("b.md", "b"))
	p := c.fork.openPull("cms/posts/a")
	c.holds(head, map[string]string{"a.md": "a2", "b.md": "b"})
	if _, ok := c.Driver.(driver.Comparer); ok {
		wantDiff(t, c.compare(base, head), base, "* a.md", "+ b.md")
	}
	if _, ok := c.Driver.(driver.PullFiler); ok {
		wantFiles(t, c.pullFiles(p)[0], "* a.md", "+ b.md")
	}
}

// forkOnlyItsOwn: a branch of the origin that has the same name is another one.
func forkOnlyItsOwn(t *testing.T, h Harness) {
	c := h.openFork(t, nil)
	c.branchOff("cms/a", put("a.md", "owner's"))
	own := c.openPull("cms/a")
	_, err := c.fork.puller().Pull(t.Context(), c.branch, "cms/a")
	wantKind(t, err, cmserr.NotFound)
	c.fork.wantPulls("cms/")
	c.start("cms/a", put("a.md", "contributor's"))
	theirs := c.fork.openPull("cms/a")
	if c.pull("cms/a").Number != own.Number || c.fork.pull("cms/a").Number != theirs.Number {
		t.Error("the pull requests are taken for each other")
	}
	c.fork.wantPulls("cms/", "cms/a")
	c.wantPulls("cms/", "cms/a", "cms/a")
}

func forkReopened(t *testing.T, h Harness) {
	c := h.openFork(t, nil)
	c.start("cms/a", put("a.md", "a"))
	for range 2 {
		p := c.fork.openPull("cms/a")
		c.wantPulls("cms/", "cms/a")
		c.ok(c.fork.puller().ClosePull(t.Context(), p.Number), "ClosePull")
		c.wantPulls("cms/")
		c.fork.wantPulls("cms/")
	}
	head := c.fork.commitTo("cms/a", put("a.md", "a2")) // and on it goes
	if p := c.fork.openPull("cms/a"); p.HeadCommit != head {
		t.Errorf("the pull request is %+v, want it at %s", p, head)
	}
}

// forkMerged: a maintainer merges into the origin, by either driver.
func forkMerged(t *testing.T, h Harness) {
	c := h.openFork(t, nil)
	want := map[string]string{}
	for branch, d := range map[string]driver.Driver{
		"cms/a": c.Driver, "cms/b": c.Driver.(driver.Forker).OpenFork(c.name),
	} {
		head := c.start(branch, put(branch+".md", branch))
		number := c.fork.openPull(branch).Number
		c.ok((&repo{Driver: d, t: t}).merge(number, head, false), "MergePull")
		want[branch+".md"] = branch
		c.holds(c.head(""), want)
		c.wantPulls("cms/")
		if _, ok := c.fork.Driver.(driver.BranchLister); ok {
			list := c.branches(c.fork.Driver, branch)
			if slices.ContainsFunc(list, func(b driver.Branch) bool { return !b.Merged }) {
				t.Errorf("after the merge the fork has %+v", list)
			}
		}
	}
}

// forkOpenFork: a maintainer sees somebody's fork, and may write there if the
// contributor lets them.
func forkOpenFork(t *testing.T, h Harness) {
	c := h.openFork(t, nil)
	head := c.start("cms/a", put("a.md", "a"))
	p := c.fork.openPull("cms/a")
	theirs := &repo{Driver: c.Driver.(driver.Forker).OpenFork(p.Fork), t: t, branch: c.branch}
	theirs.unmoved("cms/a", head)
	theirs.holds(head, map[string]string{"a.md": "a"})
	done, err := theirs.Commit(t.Context(), driver.Commit{
		Branch: "cms/a", ExpectedHead: head, Message: "Edit", Changes: []driver.Change{put("a.md", "edited")},
	})
	if cmserr.Is(err, cmserr.Forbidden) || cmserr.Is(err, cmserr.NotFound) { // as hosts hide what is forbidden
		c.fork.unmoved("cms/a", head)
		return
	}
	c.ok(err, "Commit")
	c.fork.unmoved("cms/a", done.Head)
	if p := c.fork.pull("cms/a"); p.HeadCommit != done.Head {
		t.Errorf("the pull request is %+v, want it at %s", p, done.Head)
	}
}
