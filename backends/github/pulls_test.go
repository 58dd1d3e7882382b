package github_test

import (
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/github"
)

// draft makes cms/a with a change of a.md and opens its pull request.
func (s *site) draft(r *github.Repo) driver.Pull {
	s.T.Helper()
	return s.Draft(r, "cms/a", put("a.md", "draft"))
}

// TestMergePull_Refused: what GitHub wants first is said, and nothing is forced.
func TestMergePull_Refused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stop   func(*site)
		squash bool
		kind   cmserr.Kind
		says   string
	}{
		"failing check": {func(s *site) {
			s.Repo.Protect("main", &fakehost.Protection{RequiredChecks: []string{"build"}, EnforceAdmins: true})
		}, false, cmserr.Forbidden, "build"},
		"missing review": {func(s *site) {
			s.Repo.Protect("main", &fakehost.Protection{RequiredReviews: 1, EnforceAdmins: true})
		}, true, cmserr.Forbidden, "review"},
		"no merge commits": {func(s *site) {
			s.Repo.Edit(func(i *fakehost.Info) { i.NoMergeCommits = true })
		}, false, cmserr.Forbidden, "squash_merges"},
		"conflict": {func(s *site) {
			if _, err := s.Repo.Commit("main", s.Author(), "Theirs", fakehost.Change{Path: "a.md", Content: []byte("theirs")}); err != nil {
				s.T.Fatal(err)
			}
		}, false, cmserr.Conflict, "same lines"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, files("a.md", "a"))
			r := s.signedIn("ghp_octo")
			p := s.draft(r)
			c.stop(s)
			head := s.Head("main")
			err := r.MergePull(t.Context(), p.Number, driver.Merge{ExpectedHead: p.HeadCommit, Message: "Publish", Squash: c.squash})
			e := cmserr.From(err)
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
		r := s.signedIn("ghp_octo")
		p := s.draft(r)
		s.Host.Fault(fakehost.Rule{Method: "PUT", Path: "*/merge", Count: 1, Effect: effect})
		err := r.MergePull(t.Context(), p.Number, driver.Merge{ExpectedHead: p.HeadCommit, Message: "Publish"})
		if err != nil || s.Text("main", "a.md") != "draft" {
			t.Errorf("%+v: %v", effect, err)
		}
	}
}

// TestMergePull_NotYetKnown: GitHub works out in the background what can be merged.
func TestMergePull_NotYetKnown(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	s.Host.Set(func(o *fakehost.Settings) { o.MergeabilityPolls = 2 })
	r := s.signedIn("ghp_octo")
	p := s.draft(r)
	err := r.MergePull(t.Context(), p.Number, driver.Merge{ExpectedHead: p.HeadCommit, Message: "Publish\n\nWith a body", Squash: true})
	if err != nil || s.Text("main", "a.md") != "draft" {
		t.Error(err)
	}
}

func TestOpenPull_LostAnswer(t *testing.T) {
	t.Parallel()
	for _, effect := range []fakehost.Effect{{CutAfter: true}, {CutBefore: true}} {
		s := serve(t, files("a.md", "a"))
		s.Host.Fault(fakehost.Rule{Method: "POST", Path: "*/pulls", Count: 1, Effect: effect})
		p := s.draft(s.signedIn("ghp_octo"))
		if p.Head != "cms/a" || p.HeadCommit != s.Head("cms/a") || len(s.Repo.Pulls()) != 1 {
			t.Errorf("%+v, of %d", p, len(s.Repo.Pulls()))
		}
	}
}

func TestDeleteBranch_LostAnswer(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		s := serve(t, files("a.md", "a"))
		r := s.open("ghp_octo", cfg)
		p := s.draft(r)
		for _, rule := range []fakehost.Rule{{Path: "/graphql"}, {Method: "DELETE"}} {
			rule.Count, rule.Effect = 1, fakehost.Effect{CutAfter: true}
			s.Host.Fault(rule)
		}
		if err := r.DeleteBranch(t.Context(), "cms/a", p.HeadCommit); err != nil {
			t.Error(err)
		}
		if _, there := s.Repo.Head("cms/a"); there {
			t.Error("the branch is still there")
		}
	})
}

// TestPullFiles_LargeAndRenamed: what GraphQL does not tell is compared.
func TestPullFiles_TellsWhatCompareTells(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		s := serve(t, files("a.md", "a", "old/name.md", "a long enough text to be known again\n", "gone.md", "g"))
		r := s.open("ghp_octo", cfg)
		var pulls []driver.Pull
		for name, changes := range map[string][]driver.Change{
			"cms/edit":   {put("a.md", "b"), put("new.md", "n")},
			"cms/rename": {{Op: driver.Move, From: "old/name.md", Path: "new/name.md"}},
			"cms/delete": {{Op: driver.Delete, Path: "gone.md"}},
			"cms/many":   many(130),
		} {
			_, err := r.Commit(t.Context(), driver.Commit{Branch: name, Base: s.Head("main"), Message: name, Changes: changes})
			if err != nil {
				t.Fatal(err)
			}
			p, err := r.OpenPull(t.Context(), driver.NewPull{Head: name, Base: "main", Title: name})
			if err != nil {
				t.Fatal(err)
			}
			pulls = append(pulls, p)
		}
		all, err := r.PullFiles(t.Context(), pulls)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range pulls {
			want, err := r.Compare(t.Context(), s.Head("main"), p.HeadCommit)
			if err != nil || len(want.Files) != len(all[i]) {
				t.Fatalf("%s: %d files, want %d, %v", p.Head, len(all[i]), len(want.Files), err)
			}
			for k, f := range all[i] {
				if f != want.Files[k] {
					t.Errorf("%s: %+v, want %+v", p.Head, f, want.Files[k])
				}
			}
		}
	})
}

func many(n int) []driver.Change {
	var out []driver.Change
	for i := range n {
		out = append(out, put("many/"+strings.Repeat("x", i+1), "text"))
	}
	return out
}

func TestStatuses_FromEverywhere(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("ghp_octo")
	p := s.draft(r)
	head, _ := s.Repo.Head("cms/a")
	s.Repo.AddStatus(head, fakehost.Status{Context: "ci/build", State: "failure", TargetURL: "https://ci.example"})
	s.Repo.AddCheckRun(head, fakehost.CheckRun{Name: "deploy preview", Status: "completed", Conclusion: "success", DetailsURL: "https://check.example"})
	s.Repo.AddCheckRun(head, fakehost.CheckRun{Name: "slow", Status: "in_progress", DetailsURL: "https://slow.example"})
	d := s.Repo.AddDeployment(fakehost.Deployment{SHA: head, Ref: "cms/a", Environment: "Preview"})
	if err := s.Repo.AddDeploymentStatus(d.ID, fakehost.DeploymentStatus{State: "success", EnvironmentURL: "https://preview.example"}); err != nil {
		t.Fatal(err)
	}
	got, err := r.Statuses(t.Context(), p.HeadCommit)
	want := map[driver.StatusCheck]bool{
		{Context: "deploy/preview", State: "success", URL: "https://preview.example"}: true,
		{Context: "ci/build", State: "failure", URL: "https://ci.example"}:            true,
		{Context: "deploy preview", State: "success", URL: "https://check.example"}:   true,
		{Context: "slow", State: "pending", URL: "https://slow.example"}:              true,
	}
	if err != nil || len(got) != len(want) || got[0].URL != "https://preview.example" {
		t.Errorf("%+v, %v", got, err)
	}
	for _, c := range got {
		if !want[c] {
			t.Errorf("unexpected %+v", c)
		}
	}
}
