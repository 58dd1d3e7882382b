package bitbucket_test

import (
	"slices"
	"strings"
	"testing"

	"mooring/backends/bitbucket"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
)

func TestOpen_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	for _, cfg := range []bitbucket.Config{
		{Repo: ""}, {Repo: "site"}, {Repo: "octo/"}, {Repo: "/site"}, {Repo: "https://bitbucket.org/octo/site"}, {Repo: "a/b/c"},
		{Repo: "octo/site", APIRoot: "api.bitbucket.org"},
	} {
		if _, err := bitbucket.Open(cfg, bitbucket.Env{}); !cmserr.Is(err, cmserr.Invalid) {
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

// TestAccess_ByPermission: that a repository can be read says nothing of writing.
func TestAccess_ByPermission(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		let  func(*site)
		want bool
	}{
		"write":  {func(s *site) { s.Repo.SetPermission("ann", fakehost.Write) }, true},
		"admin":  {func(s *site) { s.Repo.SetPermission("ann", fakehost.Admin) }, true},
		"read":   {func(s *site) { s.Repo.SetPermission("ann", fakehost.Read) }, false},
		"nobody": {func(*site) {}, false}, // the repository is public
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, files("a.md", "a"))
			s.Host.AddUser(fakehost.User{Login: "ann", Name: "Ann"})
			s.Host.AddToken("ann", "ann-token")
			c.let(s)
			r := s.signedIn("ann-token")
			a, err := r.Access(t.Context())
			if err != nil || !a.Read || a.Write != c.want || a.DefaultBranch != "main" {
				t.Errorf("%+v, %v", a, err)
			}
			if names, err := r.Names(t.Context(), []string{"ann", "bob"}); err != nil || !slices.Equal(names, []string{"Ann", "bob"}) {
				t.Errorf("%q, %v", names, err)
			}
		})
	}
}

func TestAccess_Hidden(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	s.Repo.Edit(func(i *fakehost.Info) { i.Private = true })
	s.Host.AddUser(fakehost.User{Login: "ann"})
	s.Host.AddToken("ann", "ann-token")
	_, err := s.signedIn("ann-token").Access(t.Context())
	if err == nil || cmserr.Is(err, cmserr.Network) {
		t.Errorf("%v", err)
	}
}

// TestAccess_TokenOfARepository: it belongs to nobody, and may write all the same.
func TestAccess_TokenOfARepository(t *testing.T) {
	t.Parallel()
	for scope, want := range map[string]bool{"repository:write": true, "repository": false} {
		s := serve(t, files("a.md", "a"))
		s.Host.AddUser(fakehost.User{Login: "bot", Name: "Site token", Email: "x@bots.bitbucket.org"})
		s.Host.SetToken(fakehost.Token{Value: "repo-token", Login: "bot", Scopes: []string{scope}})
		s.Repo.SetPermission("bot", fakehost.Write)
		s.Host.Fault(fakehost.Rule{Path: "*/permissions/repositories", Effect: fakehost.Effect{Status: 403}})
		r := s.signedIn("repo-token")
		u, err := r.User(t.Context())
		if err != nil || u.Login == "" {
			t.Errorf("%+v, %v", u, err)
		}
		a, err := r.Access(t.Context())
		if err != nil || !a.Read || a.Write != want {
			t.Errorf("%s: %+v, %v", scope, a, err)
		}
		if branches := len(s.Repo.Refs("refs/heads/")); branches != 1 {
			t.Errorf("there are %d branches now", branches)
		}
	}
}

// TestAccess_OlderServers have permissions at another address.
func TestAccess_OlderServers(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	s.Host.Fault(fakehost.Rule{Path: "*/user/workspaces/*", Effect: fakehost.Effect{Status: 503}})
	if _, err := s.signedIn("octo-token").Access(t.Context()); !cmserr.Is(err, cmserr.Network) {
		t.Errorf("%v: a host that stumbles says nothing of permissions", err)
	}
}

// TestMayPush_AsFarAsItIsTold: restrictions are shown to administrators alone.
func TestMayPush_AsFarAsItIsTold(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a"))
	s.Host.AddUser(fakehost.User{Login: "ann"})
	s.Host.AddToken("ann", "ann-token")
	s.Repo.SetPermission("ann", fakehost.Write)
	s.Protect("main")
	if err := s.signedIn("ann-token").MayPush(t.Context(), "main"); err != nil {
		t.Errorf("who may not see restrictions hears %v", err)
	}
	_, err := s.signedIn("ann-token").Commit(t.Context(), driver.Commit{
		Branch: "main", ExpectedHead: s.Head("main"), Message: "Edit", Changes: []driver.Change{put("a.md", "b")},
	})
	if !cmserr.Is(err, cmserr.Forbidden) || !strings.Contains(err.Error(), "restricted") {
		t.Errorf("saving ends with %v", err)
	}
}

func TestServiceStatus_OfAServerOfOnesOwn(t *testing.T) {
	t.Parallel()
	if got, err := serve(t, files()).signedIn("octo-token").ServiceStatus(t.Context()); err != nil || !got.OK {
		t.Errorf("%+v, %v", got, err)
	}
}
