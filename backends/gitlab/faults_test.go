package gitlab_test

import (
	"strings"
	"testing"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/gitlab"
)

// edit changes a.md on main.
func (s *site) edit(r *gitlab.Repo, text string) (driver.Committed, error) {
	return r.Commit(s.T.Context(), driver.Commit{
		Branch: "main", ExpectedHead: s.Head("main"), Message: "Edit", Changes: []driver.Change{put("a.md", text)},
	})
}

// start makes the branch cms/posts/a.
func (s *site) start(r *gitlab.Repo) (driver.Committed, error) {
	return r.Commit(s.T.Context(), driver.Commit{
		Branch: "cms/posts/a", Base: s.Head("main"), Message: "Start", Changes: []driver.Change{put("b.md", "b")},
	})
}

// TestCommit_LostAnswer: a commit whose answer is lost is there once, and is reported as
// done; so is one that never got there, and was sent again.
func TestCommit_LostAnswer(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		for _, effect := range []fakehost.Effect{{CutAfter: true}, {CutBefore: true}, {Status: 502}} {
			s := serve(t, files("a.md", "a"))
			s.Host.Fault(fakehost.Rule{Method: "POST", Path: "*/commits", Count: 1, Effect: effect})
			done, err := s.edit(s.open("glpat-octo", cfg), "b")
			if err != nil || done.Head != s.Head("main") || s.Commits("main") != 1 || s.Text("main", "a.md") != "b" {
				t.Errorf("%+v: %v, %d commits", effect, err, s.Commits("main"))
			}
		}
	})
}

// TestCommit_LostAnswerAndMoved: somebody else commits right on top of a commit whose
// answer was lost, and right before one.
func TestCommit_LostAnswerAndMoved(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		for _, first := range []bool{false, true} {
			s := serve(t, files("a.md", "a"))
			seen := s.Head("main")
			if first {
				s.Theirs("main", "b.md", "b")
			}
			s.Host.Fault(fakehost.Rule{Method: "POST", Path: "*/commits", Count: 1, Effect: fakehost.Effect{CutAfter: true}})
			theirs := make(chan struct{})
			go func() {
				defer close(theirs)
				for !first && s.Commits("main") == 0 {
					time.Sleep(time.Millisecond)
				}
				if !first {
					s.Theirs("main", "b.md", "b")
				}
			}()
			_, err := s.open("glpat-octo", cfg).Commit(t.Context(), driver.Commit{
				Branch: "main", ExpectedHead: seen, Message: "Edit", Changes: []driver.Change{put("a.md", "mine")},
			})
			<-theirs
			if err != nil || s.Commits("main") != 2 || s.Text("main", "a.md") != "mine" || s.Text("main", "b.md") != "b" {
				t.Errorf("theirs first %v: %v, %d commits", first, err, s.Commits("main"))
			}
		}
	})
}

func TestCommit_LostAnswerOfANewBranch(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		for _, effect := range []fakehost.Effect{{CutAfter: true}, {CutBefore: true}} {
			s := serve(t, files("a.md", "a"))
			s.Host.Fault(fakehost.Rule{Method: "POST", Path: "*/commits", Count: 1, Effect: effect})
			done, err := s.start(s.open("glpat-octo", cfg))
			if err != nil || done.Head != s.Head("cms/posts/a") || s.Commits("cms/posts/a") != 1 {
				t.Errorf("%+v: %v", effect, err)
			}
		}
	})
}

// TestCommit_LostAnswerOfLargeFiles: Git holds the pointer to what was sent.
func TestCommit_LostAnswerOfLargeFiles(t *testing.T) {
	t.Parallel()
	s := serve(t, files(".gitattributes", "*.png filter=lfs\n", "a.png", "old"))
	r := s.signedIn("glpat-octo")
	for i, path := range []string{"a.png", "b.png"} {
		s.Host.Fault(fakehost.Rule{Method: "POST", Path: "*/commits", Count: 1, Effect: fakehost.Effect{CutAfter: true}})
		_, err := r.Commit(t.Context(), driver.Commit{Branch: "main", ExpectedHead: s.Head("main"), Message: "Picture",
			Changes: []driver.Change{put(path, "\x89PNG\xff")}})
		if err != nil || s.Commits("main") != i+1 || !strings.HasPrefix(s.Text("main", path), "version https://git-lfs") {
			t.Errorf("%s: %v, %d commits, %q", path, err, s.Commits("main"), s.Text("main", path))
		}
	}
}

