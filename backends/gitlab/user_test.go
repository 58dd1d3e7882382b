package gitlab_test

import (
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/gitlab"
)

func TestOpen_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	for _, cfg := range []gitlab.Config{
		{Repo: ""}, {Repo: "site"}, {Repo: "octo/"}, {Repo: "/site"}, {Repo: "https://gitlab.com/octo/site"}, {Repo: "a//b"},
		{Repo: "octo/site", APIRoot: "gitlab.example.com"},
	} {
		if _, err := gitlab.Open(cfg, gitlab.Env{}); !cmserr.Is(err, cmserr.Invalid) {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}

func TestUser_Nobody(t *testing.T) {
	t.Parallel()
	s := serve(t, files())
	if _, err := s.signedIn("").User(t.Context()); !cmserr.Is(err, cmserr.Unauthenticated) || len(s.Host.Requests()) != 0 {
		t.Error(err)
	}
}

// TestAccess_ByWhateverWay: members of the project, of its group, and of a group that
// the project is shared with may write, if they are developers.
func TestAccess_ByWhateverWay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		let  func(*site)
		want bool
	}{
		"project":       {func(s *site) { s.Repo.SetPermission("ann", fakehost.Write) }, true},
		"reporter":      {func(s *site) { s.Repo.SetPermission("ann", fakehost.Read) }, false},
		"group":         {func(s *site) { s.Host.SetMember("team", "ann", fakehost.Write) }, true},
		"group above":   {func(s *site) { s.Host.SetMember("team", "ann", fakehost.Admin) }, true},
		"shared":        {func(s *site) { s.Host.SetMember("guild", "ann", fakehost.Write); s.Repo.Share("guild", fakehost.Write) }, true},
		"shared to see": {func(s *site) { s.Host.SetMember("guild", "ann", fakehost.Write); s.Repo.Share("guild", fakehost.Read) }, false},
		"nobody":        {func(*site) {}, false},
	} {
		for way, cfg := range ways {
			s := serveAt(t, "team/web", "", files())
			s.Host.AddUser(fakehost.User{Login: "ann"})
			s.Host.AddToken("ann", "glpat-ann", "api")
			c.let(s)
			cfg.Repo = "team/web/site"
			a, err := s.open("glpat-ann", cfg).Access(t.Context())
			if err != nil || !a.Read || a.Write != c.want || a.DefaultBranch != "main" {
				t.Errorf("%s over %s: %+v, %v", name, way, a, err)
			}
		}
	}
}

func TestAccess_Refused(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		s := serve(t, files())
		s.Host.AddToken("octo", "glpat-reads", "read_api")
		_, err := s.open("glpat-reads", cfg).Access(t.Context())
		if !cmserr.Is(err, cmserr.Forbidden) || !strings.Contains(err.Error(), "scope “api”") {
			t.Errorf("a token that reads: %v", err)
		}
		s.Repo.Edit(func(i *fakehost.Info) { i.Archived = true })
		_, err = s.open("glpat-octo", cfg).Access(t.Context())
		if !cmserr.Is(err, cmserr.Forbidden) || !strings.Contains(err.Error(), "archived") {
			t.Errorf("an archived project: %v", err)
		}
		cfg.Repo = "octo/none"
		_, err = s.open("glpat-octo", cfg).Access(t.Context())
		if !cmserr.Is(err, cmserr.NotFound) || !strings.Contains(err.Error(), "octo/none") {
			t.Errorf("a missing project: %v", err)
		}
		if _, err = s.open("glpat-octo", cfg).Head(t.Context(), "main"); !strings.Contains(err.Error(), "octo/none") {
			t.Errorf("its branch: %v", err)
		}
	})
}

// TestHead_WithoutToken: what is public can be read by anybody, over REST.
func TestHead_WithoutToken(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a", "b.md", "b"))
	r := s.signedIn("")
	head, err := r.Head(t.Context(), "main")
	if err != nil || head != s.Head("main") {
		t.Fatalf("%s, %v", head, err)
	}
	entries, err := r.Tree(t.Context(), head, "", false)
	if err != nil {
		t.Fatal(err)
	}
	var refs []driver.BlobRef
	for _, e := range entries {
		refs = append(refs, driver.BlobRef{ID: e.ID, Path: e.Path, Commit: head})
	}
	if blobs, err := r.Blobs(t.Context(), refs); err != nil || len(blobs) != 3 || s.Asked("POST", "/graphql") != 0 {
		t.Errorf("%q, %v", blobs, err)
	}
	if a, err := r.Access(t.Context()); err != nil || a.Write {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestCommit_Refused: who may not write is told so, and so is who has to ask first.
func TestCommit_Refused(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		s := serve(t, files("a.md", "a"))
		s.Host.AddUser(fakehost.User{Login: "ann"})
		s.Host.AddToken("ann", "glpat-ann", "api")
		s.Repo.SetPermission("ann", fakehost.Read)
		r := s.open("glpat-ann", cfg)
		if _, err := s.edit(r, "b"); !cmserr.Is(err, cmserr.Forbidden) {
			t.Errorf("a reporter: %v", err)
		}
		if err := r.MayPush(t.Context(), "main"); !cmserr.Is(err, cmserr.Forbidden) {
			t.Errorf("a reporter: %v", err)
		}
		s.Repo.SetPermission("ann", fakehost.Write)
		s.Repo.Protect("main", &fakehost.Protection{RestrictPushes: true})
		for _, err := range []error{second(s.edit(r, "b")), r.MayPush(t.Context(), "main")} {
			if !cmserr.Is(err, cmserr.Forbidden) || !strings.Contains(err.Error(), "protected") {
				t.Errorf("a developer: %v", err)
			}
		}
		if s.Text("main", "a.md") != "a" {
			t.Error("something was written")
		}
	})
}

func second(_ driver.Committed, err error) error { return err }

func TestNames_OfAll(t *testing.T) {
	each(t, func(t *testing.T, cfg gitlab.Config) {
		s := serve(t, files("a.md", "a"))
		s.Host.AddUser(fakehost.User{Login: "ann", Name: "Ann"})
		got, err := s.open("glpat-octo", cfg).Names(t.Context(), []string{"ann", "nobody", "octo"})
		if err != nil || strings.Join(got, ", ") != "Ann, nobody, Octo Cat" {
			t.Errorf("%q, %v", got, err)
		}
	})
}
