package gitea_test

import (
	"sync"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegitea"
	"mooring/backends/rest"
)

func (s *site) lose(method, path string) {
	s.Host.Fault(fakehost.Rule{Method: method, Path: path, Count: 1, Effect: fakehost.Effect{CutAfter: true}})
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
		seen := s.Head("main")
		s.Wrap = func(d rest.Doer) rest.Doer {
			return afterFirstPost{d, new(sync.Once), func() { s.theirs(put("b.md", "b")) }}
		}
		done, err := s.signedIn().Commit(t.Context(), edit(seen, put("a.md", "mine")))
		if err != nil || s.Commits("main") != 2 || s.Text("main", "a.md") != "mine" || s.Text("main", "b.md") != "b" || done.Head == "" {
			t.Errorf("%v, %d commits", err, s.Commits("main"))
		}
	})
}

// theirs commits behind the driver's back, with the message of ours.
func (s *site) theirs(changes ...driver.Change) {
	s.T.Helper()
	for _, c := range changes {
		s.Push("main", "Edit", fakehost.Change{Path: c.Path, Content: c.Data})
	}
}

// TestCommit_ServerStumbles: a 500 may mean anything, so it is looked at what became of
// the commit.
func TestCommit_ServerStumbles(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		s.Host.Fault(fakehost.Rule{Method: "POST", Path: "*/contents", Count: 1, Effect: fakehost.Effect{Status: 500}})
		seen := s.Head("main")
		done, err := s.signedIn().Commit(t.Context(), edit(seen, put("a.md", "b")))
		if err != nil || done.Head != s.Head("main") || s.Commits("main") != 1 {
			t.Errorf("%v, %d commits", err, s.Commits("main"))
		}
	})
}

func TestCommit_CutBefore(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		s.Host.Fault(fakehost.Rule{Method: "POST", Count: 1, Effect: fakehost.Effect{CutBefore: true}})
		_, err := s.signedIn().Commit(t.Context(), start(s.Head("main"), put("b.md", "b")))
		if err != nil || s.Commits("cms/posts/a") != 1 {
			t.Errorf("%v", err)
		}
	})
}

// TestCommit_GivesUp: a server that never answers is an error, and nothing half done
// stays behind.
func TestCommit_GivesUp(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		head := s.Head("main")
		s.Host.Fault(fakehost.Rule{Method: "POST", Path: "*/contents", Effect: fakehost.Effect{Status: 503}})
		for _, c := range []driver.Commit{start(head, put("b.md", "b")), edit(head, put("a.md", "b"))} {
			if _, err := s.signedIn().Commit(t.Context(), c); !cmserr.Is(err, cmserr.Network) {
				t.Errorf("%v", err)
			}
		}
		if _, there := s.Repo.Head("cms/posts/a"); there || s.Head("main") != head {
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
		if s.Commits("cms/posts/a") != 1 || s.Text("cms/posts/a", "other.md") != "" || s.Text("cms/posts/a", "b.md") != "b" {
			t.Errorf("the draft has %d commits", s.Commits("cms/posts/a"))
		}
	})
}

// TestReplace_LeftBehind: a replacing that was broken off is in nobody's way.
func TestReplace_LeftBehind(t *testing.T) {
	t.Parallel()
	s := serve(t, servers["Gitea 1.26"], files("a.md", "a"))
	r := s.signedIn()
	made, err := r.Commit(t.Context(), start(s.Head("main"), put("b.md", "b")))
	if err != nil {
		t.Fatal(err)
	}
	s.theirs(put("main.md", "m"))
	left := "refs/heads/cms-replacing-" + made.Head[:20]
	id, _ := s.Repo.Head("main")
	if err := s.Repo.CreateRef("", left, id); err != nil {
		t.Fatal(err)
	}
	done, err := r.Commit(t.Context(), driver.Commit{
		Branch: "cms/posts/a", ExpectedHead: made.Head, Base: s.Head("main"), Message: "Again", Changes: []driver.Change{put("b.md", "b2")},
	})
	if err != nil || done.Head != s.Head("cms/posts/a") || s.Text("cms/posts/a", "main.md") != "m" {
		t.Errorf("%v", err)
	}
	if _, there := s.Repo.SeenRef(left); there {
		t.Error("the branch beside it is still there")
	}
}

func TestHead_StaleReadAfterAWrite(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		s.CheckStaleHead(s.signedIn())
	})
}
