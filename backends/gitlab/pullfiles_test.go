package gitlab_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/gitlab"
)

func many(n int) []driver.Change {
	var changes []driver.Change
	for i := range n {
		changes = append(changes, put(fmt.Sprintf("many/%03d.md", i), fmt.Sprint(i)))
	}
	return changes
}

// TestPullFiles_TellsWhatCompareTells: what GraphQL does not tell is compared.
func TestPullFiles_TellsWhatCompareTells(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		s := serve(t, files("a.md", "a", "old/name.md", "a long enough text to be known again\nand again\n", "gone.md", "g"))
		r := s.open("glpat-octo", cfg)
		var pulls []driver.Pull
		for name, changes := range map[string][]driver.Change{
			"cms/edit":   {put("a.md", "b"), put("new.md", "n\nm")},
			"cms/rename": {{Op: driver.Move, From: "old/name.md", Path: "new/name.md"}},
			"cms/redo": {{Op: driver.Move, From: "old/name.md", Path: "new/name.md",
				Data: []byte("a long enough text to be known again\nand edited\n")}},
			"cms/delete": {{Op: driver.Delete, Path: "gone.md"}},
			"cms/image":  {put("image.png", "\x89PNG\xff\x00")},
			"cms/many":   many(130),
		} {
			_, err := r.Commit(t.Context(), driver.Commit{Branch: name, Base: s.Head("main"), Message: name, Changes: changes})
			if err != nil {
				t.Fatal(err)
			}
			p, err := r.OpenPull(t.Context(), driver.NewPull{Head: name, Base: "main", Title: name})
			if err != nil {
				t.Fatal(err)
			}
			pulls = append(pulls, p)
		}
		all, err := r.PullFiles(t.Context(), pulls)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range pulls {
			c, err := r.Compare(t.Context(), "main", p.HeadCommit)
			if err != nil || !slices.Equal(all[i], c.Files) {
				t.Errorf("%s: %+v, %v, want %+v", p.Head, all[i], err, c.Files)
			}
		}
	})
}

// TestPulls_FromForks: they are listed, told apart, and not taken for a branch of ours.
func TestPulls_FromForks(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		s := serve(t, files("a.md", "a"))
		s.Host.AddUser(fakehost.User{Login: "other"})
		fork, err := s.Host.Fork("other", s.Repo, fakehost.ForkOptions{})
		if err != nil {
			t.Fatal(err)
		}
		user, _ := s.Host.User("other")
		if err := fork.CreateRef("", "refs/heads/cms/b", plumbing.NewHash(s.Head("main"))); err != nil {
			t.Fatal(err)
		}
		if _, err := fork.Commit("cms/b", s.Host.Signature(user), "Theirs", fakehost.Change{Path: "b.md", Content: []byte("b")}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Repo.CreatePull(fakehost.NewPull{Head: fork, HeadBranch: "cms/b", BaseBranch: "main", Title: "Theirs", By: "other"}); err != nil {
			t.Fatal(err)
		}
		r := s.open("glpat-octo", cfg)
		mine := s.draft(r)
		list, err := r.Pulls(t.Context(), "main", "cms/")
		if err != nil || len(list) != 2 || list[0].Fork == "" || list[1].Fork != "" || list[1].Number != mine.Number {
			t.Errorf("%+v, %v", list, err)
		}
		if _, err := r.Pull(t.Context(), "main", "cms/b"); !cmserr.Is(err, cmserr.NotFound) {
			t.Error(err)
		}
		if files, err := r.PullFiles(t.Context(), list); err != nil || len(files[0]) != 1 || files[0][0].Path != "b.md" {
			t.Errorf("%+v, %v", files, err)
		}
	})
}
