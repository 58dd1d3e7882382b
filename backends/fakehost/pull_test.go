package fakehost

import (
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
)

// open opens a pull request of a branch with one change.
func (f *fixture) open(branch, edit string) int {
	f.t.Helper()
	f.commit(branch, edit)
	p, err := f.repo.CreatePull(NewPull{By: "owner", Title: "Title", HeadBranch: branch, BaseBranch: "main"})
	if err != nil {
		f.t.Fatal(err)
	}
	return p.Number
}

func (f *fixture) pull(n int) PullRequest {
	f.t.Helper()
	p, ok := f.repo.Pull(n)
	if !ok {
		f.t.Fatalf("no pull request %d", n)
	}
	return p
}

func TestPull_FollowsItsHead(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "1"})
	n := f.open("x", "a=2")
	second := f.commit("x", "a=3")
	if p := f.pull(n); p.Head.SHA != second || !p.Open || !p.UpdatedAt.Equal(f.host.Now()) {
		t.Errorf("after a push: %+v", p)
	}
	if err := f.repo.UpdateRef("", "refs/heads/x", f.head("main"), true); err != nil {
		t.Fatal(err)
	}
	if p := f.pull(n); p.Open || p.Merged || p.Head.SHA != second {
		t.Errorf("with nothing new left: %+v", p)
	}
}

func TestPull_MergedByPush(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "1"})
	n, other := f.open("x", "a=2"), f.open("y", "b=2")
	if err := f.repo.UpdateRef("", "refs/heads/main", f.head("x"), false); err != nil {
		t.Fatal(err)
	}
	if p := f.pull(n); p.Open || !p.Merged || p.MergeCommit != f.head("x") {
		t.Errorf("what was pushed: %+v", p)
	}
	if p := f.pull(other); !p.Open {
		t.Errorf("the other one: %+v", p)
	}
}

func TestEditPull_Reopen(t *testing.T) {
	t.Parallel()
	no, yes := false, true
	for name, c := range map[string]struct {
		meanwhile func(*fixture)
		message   string // of the refusal
	}{
		"untouched": {func(*fixture) {}, ""},
		"pushed to": {func(f *fixture) { f.commit("x", "a=3") }, ""},
		"deleted":   {func(f *fixture) { must(f.t, f.repo.DeleteRef("", "refs/heads/x")) }, "deleted"},
		"rewritten": {func(f *fixture) {
			f.commit("z", "c=1")
			must(f.t, f.repo.UpdateRef("", "refs/heads/x", f.head("z"), true))
		}, "force-pushed"},
		"no commits": {func(f *fixture) { must(f.t, f.repo.UpdateRef("", "refs/heads/main", f.head("x"), false)) }, "no new commits"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, map[string]string{"a": "1"})
			n := f.open("x", "a=2")
			if p, err := f.repo.EditPull(n, PullEdit{Open: &no}); err != nil || p.Open || p.ClosedAt.IsZero() {
				t.Fatalf("closing: %+v, %v", p, err)
			}
			c.meanwhile(f)
			p, err := f.repo.EditPull(n, PullEdit{Open: &yes})
			if c.message == "" {
				if err != nil || !p.Open || p.Head.SHA != f.head("x") {
					t.Errorf("%+v, %v", p, err)
				}
				return
			}
			wants(t, err, Invalid)
			if err != nil && !strings.Contains(err.Error(), c.message) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestMergePull_Methods(t *testing.T) {
	t.Parallel()
	for method, parents := range map[string]int{"merge": 2, "squash": 1, "rebase": 1, "": 2} {
		t.Run("method "+method, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, map[string]string{"a": "1", "b": "1"})
			n := f.open("x", "a=2")
			f.commit("x", "a=3", "n=1")
			f.commit("main", "b=2")
			f.repo.Edit(func(i *Info) { i.DeleteBranchOnMerge = true })
			id, err := f.repo.MergePull(n, MergeOptions{By: "owner", Method: method, Head: f.head("x")})
			must(t, err)
			if got := f.files("main"); got != "a=3 b=2 n=1" || f.head("main") != id {
				t.Errorf("the files are %s", got)
			}
			c, err := f.repo.CommitByID(id)
			must(t, err)
			if len(c.ParentHashes) != parents {
				t.Errorf("%d parents", len(c.ParentHashes))
			}
			if p := f.pull(n); !p.Merged || p.Open || p.MergedBy != "owner" || p.MergeCommit != id {
				t.Errorf("%+v", p)
			}
			if _, ok := f.repo.Head("x"); ok {
				t.Error("the branch is still there")
			}
			compared, err := f.repo.ComparePull(f.pull(n))
			must(t, err)
			if len(compared.Files) != 2 {
				t.Errorf("the merged pull request has %+v", compared.Files)
			}
		})
	}
}