// TestCommit_GivesUp: a host that never answers is an error, and nothing half done stays
// behind.
func TestCommit_GivesUp(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		s := serve(t, files("a.md", "a"))
		r := s.open("glpat-octo", cfg)
		s.Host.Fault(fakehost.Rule{Method: "POST", Path: "*/commits", Effect: fakehost.Effect{Status: 503}})
		for name, commit := range map[string]func(*gitlab.Repo) (driver.Committed, error){
			"ordinary": func(r *gitlab.Repo) (driver.Committed, error) { return s.edit(r, "b") }, "new": s.start,
		} {
			if _, err := commit(r); !cmserr.Is(err, cmserr.Network) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, there := s.Repo.Head("cms/posts/a"); there || s.Commits("main") != 0 {
			t.Error("something was left behind")
		}
	})
}

// TestCommit_BranchMadeFirstIsRemoved: where .gitattributes wants a branch to be there
// first, a commit that fails leaves none.
func TestCommit_BranchMadeFirstIsRemoved(t *testing.T) {
	t.Parallel()
	s := serve(t, files(".gitattributes", "*.png filter=lfs\n"))
	r := s.signedIn("glpat-octo")
	c := driver.Commit{Branch: "cms/a", Base: s.Head("main"), Message: "Start", Changes: []driver.Change{put("a.png", "\xff")}}
	s.Host.Fault(fakehost.Rule{Method: "POST", Path: "*/commits", Count: 1, Effect: fakehost.Effect{Status: 403}})
	if _, err := r.Commit(t.Context(), c); !cmserr.Is(err, cmserr.RateLimited) && !cmserr.Is(err, cmserr.Forbidden) {
		t.Error(err)
	}
	if _, there := s.Repo.Head("cms/a"); there {
		t.Error("the branch is still there")
	}
	if _, err := r.Commit(t.Context(), c); err != nil || !strings.HasPrefix(s.Text("cms/a", "a.png"), "version ") {
		t.Errorf("%v, %q", err, s.Text("cms/a", "a.png"))
	}
}

// TestCommit_OldServer: such a one wants the very commit that changed a file last. It is
// told after the first refusal.
func TestCommit_OldServer(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		s := serve(t, files("a.md", "a", "b.md", "b"))
		s.old.Store(true)
		s.Theirs("main", "b.md", "b2")
		r := s.open("glpat-octo", cfg)
		for i, text := range []string{"one", "two"} {
			s.Host.ClearRequests()
			s.Theirs("main", "b.md", text)
			if _, err := s.edit(r, text); err != nil || s.Text("main", "a.md") != text {
				t.Fatalf("%s: %v", text, err)
			}
			if n := s.Asked("POST", "/commits"); n != 2-i {
				t.Errorf("%s: committed in %d requests", text, n)
			}
		}
		seen := s.Head("main")
		s.Theirs("main", "a.md", "theirs")
		_, err := r.Commit(t.Context(), driver.Commit{
			Branch: "main", ExpectedHead: seen, Message: "Edit", Changes: []driver.Change{put("a.md", "mine")},
		})
		if e := cmserr.From(err); e.Kind != cmserr.Conflict || len(e.Paths) != 1 || s.Text("main", "a.md") != "theirs" {
			t.Errorf("%v, %q", err, e.Paths)
		}
	})
}

// TestGraphQL_GatewayTroubles: what a server in front of GitLab gives up is asked for
// again, or for less.
func TestGraphQL_GatewayTroubles(t *testing.T) {
	t.Parallel()
	for _, status := range []int{502, 504} {
		s := serve(t, files("a.md", "a", "b.md", "b"))
		r := s.signedIn("glpat-octo")
		p := s.draft(r)
		s.Host.ClearRequests()
		for _, operation := range []string{"Access", "Names", "Pulls", "Blobs", "LastCommits", "PullFiles", "Tree"} {
			s.Host.Fault(fakehost.Rule{Operation: operation, Count: 1, Effect: fakehost.Effect{Status: status}})
		}
		fresh := s.signedIn("glpat-octo")
		_, access := fresh.Access(t.Context())
		_, names := fresh.Names(t.Context(), []string{"octo"})
		_, pulls := fresh.Pulls(t.Context(), "main", "cms/")
		_, list := s.signedIn("glpat-octo").PullFiles(t.Context(), []driver.Pull{p})
		_, tree := fresh.Tree(t.Context(), s.Head("main"), "", false)
		_, changes := fresh.LastChanges(t.Context(), s.Head("main"), []string{"a.md", "b.md"})
		for i, err := range []error{access, names, pulls, list, tree, changes} {
			if err != nil {
				t.Errorf("%d, %d: %v", status, i, err)
			}
		}
		if s.Asked("GET", "") != 1 { // for the token's scopes
			t.Errorf("%d requests over REST", s.Asked("GET", ""))
		}
	}
}

func TestHead_StaleReadAfterAWrite(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		s := serve(t, files("a.md", "a"))
		s.CheckStaleHead(s.open("glpat-octo", cfg))
	})
}
