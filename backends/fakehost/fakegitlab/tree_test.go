package fakegitlab

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

func names(t *testing.T, r reply) string {
	t.Helper()
	var out []string
	for _, o := range decode[[]map[string]any](t, r.body) {
		name, found := o["path"].(string)
		if !found {
			name = o["name"].(string)
		}
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

func TestTree_FoldersFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a", "b/c.md": "c", "b/d/e.md": "e", "z.md": "z"})
	for path, want := range map[string]string{
		"/repository/tree":                                                    "b a.md z.md",
		"/repository/tree?recursive=true":                                     "b b/d a.md b/c.md b/d/e.md z.md",
		"/repository/tree?path=b":                                             "b/d b/c.md",
		"/repository/tree?path=b/&recursive=true":                             "b/d b/c.md b/d/e.md",
		"/repository/tree?pagination=none&recursive=true":                     "b b/d a.md b/c.md b/d/e.md z.md",
		"/repository/tree?page=2&per_page=2":                                  "z.md",
		"/repository/tree?page=9&per_page=2":                                  "",
		"/repository/tree?pagination=keyset&per_page=2&ref=" + s.head("main"): "b a.md",
	} {
		if got := names(t, s.wants(200, "GET", path, "")); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	r := s.wants(200, "GET", "/repository/tree?path=b", "")
	contains(t, r.body, `"type":"tree","path":"b/d","mode":"040000"`, `"name":"c.md","type":"blob","path":"b/c.md","mode":"100644"`)
}

func TestTree_OffsetPaging(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for i := range 45 {
		files[fmt.Sprintf("%02d.md", i)] = "x"
	}
	s := newSite(t, files)
	r := s.wants(200, "GET", "/repository/tree?page=2&ref=main", "")
	for name, want := range map[string]string{"X-Total": "45", "X-Total-Pages": "3", "X-Page": "2", "X-Next-Page": "3", "X-Prev-Page": "1", "X-Per-Page": "20"} {
		if got := r.header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	base := "<" + s.url + s.project("/repository/tree") + "?id=owner%2Frepo&page="
	const rest = "&per_page=20&recursive=false&ref=main>"
	want := base + "1" + rest + `; rel="prev", ` + base + "3" + rest + `; rel="next", ` + base + "1" + rest + `; rel="first", ` + base + "3" + rest + `; rel="last"`
	if got := r.header.Get("Link"); got != want {
		t.Errorf("the links are %s\nwant %s", got, want)
	}
	s.host.Set(func(o *fakehost.Settings) { o.NoTotals = true })
	r = s.wants(200, "GET", "/repository/tree?per_page=500", "")
	if r.header.Get("X-Total") != "" || r.header.Get("X-Total-Pages") != "" || r.header.Get("X-Per-Page") != "100" || strings.Contains(r.header.Get("Link"), "last") {
		t.Errorf("without totals: %v", r.header)
	}
}

func TestTree_KeysetEnds(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "same", "b": "same", "c": "same", "d": "same"})
	path, got := s.url+s.project("/repository/tree?pagination=keyset&per_page=2"), ""
	for range 9 {
		r := s.asks("owner", "GET", strings.TrimPrefix(path, s.url), "")
		got += names(t, r) + "|"
		link := r.header.Get("Link")
		if r.header.Get("X-Total") != "" || r.header.Get("X-Page") != "" {
			t.Errorf("keyset paging has %v", r.header)
		}
		if link == "" {
			break
		}
		path = strings.TrimSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`)
	}
	if got != "a b|c d|" {
		t.Errorf("the pages are %s", got)
	}
}

func TestTree_NotFound(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	s.refuses(404, "404 Tree Not Found", "GET", "/repository/tree?ref=none", "")
	s.refuses(404, "404 invalid revision or path Not Found", "GET", "/repository/tree?path=none", "")
	s.refuses(404, "404 invalid revision or path Not Found", "GET", "/repository/tree?path=a.md&recursive=true", "")
	s.refuses(400, "pagination does not have a valid value", "GET", "/repository/tree?pagination=cursor", "")
	empty, err := s.host.AddRepository("owner", "empty", nil, fakehost.RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s.repo = empty
	s.refuses(404, "404 Tree Not Found", "GET", "/repository/tree", "")
	if r := s.wants(200, "GET", "", ""); r.field(t, "empty_repo") != true || r.field(t, "default_branch") != nil {
		t.Errorf("the empty project is %s", r.body)
	}
}

func TestFiles_HeadersAndContent(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"posts/ä b.md": "text"})
	if _, err := s.repo.Commit("main", somebody, "run", fakehost.Change{Path: "run", Content: []byte("x"), Mode: filemode.Executable}); err != nil {
		t.Fatal(err)
	}
	const path = "/repository/files/posts%2F%C3%A4%20b.md"
	head := s.wants(200, "HEAD", path+"?ref=main", "")
	e, _ := s.repo.Resolve("main:posts/ä b.md")
	for name, want := range map[string]string{"X-Gitlab-Blob-Id": e.ID.String(), "X-Gitlab-Size": "4", "X-Gitlab-Ref": "main", "X-Gitlab-Encoding": "base64",
		"X-Gitlab-Commit-Id": s.head("main"), "X-Gitlab-Execute-Filemode": "false", "Cache-Control": "no-cache",
		"X-Gitlab-Content-Sha256": "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"} {
		if got := head.header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	raw := s.wants(200, "GET", path+"/raw", "")
	if raw.body != "text" || raw.header.Get("ETag") != "" || raw.header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("raw: %q %v", raw.body, raw.header)
	}
	if r := s.wants(200, "GET", "/repository/files/run?ref=main", ""); r.field(t, "execute_filemode") != true || r.field(t, "content") != "eA==" {
		t.Errorf("the file is %s", r.body)
	}
	if r := s.wants(200, "GET", "/repository/blobs/"+e.ID.String(), ""); r.field(t, "content") != "dGV4dA==" || r.field(t, "size") != float64(4) {
		t.Errorf("the blob is %s", r.body)
	}
	if r := s.wants(200, "GET", "/repository/blobs/"+e.ID.String()+"/raw", ""); r.body != "text" {
		t.Errorf("the raw blob is %q", r.body)
	}
	s.refuses(404, "404 Blob Not Found", "GET", "/repository/blobs/"+strings.Repeat("1", 40), "")
	s.refuses(404, "404 File Not Found", "GET", "/repository/files/posts?ref=main", "")
	s.refuses(404, "404 Commit Not Found", "GET", "/repository/files/run?ref=none", "")
	s.refuses(400, "ref is missing", "GET", "/repository/files/run", "")
	s.refuses(400, "file_path should be a valid file path", "GET", "/repository/files/a%2F..%2Fb?ref=main", "")
}

func TestFiles_LFS(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{".gitattributes": "# large\n*.png filter=lfs diff=lfs merge=lfs -text\n/raw/*.png -filter\n", "a.md": "a"})
	s.wants(201, "POST", "/repository/commits", `{"branch":"main","commit_message":"m","actions":[
		{"action":"create","file_path":"img/a.png","content":"bGFyZ2U=","encoding":"base64"},
		{"action":"create","file_path":"raw/b.png","content":"plain"},
		{"action":"create","file_path":"c.txt","content":"text"}]}`)
	contains(t, s.file("main", "img/a.png"), "version https://git-lfs.github.com/spec/v1\noid sha256:", "size 5\n")
	if s.file("main", "raw/b.png") != "plain" || s.file("main", "c.txt") != "text" {
		t.Error("what isn't for LFS is in it")
	}
	if r := s.wants(200, "GET", "/repository/files/img%2Fa.png/raw?lfs=true", ""); r.body != "large" {
		t.Errorf("the content is %q", r.body)
	}
	contains(t, s.wants(200, "GET", "/repository/files/img%2Fa.png/raw", "").body, "version https://")
	// A branch that starts at a commit has no attributes yet.
	s.wants(201, "POST", "/repository/commits", `{"branch":"x","start_sha":"`+s.head("main")+`","commit_message":"m","actions":[
		{"action":"create","file_path":"d.png","content":"large"}]}`)
	if got := s.file("x", "d.png"); got != "large" {
		t.Errorf("from start_sha: %q", got)
	}
	s.repo.Edit(func(i *fakehost.Info) { i.NoLFS = true })
	contains(t, s.wants(200, "GET", "/repository/files/img%2Fa.png/raw?lfs=true", "").body, "version https://")
}
