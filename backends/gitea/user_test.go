package gitea_test

import (
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegitea"
	"mooring/backends/gitea"
)

func TestOpen_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	for _, cfg := range []gitea.Config{
		{Repo: ""}, {Repo: "site"}, {Repo: "octo/"}, {Repo: "https://git.example/octo/site"},
		{Repo: "octo/site", APIRoot: "git.example.com/api/v1"},
	} {
		if _, err := gitea.Open(cfg, gitea.Env{}); !cmserr.Is(err, cmserr.Invalid) {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}

func TestUser_NobodyIsSignedIn(t *testing.T) {
	t.Parallel()
	s := serve(t, servers["Gitea 1.26"], files())
	if _, err := s.open("", "octo/site").User(t.Context()); !cmserr.Is(err, cmserr.Unauthenticated) {
		t.Error(err)
	}
	if len(s.Host.Requests()) != 0 {
		t.Error("the server was asked who nobody is")
	}
}

func TestAccess_Archived(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		s.Repo.Edit(func(i *fakehost.Info) { i.Archived = true })
		r := s.signedIn()
		_, err := r.Access(t.Context())
		if !cmserr.Is(err, cmserr.Forbidden) || !strings.Contains(err.Error(), "archived") {
			t.Errorf("Access: %v", err)
		}
		_, err = r.Commit(t.Context(), edit(s.Head("main"), put("a.md", "b")))
		if !cmserr.Is(err, cmserr.Forbidden) || !strings.Contains(err.Error(), "archived") {
			t.Errorf("Commit: %v", err)
		}
	})
}

// TestAccess_Renamed: the server leads to the new name, but a browser that is led
// elsewhere asks there instead of sending.
func TestAccess_Renamed(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		s.Host.Rename(s.Repo, "octo", "blog")
		r := s.signedIn()
		if _, err := r.Access(t.Context()); err != nil {
			t.Fatal(err)
		}
		done, err := r.Commit(t.Context(), edit(s.Head("main"), put("a.md", "b")))
		if err != nil || done.Head != s.Head("main") || s.Asked("POST", "/octo/blog/contents") != 1 {
			t.Errorf("%v", err)
		}
	})
}

// TestScopes_AreNamed: what a token may not do is said with what it needs.
func TestScopes_AreNamed(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a", "b.md", "b"))
		s.Host.AddToken("octo", "token-that-reads", "read:repository")
		r := s.open("token-that-reads", "octo/site")
		_, errUser := r.User(t.Context())
		_, errCommit := r.Commit(t.Context(), edit(s.Head("main"), put("a.md", "b")))
		errLabel := r.Relabel(t.Context(), 1, []string{"draft"}, nil)
		for _, err := range []error{errUser, errCommit, errLabel} {
			if !cmserr.Is(err, cmserr.Forbidden) || !strings.Contains(err.Error(), "issue: read and write") {
				t.Errorf("%v", err)
			}
		}
		// Reading is all that it may, though Gitea calls a question for many files a write.
		entries, err := r.Tree(t.Context(), s.Head("main"), "", false)
		if err != nil {
			t.Fatal(err)
		}
		texts, err := r.Blobs(t.Context(), refsAt(s.Head("main"), entries))
		if err != nil || string(texts[2]) != "b" {
			t.Errorf("%q, %v", texts, err)
		}
		changes, err := r.LastChanges(t.Context(), s.Head("main"), []string{"a.md"})
		if err != nil || changes[0].Date.IsZero() {
			t.Errorf("%+v, %v", changes, err)
		}
	})
}

