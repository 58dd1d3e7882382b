package fakebitbucket

import (
	"testing"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

func TestBranches(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.change("cms/posts/b", "b", "b")
	s.change("cms/posts/a", "a", "a")
	for path, want := range map[string]string{
		"/refs/branches":                                         "cms/posts/a cms/posts/b main",
		where("/refs/branches", `name ~ "cms/"`):                 "cms/posts/a cms/posts/b",
		where("/refs/branches", `name ~ "cms/"`) + "&sort=-name": "cms/posts/b cms/posts/a",
		"/refs/branches?pagelen=2&page=2":                        "main",
	} {
		if got := s.wants(200, "GET", path, "").all(t, "name"); got != want {
			t.Errorf("%s lists %q, not %q", path, got, want)
		}
	}
	r := s.wants(200, "GET", "/refs/branches?pagelen=1&page=2", "")
	if r.field(t, "size") != 3.0 || r.text(t, "next") == "" || r.text(t, "previous") == "" {
		t.Errorf("%s", r.body)
	}
	for _, path := range []string{"/refs/branches/cms/posts/a", "/refs/branches/cms%2Fposts%2Fa"} {
		if r = s.wants(200, "GET", path+"?fields=target.hash", ""); r.body != `{"target":{"hash":"`+s.head("cms/posts/a")+`"}}` {
			t.Errorf("%s: %s", path, r.body)
		}
	}
	s.refuses(404, "does not exist", "GET", "/refs/branches/cms", "")
	s.refuses(400, "Invalid pagelen", "GET", "/refs/branches?pagelen=101", "")
	s.refuses(400, "Invalid page", "GET", "/refs/branches?page=x", "")
	s.refuses(400, "does not support filtering", "GET", "/refs/branches?sort=none", "")
}

func TestCreateAndDeleteBranch(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	r := s.wantsAs("dev", 201, "POST", "/refs/branches", `{"name":"cms/x","target":{"hash":"`+s.head("main")[:8]+`"}}`)
	if r.text(t, "name") != "cms/x" || r.text(t, "target.hash") != s.head("main") {
		t.Errorf("%s", r.body)
	}
	r = s.wants(400, "POST", "/refs/branches", `{"name":"cms/x","target":{"hash":"main"}}`)
	if r.text(t, "error.data.key") != "BRANCH_ALREADY_EXISTS" {
		t.Errorf("%s", r.body)
	}
	for body, status := range map[string]int{`{"name":"cms","target":{"hash":"main"}}`: 400, `{"name":"a..b","target":{"hash":"main"}}`: 400,
		`{"name":"y"}`: 400, `{"name":"y","target":{"hash":"none"}}`: 404} {
		s.wants(status, "POST", "/refs/branches", body)
	}
	s.wantsAs("reader", 403, "DELETE", "/refs/branches/cms/x", "")
	s.wantsAs("dev", 204, "DELETE", "/refs/branches/cms/x", "")
	s.wants(404, "DELETE", "/refs/branches/cms/x", "")
	s.refuses(400, "main branch", "DELETE", "/refs/branches/main", "")
	s.change("kept", "k", "k")
	s.repo.Protect("kept", &fakehost.Protection{})
	s.wants(403, "DELETE", "/refs/branches/kept", "")
	if err := s.repo.CreateRef("", "refs/tags/v1", plumbing.NewHash(s.head("main"))); err != nil {
		t.Fatal(err)
	}
	if got := s.wants(200, "GET", "/refs/tags", "").all(t, "type"); got != "tag" {
		t.Errorf("the tags are %s", got)
	}
}
