package fakegithub

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

// tree is the part of a tree answer that tests look at.
type tree struct {
	SHA       string
	Truncated bool
	Tree      []struct{ Path, Mode, Type, SHA string }
}

func (t tree) paths() string {
	var list []string
	for _, e := range t.Tree {
		list = append(list, e.Path)
	}
	return strings.Join(list, " ")
}

func (s *site) tree(path string) tree {
	s.t.Helper()
	return decode[tree](s.t, s.wants(200, "GET", "/git/trees/"+path, "").body)
}

func TestTrees_Get(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a/b/c": "c", "a/d": "d", "a.md": "x", "posts-archive/x": "", "posts/x": "x"})
	s.change("cms/ä#b", "only/here", "x")
	head := s.head("main")
	for path, want := range map[string]string{
		"main":                  "a.md a posts-archive posts",
		"main:a":                "b d",
		"main:a%2Fb":            "c",
		"main:a/b/":             "c",
		head + ":posts":         "x",
		"main?recursive=1":      "a.md a a/b a/b/c a/d posts-archive posts-archive/x posts posts/x",
		"main:a?recursive=0":    "b b/c d",
		"cms%2F%C3%A4%23b:only": "here",
	} {
		if got := s.tree(path).paths(); got != want {
			t.Errorf("%s has %q, not %q", path, got, want)
		}
	}
	for _, missing := range []string{"main:nothing", "main:a.md", "nothing", strings.Repeat("0", 39) + "1"} {
		s.wants(404, "GET", "/git/trees/"+missing, "")
	}
	if got := s.tree("main").SHA; got != head {
		t.Errorf("a branch's tree is called %s, not as its commit %s", got, head)
	}
	s.host.Set(func(o *fakehost.Settings) { o.TreeLimit = 3 })
	if cut := s.tree("main?recursive=1"); !cut.Truncated || len(cut.Tree) != 3 {
		t.Errorf("a limit of 3 gives %+v", cut)
	}
	if whole := s.tree("main"); whole.Truncated || len(whole.Tree) != 4 {
		t.Errorf("one level is cut: %+v", whole)
	}
}

func TestTrees_OddPaths(t *testing.T) {
	t.Parallel()
	odd := "o#d?d%20 +&ö/k#?% +&ü.md"
	s := newSite(t, map[string]string{odd: "odd"})
	folder, file, _ := strings.Cut(odd, "/")
	if got := s.tree("main:" + url.PathEscape(folder)).paths(); got != file {
		t.Errorf("the folder has %q, not %q", got, file)
	}
	for _, path := range []string{url.PathEscape(odd), url.PathEscape(folder) + "/" + url.PathEscape(file)} {
		if r := s.wants(200, "GET", "/contents/"+path, "", "Accept", "application/vnd.github.raw"); r.body != "odd" {
			t.Errorf("%s is %q", path, r.body)
		}
	}
}

