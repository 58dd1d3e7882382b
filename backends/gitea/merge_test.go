package gitea_test

import (
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegitea"
)

// TestMergePull_WaitsForTheServer: it looks for conflicts after each push, and says the
// same meanwhile as of conflicts.
func TestMergePull_WaitsForTheServer(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		s.Host.Set(func(o *fakehost.Settings) { o.MergeabilityPolls = 4 })
		r := s.signedIn()
		p := s.draft(r)
		if err := r.MergePull(t.Context(), p.Number, driver.Merge{ExpectedHead: p.HeadCommit, Message: "Publish"}); err != nil {
			t.Error(err)
		}
		if s.Text("main", "b.md") != "b" {
			t.Error("it is not merged")
		}
	})
}

// draft makes cms/posts/a with a new file, and its pull request.
func (s *site) draft(r driver.Driver) driver.Pull {
	s.T.Helper()
	return s.Draft(r, "cms/posts/a", put("b.md", "b"))
}

// TestMergePull_OtherStyles: where the repository does not allow the way that is asked
// for, another one does.
func TestMergePull_OtherStyles(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		s.Repo.Edit(func(i *fakehost.Info) { i.NoMergeCommits = true })
		r := s.signedIn()
		p := s.draft(r)
		if err := r.MergePull(t.Context(), p.Number, driver.Merge{ExpectedHead: p.HeadCommit, Message: "Publish"}); err != nil {
			t.Error(err)
		}
		s.Repo.Edit(func(i *fakehost.Info) { i.NoMergeCommits, i.NoSquash, i.NoRebase = true, true, true })
		if _, err := s.Repo.Commit("cms/x", s.Author(), "Edit", fakehost.Change{Path: "x.md", Content: []byte("x")}); err != nil {
			t.Fatal(err)
		}
		x, err := r.OpenPull(t.Context(), driver.NewPull{Head: "cms/x", Base: "main", Title: "X", Body: "x"})
		if err != nil {
			t.Fatal(err)
		}
		err = r.MergePull(t.Context(), x.Number, driver.Merge{ExpectedHead: x.HeadCommit, Message: "Publish", Squash: true})
		if !cmserr.Is(err, cmserr.Forbidden) || !strings.Contains(err.Error(), "settings") {
			t.Errorf("%v", err)
		}
	})
}

// TestMergePull_WorkInProgress: a person's own mark is respected.
func TestMergePull_WorkInProgress(t *testing.T) {
	t.Parallel()
	s := serve(t, servers["Gitea 1.26"], files("a.md", "a"))
	r := s.signedIn()
	p := s.draft(r)
	title := "WIP: Draft"
	if _, err := s.Repo.EditPull(p.Number, fakehost.PullEdit{Title: &title}); err != nil {
		t.Fatal(err)
	}
	err := r.MergePull(t.Context(), p.Number, driver.Merge{ExpectedHead: p.HeadCommit, Message: "Publish"})
	if !cmserr.Is(err, cmserr.Forbidden) || !strings.Contains(err.Error(), "work in progress") {
		t.Errorf("%v", err)
	}
}
