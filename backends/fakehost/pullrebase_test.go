package fakehost

import (
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
)

// diverged is a pull request whose base has moved on.
func diverged(t *testing.T, edits ...string) (*fixture, int) {
	t.Helper()
	f := newFixture(t, map[string]string{"a": "1"})
	f.host.Adopt(Habits{KeepPulls: true, EmptyPulls: true, UserCommits: true})
	n := f.open("x", "b=2")
	f.commit("main", edits...)
	return f, n
}

func TestRebasePull_TakesPolls(t *testing.T) {
	t.Parallel()
	f, n := diverged(t, "c=3")
	f.host.Set(func(s *Settings) { s.RebasePoll = 2 })
	before := f.head("x")
	if err := f.repo.RebasePull(n, "owner", "failed"); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, true, false, false} {
		if got := f.repo.Rebasing(n); got != want || (f.head("x") == before) != want {
			t.Errorf("poll %d: %t", i, got)
		}
	}
	if p := f.pull(n); p.MergeError != "" {
		t.Errorf("it failed: %s", p.MergeError)
	}
	if !f.repo.IsAncestor(f.head("main"), f.head("x")) {
		t.Error("the branch isn't based on main")
	}
	after := f.head("x")
	f.host.Set(func(s *Settings) { s.RebasePoll = 0 })
	if err := f.repo.RebasePull(n, "owner", "failed"); err != nil || f.head("x") != after {
		t.Errorf("up to date already: %v", err)
	}
	if err := f.repo.RebasePull(9, "owner", "failed"); KindOf(err) != NotFound {
		t.Errorf("one that isn't there: %v", err)
	}
}

func TestRebasePull_Conflict(t *testing.T) {
	t.Parallel()
	f, n := diverged(t, "b=3")
	before := f.head("x")
	if err := f.repo.RebasePull(n, "owner", "failed"); err != nil {
		t.Fatal(err)
	}
	if p := f.pull(n); p.MergeError != "failed" || f.head("x") != before {
		t.Errorf("%+v", p)
	}
}

func TestLand(t *testing.T) {
	t.Parallel()
	f, n := diverged(t, "c=3")
	base, head := f.head("main"), f.head("x")
	if err := f.repo.Land(n, Landing{By: "owner", Before: head, After: head}); KindOf(err) != Moved {
		t.Errorf("onto another base: %v", err)
	}
	id, err := f.repo.RebaseCommits(base, head, f.host.Signature(User{Login: "owner"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.repo.Land(n, Landing{By: "owner", Before: base, After: id, Squash: id, Remove: true}); err != nil {
		t.Fatal(err)
	}
	p := f.pull(n)
	if _, found := f.repo.Head("x"); found || !p.Merged || p.Open || p.SquashCommit != id || !p.MergeCommit.IsZero() || p.MergedBy != "owner" || f.head("main") != id {
		t.Errorf("landed: %+v", p)
	}
	if err := f.repo.Land(n, Landing{Before: id, After: id}); KindOf(err) != NotFound {
		t.Errorf("twice: %v", err)
	}
}

func TestSeenPull_Lags(t *testing.T) {
	t.Parallel()
	f, n := diverged(t, "c=3")
	f.host.Set(func(s *Settings) { s.HeadLag = 2 })
	before, after := f.head("x"), f.commit("x", "d=4")
	got := []plumbing.Hash{f.repo.SeenPulls()[0].Head.SHA}
	for range 2 {
		p, _ := f.repo.SeenPull(n)
		got = append(got, p.Head.SHA)
	}
	if got[0] != before || got[1] != before || got[2] != after || f.pull(n).Head.SHA != after {
		t.Errorf("%v, want twice %s, then %s", got, before, after)
	}
}

func TestEmptyPull_StaysOpen(t *testing.T) {
	t.Parallel()
	f, n := diverged(t, "c=3")
	if err := f.repo.CreateRef("", "refs/heads/empty", f.head("main")); err != nil {
		t.Fatal(err)
	}
	p, err := f.repo.CreatePull(NewPull{By: "owner", HeadBranch: "empty", BaseBranch: "main"})
	if err != nil {
		t.Fatal(err)
	}
	f.commit("main", "d=4")
	if err := f.repo.DeleteRef("", "refs/heads/x"); err != nil {
		t.Fatal(err)
	}
	if p := f.pull(p.Number); !p.Open || p.Merged {
		t.Errorf("one without commits: %+v", p)
	}
	if p := f.pull(n); !p.Open {
		t.Errorf("one without its branch: %+v", p)
	}
}
