package gitlab_test

import (
	"strings"
	"testing"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/gitlab"
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

// by commits behind the driver's back, as somebody else.
func (s *site) by(branch, path, text string) {
	s.t.Helper()
	user, _ := s.host.User("octo")
	_, err := s.repo.Commit(branch, s.host.Signature(user), "Theirs", fakehost.Change{Path: path, Content: []byte(text)})
	if err != nil {
		s.t.Fatal(err)
	}
}

// edit changes a.md on main.
func (s *site) edit(r *gitlab.Repo, text string) (driver.Committed, error) {
	return r.Commit(s.t.Context(), driver.Commit{
		Branch: "main", ExpectedHead: s.head("main"), Message: "Edit", Changes: []driver.Change{put("a.md", text)},
	})
}

// start makes the branch cms/posts/a.
func (s *site) start(r *gitlab.Repo) (driver.Committed, error) {
	return r.Commit(s.t.Context(), driver.Commit{
		Branch: "cms/posts/a", Base: s.head("main"), Message: "Start", Changes: []driver.Change{put("b.md", "b")},
	})
}

// TestCommit_LostAnswer: a commit whose answer is lost is there once, and is reported as
// done; so is one that never got there, and was sent again.
func TestCommit_LostAnswer(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		for _, effect := range []fakehost.Effect{{CutAfter: true}, {CutBefore: true}, {Status: 502}} {
			s := serve(t, files("a.md", "a"))
			s.host.Fault(fakehost.Rule{Method: "POST", Path: "*/commits", Count: 1, Effect: effect})
			done, err := s.edit(s.open("glpat-octo", cfg), "b")
			if err != nil || done.Head != s.head("main") || s.commits("main") != 1 || s.text("main", "a.md") != "b" {
				t.Errorf("%+v: %v, %d commits", effect, err, s.commits("main"))
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
			seen := s.head("main")
			if first {
				s.by("main", "b.md", "b")
			}
			s.host.Fault(fakehost.Rule{Method: "POST", Path: "*/commits", Count: 1, Effect: fakehost.Effect{CutAfter: true}})
			theirs := make(chan struct{})
			go func() {
				defer close(theirs)
				for !first && s.commits("main") == 0 {
					time.Sleep(time.Millisecond)
				}
				if !first {
					s.by("main", "b.md", "b")
				}
			}()
			_, err := s.open("glpat-octo", cfg).Commit(t.Context(), driver.Commit{
				Branch: "main", ExpectedHead: seen, Message: "Edit", Changes: []driver.Change{put("a.md", "mine")},
			})
			<-theirs
			if err != nil || s.commits("main") != 2 || s.text("main", "a.md") != "mine" || s.text("main", "b.md") != "b" {
				t.Errorf("theirs first %v: %v, %d commits", first, err, s.commits("main"))
			}
		}
	})
}