func TestTrees_Create(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a/b": "b", "a/c": "c", "d": "d", "run": "run"})
	blob := s.wants(201, "POST", "/git/blobs", `{"content":"new"}`).field(t, "sha")
	rootTree := s.tree("main:").SHA
	for _, c := range []struct{ name, base, entries, want string }{
		{"on a commit", s.head("main"), `{"path":"a/n","mode":"100755","type":"blob","sha":"` + blob + `"}`, "a a/b a/c a/n d run"},
		{"on a tree", rootTree, `{"path":"n","mode":"100644","type":"blob","content":"text"}`, "a a/b a/c d n run"},
		{"deleting", rootTree, `{"path":"a/b","mode":"100644","type":"blob","sha":null},{"path":"a/c","mode":"100644","type":"blob","sha":null}`, "d run"},
		{"a folder for a file", rootTree, `{"path":"d/e","mode":"100644","type":"blob","sha":"` + blob + `"}`, "a a/b a/c d d/e run"},
		{"a file for a folder", rootTree, `{"path":"a","mode":"100644","type":"blob","sha":"` + blob + `"}`, "a d run"},
		{"from nothing", "", `{"path":"x/y","mode":"120000","type":"blob","content":"../d"}`, "x x/y"},
		{"a whole tree", "", `{"path":"copy","mode":"040000","type":"tree","sha":"` + rootTree + `"}`, "copy copy/a copy/a/b copy/a/c copy/d copy/run"},
	} {
		body := `{"tree":[` + c.entries + `]`
		if c.base != "" {
			body += `,"base_tree":"` + c.base + `"`
		}
		id := s.wants(201, "POST", "/git/trees", body+"}").field(t, "sha")
		if got := s.tree(id + "?recursive=1").paths(); got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}

func TestTrees_CreateRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	for _, c := range []struct{ entry, message string }{
		{`{"path":"none","mode":"100644","type":"blob","sha":null}`, "GitRPC::BadObjectState"},
		{`{"path":"x","mode":"100644","type":"blob"}`, "Must supply either tree.sha or tree.content"},
		{`{"path":"x","mode":"100644","type":"blob","sha":"` + strings.Repeat("1", 40) + `"}`, "is not a valid blob"},
		{`{"path":"../x","mode":"100644","type":"blob","content":""}`, "malformed path component"},
		{`{"path":"/x","mode":"100644","type":"blob","content":""}`, "malformed path component"},
		{`{"path":".git/x","mode":"100644","type":"blob","content":""}`, "malformed path component"},
	} {
		body := `{"base_tree":"` + s.head("main") + `","tree":[` + c.entry + `]}`
		contains(t, s.wants(422, "POST", "/git/trees", body).body, c.message)
	}
	s.wants(404, "POST", "/git/trees", `{"base_tree":"`+strings.Repeat("1", 40)+`","tree":[{"path":"x","mode":"100644","type":"blob","content":""}]}`)
}

func TestBlobs_RoundTrip(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	for _, content := range []string{"", "x", "\xff\x00\xfe", strings.Repeat("long line ", 1000)} {
		body := `{"encoding":"base64","content":"` + base64.StdEncoding.EncodeToString([]byte(content)) + `"}`
		id := s.wants(201, "POST", "/git/blobs", body).field(t, "sha")
		lines := s.wants(200, "GET", "/git/blobs/"+id, "").field(t, "content")
		if got, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(lines, "\n", "")); err != nil || string(got) != content {
			t.Errorf("%.20q became %.20q, %v", content, got, err)
		}
		for _, accept := range []string{"application/vnd.github.raw", "application/vnd.github.v3.raw", "application/vnd.github.raw+json"} {
			r := s.wants(200, "GET", "/git/blobs/"+id, "", "Accept", accept)
			if r.body != content || r.header.Get("Content-Type") != accept+"; charset=utf-8" {
				t.Errorf("%s: %.20q as %s", accept, r.body, r.header.Get("Content-Type"))
			}
		}
	}
	contains(t, s.wants(422, "POST", "/git/blobs", `{"content":"!","encoding":"base64"}`).body, "not valid Base64")
	s.wants(404, "GET", "/git/blobs/"+s.head("main"), "")
}

func TestRefs_Create(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	head := s.head("main")
	for _, c := range []struct {
		ref, sha string
		status   int
		message  string
	}{
		{"refs/heads/cms/a b", head, 422, "is not a valid ref name"},
		{"refs/heads/cms/ä#%+&", head, 201, ""},
		{"refs/heads/cms/x", head, 201, ""},
		{"refs/heads/cms/x", head, 422, "Reference already exists"},
		{"refs/heads/cms", head, 422, "Reference update failed"},
		{"refs/heads/cms/x/y", head, 422, "Reference update failed"},
		{"refs/heads/a..b", head, 422, "is not a valid ref name"},
		{"refs/heads/a.lock", head, 422, "is not a valid ref name"},
		{"heads/y", head, 422, "must start with 'refs/'"},
		{"refs/heads/y", strings.Repeat("1", 40), 422, "Object does not exist"},
	} {
		r := s.wants(c.status, "POST", "/git/refs", `{"ref":`+quoted(c.ref)+`,"sha":"`+c.sha+`"}`)
		contains(t, r.body, c.message)
		if c.status == 201 && r.header.Get("Location") != r.field(t, "url") {
			t.Errorf("%s: Location is %q", c.ref, r.header.Get("Location"))
		}
	}
	escaped := url.PathEscape("cms/ä#%+&")
	if got := s.wants(200, "GET", "/git/ref/heads/"+escaped, "").field(t, "ref"); got != "refs/heads/cms/ä#%+&" {
		t.Errorf("the ref is %q", got)
	}
	s.wants(200, "GET", "/branches/"+escaped, "")
	if got := len(decode[[]any](t, s.wants(200, "GET", "/git/matching-refs/heads/cms/", "").body)); got != 2 {
		t.Errorf("%d matching refs", got)
	}
	if got := len(decode[[]any](t, s.wants(200, "GET", "/git/matching-refs/heads/nothing", "").body)); got != 0 {
		t.Errorf("%d matching refs", got)
	}
}

