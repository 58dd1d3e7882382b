package fakebitbucket

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

// spec is the path of Bitbucket's own description, or skips the test.
func spec(t *testing.T) string {
	t.Helper()
	file := filepath.FromSlash("../../../../shared/specs/bitbucket-openapi.yaml")
	if _, err := os.Stat(file); err != nil {
		t.Skipf("there is no %s", file)
	}
	return file
}

// TestRoutes_AreBitbuckets compares every endpoint with the description.
func TestRoutes_AreBitbuckets(t *testing.T) {
	t.Parallel()
	check, err := Checker(spec(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range routes {
		path := strings.NewReplacer("^(?s:", "", ")/?$", "", "([^/]+)", "1", "(.*)", "1", `\`, "").Replace(r.pattern.String())
		q, err := http.NewRequestWithContext(t.Context(), r.method, "/"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := check(q, nil); err != nil && strings.Contains(err.Error(), "description has no") {
			t.Error(err)
		}
	}
}

// TestAnswers_FitTheDescription holds an answer of each endpoint against it.
func TestAnswers_FitTheDescription(t *testing.T) {
	t.Parallel()
	description, err := readDescription(spec(t))
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, map[string]string{"a.md": "a", "dir/b.png": "\x00"})
	s.pull("cms/x")
	head := s.head("cms/x")
	s.wantsAs("dev", 201, "POST", "/commit/"+head+"/statuses/build", `{"key":"k","state":"FAILED","url":"https://ci.example/"}`)
	s.repo.Protect("main", &fakehost.Protection{RestrictPushes: true})
	for _, ask := range []struct {
		status             int
		method, path, body string
	}{
		{200, "GET", "/2.0/user", ""},
		{200, "GET", "", ""},
		{200, "GET", "/refs/branches", ""}, {200, "GET", "/refs/branches/cms/x", ""}, {200, "GET", "/refs", ""}, {200, "GET", "/refs/tags", ""},
		{201, "POST", "/refs/branches", `{"name":"new","target":{"hash":"main"}}`},
		{200, "GET", "/branch-restrictions", ""}, {200, "GET", "/permissions-config/users", ""},
		{200, "GET", "/src/" + head + "/dir/", ""},
		{200, "GET", "/commit/" + head, ""}, {200, "GET", "/commits", ""}, {200, "GET", "/commits/" + head, ""},
		{200, "GET", "/commit/" + head + "/statuses", ""}, {200, "GET", "/pullrequests/1/statuses", ""},
		{200, "GET", "/filehistory/" + head + "/a.md", ""}, {200, "GET", "/diffstat/" + head, ""}, {200, "GET", "/merge-base/" + head + "..main", ""},
		{200, "GET", "/pullrequests", ""}, {200, "GET", "/pullrequests/1", ""}, {200, "PUT", "/pullrequests/1", `{"title":"T"}`},
		{201, "POST", "/pullrequests/1/comments", `{"content":{"raw":"c"}}`}, {200, "GET", "/pullrequests/1/comments", ""},
		{200, "POST", "/pullrequests/1/approve", ""}, {200, "POST", "/pullrequests/1/merge", `{"merge_strategy":"squash"}`},
		{404, "GET", "/refs/branches/none", ""},
	} {
		r := s.wants(ask.status, ask.method, ask.path, ask.body)
		path := ask.path
		if !strings.HasPrefix(path, "/2.0") {
			path = inRepo + path
		}
		if err := description.CheckAnswer(ask.method, strings.TrimPrefix(path, "/2.0"), ask.status, decode[any](t, r.body)); err != nil {
			t.Error(err)
		}
	}
}

func TestChecker_NotesAndRefuses(t *testing.T) {
	t.Parallel()
	check, err := Checker(spec(t))
	if err != nil {
		t.Fatal(err)
	}
	s := newSiteWith(t, Options{CheckRequest: check}, map[string]string{"a.md": "a"})
	head := s.head("main")
	for _, path := range []string{"/src/" + head + "/?pagelen=5&max_depth=2&fields=values.path&q=size>1", "/commits/main?path=a.md&exclude=main",
		"/diffstat/" + head + "..main?topic=true&renames=false", "/refs/branches/main?fields=target.hash", "/pullrequests?state=OPEN"} {
		s.wants(200, "GET", path, "")
	}
	s.upload(201, "/b.md", "b", "branch", "cms/b")
	s.wants(201, "POST", "/pullrequests", `{"title":"T","description":"D","draft":true,"source":{"branch":{"name":"cms/b"}},"close_source_branch":false}`)
	s.wants(201, "POST", "/pullrequests/1/comments", `{"content":{"raw":"c"}}`)
	s.wants(200, "POST", "/pullrequests/1/decline", `{"message":"no"}`)
	s.refuses(422, "max_dept: no such query parameter", "GET", "/src/"+head+"/?max_dept=2", "")
	s.refuses(422, "additional properties", "POST", "/pullrequests", `{"titel":"x"}`)
	noted := 0
	for _, q := range s.host.Requests() {
		if q.Err != "" {
			noted++
		}
	}
	if noted != 2 {
		t.Errorf("%d errors are in the log", noted)
	}
	if _, err := Checker(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a missing description is read")
	}
}
