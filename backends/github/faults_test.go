package github_test

import (
	"testing"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/github"
)

// ways are the two ways to commit: with a mutation, and over REST alone.
var ways = map[string]github.Config{
	"GraphQL": {Repo: "octo/site"},
	"REST":    {Repo: "octo/site", NoGraphQL: true},
}

func each(t *testing.T, run func(t *testing.T, cfg github.Config)) {
	t.Parallel()
	for name, cfg := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, cfg)
		})
	}
}

// TestCommit_LostAnswer: each request of a commit loses its answer once. There is
// one commit all the same, and it is reported as done.
func TestCommit_LostAnswer(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		for _, lose := range []fakehost.Rule{
			{Method: "POST", Path: "/graphql"}, {Method: "POST", Path: "*/git/trees"},
			{Method: "POST", Path: "*/git/commits"}, {Method: "PATCH", Path: "*/git/refs/*"},
		} {
			s := serve(t, files("a.md", "a"))
			lose.Count, lose.Effect = 1, fakehost.Effect{CutAfter: true}
			s.Host.Fault(lose)
			seen := s.Head("main")
			done, err := s.open("ghp_octo", cfg).Commit(t.Context(), driver.Commit{
				Branch: "main", ExpectedHead: seen, Message: "Edit", Changes: []driver.Change{put("a.md", "b")},
			})
			if err != nil || done.Head != s.Head("main") || s.Commits("main") != 1 || s.Text("main", "a.md") != "b" {
				t.Errorf("%s %s: %v, %d commits", lose.Method, lose.Path, err, s.Commits("main"))
			}
		}
	})
}

// TestCommit_LostAnswerAndMoved: somebody else commits right on top of a commit
// whose answer was lost.
func TestCommit_LostAnswerAndMoved(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		s := serve(t, files("a.md", "a"))
		for _, path := range []string{"/graphql", "*/git/refs/*"} {
			s.Host.Fault(fakehost.Rule{Path: path, Count: 1, Effect: fakehost.Effect{CutAfter: true}})
		}
		theirs := make(chan error, 1)
		go func() {
			for s.Commits("main") == 0 {
				time.Sleep(time.Millisecond)
			}
			_, err := s.Repo.Commit("main", s.Author(), "Theirs", fakehost.Change{Path: "b.md", Content: []byte("b")})
			theirs <- err
		}()
		_, err := s.open("ghp_octo", cfg).Commit(t.Context(), driver.Commit{
			Branch: "main", ExpectedHead: s.Head("main"), Message: "Edit", Changes: []driver.Change{put("a.md", "mine")},
		})
		if err := <-theirs; err != nil {
			t.Fatal(err)
		}
		if err != nil || s.Commits("main") != 2 || s.Text("main", "a.md") != "mine" || s.Text("main", "b.md") != "b" {
			t.Errorf("%v, %d commits", err, s.Commits("main"))
		}
	})
}

func TestCommit_CutBefore(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		s := serve(t, files("a.md", "a"))
		s.Host.Fault(fakehost.Rule{Method: "POST", Count: 1, Effect: fakehost.Effect{CutBefore: true}})
		_, err := s.open("ghp_octo", cfg).Commit(t.Context(), driver.Commit{
			Branch: "cms/posts/a", Base: s.Head("main"), Message: "Start", Changes: []driver.Change{put("b.md", "b")},
		})
		if err != nil || s.Commits("cms/posts/a") != 1 {
			t.Errorf("%v", err)
		}
	})
}

func TestCommit_LostAnswerOfANewBranch(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		for _, path := range []string{"*/git/refs", "/graphql"} {
			s := serve(t, files("a.md", "a"))
			s.Host.Fault(fakehost.Rule{Method: "POST", Path: path, Count: 1, Effect: fakehost.Effect{CutAfter: true}})
			done, err := s.open("ghp_octo", cfg).Commit(t.Context(), driver.Commit{
				Branch: "cms/posts/a", Base: s.Head("main"), Message: "Start", Changes: []driver.Change{put("b.md", "b")},
			})
			if err != nil || done.Head != s.Head("cms/posts/a") || s.Commits("cms/posts/a") != 1 {
				t.Errorf("%s: %v", path, err)
			}
		}
	})
}

// TestCommit_GivesUp: a host that never answers is an error, and nothing half done
// stays behind.
func TestCommit_GivesUp(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		s := serve(t, files("a.md", "a"))
		head := s.Head("main")
		for _, path := range []string{"/graphql", "*/git/trees"} {
			s.Host.Fault(fakehost.Rule{Method: "POST", Path: path, Effect: fakehost.Effect{Status: 503}})
		}
		_, err := s.open("ghp_octo", cfg).Commit(t.Context(), driver.Commit{
			Branch: "cms/posts/a", Base: head, Message: "Start", Changes: []driver.Change{put("b.md", "b")},
		})
		if !cmserr.Is(err, cmserr.Network) {
			t.Errorf("%v", err)
		}
		if _, there := s.Repo.Head("cms/posts/a"); there {
			t.Error("a branch without a change was left behind")
		}
		_, err = s.open("ghp_octo", cfg).Commit(t.Context(), driver.Commit{
			Branch: "main", ExpectedHead: head, Message: "Edit", Changes: []driver.Change{put("a.md", "b")},
		})
		if !cmserr.Is(err, cmserr.Network) || s.Head("main") != head {
			t.Errorf("%v", err)
		}
	})
}

func TestHead_StaleReadAfterAWrite(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		s := serve(t, files("a.md", "a"))
		s.CheckStaleHead(s.open("ghp_octo", cfg))
	})
}