// TestRelabel_MakesEachOnce: the server would make a second label of the same name.
func TestRelabel_MakesEachOnce(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		r := s.signedIn()
		p := s.draft(r)
		if err := r.Relabel(t.Context(), p.Number, []string{"static-cms/draft"}, nil); err != nil {
			t.Fatal(err)
		}
		if err := r.Relabel(t.Context(), p.Number, []string{"static-cms/ready"}, []string{"static-cms/draft"}); err != nil {
			t.Fatal(err)
		}
		if err := r.Relabel(t.Context(), p.Number, []string{"static-cms/draft"}, []string{"static-cms/ready"}); err != nil {
			t.Fatal(err)
		}
		if labels := s.Repo.Labels(); len(labels) != 2 {
			t.Errorf("the repository has the labels %+v", labels)
		}
		if n := s.Asked("POST", "/site/labels"); n != 2 {
			t.Errorf("%d labels were made", n)
		}
	})
}

// TestPulls_FromForks: they are listed, and told apart.
func TestPulls_FromForks(t *testing.T) {
	t.Parallel()
	s := serve(t, servers["Gitea 1.26"], files("a.md", "a"))
	s.Host.AddUser(fakehost.User{Login: "guest"})
	fork, err := s.Host.Fork("guest", s.Repo, fakehost.ForkOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fork.Commit("cms/posts/b", s.Author(), "Draft", fakehost.Change{Path: "b.md", Content: []byte("b")}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Repo.CreatePull(fakehost.NewPull{By: "guest", Title: "B", Head: fork, HeadBranch: "cms/posts/b", BaseBranch: "main"}); err != nil {
		t.Fatal(err)
	}
	r := s.signedIn()
	ours := s.draft(r)
	all, err := r.Pulls(t.Context(), "main", "cms/")
	if err != nil || len(all) != 2 || all[0].Fork != "guest/site" || all[1].Number != ours.Number || all[1].Fork != "" {
		t.Errorf("%+v, %v", all, err)
	}
	if _, err := r.Pull(t.Context(), "main", "cms/posts/b"); !cmserr.Is(err, cmserr.NotFound) {
		t.Errorf("a fork's branch is taken for ours: %v", err)
	}
	files, err := r.PullFiles(t.Context(), all[:1])
	if err != nil || len(files[0]) != 1 || files[0][0].Path != "b.md" {
		t.Errorf("%+v, %v", files, err)
	}
}

// TestStatuses_NewestOfEach: as the deploy preview wants them.
func TestStatuses_NewestOfEach(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		id, _ := s.Repo.Head("main")
		for _, st := range []fakehost.Status{
			{Context: "deploy", State: "pending"}, {Context: "lint", State: "failure", TargetURL: "https://ci.example/1"},
			{Context: "deploy", State: "success", TargetURL: "https://preview.example/"},
		} {
			s.Repo.AddStatus(id, st)
		}
		got, err := s.signedIn().Statuses(t.Context(), id.String())
		want := map[driver.StatusCheck]bool{
			{Context: "deploy", State: "success", URL: "https://preview.example/"}: true,
			{Context: "lint", State: "failure", URL: "https://ci.example/1"}:       true,
		}
		if err != nil || len(got) != 2 || !want[got[0]] || !want[got[1]] {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := s.signedIn().Statuses(t.Context(), "0123456789012345678901234567890123456789"); !cmserr.Is(err, cmserr.NotFound) {
			t.Errorf("of no commit: %v", err)
		}
	})
}

// TestMove_OfALargeFile: the server makes the pointer, so it is given the file.
func TestMove_OfALargeFile(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files(".gitattributes", "*.png filter=lfs diff=lfs merge=lfs -text\n"))
		r := s.signedIn()
		done, err := r.Commit(t.Context(), edit(s.Head("main"), put("a.png", "\x89PNG and more")))
		if err != nil {
			t.Fatal(err)
		}
		pointer := s.Text("main", "a.png")
		if !strings.HasPrefix(pointer, "version https://git-lfs") {
			t.Fatalf("Git holds %q", pointer)
		}
		_, err = r.Commit(t.Context(), edit(done.Head, driver.Change{Op: driver.Move, From: "a.png", Path: "img/b.png"}))
		if err != nil || s.Text("main", "img/b.png") != pointer || s.Text("main", "a.png") != "" {
			t.Errorf("Git holds %q, %v", s.Text("main", "img/b.png"), err)
		}
	})
}
