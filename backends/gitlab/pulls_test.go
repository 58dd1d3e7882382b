package gitlab_test

import (
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/gitlab"
)

// draft makes the branch cms/a with a change of a.md, and its merge request.
func (s *site) draft(r *gitlab.Repo) driver.Pull {
	s.T.Helper()
	return s.Draft(r, "cms/a", put("a.md", "draft"))
}

func publish(p driver.Pull) driver.Merge {
	return driver.Merge{ExpectedHead: p.HeadCommit, Message: "Publish"}
}

// TestMergePull_Refused: each obstacle has its kind and its sentence.
func TestMergePull_Refused(t *testing.T) {
	t.Parallel()
	status := func(state string) func(*site, driver.Pull) {
		return func(s *site, p driver.Pull) {
			s.Repo.Edit(func(i *fakehost.Info) { i.MustPass = true })
			s.Repo.AddStatus(plumbing.NewHash(p.HeadCommit), fakehost.Status{Context: "ci", State: state})
		}
	}
	for name, c := range map[string]struct {
		prepare func(*site, driver.Pull)
		kind    cmserr.Kind
		says    string
	}{
		"conflict":    {func(s *site, _ driver.Pull) { s.Theirs("main", "a.md", "theirs") }, cmserr.Conflict, "same lines"},
		"no pipeline": {func(s *site, _ driver.Pull) { s.Repo.Edit(func(i *fakehost.Info) { i.MustPass = true }) }, cmserr.Forbidden, "pipeline must succeed"},
		"failed":      {status("failure"), cmserr.Forbidden, "pipeline must succeed"},
		"running":     {status("pending"), cmserr.Forbidden, "still running"},
		"review": {func(s *site, _ driver.Pull) { s.Repo.Protect("main", &fakehost.Protection{RequiredReviews: 1}) },
			cmserr.Forbidden, "approve"},
		"maintainers": {func(s *site, _ driver.Pull) {
			s.Repo.Protect("main", &fakehost.Protection{RestrictMerges: true})
			s.Repo.SetPermission("octo", fakehost.Write)
		}, cmserr.Forbidden, "may not merge into “main”"},
		"draft": {func(s *site, p driver.Pull) {
			title := "Draft: a title"
			if _, err := s.Repo.EditPull(p.Number, fakehost.PullEdit{Title: &title}); err != nil {
				s.T.Fatal(err)
			}
		}, cmserr.Forbidden, "marked as a draft"},
		"moved": {func(s *site, _ driver.Pull) { s.Theirs("cms/a", "b.md", "more") }, cmserr.Conflict, "changed meanwhile"},
		"closed": {func(s *site, p driver.Pull) {
			open := false
			if _, err := s.Repo.EditPull(p.Number, fakehost.PullEdit{Open: &open}); err != nil {
				s.T.Fatal(err)
			}
		}, cmserr.Conflict, "closed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serveAt(t, "team", "", files("a.md", "a"))
			s.Repo.SetPermission("octo", fakehost.Admin)
			r := s.open("glpat-octo", gitlab.Config{Repo: "team/site"})
			p := s.draft(r)
			c.prepare(s, p)
			head := s.Head("main")
			e := cmserr.From(r.MergePull(t.Context(), p.Number, publish(p)))
			if e.Kind != c.kind || !strings.Contains(e.Msg, c.says) || s.Head("main") != head {
				t.Errorf("%v %q", e.Kind, e.Msg)
			}
		})
	}
}

func TestMergePull_LostAnswer(t *testing.T) {
	t.Parallel()
	for _, effect := range []fakehost.Effect{{CutAfter: true}, {CutBefore: true}, {Status: 502}} {
		s := serve(t, files("a.md", "a"))
		r := s.signedIn("glpat-octo")
		p := s.draft(r)
		s.Host.Fault(fakehost.Rule{Method: "PUT", Path: "*/merge", Count: 1, Effect: effect})
		if err := r.MergePull(t.Context(), p.Number, publish(p)); err != nil || s.Text("main", "a.md") != "draft" {
			t.Errorf("%+v: %v", effect, err)
		}
	}
}

