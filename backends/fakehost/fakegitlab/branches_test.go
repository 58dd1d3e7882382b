package fakegitlab

import (
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

func TestBranches_SearchAndRefusals(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	for _, name := range []string{"cms/posts/a", "cms/Posts/b", "fix-cms"} {
		s.wants(201, "POST", "/repository/branches", `{"branch":"`+name+`","ref":"main"}`)
	}
	for search, want := range map[string]string{"^cms/posts": "cms/Posts/b cms/posts/a", "cms$": "fix-cms", "CMS": "cms/Posts/b cms/posts/a fix-cms", "": "cms/Posts/b cms/posts/a fix-cms main"} {
		if got := names(t, s.wants(200, "GET", "/repository/branches?search="+strings.ReplaceAll(search, "^", "%5E"), "")); got != want {
			t.Errorf("%q: %s", search, got)
		}
	}
	r := s.wants(200, "GET", "/repository/branches?pagination=keyset&per_page=3", "")
	contains(t, r.header.Get("Link"), "page_token=fix-cms")
	if got := names(t, s.wants(200, "GET", "/repository/branches?pagination=keyset&per_page=3&page_token=fix-cms", "")); got != "main" {
		t.Errorf("the second page is %s", got)
	}
	s.wants(204, "HEAD", "/repository/branches/main", "")
	s.wants(404, "HEAD", "/repository/branches/none", "")
	s.refuses(400, "Branch already exists", "POST", "/repository/branches", `{"branch":"fix-cms","ref":"main"}`)
	s.refuses(400, "invalid reference name 'none'", "POST", "/repository/branches", `{"branch":"y","ref":"none"}`)
	s.refuses(400, "Branch name is invalid", "POST", "/repository/branches", `{"branch":"y..z","ref":"main"}`)
	s.refuses(400, "Failed to create branch 'main/y'", "POST", "/repository/branches", `{"branch":"main/y","ref":"main"}`)
	s.refuses(400, "ref is missing", "POST", "/repository/branches", `{"branch":"y"}`)
	s.refuses(404, "404 Branch Not Found", "DELETE", "/repository/branches/none", "")
	s.refuses(400, "The default branch of a project cannot be deleted.", "DELETE", "/repository/branches/main", "")
	s.repo.Protect("fix-cms", &fakehost.Protection{RestrictPushes: true})
	contains(t, s.wantsAs("dev", 400, "DELETE", "/repository/branches/fix-cms", "").body, "You are not allowed to delete protected branches")
}
