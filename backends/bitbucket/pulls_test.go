package bitbucket_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mooring/backends/bitbucket"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
)

// draft opens a pull request of a branch with a change of a.md.
func (s *site) draft(r *bitbucket.Repo, branch string) driver.Pull {
	s.T.Helper()
	return s.Draft(r, branch, put("a.md", "draft"))
}

// TestPulls_StatusAmongManyComments: the newest comment that is a status is found, and
// what people write is none.
func TestPulls_StatusAmongManyComments(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("octo-token")
	p := s.draft(r, "cms/a")
	s.say(p.Number, "cms/draft")
	for i := range 250 {
		s.say(p.Number, fmt.Sprintf("This is no cms/draft, says number %d.", i))
	}
	s.wantStatus(r, "cms/draft")
	s.say(p.Number, " cms/pending_review\n")
	s.wantStatus(r, "cms/pending_review")
	withdrawn := s.say(p.Number, "ready")
	s.wantStatus(r, "ready")
	if _, err := s.Repo.EditComment(p.Number, withdrawn.ID, "", true); err != nil {
		t.Fatal(err)
	}
	s.wantStatus(s.signedIn("octo-token"), "cms/pending_review")
}

func (s *site) say(number int, text string) fakehost.Comment {
	s.T.Helper()
	c, err := s.Repo.AddComment(number, "octo", text)
	if err != nil {
		s.T.Fatal(err)
	}
	return c
}

func (s *site) wantStatus(r *bitbucket.Repo, want string) {
	s.T.Helper()
	list, err := r.Pulls(s.T.Context(), "main", "cms/")
	if err != nil || len(list) != 1 || !slices.Equal(list[0].Labels, []string{want}) {
		s.T.Errorf("%+v, %v; want %q", list, err, want)
	}
}

// TestPulls_AsksForCommentsOnce: of what did not change nothing is asked again.
func TestPulls_AsksForCommentsOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("octo-token")
	for i := range 55 {
		p := s.draft(r, fmt.Sprintf("cms/%02d", i))
		s.say(p.Number, "draft")
	}
	for _, most := range []int{4 + 55, 4} {
		s.Host.ClearRequests()
		list, err := r.Pulls(t.Context(), "main", "cms/")
		if err != nil || len(list) != 55 {
			t.Fatal(len(list), err)
		}
		s.WantRequests("the list", most)
	}
}

func TestRelabel_UnknownText(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("octo-token")
	p := s.draft(r, "cms/a")
	if err := r.Relabel(t.Context(), p.Number, []string{"unheard of"}, nil); !cmserr.Is(err, cmserr.Invalid) {
		t.Errorf("%v", err)
	}
}

// TestRelabel_LostAnswer: the comment is written once.
func TestRelabel_LostAnswer(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("octo-token")
	p := s.draft(r, "cms/a")
	s.Host.Fault(fakehost.Rule{Method: "POST", Path: "*/comments", Count: 1, Effect: fakehost.Effect{CutAfter: true}})
	if err := r.Relabel(t.Context(), p.Number, []string{"ready"}, nil); err != nil {
		t.Fatal(err)
	}
	if pull, _ := s.Repo.Pull(p.Number); len(pull.Comments()) != 1 {
		t.Errorf("there are %d comments", len(pull.Comments()))
	}
}

// TestMergePull_InTheBackground: a merge that takes long is waited for, whether or not its
// task is shown.
func TestMergePull_InTheBackground(t *testing.T) {
	each(t, func(t *testing.T, serve seeded) {
		s := serve(t, files("a.md", "a"))
		r := s.signedIn("octo-token")
		p := s.draft(r, "cms/a")
		s.Host.Set(func(o *fakehost.Settings) { o.MergePolls = 3 })
		if err := r.MergePull(t.Context(), p.Number, driver.Merge{ExpectedHead: p.HeadCommit, Message: "Publish"}); err != nil {
			t.Fatal(err)
		}
		if s.Text("main", "a.md") != "draft" {
			t.Error("the draft is not published")
		}
	})
}

// TestMergePull_NeverDone: what can't be merged in the background is told.
func TestMergePull_NeverDone(t *testing.T) {
	each(t, func(t *testing.T, serve seeded) {
		s := serve(t, files("a.md", "a"))
		r := s.signedIn("octo-token")
		p := s.draft(r, "cms/a")
		s.Theirs("main", "a.md", "published")
		s.Host.Set(func(o *fakehost.Settings) { o.MergePolls = 1 })
		err := r.MergePull(t.Context(), p.Number, driver.Merge{ExpectedHead: p.HeadCommit, Message: "Publish"})
		if err == nil || s.Text("main", "a.md") != "published" {
			t.Errorf("%v", err)
		}
	})
}

func TestMergePull_Refused(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("octo-token")
	p := s.draft(r, "cms/a")
	s.Host.AddUser(fakehost.User{Login: "ann"})
	s.Host.AddToken("ann", "ann-token")
	s.Repo.SetPermission("ann", fakehost.Write)
	s.Repo.Protect("main", &fakehost.Protection{RestrictMerges: true})
	err := s.signedIn("ann-token").MergePull(t.Context(), p.Number, driver.Merge{ExpectedHead: p.HeadCommit, Message: "Publish"})
	if !cmserr.Is(err, cmserr.Forbidden) || !strings.Contains(err.Error(), p.URL) {
		t.Errorf("%v", err)
	}
}

// TestPulls_BranchThatIsGone: its commit is still named whole.
func TestPulls_BranchThatIsGone(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("octo-token")
	p := s.draft(r, "cms/a")
	if err := s.Repo.DeleteRef("", "refs/heads/cms/a"); err != nil {
		t.Fatal(err)
	}
	list, err := s.signedIn("octo-token").Pulls(t.Context(), "main", "cms/")
	if err != nil || len(list) != 1 || list[0].HeadCommit != p.HeadCommit {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestClosePull_Twice(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	r := s.signedIn("octo-token")
	p := s.draft(r, "cms/a")
	for range 2 {
		if err := r.ClosePull(t.Context(), p.Number); err != nil {
			t.Errorf("%v", err)
		}
	}
}

func TestStatuses_OfACommit(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	head, _ := s.Repo.Head("main")
	for name, state := range map[string]string{"deploy/preview": "success", "lint": "failure", "test": "pending"} {
		s.Repo.AddStatus(head, fakehost.Status{Context: name, State: state, TargetURL: "https://example.com/" + name})
	}
	got, err := s.signedIn("octo-token").Statuses(t.Context(), head.String())
	if err != nil || len(got) != 3 {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, check := range got {
		if want := map[string]string{"deploy/preview": "success", "lint": "failure", "test": "pending"}[check.Context]; check.State != want ||
			check.URL != "https://example.com/"+check.Context {
			t.Errorf("%+v", check)
		}
	}
}
