package github_test

import (
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/github"
)

// contributor adds a user who may only read.
func (s *site) contributor(cfg github.Config) *github.Repo {
	s.T.Helper()
	s.Host.AddUser(fakehost.User{Login: "bob"})
	s.Host.AddToken("bob", "ghp_bob", "public_repo")
	return s.open("ghp_bob", cfg)
}

func TestFork_WaitsAndKeepsStep(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		s := serve(t, files("a.md", "a"))
		s.Host.Set(func(o *fakehost.Settings) { o.ForkPolls = 3 })
		r := s.contributor(cfg)
		if _, err := r.Fork(t.Context(), "main", false); !cmserr.Is(err, cmserr.NotFound) {
			t.Fatalf("a fork without permission: %v", err)
		}
		if s.Asked("POST", "/forks") != 0 {
			t.Fatal("a fork was asked for")
		}
		fork, err := r.Fork(t.Context(), "main", true)
		if err != nil || fork.Name != "bob/site" {
			t.Fatalf("%+v, %v", fork, err)
		}
		user, _ := s.Host.User("octo")
		if _, err := s.Repo.Commit("main", s.Host.Signature(user), "Theirs", fakehost.Change{Path: "b.md", Content: []byte("b")}); err != nil {
			t.Fatal(err)
		}
		again, err := r.Fork(t.Context(), "main", false)
		if err != nil {
			t.Fatal(err)
		}
		if head, err := again.Driver.Head(t.Context(), "main"); err != nil || head != s.Head("main") {
			t.Errorf("the fork is not in step: %s, %v", head, err)
		}
	})
}

// TestFork_WentItsOwnWay: a fork that can't be brought in step is used all the
// same, and left as it is.
func TestFork_WentItsOwnWay(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.contributor(github.Config{Repo: "octo/site"})
	fork, err := r.Fork(t.Context(), "main", true)
	if err != nil {
		t.Fatal(err)
	}
	theirs, _ := s.Host.Repository("bob", "site")
	for repo, text := range map[*fakehost.Repository]string{theirs: "mine", s.Repo: "theirs"} {
		user, _ := s.Host.User("bob")
		if _, err := repo.Commit("main", s.Host.Signature(user), text, fakehost.Change{Path: "a.md", Content: []byte(text)}); err != nil {
			t.Fatal(err)
		}
	}
	own, _ := theirs.Head("main")
	if _, err := r.Fork(t.Context(), "main", false); err != nil {
		t.Error(err)
	}
	if now, _ := theirs.Head("main"); now != own {
		t.Error("the fork was overwritten")
	}
	// A draft starts where the origin is.
	done, err := fork.Driver.Commit(t.Context(), driver.Commit{
		Branch: "cms/bob/site/posts/x", Base: s.Head("main"), Message: "Draft", Changes: []driver.Change{put("x.md", "x")},
	})
	if err != nil {
		t.Fatal(err)
	}
	entries, err := fork.Driver.Tree(t.Context(), done.Head, "", false)
	if err != nil || len(entries) != 3 {
		t.Errorf("%v, %v", entries, err)
	}
}

// TestFork_PullRequests: they lead from the fork into the origin, are closed, opened
// again, and leave a branch that is known as merged.
func TestFork_PullRequests(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		s := serve(t, files("a.md", "a"))
		fork, err := s.contributor(cfg).Fork(t.Context(), "main", true)
		if err != nil {
			t.Fatal(err)
		}
		f := fork.Driver.(*github.Repo)
		const branch = "cms/bob/site/posts/x"
		done, err := f.Commit(t.Context(), driver.Commit{
			Branch: branch, Base: s.Head("main"), Message: "Draft", Changes: []driver.Change{put("x.md", "x")},
		})
		if err != nil {
			t.Fatal(err)
		}
		p, err := f.OpenPull(t.Context(), driver.NewPull{Head: branch, Base: "main", Title: "Draft"})
		if err != nil || p.Fork != "bob/site" || p.HeadCommit != done.Head {
			t.Fatalf("%+v, %v", p, err)
		}
		maintainer := s.open("ghp_octo", cfg)
		if all, err := maintainer.Pulls(t.Context(), "main", "cms/"); err != nil || len(all) != 1 || all[0].Fork != "bob/site" {
			t.Errorf("the maintainer sees %+v, %v", all, err)
		}
		if _, err := maintainer.Pull(t.Context(), "main", branch); !cmserr.Is(err, cmserr.NotFound) {
			t.Errorf("a fork's branch is taken for the repository's own: %v", err)
		}
		if err := f.ClosePull(t.Context(), p.Number); err != nil {
			t.Fatal(err)
		}
		again, err := f.OpenPull(t.Context(), driver.NewPull{Head: branch, Base: "main", Title: "Draft"})
		if err != nil || again.Number != p.Number {
			t.Errorf("opened %d, not %d again: %v", again.Number, p.Number, err)
		}
		err = maintainer.MergePull(t.Context(), p.Number, driver.Merge{ExpectedHead: done.Head, Message: "Publish", Squash: true})
		if err != nil {
			t.Fatal(err)
		}
		branches, err := f.Branches(t.Context(), "cms/bob/site/")
		if err != nil || len(branches) != 1 || !branches[0].Merged || branches[0].Name != branch {
			t.Errorf("%+v, %v", branches, err)
		}
	})
}

func TestFork_OfOnesOwnRepository(t *testing.T) {
	t.Parallel()
	s := serve(t, files())
	_, err := s.signedIn("ghp_octo").Fork(t.Context(), "main", true)
	if !cmserr.Is(err, cmserr.Forbidden) || !strings.Contains(err.Error(), "always_fork") {
		t.Error(err)
	}
}
