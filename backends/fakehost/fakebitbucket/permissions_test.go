package fakebitbucket

import (
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

func TestListPermissions(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	path := where("/2.0/user/workspaces/owner/permissions/repositories", `repository.full_name = "owner/repo"`)
	for login, want := range map[string]string{"owner": "admin", "dev": "write", "reader": "read", "stranger": ""} {
		s.host.AddUser(fakehost.User{Login: login})
		s.host.AddToken(login, login+"-token")
		if got := s.wantsAs(login, 200, "GET", path, "").all(t, "permission"); got != want {
			t.Errorf("%s has %q, not %q", login, got, want)
		}
	}
	more := where("/2.0/user/workspaces/owner/permissions/repositories", `repository.slug = "repo" AND permission != "read"`)
	if got := s.wantsAs("reader", 200, "GET", more, "").all(t, "permission"); got != "" {
		t.Errorf("it finds %q", got)
	}
	if got := s.wantsAs("dev", 200, "GET", more, "").all(t, "repository.full_name"); got != "owner/repo" {
		t.Errorf("it finds %q", got)
	}
	r := s.wantsAs("owner", 200, "GET", "/2.0/user/workspaces", "")
	if r.all(t, "workspace.slug") != "owner" || r.field(t, "values.0.administrator") != true {
		t.Errorf("the workspaces are %s", r.body)
	}
	s.wantsAs("dev", 403, "GET", "/permissions-config/users", "")
	if got := s.wants(200, "GET", "/permissions-config/users", "").all(t, "permission"); got != "write read" {
		t.Errorf("the users may %q", got)
	}
}

func TestListRestrictions(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.repo.Protect("main", &fakehost.Protection{RestrictPushes: true, RestrictMerges: true, RequiredReviews: 2, RequiredChecks: []string{"ci"}})
	r := s.wants(200, "GET", "/branch-restrictions", "")
	if got := r.all(t, "kind"); got != "delete force push restrict_merges require_approvals_to_merge require_passing_builds_to_merge" {
		t.Errorf("the kinds are %s", got)
	}
	push := s.wants(200, "GET", "/branch-restrictions?kind=push", "")
	if push.text(t, "values.0.pattern") != "main" || push.text(t, "values.0.users.0.nickname") != "owner" {
		t.Errorf("%s", push.body)
	}
	contains(t, s.wantsAs("dev", 403, "GET", "/branch-restrictions", "").body, "admin access")
}

func TestUsers(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	if got := s.wantsAs("dev", 200, "GET", "/2.0/user/emails", "").all(t, "email"); got != "dev@example.com" {
		t.Errorf("the addresses are %s", got)
	}
	self := s.wantsAs("dev", 200, "GET", "/2.0/user", "").text(t, "links.self.href")
	if r := s.wants(200, "GET", strings.TrimPrefix(self, s.url), ""); r.text(t, "nickname") != "dev" || r.field(t, "username") != nil {
		t.Errorf("%s is %s", self, r.body)
	}
	s.wants(404, "GET", "/2.0/users/none", "")
}
