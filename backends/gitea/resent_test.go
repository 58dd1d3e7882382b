package gitea_test

import (
	"testing"

	"mooring/backends/fakehost/fakegitea"
)

// resending serves a site whose next request of that kind is done twice, and whose
// first answer nobody sees.
func resending(t *testing.T, server fakegitea.Options, method, path string) *site {
	t.Helper()
	s := serve(t, server, files("a.md", "a"))
	s.Resend(method, path)
	return s
}

func TestCommit_SentTwice(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := resending(t, server, "POST", "*/contents")
		done, err := s.signedIn().Commit(t.Context(), edit(s.Head("main"), put("a.md", "b")))
		if err != nil || done.Head != s.Head("main") || s.Commits("main") != 1 || s.Text("main", "a.md") != "b" {
			t.Errorf("%v, %d commits", err, s.Commits("main"))
		}
	})
}

func TestCommit_NewBranchSentTwice(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		for _, seen := range []bool{false, true} { // then the branch is made along with the commit
			s := resending(t, server, "POST", "*/contents")
			r := s.signedIn()
			if seen {
				if _, err := r.Head(t.Context(), "main"); err != nil {
					t.Fatal(err)
				}
			}
			done, err := r.Commit(t.Context(), start(s.Head("main"), put("b.md", "b")))
			if err != nil || done.Head != s.Head("cms/posts/a") || s.Commits("cms/posts/a") != 1 {
				t.Errorf("%v", err)
			}
		}
	})
}

// TestCommit_SameChangeBySomebodyElse: a commit that only looks like ours, on another
// parent, is theirs.
func TestCommit_SameChangeBySomebodyElse(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		s.CheckSameChange(s.signedIn())
	})
}

func TestOpenPull_SentTwice(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := resending(t, server, "POST", "*/pulls")
		p := s.draft(s.signedIn())
		if p.Number == 0 || len(s.Repo.Pulls()) != 1 {
			t.Errorf("%+v", p)
		}
	})
}
