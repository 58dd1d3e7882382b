package fakebitbucket

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

func TestGetSource_File(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a b/ü#?.md": "text", "i.png": "\x89PNG\x00\xff", "none": ""})
	at := "/src/" + s.head("main")
	r := s.wants(200, "GET", at+"/a%20b/%C3%BC%23%3F.md", "")
	if r.body != "text" || r.header.Get("Content-Type") != "text/plain" || r.header.Get("Cache-Control") != daily {
		t.Errorf("%q, %v", r.body, r.header)
	}
	if again := s.wants(304, "GET", at+"/a%20b/%C3%BC%23%3F.md", "", "If-None-Match", r.header.Get("ETag")); again.body != "" {
		t.Errorf("304 with %q", again.body)
	}
	r = s.wants(200, "GET", at+"/i.png", "")
	if r.body != "\x89PNG\x00\xff" || r.header.Get("Content-Type") != "image/png" {
		t.Errorf("%q, %v", r.body, r.header)
	}
	if r = s.wants(200, "GET", at+"/none", ""); r.body != "" || r.header.Get("Content-Length") != "0" {
		t.Errorf("an empty file is %q", r.body)
	}
	if r = s.wants(200, "GET", "/src/main/none", ""); r.header.Get("Cache-Control") != "" {
		t.Error("what a branch names may be kept for a day")
	}
	r = s.wants(404, "GET", at+"/missing.md", "")
	if r.text(t, "error.message") != "No such file or directory: missing.md" || r.header.Get("Cache-Control") != daily {
		t.Errorf("%s, %v", r.body, r.header)
	}
	s.refuses(404, "Commit not found", "GET", "/src/0123456789012345678901234567890123456789/none", "")
	s.change("cms/x", "x", "x")
	s.refuses(404, "Commit not found", "GET", "/src/cms%2Fx/x", "") // a branch with a slash
}

func TestGetSource_Directory(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"b/c/d.md": "d", "b/a.md": "a", "b/z.md": "zz", "top.md": "t"})
	head := s.head("main")
	paths := func(path string) string { return s.wants(200, "GET", "/src/"+head+path, "").all(t, "path") }
	for path, want := range map[string]string{
		"/":                                  "b top.md",
		"/b":                                 "b/a.md b/c b/z.md",
		"/b/":                                "b/a.md b/c b/z.md",
		"/?max_depth=2":                      "b top.md b/a.md b/c b/z.md",
		"/?max_depth=9":                      "b top.md b/a.md b/c b/z.md b/c/d.md",
		"/b?q=size%3E1":                      "b/z.md",
		"/b?sort=-path":                      "b/z.md b/c b/a.md",
		"/b?pagelen=2":                       "b/a.md b/c",
		"/b?q=type%3D%22commit_directory%22": "b/c",
	} {
		if got := paths(path); got != want {
			t.Errorf("%s lists %q, not %q", path, got, want)
		}
	}
	r := s.wants(200, "GET", "/src/"+head+"/b?pagelen=2", "")
	if _, counted := decode[map[string]any](t, r.body)["size"]; counted {
		t.Error("it tells how many there are")
	}
	next := strings.TrimPrefix(r.text(t, "next"), s.url)
	if strings.Contains(next, "page=2") {
		t.Errorf("the next page is a number: %s", next)
	}
	if r = s.wants(200, "GET", next, ""); r.all(t, "path") != "b/z.md" || r.text(t, "next") != "" {
		t.Errorf("the next page is %s", r.body)
	}
	if r = s.wants(200, "GET", next+"&pagelen=x&pagelen=2", ""); r.all(t, "path") != "b/z.md" {
		t.Errorf("of a parameter that is repeated, not the last counts: %s", r.body)
	}
	s.wants(404, "GET", "/src/"+head+"/none", "")
	s.wants(404, "GET", "/src/"+head+"/top.md/", "")
	s.wants(404, "GET", "/src/"+head, "") // the root needs its slash
	s.refuses(400, "Invalid pagelen", "GET", "/src/"+head+"/?pagelen=101", "")
	s.host.Set(func(o *fakehost.Settings) { o.TreeLimit = 3 })
	s.wants(status555, "GET", "/src/"+head+"/?max_depth=9", "")
	s.wants(200, "GET", "/src/"+head+"/?max_depth=1", "")
}

func TestGetSource_Fields(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a", "b.md": "b"})
	at := "/src/" + s.head("main") + "/?pagelen=1&fields="
	for want, list := range map[string]string{
		`["next","values"] ["path"]`: "values.path,next",
		`["next","page","pagelen","values"] ["attributes","commit","escaped_path","links","mimetype","path","size","type"]`: "%2Bvalues.escaped_path",
		`["next","page","pagelen","values"] ["mimetype","path"]`:                                                            "-values.links,-values.commit,-values.size,-values.type,-values.attributes",
		`["values"] ["commit"]`: "values.commit.hash",
	} {
		r := s.wants(200, "GET", at+list, "")
		page := decode[map[string]any](t, r.body)
		entry := page["values"].([]any)[0].(map[string]any)
		if got := keys(page) + " " + keys(entry); got != want {
			t.Errorf("fields=%s has %s, not %s", list, got, want)
		}
	}
}

func TestGetSource_Modes(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	if _, err := s.repo.Commit("main", somebody, "Modes", fakehost.Change{Path: "run", Mode: filemode.Executable, Content: []byte("#!")},
		fakehost.Change{Path: "link", Mode: filemode.Symlink, Content: []byte("a.md")},
		fakehost.Change{Path: "bin", Content: []byte{0, 1}}); err != nil {
		t.Fatal(err)
	}
	r := s.wants(200, "GET", "/src/"+s.head("main")+"/", "")
	if got := r.all(t, "attributes"); got != `[] ["binary"] ["link"] ["executable"]` {
		t.Errorf("the attributes are %s", got)
	}
	if r = s.wants(200, "GET", "/src/"+s.head("main")+"/link", ""); r.body != "a.md" {
		t.Errorf("the link is %q", r.body)
	}
}

func TestGetSource_LargeFile(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	oid := s.repo.PutLFS([]byte("large"))
	s.change("main", "i.png", fmt.Sprintf("%soid sha256:%s\nsize 5\n", pointerHead, oid))
	path := "/src/" + s.head("main") + "/i.png"
	r := s.wants(302, "GET", path, "")
	to := strings.TrimPrefix(r.header.Get("Location"), s.url)
	if r = s.asks("", "GET", to, ""); r.body != "large" || r.header.Get("Content-Type") != "image/png" || r.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%s: %d %q", to, r.status, r.body)
	}
	if r = s.asks("", "GET", strings.Replace(to, "token=", "token=x", 1), ""); r.status != 403 {
		t.Errorf("with a wrong token it is %d", r.status)
	}
	if got := s.wants(200, "GET", path+"?format=meta", "").field(t, "attributes"); quoted(got) != `["lfs"]` {
		t.Errorf("the attributes are %v", got)
	}
	s.repo.Edit(func(i *fakehost.Info) { i.NoLFS = true })
	contains(t, s.wants(200, "GET", path, "").body, "oid sha256:")
}

func TestRedirectToMain(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	r := s.wants(302, "GET", "/src?pagelen=5", "")
	if want := s.url + inRepo + "/src/" + s.head("main") + "/?pagelen=5"; r.header.Get("Location") != want {
		t.Errorf("it leads to %s", r.header.Get("Location"))
	}
}
