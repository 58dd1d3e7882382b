package gitea_test

import (
	"strings"
	"sync"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegitea"
	"mooring/backends/rest"
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

// asked counts requests by method and a part of the path.
func (s *site) asked(method, part string) int {
	n := 0
	for _, q := range s.host.Requests() {
		if q.Method == method && strings.Contains(q.Path, part) {
			n++
		}
	}
	return n
}

func (s *site) lose(method, path string) {
	s.host.Fault(fakehost.Rule{Method: method, Path: path, Count: 1, Effect: fakehost.Effect{CutAfter: true}})
}

func edit(head string, changes ...driver.Change) driver.Commit {
	return driver.Commit{Branch: "main", ExpectedHead: head, Message: "Edit", Changes: changes}
}

func start(base string, changes ...driver.Change) driver.Commit {
	return driver.Commit{Branch: "cms/posts/a", Base: base, Message: "Start", Changes: changes}
}

// TestCommit_LostAnswerAndMoved: somebody else commits right on top of a commit whose
// answer was lost.
func TestCommit_LostAnswerAndMoved(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		s.lose("POST", "*/contents")
		seen := s.head("main")
		s.wrap = func(d rest.Doer) rest.Doer {
			return afterFirstPost{d, new(sync.Once), func() { s.theirs(put("b.md", "b")) }}
		}
		done, err := s.signedIn().Commit(t.Context(), edit(seen, put("a.md", "mine")))
		if err != nil || s.commits("main") != 2 || s.text("main", "a.md") != "mine" || s.text("main", "b.md") != "b" || done.Head == "" {
			t.Errorf("%v, %d commits", err, s.commits("main"))
		}
	})
}

// theirs commits behind the driver's back, with its own message.
func (s *site) theirs(changes ...driver.Change) {
	s.t.Helper()
	user, _ := s.host.User("octo")
	for _, c := range changes {
		_, err := s.repo.Commit("main", s.host.Signature(user), "Edit", fakehost.Change{Path: c.Path, Content: c.Data})
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// TestCommit_ServerStumbles: a 500 may mean anything, so it is looked at what became of
// the commit.
func TestCommit_ServerStumbles(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		s.host.Fault(fakehost.Rule{Method: "POST", Path: "*/contents", Count: 1, Effect: fakehost.Effect{Status: 500}})
		seen := s.head("main")
		done, err := s.signedIn().Commit(t.Context(), edit(seen, put("a.md", "b")))
		if err != nil || done.Head != s.head("main") || s.commits("main") != 1 {
			t.Errorf("%v, %d commits", err, s.commits("main"))
		}
	})
}

func TestCommit_CutBefore(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		s.host.Fault(fakehost.Rule{Method: "POST", Count: 1, Effect: fakehost.Effect{CutBefore: true}})
		_, err := s.signedIn().Commit(t.Context(), start(s.head("main"), put("b.md", "b")))
		if err != nil || s.commits("cms/posts/a") != 1 {
			t.Errorf("%v", err)
		}
	})
}

// TestCommit_GivesUp: a server that never answers is an error, and nothing half done
// stays behind.
func TestCommit_GivesUp(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		head := s.head("main")
		s.host.Fault(fakehost.Rule{Method: "POST", Path: "*/contents", Effect: fakehost.Effect{Status: 503}})
		for _, c := range []driver.Commit{start(head, put("b.md", "b")), edit(head, put("a.md", "b"))} {
			if _, err := s.signedIn().Commit(t.Context(), c); !cmserr.Is(err, cmserr.Network) {
				t.Errorf("%v", err)
			}
		}
		if _, there := s.repo.Head("cms/posts/a"); there || s.head("main") != head {
			t.Error("a branch was left behind, or moved")
		}
	})
}

// TestCommit_BranchMovedUnseen: a draft starts where it was told to, though the branch
// that was last seen there has gone on.
func TestCommit_BranchMovedUnseen(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		r := s.signedIn()
		base, err := r.Head(t.Context(), "main")
		if err != nil {
			t.Fatal(err)
		}
		s.theirs(put("other.md", "o"))
		if _, err = r.Commit(t.Context(), start(base, put("b.md", "b"))); err != nil {
			t.Fatal(err)
		}
		if s.commits("cms/posts/a") != 1 || s.text("cms/posts/a", "other.md") != "" || s.text("cms/posts/a", "b.md") != "b" {
			t.Errorf("the draft has %d commits", s.commits("cms/posts/a"))
		}
	})
}

// TestReplace_LeftBehind: a replacing that was broken off is in nobody's way.
func TestReplace_LeftBehind(t *testing.T) {
	t.Parallel()
	s := serve(t, servers["Gitea 1.26"], files("a.md", "a"))
	r := s.signedIn()
	made, err := r.Commit(t.Context(), start(s.head("main"), put("b.md", "b")))
	if err != nil {
		t.Fatal(err)
	}
	s.theirs(put("main.md", "m"))
	left := "refs/heads/cms-replacing-" + made.Head[:20]
	id, _ := s.repo.Head("main")
	if err := s.repo.CreateRef("", left, id); err != nil {
		t.Fatal(err)
	}
	done, err := r.Commit(t.Context(), driver.Commit{
		Branch: "cms/posts/a", ExpectedHead: made.Head, Base: s.head("main"), Message: "Again", Changes: []driver.Change{put("b.md", "b2")},
	})
	if err != nil || done.Head != s.head("cms/posts/a") || s.text("cms/posts/a", "main.md") != "m" {
		t.Errorf("%v", err)
	}
	if _, there := s.repo.SeenRef(left); there {
		t.Error("the branch beside it is still there")
	}
}

func TestHead_StaleReadAfterAWrite(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		s.host.Fault(fakehost.Rule{Effect: fakehost.Effect{StaleReads: 2}})
		r := s.signedIn()
		done, err := r.Commit(t.Context(), edit(s.head("main"), put("a.md", "b")))
		if err != nil {
			t.Fatal(err)
		}
		if head, err := r.Head(t.Context(), "main"); err != nil || head != done.Head {
			t.Errorf("%s, %v, want %s", head, err, done.Head)
		}
	})
}