// TestMergePull_NotYetKnown: GitLab works out in the background what can be merged, and
// where the branch is.
func TestMergePull_NotYetKnown(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*fakehost.Settings){
		"mergeability": func(o *fakehost.Settings) { o.MergeabilityPolls = 3 },
		"head":         func(o *fakehost.Settings) { o.HeadLag = 3 },
	} {
		s := serve(t, files("a.md", "a"))
		r := s.signedIn("glpat-octo")
		s.draft(r)
		s.Host.Set(set)
		_, err := r.Commit(t.Context(), driver.Commit{
			Branch: "cms/a", ExpectedHead: s.Head("cms/a"), Message: "More", Changes: []driver.Change{put("b.md", "b")},
		})
		if err != nil {
			t.Fatal(err)
		}
		p, err := r.Pull(t.Context(), "main", "cms/a")
		if err != nil || p.HeadCommit != s.Head("cms/a") {
			t.Fatalf("%s: %+v, %v", name, p, err)
		}
		if err := r.MergePull(t.Context(), p.Number, publish(p)); err != nil || s.Text("main", "b.md") != "b" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMergePull_NeverKnown: a wait for the host has its end, and is an error that says so.
func TestMergePull_NeverKnown(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("glpat-octo")
	p := s.draft(r)
	s.Theirs("cms/a", "b.md", "b")
	s.Host.Set(func(o *fakehost.Settings) { o.MergeabilityPolls = 1000 })
	s.Theirs("cms/a", "c.md", "c")
	p.HeadCommit = s.Head("cms/a")
	err := r.MergePull(t.Context(), p.Number, publish(p))
	if e := cmserr.From(err); e.Kind != cmserr.Forbidden || !strings.Contains(e.Msg, "Try again") {
		t.Errorf("%v", err)
	}
}

// TestMergePull_StraightHistory: where the project wants one, a draft is rebased first.
func TestMergePull_StraightHistory(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a", "b.md", "b"))
	s.Host.Set(func(o *fakehost.Settings) { o.RebasePoll = 2 })
	s.Repo.Edit(func(i *fakehost.Info) { i.NoMergeCommits, i.OnlyRebased = true, true })
	r := s.signedIn("glpat-octo")
	p := s.draft(r)
	s.Theirs("main", "b.md", "published")
	if err := r.MergePull(t.Context(), p.Number, publish(p)); err != nil {
		t.Fatal(err)
	}
	if s.Text("main", "a.md") != "draft" || s.Text("main", "b.md") != "published" || s.Commits("main") != 2 {
		t.Errorf("%d commits", s.Commits("main"))
	}
	if _, there := s.Repo.Head("cms/a"); there {
		t.Error("the branch is still there")
	}
}

// TestRebase_LostAnswer: whichever request gets lost, the draft is rebased once.
func TestRebase_LostAnswer(t *testing.T) {
	t.Parallel()
	for _, effect := range []fakehost.Effect{{CutAfter: true}, {CutBefore: true}} {
		s := serve(t, files("a.md", "a", "b.md", "b"))
		s.Host.Set(func(o *fakehost.Settings) { o.RebasePoll = 1 })
		r := s.signedIn("glpat-octo")
		p := s.draft(r)
		s.Theirs("main", "b.md", "published")
		s.Host.Fault(fakehost.Rule{Method: "PUT", Path: "*/rebase", Count: 1, Effect: effect})
		head, err := r.Rebase(t.Context(), p.Number, p.HeadCommit)
		if err != nil || head != s.Head("cms/a") || s.Commits("cms/a") != 2 {
			t.Errorf("%+v: %v, %d commits", effect, err, s.Commits("cms/a"))
		}
	}
}

func TestRebase_TakesTooLong(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a", "b.md", "b"))
	r := s.signedIn("glpat-octo")
	p := s.draft(r)
	s.Theirs("main", "b.md", "published")
	s.Host.Set(func(o *fakehost.Settings) { o.RebasePoll = 1000 })
	if _, err := r.Rebase(t.Context(), p.Number, p.HeadCommit); !cmserr.Is(err, cmserr.Network) || !strings.Contains(err.Error(), "too long") {
		t.Error(err)
	}
}

func TestOpenPull_LostAnswer(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		for _, effect := range []fakehost.Effect{{CutAfter: true}, {CutBefore: true}} {
			s := serve(t, files("a.md", "a"))
			s.Host.Fault(fakehost.Rule{Method: "POST", Path: "*/merge_requests", Count: 1, Effect: effect})
			p := s.draft(s.open("glpat-octo", cfg))
			if p.Head != "cms/a" || p.HeadCommit != s.Head("cms/a") || len(s.Repo.Pulls()) != 1 {
				t.Errorf("%+v, of %d", p, len(s.Repo.Pulls()))
			}
		}
	})
}

func TestDeleteBranch_LostAnswer(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("glpat-octo")
	p := s.draft(r)
	s.Host.Fault(fakehost.Rule{Method: "DELETE", Count: 1, Effect: fakehost.Effect{CutAfter: true}})
	if err := r.DeleteBranch(t.Context(), "cms/a", p.HeadCommit); err != nil {
		t.Error(err)
	}
	if _, there := s.Repo.Head("cms/a"); there {
		t.Error("the branch is still there")
	}
}

func TestRelabel_Refused(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("glpat-octo")
	p := s.draft(r)
	if err := r.Relabel(t.Context(), p.Number, []string{"a,b"}, nil); !cmserr.Is(err, cmserr.Invalid) {
		t.Error(err)
	}
}