func TestMergePull_Refused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "1"})
	n := f.open("x", "a=2")
	merge := func(o MergeOptions) error { _, err := f.repo.MergePull(n, o); return err }
	wants(t, merge(MergeOptions{Head: plumbing.NewHash("01")}), Moved)
	wants(t, merge(MergeOptions{Method: "other"}), Invalid)
	f.repo.Protect("main", &Protection{RequiredReviews: 2})
	wants(t, merge(MergeOptions{By: "guest"}), Blocked)
	for _, v := range []Review{{Author: "guest", State: "APPROVED"}, {Author: "Guest", State: "COMMENTED"}, {Author: "owner", State: "APPROVED"}, {Author: "owner", State: "CHANGES_REQUESTED"}} {
		_, err := f.repo.AddReview(n, v)
		must(t, err)
	}
	wants(t, merge(MergeOptions{By: "guest"}), Blocked)
	if got := f.repo.Mergeability(n); got != "blocked" {
		t.Errorf("mergeability is %s", got)
	}
	f.repo.Protect("main", nil)
	f.commit("main", "a=3")
	wants(t, merge(MergeOptions{}), Conflict)
	if got := f.repo.Mergeability(n); got != "dirty" {
		t.Errorf("mergeability is %s", got)
	}
	if p := f.pull(n); !p.Open || f.files("main") != "a=3" {
		t.Errorf("something was merged: %+v", p)
	}
}

func TestFork(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "1"})
	f.commit("side", "b=1")
	f.host.Set(func(s *Settings) { s.ForkPolls = 1 })
	fork, err := f.host.Fork("guest", f.repo, ForkOptions{DefaultBranchOnly: true})
	must(t, err)
	if _, _, ok := f.host.Lookup("guest", "repo"); ok {
		t.Error("it is there at once")
	}
	if _, _, ok := f.host.Lookup("guest", "repo"); !ok {
		t.Error("it doesn't appear")
	}
	if _, ok := fork.Head("side"); ok || fork.Source() != f.repo || len(f.repo.Forks()) != 1 {
		t.Errorf("the fork is %+v", fork.Info())
	}
	if again, err := f.host.Fork("guest", f.repo, ForkOptions{}); err != nil || again != fork {
		t.Errorf("a second fork: %v", err)
	}
	for _, c := range []struct {
		mine, theirs, want string
		kind               Kind
	}{{"", "", "none", 0}, {"", "a=2", "fast-forward", 0}, {"m=1", "a=3", "merge", 0}, {"a=4", "a=5", "", Conflict}} {
		if c.theirs != "" {
			f.commit("main", c.theirs)
		}
		if c.mine != "" {
			_, err := fork.Commit("main", somebody, "mine", changes([]string{c.mine})...)
			must(t, err)
		}
		did, err := fork.MergeUpstream("guest", "main")
		if KindOf(err) != c.kind || err == nil && did.Type != c.want {
			t.Errorf("%s and %s: %+v, %v", c.mine, c.theirs, did, err)
		}
	}
	_, err = f.repo.MergeUpstream("owner", "main")
	wants(t, err, Invalid)
}

func TestLabels(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "1"})
	n := f.open("x", "a=2")
	must(t, f.repo.SetLabels(n, []string{"b", "a", "A"}))
	must(t, f.repo.AddLabels(n, []string{"c", "B"}))
	must(t, f.repo.RemoveLabels(n, []string{"A"}))
	if got := strings.Join(f.pull(n).Labels, " "); got != "b c" {
		t.Errorf("the labels are %s", got)
	}
	wants(t, f.repo.RemoveLabels(n, []string{"none"}), NotFound)
	wants(t, f.repo.SetLabels(99, nil), NotFound)
	_, err := f.repo.CreateLabel(Label{Name: "B"})
	wants(t, err, Exists)
	_, err = f.repo.CreateLabel(Label{Name: " "})
	wants(t, err, Invalid)
	if l, ok := f.repo.Label("C"); !ok || l.Color != defaultColor {
		t.Errorf("a label that was made by use: %+v", l)
	}
}
