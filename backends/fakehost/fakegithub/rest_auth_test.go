package fakegithub

import (
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

func TestServer_Credentials(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	for header, want := range map[string]int{
		"token owner-token": 200, "Bearer owner-token": 200, "Basic b3duZXI6b3duZXItdG9rZW4=": 200,
		"token nobody": 401, "Bearer ": 401, "Digest owner-token": 401, "": 401,
	} {
		var r reply
		if header == "" {
			r = s.asks("", "GET", "/user", "")
		} else {
			r = s.asks("", "GET", "/user", "", "Authorization", header)
		}
		if r.status != want {
			t.Errorf("%q: %d, not %d: %s", header, r.status, want, r.body)
		}
	}
	r := s.asks("", "GET", "/user", "", "Authorization", "token nobody")
	if r.field(t, "message") != "Bad credentials" || r.field(t, "status") != "401" || r.field(t, "documentation_url") == "" {
		t.Errorf("the body is %s", r.body)
	}
}

func TestServer_Private(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.repo.Edit(func(i *fakehost.Info) { i.Private = true })
	s.host.SetToken(fakehost.Token{Value: "public-token", Login: "owner", Scopes: []string{"public_repo"}})
	for login, want := range map[string]int{"owner": 200, "reader": 404, "": 404, "public": 404} {
		if r := s.asks(login, "GET", "/repos/owner/repo", ""); r.status != want {
			t.Errorf("%q: %d, not %d", login, r.status, want)
		}
	}
	s.repo.SetPermission("reader", fakehost.Read)
	if r := s.asks("reader", "GET", "/repos/owner/repo", ""); r.status != 200 || !strings.Contains(r.body, `"push":false`) {
		t.Errorf("a reader: %d %s", r.status, r.body)
	}
}

func TestServer_WritePermission(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.host.SetToken(fakehost.Token{Value: "narrow-token", Login: "owner", Scopes: []string{"read:user"}})
	if _, err := s.repo.Commit("b", fakeAuthor, "m", fakehost.Change{Path: "b"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.repo.CreatePull(fakehost.NewPull{By: "owner", HeadBranch: "b", BaseBranch: "main"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		login, method, path, body string
		status                    int
	}{
		{"reader", "POST", "/git/blobs", `{"content":"a"}`, 404},
		{"narrow", "POST", "/git/blobs", `{"content":"a"}`, 404},
		{"owner", "POST", "/git/blobs", `{"content":"a"}`, 201},
		{"reader", "PUT", "/issues/1/labels", `{"labels":["x"]}`, 403},
		{"narrow", "PUT", "/issues/1/labels", `{"labels":["x"]}`, 404},
		{"reader", "PATCH", "/pulls/1", `{"state":"closed"}`, 403},
		{"reader", "PUT", "/pulls/1/merge", `{}`, 404},
		{"reader", "GET", "/collaborators/reader/permission", "", 403},
		{"", "POST", "/forks", "", 404},
	} {
		if r := s.asks(c.login, c.method, "/repos/owner/repo"+c.path, c.body); r.status != c.status {
			t.Errorf("%s: %s %s is answered with %d, not %d: %s", c.login, c.method, c.path, r.status, c.status, r.body)
		}
	}
	s.repo.SetPermission("reader", fakehost.Write)
	if r := s.asks("reader", "GET", "/repos/owner/repo/collaborators/reader/permission", ""); r.field(t, "permission") != "write" {
		t.Errorf("after being let in: %s", r.body)
	}
}

func TestServer_Organization(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.host.AddUser(fakehost.User{Login: "owner", Organization: true, RequireSSO: true})
	s.host.SetToken(fakehost.Token{Value: "sso-token", Login: "reader", Scopes: []string{"repo"}, SSO: []string{"owner"}})
	r := s.asks("reader", "GET", "/repos/owner/repo", "")
	if r.status != 403 || !strings.HasPrefix(r.header.Get("X-GitHub-SSO"), "required; url=https://github.com/orgs/owner/sso?") {
		t.Errorf("without SSO: %d %v", r.status, r.header)
	}
	contains(t, r.body, "SAML enforcement")
	if r := s.asks("sso", "GET", "/repos/owner/repo", ""); r.status != 200 {
		t.Errorf("with SSO: %d", r.status)
	}
	s.host.AddUser(fakehost.User{Login: "owner", Organization: true, RestrictApps: true})
	s.repo.SetPermission("reader", fakehost.Write)
	if r := s.asks("reader", "GET", "/repos/owner/repo", ""); r.status != 200 {
		t.Errorf("reading what is public: %d", r.status)
	}
	r = s.asks("reader", "POST", "/repos/owner/repo/git/blobs", `{"content":"a"}`)
	if r.status != 403 {
		t.Errorf("writing: %d", r.status)
	}
	contains(t, r.body, "`owner` organization has enabled OAuth App access restrictions")
}

func TestServer_Renamed(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.host.Rename(s.repo, "owner", "new-name")
	r := s.asks("owner", "GET", "/repos/owner/repo/git/trees/main?recursive=1", "")
	want := s.url + "/repositories/" + digits(s.repo.Info().ID) + "/git/trees/main?recursive=1"
	if r.status != 301 || r.header.Get("Location") != want {
		t.Errorf("%d to %s, not %s", r.status, r.header.Get("Location"), want)
	}
	if r := s.sends("owner", "GET", strings.TrimPrefix(want, s.url), ""); r.status != 200 {
		t.Errorf("at the new place: %d %s", r.status, r.body)
	}
	if r := s.asks("owner", "POST", "/repos/owner/repo/git/blobs", `{"content":"a"}`); r.status != 307 {
		t.Errorf("a write: %d", r.status)
	}
}

func TestServer_Forks(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.host.Set(func(o *fakehost.Settings) { o.ForkPolls = 2 })
	r := s.asks("reader", "POST", "/repos/owner/repo/forks", "")
	if r.status != 202 || r.field(t, "full_name") != "reader/repo" {
		t.Fatalf("%d %s", r.status, r.body)
	}
	for i, want := range []int{404, 404, 200, 200} {
		if r := s.asks("reader", "GET", "/repos/reader/repo", ""); r.status != want {
			t.Errorf("poll %d: %d, not %d", i, r.status, want)
		}
	}
	id := s.change("main", "a", "b")
	if r := s.asks("reader", "GET", "/repos/reader/repo/git/commits/"+id, ""); r.status != 200 {
		t.Errorf("the fork doesn't know its origin's commit: %d", r.status)
	}
	for _, want := range []string{"fast-forward", "none"} {
		r := s.asks("reader", "POST", "/repos/reader/repo/merge-upstream", `{"branch":"main"}`)
		if r.field(t, "merge_type") != want {
			t.Errorf("%s, not %s", r.body, want)
		}
	}
	fork, _ := s.host.Repository("reader", "repo")
	if at, _ := fork.Head("main"); at.String() != id {
		t.Errorf("the fork is at %s, not %s", at, id)
	}
	if r := s.asks("reader", "POST", "/repos/owner/repo/forks", ""); r.field(t, "full_name") != "reader/repo" {
		t.Errorf("forking again: %s", r.body)
	}
}
