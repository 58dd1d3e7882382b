package fakegateway_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"mooring/backends/fakehost/fakegateway"
)

func TestGitHub_LinksPointToTheHost(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	for i := range 3 {
		s.ann("POST", "/.netlify/git/github/git/refs", fmt.Sprintf(`{"ref":"refs/heads/b%d","sha":"%s"}`, i, s.head())).wants(t, 201, "refs/heads/b")
	}
	a := s.ann("GET", "/.netlify/git/github/branches?per_page=2", "").wants(t, 200, `"name"`)
	want := regexp.MustCompile(`^<https://api\.github\.com/repositories/\d+/branches\?page=2&per_page=2>; rel="next"`)
	if got := a.header.Get("Link"); !want.MatchString(got) {
		t.Errorf("Link is %s", got)
	}
	branch := s.ann("GET", "/.netlify/git/github/branches/main", "")
	body := decode[struct {
		Links struct{ Self string } `json:"_links"`
	}](t, branch.body)
	if body.Links.Self != "https://api.github.com/repos/owner/site/branches/main" {
		t.Errorf("the branch is at %s", body.Links.Self)
	}
	if branch.header.Get("ETag") == "" || !strings.Contains(branch.header.Get("Access-Control-Expose-Headers"), "Link") {
		t.Errorf("the host's headers got lost: %v", branch.header)
	}
}

func TestGitHub_SlashesArriveUnescaped(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	s.ann("GET", "/.netlify/git/github/git/trees/main:posts%2Fnone%3F%23", "").wants(t, 404, "Not Found")
	log := s.Host().Requests()
	if got := log[len(log)-1].Path; got != "/repos/owner/site/git/trees/main:posts/none?#" {
		t.Errorf("the host was asked for %s", got)
	}
}

func TestGitLab_LinksArePathsInTheProject(t *testing.T) {
	t.Parallel()
	s := newSite(t, "gitlab")
	a := s.ann("GET", "/.netlify/git/gitlab/repository/tree?recursive=true&per_page=2", "").wants(t, 200, `"path"`)
	for _, entry := range strings.Split(a.header.Get("Link"), ",") {
		if !regexp.MustCompile(`^</repository/tree\?id=owner%2Fsite&[^>]*>; rel="(first|next|last)"$`).MatchString(entry) {
			t.Errorf("a link is %s", entry)
		}
	}
	if a.header.Get("X-Total") != "5" {
		t.Errorf("the host's headers got lost: %v", a.header)
	}
}

func TestGitLab_PathsArriveAsTheyWere(t *testing.T) {
	t.Parallel()
	s := newSite(t, "gitlab")
	if a := s.ann("GET", "/.netlify/git/gitlab/repository/files/posts%2Fa.md/raw?ref=main", ""); a.status != 200 || a.body != "a" {
		t.Errorf("the file is %d: %s", a.status, a.body)
	}
}

func TestGitLab_PersonalToken(t *testing.T) {
	t.Parallel()
	s := newSite(t, "gitlab", func(o *fakegateway.Options) { o.Token = "glpat-upstream" })
	s.ann("GET", "/.netlify/git/gitlab/repository/files/posts%2Fa.md?ref=main", "").wants(t, 200, `"file_name":"a.md"`)
}

func TestBitbucket_NextIsAPathInTheRepository(t *testing.T) {
	t.Parallel()
	s := newSite(t, "bitbucket")
	path := "/src/" + s.head() + "/data?pagelen=1"
	var names []string
	for path != "" {
		a := s.ann("GET", "/.netlify/git/bitbucket"+path, "").wants(t, 200, `"values"`)
		page := decode[struct {
			Next   string
			Values []struct{ Path string }
		}](t, a.body)
		for _, v := range page.Values {
			names = append(names, v.Path)
		}
		if path = page.Next; path != "" && !strings.HasPrefix(path, "/src/") {
			t.Fatalf("next is %s", path)
		}
	}
	if strings.Join(names, " ") != "data/list.json data/map.json" {
		t.Errorf("the pages have %v", names)
	}
}

func TestBitbucket_JSONFilesAreWrittenAnew(t *testing.T) {
	t.Parallel()
	s := newSite(t, "bitbucket")
	for file, want := range map[string]string{"data/map.json": `{"a":2,"b":1}`, "data/list.json": "", "posts/a.md": "a"} {
		a := s.ann("GET", "/.netlify/git/bitbucket/src/"+s.head()+"/"+file, "")
		if a.status != 200 || a.body != want {
			t.Errorf("%s is %d: %s (%s)", file, a.status, a.body, a.header.Get("Content-Type"))
		}
	}
}

func TestBitbucket_EdgePassesMore(t *testing.T) {
	t.Parallel()
	s := newSite(t, "bitbucket")
	s.Set(func(o *fakegateway.Settings) { o.Edge = true })
	for path, passes := range map[string]bool{
		"refs/branches/main": true, "refs/tags": false, "commits/main": true, "commit/main": true, "pullrequests": true,
		"src": true, "": false, "permissions-config/users": false, "pullrequestsx": false,
	} {
		a := s.ann("GET", "/.netlify/git/bitbucket/"+path, "")
		if strings.Contains(a.body, "has been restricted") == passes {
			t.Errorf("%s is answered with %d: %s", path, a.status, a.body)
		}
	}
}

func TestGateway_CORS(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	const origin = "http://localhost:8080"
	for _, path := range []string{"/.netlify/git/settings", "/.netlify/git/github/branches/main", "/.netlify/git/github/labels"} {
		a := s.ann("GET", path, "", "Origin", origin)
		if got := a.header.Values("Access-Control-Allow-Origin"); len(got) != 1 || got[0] != origin {
			t.Errorf("%s is for %v", path, got)
		}
	}
	for headers, allowed := range map[string]bool{"authorization,content-type": true, "authorization,if-none-match": false} {
		a := s.asks("", "OPTIONS", "/.netlify/git/github/branches/main", "", "Origin", origin,
			"Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", headers)
		if got := a.header.Get("Access-Control-Allow-Origin") != ""; got != allowed {
			t.Errorf("a request with %s is allowed: %v", headers, got)
		}
	}
}
