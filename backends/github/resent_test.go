package github_test

import (
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/github"
)

// resending serves a site whose next request of that kind is done twice, and whose
// first answer nobody sees.
func resending(t *testing.T, method, path string) *site {
	t.Helper()
	s := serve(t, files("a.md", "a"))
	s.Resend(method, path)
	return s
}

func TestCommit_SentTwice(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		for _, path := range []string{"/graphql", "*/git/commits", "*/git/refs/*"} {
			s := resending(t, "", path)
			done, err := s.open("ghp_octo", cfg).Commit(t.Context(), driver.Commit{
				Branch: "main", ExpectedHead: s.Head("main"), Message: "Edit", Changes: []driver.Change{put("a.md", "b")},
			})
			if err != nil || done.Head != s.Head("main") || s.Commits("main") != 1 || s.Text("main", "a.md") != "b" {
				t.Errorf("%s: %v, %d commits", path, err, s.Commits("main"))
			}
		}
	})
}

func TestCommit_NewBranchSentTwice(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		s := resending(t, "POST", "/graphql")
		done, err := s.open("ghp_octo", cfg).Commit(t.Context(), driver.Commit{
			Branch: "cms/posts/a", Base: s.Head("main"), Message: "Start", Changes: []driver.Change{put("b.md", "b")},
		})
		if err != nil || done.Head != s.Head("cms/posts/a") || s.Commits("cms/posts/a") != 1 {
			t.Errorf("%v", err)
		}
	})
}

// TestCommit_SameChangeBySomebodyElse: a commit that only looks like ours, on
// another parent, is theirs.
func TestCommit_SameChangeBySomebodyElse(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		s := serve(t, files("a.md", "a"))
		s.CheckSameChange(s.open("ghp_octo", cfg))
	})
}

func TestOpenPull_SentTwice(t *testing.T) {
	t.Parallel()
	s := resending(t, "POST", "*/pulls")
	p := s.draft(s.signedIn("ghp_octo"))
	if p.Number == 0 || len(s.Repo.Pulls()) != 1 {
		t.Errorf("%+v", p)
	}
}

// TestOpenPull_SameTitleBySomebodyElse: what is called like ours may be theirs.
func TestOpenPull_SameTitleBySomebodyElse(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	s.draft(s.signedIn("ghp_octo"))
	s.Host.AddUser(fakehost.User{Login: "other"})
	s.Host.AddToken("other", "ghp_other", "repo")
	s.Repo.SetPermission("other", fakehost.Write)
	_, err := s.signedIn("ghp_other").OpenPull(t.Context(),
		driver.NewPull{Head: "cms/a", Base: "main", Title: "Draft", Body: "By hand"})
	if !cmserr.Is(err, cmserr.Conflict) {
		t.Errorf("%v, want a Conflict", err)
	}
}