func TestRefs_UpdateAndDelete(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	first := s.head("main")
	second := s.change("main", "a", "b")
	update := func(status int, ref, body string) reply {
		return s.wants(status, "PATCH", "/git/refs/heads/"+ref, body)
	}
	contains(t, update(422, "main", `{"sha":"`+first+`"}`).body, "Update is not a fast forward")
	update(200, "main", `{"sha":"`+first+`","force":true}`)
	update(200, "main", `{"sha":"`+second+`"}`)
	contains(t, update(422, "none", `{"sha":"`+second+`"}`).body, "Reference does not exist")
	s.change("cms/x", "a", "c")
	s.wants(204, "DELETE", "/git/refs/heads/cms%2Fx", "")
	contains(t, s.wants(422, "DELETE", "/git/refs/heads/cms%2Fx", "").body, "Reference does not exist")
	s.wants(404, "GET", "/branches/cms/x", "")
}

func TestRefs_Protected(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	first := s.head("main")
	second := s.change("next", "a", "b")
	s.repo.SetPermission("reader", fakehost.Write)
	s.repo.Protect("main", &fakehost.Protection{RequiredReviews: 1})
	patch := func(login, body string) reply {
		return s.asks(login, "PATCH", "/repos/owner/repo/git/refs/heads/main", body)
	}
	r := patch("reader", `{"sha":"`+second+`"}`)
	contains(t, r.body, "Changes must be made through a pull request.")
	if r.status != 422 {
		t.Errorf("status %d", r.status)
	}
	contains(t, patch("owner", `{"sha":"`+second+`"}`).body, second)
	contains(t, patch("owner", `{"sha":"`+first+`","force":true}`).body, "Cannot force-push to this protected branch")
	contains(t, s.wants(200, "GET", "/branches/main", "").body, `"protected":true`)
}

func TestRefs_StaleRead(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	first := s.head("main")
	second := s.change("next", "a", "b")
	s.host.Fault(fakehost.Rule{Method: "PATCH", Effect: fakehost.Effect{StaleReads: 2}})
	s.wants(200, "PATCH", "/git/refs/heads/main", `{"sha":"`+second+`"}`)
	for i, want := range []string{first, first, second} {
		contains(t, s.wants(200, "GET", "/branches/main", "").body, `"sha":"`+want)
		if i == 0 && s.head("main") != second {
			t.Error("the write itself was lost")
		}
	}
}

func TestGit_EmptyRepository(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	for _, path := range []string{"/git/trees/main", "/git/ref/heads/main", "/commits"} {
		contains(t, s.wants(409, "GET", path, "").body, "Git Repository is empty.")
	}
	s.wants(409, "POST", "/git/blobs", `{"content":"a"}`)
	if r := s.wants(200, "GET", "/branches", ""); r.body != "[]" {
		t.Errorf("the branches are %s", r.body)
	}
	contains(t, s.wants(404, "GET", "/branches/main", "").body, "Branch not found")
}

func TestCommits_Create(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	parent, root := s.head("main"), s.tree("main:").SHA
	r := s.wants(201, "POST", "/git/commits", fmt.Sprintf(`{"message":"m","tree":%q,"parents":[%q],
		"author":{"name":"A","email":"a@example.com","date":"2020-01-02T03:04:05+02:00"}}`, root, parent))
	contains(t, r.body, `"author":{"date":"2020-01-02T01:04:05Z","email":"a@example.com","name":"A"}`,
		`"committer":{"date":"2020-01-02T01:04:05Z","email":"a@example.com","name":"A"}`, parent)
	plain := s.wants(201, "POST", "/git/commits", `{"message":"m","tree":"`+root+`"}`)
	contains(t, plain.body, `"name":"owner"`, `"parents":[]`)
	contains(t, s.wants(422, "POST", "/git/commits", `{"message":"m","tree":"`+parent+`"}`).body, "Tree SHA does not exist")
}
