package github_test

import (
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
	"mooring/backends/github"
)

func TestOpen_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	for _, cfg := range []github.Config{
		{Repo: ""}, {Repo: "site"}, {Repo: "octo/"}, {Repo: "https://github.com/octo/site"},
		{Repo: "octo/site", APIRoot: "github.example.com"},
	} {
		if _, err := github.Open(cfg, github.Env{}); !cmserr.Is(err, cmserr.Invalid) {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}

func TestAccess_SaysWhatTheTokenLacks(t *testing.T) {
	t.Parallel()
	s := serve(t, files())
	s.Host.AddToken("octo", "ghp_noscope", "gist")
	s.Host.AddToken("octo", "ghp_public", "public_repo", "gist")
	s.Host.AddToken("octo", "github_pat_fine")
	for token, fine := range map[string]bool{
		"ghp_octo": true, "ghp_public": true, "ghp_noscope": false, "github_pat_fine": true,
	} {
		a, err := s.signedIn(token).Access(t.Context())
		switch {
		case fine && (err != nil || !a.Write || a.DefaultBranch != "main"):
			t.Errorf("%s: %+v, %v", token, a, err)
		case !fine && (!cmserr.Is(err, cmserr.Forbidden) || !strings.Contains(err.Error(), "scope")):
			t.Errorf("%s: %+v, %v", token, a, err)
		}
	}
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
	if _, err := r.Head(t.Context(), "none"); !cmserr.Is(err, cmserr.NotFound) {
		t.Error(err)
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
}

func TestAccess_Reader(t *testing.T) {
	t.Parallel()
	s := serve(t, files())
	a, err := s.contributor(github.Config{Repo: "octo/site"}).Access(t.Context())
	if err != nil || !a.Read || a.Write {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestAccess_Renamed: a repository is found under its old name, and written to.
func TestAccess_Renamed(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		s := serve(t, files("a.md", "a"))
		s.Host.Rename(s.Repo, "octo", "new-site")
		r := s.open("ghp_octo", cfg)
		if _, err := r.Access(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := r.Commit(t.Context(), driver.Commit{
			Branch: "main", ExpectedHead: s.Head("main"), Message: "Edit", Changes: []driver.Change{put("a.md", "b")},
		})
		if err != nil || s.Text("main", "a.md") != "b" {
			t.Error(err)
		}
	})
}

// TestCommit_Refused: who may not write is told so, whatever the way.
func TestCommit_Refused(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		s := serve(t, files("a.md", "a"))
		c := driver.Commit{Branch: "main", ExpectedHead: s.Head("main"), Message: "Edit", Changes: []driver.Change{put("a.md", "b")}}
		_, err := s.contributor(cfg).Commit(t.Context(), c)
		if !cmserr.Is(err, cmserr.Forbidden) && !cmserr.Is(err, cmserr.NotFound) {
			t.Errorf("a reader: %v", err)
		}
		s.Repo.Protect("main", &fakehost.Protection{RequiredReviews: 1, EnforceAdmins: true})
		_, err = s.open("ghp_octo", cfg).Commit(t.Context(), c)
		if !cmserr.Is(err, cmserr.Forbidden) || !strings.Contains(err.Error(), "protected") {
			t.Errorf("a protected branch: %v", err)
		}
		if s.Text("main", "a.md") != "a" {
			t.Error("something was written")
		}
	})
}

func TestLastChanges_AreThePathsOwn(t *testing.T) {
	each(t, func(t *testing.T, cfg github.Config) {
		s := serve(t, files("a.md", "a", "b #.md", "b"))
		s.Host.AddUser(fakehost.User{Login: "ann", Name: "Ann"})
		ann, _ := s.Host.User("ann")
		if _, err := s.Repo.Commit("main", s.Host.Signature(ann), "Edit", fakehost.Change{Path: "b #.md", Content: []byte("b2")}); err != nil {
			t.Fatal(err)
		}
		got, err := s.open("ghp_octo", cfg).LastChanges(t.Context(), s.Head("main"), []string{"a.md", "none.md", "b #.md"})
		if err != nil || got[0].Author != "Octo Cat" || got[2].Author != "Ann" || got[0].Date.IsZero() || got[1] != (driver.LastChange{}) {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