func TestCommit_LostAnswerOfANewBranch(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		for _, effect := range []fakehost.Effect{{CutAfter: true}, {CutBefore: true}} {
			s := serve(t, files("a.md", "a"))
			s.host.Fault(fakehost.Rule{Method: "POST", Path: "*/commits", Count: 1, Effect: effect})
			done, err := s.start(s.open("glpat-octo", cfg))
			if err != nil || done.Head != s.head("cms/posts/a") || s.commits("cms/posts/a") != 1 {
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
		s.host.Fault(fakehost.Rule{Method: "POST", Path: "*/commits", Count: 1, Effect: fakehost.Effect{CutAfter: true}})
		_, err := r.Commit(t.Context(), driver.Commit{Branch: "main", ExpectedHead: s.head("main"), Message: "Picture",
			Changes: []driver.Change{put(path, "\x89PNG\xff")}})
		if err != nil || s.commits("main") != i+1 || !strings.HasPrefix(s.text("main", path), "version https://git-lfs") {
			t.Errorf("%s: %v, %d commits, %q", path, err, s.commits("main"), s.text("main", path))
		}
	}
}

// TestCommit_GivesUp: a host that never answers is an error, and nothing half done stays
// behind.
func TestCommit_GivesUp(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		s := serve(t, files("a.md", "a"))
		r := s.open("glpat-octo", cfg)
		s.host.Fault(fakehost.Rule{Method: "POST", Path: "*/commits", Effect: fakehost.Effect{Status: 503}})
		for name, commit := range map[string]func(*gitlab.Repo) (driver.Committed, error){
			"ordinary": func(r *gitlab.Repo) (driver.Committed, error) { return s.edit(r, "b") }, "new": s.start,
		} {
			if _, err := commit(r); !cmserr.Is(err, cmserr.Network) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, there := s.repo.Head("cms/posts/a"); there || s.commits("main") != 0 {
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
	c := driver.Commit{Branch: "cms/a", Base: s.head("main"), Message: "Start", Changes: []driver.Change{put("a.png", "\xff")}}
	s.host.Fault(fakehost.Rule{Method: "POST", Path: "*/commits", Count: 1, Effect: fakehost.Effect{Status: 403}})
	if _, err := r.Commit(t.Context(), c); !cmserr.Is(err, cmserr.RateLimited) && !cmserr.Is(err, cmserr.Forbidden) {
		t.Error(err)
	}
	if _, there := s.repo.Head("cms/a"); there {
		t.Error("the branch is still there")
	}
	if _, err := r.Commit(t.Context(), c); err != nil || !strings.HasPrefix(s.text("cms/a", "a.png"), "version ") {
		t.Errorf("%v, %q", err, s.text("cms/a", "a.png"))
	}
}

// TestCommit_OldServer: such a one wants the very commit that changed a file last. It is
// told after the first refusal.
func TestCommit_OldServer(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		s := serve(t, files("a.md", "a", "b.md", "b"))
		s.old.Store(true)
		s.by("main", "b.md", "b2")
		r := s.open("glpat-octo", cfg)
		for i, text := range []string{"one", "two"} {
			s.host.ClearRequests()
			s.by("main", "b.md", text)
			if _, err := s.edit(r, text); err != nil || s.text("main", "a.md") != text {
				t.Fatalf("%s: %v", text, err)
			}
			if n := s.asked("POST", "/commits"); n != 2-i {
				t.Errorf("%s: committed in %d requests", text, n)
			}
		}
		seen := s.head("main")
		s.by("main", "a.md", "theirs")
		_, err := r.Commit(t.Context(), driver.Commit{
			Branch: "main", ExpectedHead: seen, Message: "Edit", Changes: []driver.Change{put("a.md", "mine")},
		})
		if e := cmserr.From(err); e.Kind != cmserr.Conflict || len(e.Paths) != 1 || s.text("main", "a.md") != "theirs" {
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
		s.host.ClearRequests()
		for _, operation := range []string{"Access", "Names", "Pulls", "Blobs", "LastCommits", "PullFiles", "Tree"} {
			s.host.Fault(fakehost.Rule{Operation: operation, Count: 1, Effect: fakehost.Effect{Status: status}})
		}
		fresh := s.signedIn("glpat-octo")
		_, access := fresh.Access(t.Context())
		_, names := fresh.Names(t.Context(), []string{"octo"})
		_, pulls := fresh.Pulls(t.Context(), "main", "cms/")
		_, list := s.signedIn("glpat-octo").PullFiles(t.Context(), []driver.Pull{p})
		_, tree := fresh.Tree(t.Context(), s.head("main"), "", false)
		_, changes := fresh.LastChanges(t.Context(), s.head("main"), []string{"a.md", "b.md"})
		for i, err := range []error{access, names, pulls, list, tree, changes} {
			if err != nil {
				t.Errorf("%d, %d: %v", status, i, err)
			}
		}
		if s.asked("GET", "") != 1 { // for the token's scopes
			t.Errorf("%d requests over REST", s.asked("GET", ""))
		}
	}
}

func TestHead_StaleReadAfterAWrite(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		s := serve(t, files("a.md", "a"))
		s.host.Fault(fakehost.Rule{Effect: fakehost.Effect{StaleReads: 2}})
		r := s.open("glpat-octo", cfg)
		done, err := s.edit(r, "b")
		if err != nil {
			t.Fatal(err)
		}
		if head, err := r.Head(t.Context(), "main"); err != nil || head != done.Head {
			t.Errorf("%s, %v, want %s", head, err, done.Head)
		}
	})
}
