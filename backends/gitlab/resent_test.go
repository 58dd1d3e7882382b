package gitlab_test

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/gitlab"
	"mooring/backends/rest"
)

// resending serves a site whose next request of that kind is done twice, and whose
// first answer nobody sees.
func resending(t *testing.T, method, path string) *site {
	t.Helper()
	s := serve(t, files("a.md", "a"))
	s.Resend(method, path)
	return s
}

func TestCommit_SentTwice(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		s := resending(t, "POST", "*/commits")
		done, err := s.edit(s.open("glpat-octo", cfg), "b")
		if err != nil || done.Head != s.Head("main") || s.Commits("main") != 1 || s.Text("main", "a.md") != "b" {
			t.Errorf("%v, %d commits", err, s.Commits("main"))
		}
	})
}

func TestCommit_NewBranchSentTwice(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		s := resending(t, "POST", "*/commits")
		done, err := s.start(s.open("glpat-octo", cfg))
		if err != nil || done.Head != s.Head("cms/posts/a") || s.Commits("cms/posts/a") != 1 {
			t.Errorf("%v", err)
		}
	})
}

// TestCommit_SameChangeBySomebodyElse: a commit that only looks like ours, after another
// change of the same file, is theirs.
func TestCommit_SameChangeBySomebodyElse(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		s := serve(t, files("a.md", "a"))
		s.CheckSameChange(s.open("glpat-octo", cfg))
	})
}

func TestOpenPull_SentTwice(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		s := resending(t, "POST", "*/merge_requests")
		p := s.draft(s.open("glpat-octo", cfg))
		if p.Number == 0 || len(s.Repo.Pulls()) != 1 {
			t.Errorf("%+v", p)
		}
	})
}

// TestOpenPull_SameTitleBySomebodyElse: what is called like ours may be theirs.
func TestOpenPull_SameTitleBySomebodyElse(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	s.draft(s.signedIn("glpat-octo"))
	s.Host.AddUser(fakehost.User{Login: "other"})
	s.Host.AddToken("other", "glpat-other", "api")
	s.Repo.SetPermission("other", fakehost.Write)
	_, err := s.signedIn("glpat-other").OpenPull(t.Context(), driver.NewPull{Head: "cms/a", Base: "main", Title: "Draft", Body: "By hand"})
	if !cmserr.Is(err, cmserr.Conflict) {
		t.Errorf("%v, want a Conflict", err)
	}
}

// between changes a commit on its way, so that GitLab compares it with nothing, and has
// somebody else commit right before it gets there: the moment that GitLab leaves open.
type between struct {
	rest.Doer
	act func()
}

var lastCommitID = regexp.MustCompile(`"last_commit_id":"[^"]*",?`)

func (b *between) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	if req.Method == "POST" && strings.Contains(req.URL, "/repository/commits?") && b.act != nil {
		b.act()
		b.act = nil
		out := *req
		out.Body = bytes.ReplaceAll(lastCommitID.ReplaceAll(req.Body, nil), []byte(",}"), []byte("}"))
		req = &out
	}
	return b.Doer.Do(ctx, req)
}

// TestCommit_OverSomebodyElses: what GitLab lets through is seen afterwards, and undone.
func TestCommit_OverSomebodyElses(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		for _, refuse := range []bool{false, true} {
			s := serve(t, files("a.md", "a", "b.md", "b"))
			s.Wrap = func(d rest.Doer) rest.Doer {
				return &between{Doer: d, act: func() { s.Theirs("main", "a.md", "theirs") }}
			}
			if refuse {
				s.Host.Fault(fakehost.Rule{Method: "POST", Path: "*/revert", Effect: fakehost.Effect{Status: 500}})
			}
			_, err := s.edit(s.open("glpat-octo", cfg), "mine")
			e := cmserr.From(err)
			if e.Kind != cmserr.Conflict || len(e.Paths) != 1 || e.Paths[0] != "a.md" {
				t.Errorf("%v over %q", err, e.Paths)
			}
			if restored := s.Text("main", "a.md") == "theirs"; restored == refuse || refuse != strings.Contains(e.Msg, "went over theirs") {
				t.Errorf("restored %v: %v", restored, err)
			}
		}
	})
}

// TestCommit_BesideSomebodyElses: what others did to other files stays.
func TestCommit_BesideSomebodyElses(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a", "b.md", "b"))
	s.Wrap = func(d rest.Doer) rest.Doer {
		return &between{Doer: d, act: func() { s.Theirs("main", "b.md", "theirs") }}
	}
	done, err := s.edit(s.signedIn("glpat-octo"), "mine")
	if err != nil || done.Head != s.Head("main") || s.Text("main", "b.md") != "theirs" || s.Commits("main") != 2 {
		t.Error(err)
	}
}
