package fakehost

import (
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
)

// behind makes a pull request whose base has moved on.
func behind(t *testing.T, path string) (*Repository, PullRequest) {
	t.Helper()
	h := New(Options{})
	r, err := h.AddRepository("octo", "site", map[string]File{"a": {Content: []byte("a")}}, RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	user, _ := h.User("octo")
	commit := func(branch, path, text string) {
		if _, err := r.Commit(branch, h.Signature(user), "m", Change{Path: path, Content: []byte(text)}); err != nil {
			t.Fatal(err)
		}
	}
	commit("draft", "b", "draft")
	commit("main", path, "main")
	p, err := r.CreatePull(NewPull{By: "octo", Title: "t", HeadBranch: "draft", BaseBranch: "main"})
	if err != nil {
		t.Fatal(err)
	}
	return r, p
}

func TestUpdatePull(t *testing.T) {
	t.Parallel()
	for name, parents := range map[string]int{"rebase": 1, "merge": 2} {
		r, p := behind(t, "c")
		if err := r.UpdatePull(p.Number, "octo", "catch up", name == "rebase"); err != nil {
			t.Fatal(name, err)
		}
		after, _ := r.Pull(p.Number)
		main, _ := r.Head("main")
		commit, err := r.CommitByID(after.Head.SHA)
		if err != nil || len(commit.ParentHashes) != parents || !r.objects.isAncestor(main, after.Head.SHA) {
			t.Errorf("%s: the head is %+v, %v", name, commit, err)
		}
		files, err := r.Files("draft")
		if err != nil || len(files) != 3 {
			t.Errorf("%s: %v, %v", name, files, err)
		}
		if err := r.UpdatePull(p.Number, "octo", "", name == "rebase"); KindOf(err) != Exists {
			t.Errorf("%s again: %v", name, err)
		}
	}
}

func TestUpdatePull_Refused(t *testing.T) {
	t.Parallel()
	r, p := behind(t, "b")
	for _, rebase := range []bool{true, false} {
		if err := r.UpdatePull(p.Number, "octo", "", rebase); KindOf(err) != Conflict {
			t.Errorf("both changed the same: %v", err)
		}
	}
	if err := r.UpdatePull(7, "octo", "", true); KindOf(err) != NotFound {
		t.Error(err)
	}
	closed := false
	if _, err := r.EditPull(p.Number, PullEdit{Open: &closed}); err != nil {
		t.Fatal(err)
	}
	if err := r.UpdatePull(p.Number, "octo", "", true); KindOf(err) != Blocked {
		t.Error(err)
	}
}

func TestHabits_PullsOfGitea(t *testing.T) {
	t.Parallel()
	r, p := behind(t, "c")
	r.host.Adopt(Habits{KeepPulls: true, ClosesWithBranch: true, NoArrivals: true})
	if err := r.UpdateRef("", "refs/heads/main", p.Head.SHA, true); err != nil {
		t.Fatal(err)
	}
	if p, _ = r.Pull(p.Number); !p.Open || p.Merged {
		t.Errorf("its commits arrived in the base: %+v", p)
	}
	if err := r.DeleteRef("", "refs/heads/draft"); err != nil {
		t.Fatal(err)
	}
	if p, _ = r.Pull(p.Number); p.Open || p.Merged || p.Head.SHA == plumbing.ZeroHash {
		t.Errorf("its branch was deleted: %+v", p)
	}
}

func TestHabits_LooseLabels(t *testing.T) {
	t.Parallel()
	r, p := behind(t, "c")
	r.host.Adopt(Habits{NoLabels: true, LooseLabels: true})
	var ids []int64
	for range 2 {
		l, err := r.CreateLabel(Label{Name: "twin"})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, l.ID)
	}
	if err := r.SetLabelIDs(p.Number, []int64{ids[1], 9999, ids[0], ids[1]}); err != nil {
		t.Fatal(err)
	}
	if p, _ = r.Pull(p.Number); len(p.LabelIDs) != 2 || len(p.Labels) != 2 || p.Labels[0] != "twin" {
		t.Errorf("%v %v", p.Labels, p.LabelIDs)
	}
	if err := r.SetLabelIDs(9, ids); KindOf(err) != NotFound {
		t.Error(err)
	}
}
