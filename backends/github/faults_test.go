package github_test

import (
	"strings"
	"testing"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/github"
)

func files(texts ...string) map[string]drivertest.File {
	out := map[string]drivertest.File{"README.md": {Data: []byte("A site.\n")}}
	for i := 0; i < len(texts); i += 2 {
		out[texts[i]] = drivertest.File{Data: []byte(texts[i+1])}
	}
	return out
}

func put(path, text string) driver.Change {
	return driver.Change{Op: driver.Put, Path: path, Data: []byte(text)}
}

func (s *site) head(branch string) string {
	s.t.Helper()
	id, ok := s.repo.Head(branch)
	if !ok {
		s.t.Fatalf("no branch %s", branch)
	}
	return id.String()
}

// commits counts a branch's commits after the first.
func (s *site) commits(branch string) int {
	s.t.Helper()
	n := -1
	for id, ok := s.repo.Head(branch); ok; n++ {
		c, err := s.repo.CommitByID(id)
		if err != nil {
			s.t.Fatal(err)
		}
		ok = len(c.ParentHashes) > 0
		if ok {
			id = c.ParentHashes[0]
		}
	}
	return n
}

func (s *site) text(branch, path string) string {
	s.t.Helper()
	held, err := s.repo.Files(branch)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(held[path].Content)
}

// asked counts requests by method and a part of the path or operation.
func (s *site) asked(method, part string) int {
	n := 0
	for _, q := range s.host.Requests() {
		if q.Method == method && strings.Contains(q.Path+" "+q.Operation, part) {
			n++
		}
	}
	return n
}

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
			s.host.Fault(lose)
			seen := s.head("main")
			done, err := s.open("ghp_octo", cfg).Commit(t.Context(), driver.Commit{
				Branch: "main", ExpectedHead: seen, Message: "Edit", Changes: []driver.Change{put("a.md", "b")},
			})
			if err != nil || done.Head != s.head("main") || s.commits("main") != 1 || s.text("main", "a.md") != "b" {
				t.Errorf("%s %s: %v, %d commits", lose.Method, lose.Path, err, s.commits("main"))
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
			s.host.Fault(fakehost.Rule{Path: path, Count: 1, Effect: fakehost.Effect{CutAfter: true}})
		}
		theirs := make(chan error, 1)
		go func() {
			for s.commits("main") == 0 {
				time.Sleep(time.Millisecond)
			}
			user, _ := s.host.User("octo")
			_, err := s.repo.Commit("main", s.host.Signature(user), "Theirs", fakehost.Change{Path: "b.md", Content: []byte("b")})
			theirs <- err
		}()
		_, err := s.open("ghp_octo", cfg).Commit(t.Context(), driver.Commit{
			Branch: "main", ExpectedHead: s.head("main"), Message: "Edit", Changes: []driver.Change{put("a.md", "mine")},
		})
		if err := <-theirs; err != nil {
			t.Fatal(err)
		}
		if err != nil || s.commits("main") != 2 || s.text("main", "a.md") != "mine" || s.text("main", "b.md") != "b" {
			t.Errorf("%v, %d commits", err, s.commits("main"))
		}
	})
}

func TestCommit_CutBefore(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		s := serve(t, files("a.md", "a"))
		s.host.Fault(fakehost.Rule{Method: "POST", Count: 1, Effect: fakehost.Effect{CutBefore: true}})
		_, err := s.open("ghp_octo", cfg).Commit(t.Context(), driver.Commit{
			Branch: "cms/posts/a", Base: s.head("main"), Message: "Start", Changes: []driver.Change{put("b.md", "b")},
		})
		if err != nil || s.commits("cms/posts/a") != 1 {
			t.Errorf("%v", err)
		}
	})
}

func TestCommit_LostAnswerOfANewBranch(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		for _, path := range []string{"*/git/refs", "/graphql"} {
			s := serve(t, files("a.md", "a"))
			s.host.Fault(fakehost.Rule{Method: "POST", Path: path, Count: 1, Effect: fakehost.Effect{CutAfter: true}})
			done, err := s.open("ghp_octo", cfg).Commit(t.Context(), driver.Commit{
				Branch: "cms/posts/a", Base: s.head("main"), Message: "Start", Changes: []driver.Change{put("b.md", "b")},
			})
			if err != nil || done.Head != s.head("cms/posts/a") || s.commits("cms/posts/a") != 1 {
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
		head := s.head("main")
		for _, path := range []string{"/graphql", "*/git/trees"} {
			s.host.Fault(fakehost.Rule{Method: "POST", Path: path, Effect: fakehost.Effect{Status: 503}})
		}
		_, err := s.open("ghp_octo", cfg).Commit(t.Context(), driver.Commit{
			Branch: "cms/posts/a", Base: head, Message: "Start", Changes: []driver.Change{put("b.md", "b")},
		})
		if !cmserr.Is(err, cmserr.Network) {
			t.Errorf("%v", err)
		}
		if _, there := s.repo.Head("cms/posts/a"); there {
			t.Error("a branch without a change was left behind")
		}
		_, err = s.open("ghp_octo", cfg).Commit(t.Context(), driver.Commit{
			Branch: "main", ExpectedHead: head, Message: "Edit", Changes: []driver.Change{put("a.md", "b")},
		})
		if !cmserr.Is(err, cmserr.Network) || s.head("main") != head {
			t.Errorf("%v", err)
		}
	})
}

func TestHead_StaleReadAfterAWrite(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		s := serve(t, files("a.md", "a"))
		s.host.Fault(fakehost.Rule{Effect: fakehost.Effect{StaleReads: 2}})
		r := s.open("ghp_octo", cfg)
		done, err := r.Commit(t.Context(), driver.Commit{
			Branch: "main", ExpectedHead: s.head("main"), Message: "Edit", Changes: []driver.Change{put("a.md", "b")},
		})
		if err != nil {
			t.Fatal(err)
		}
		if head, err := r.Head(t.Context(), "main"); err != nil || head != done.Head {
			t.Errorf("%s, %v, want %s", head, err, done.Head)
		}
	})
}
