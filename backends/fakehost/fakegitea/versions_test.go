package fakegitea

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

// byVersion are the statuses of one request on some servers.
type byVersion map[string]int

func TestVersions_Endpoints(t *testing.T) {
	t.Parallel()
	gitea := func(v string) Options { return Options{Version: v} }
	forgejo := func(v string) Options { return Options{Forgejo: true, Version: v} }
	servers := map[string]Options{"1.22": gitea("1.22.6"), "1.23": gitea("1.23.8"), "1.24": gitea("1.24.0"), "1.25": gitea("1.25.0"),
		"1.26": gitea("1.26.0"), "f9": forgejo("9.0.3"), "f10": forgejo("10.0.0"), "f11": forgejo("11.0.0"), "f12": forgejo("12.0.0"), "f14": forgejo("")}
	for _, c := range []struct {
		method, path, body string
		want               byVersion
		otherwise          int
	}{
		{"POST", "/file-contents", `{"files":["a"]}`, byVersion{"1.24": 200, "1.25": 200, "1.26": 200}, 404},
		{"GET", "/contents-ext/a", "", byVersion{"1.25": 200, "1.26": 200}, 404},
		{"PUT", "/branches/main", `{"new_commit_id":"main"}`, byVersion{"1.26": 204}, 405},
		{"PATCH", "/branches/none", `{"name":"new"}`, byVersion{"1.22": 405, "f9": 405}, 404},
		{"GET", "/git/blobs?shas=8c7e5a667f1b771847fe88c01c3de34413a1b220", "", byVersion{"f12": 200, "f14": 200}, 404},
		{"GET", "/commits/b%2Fc/status", "", byVersion{}, 200},
		{"GET", "/commits/b/c/status", "", byVersion{"1.26": 200}, 404},
		{"POST", "/contents", `{"branch":"main","files":[{"operation":"rename","path":"r","from_path":"a"}]}`, byVersion{"1.25": 201, "1.26": 201}, 500},
		{"POST", "/contents", `{"branch":"main","files":[{"operation":"update","path":"a","content":""}]}`, byVersion{"f12": 422, "f14": 422}, 201},
		{"POST", "/contents", `{"branch":"main","files":[{"operation":"update","path":"none","content":""}]}`, byVersion{"1.25": 404, "1.26": 404}, 500},
		{"POST", "/contents", `{"branch":"main","files":[{"operation":"delete","path":"d"}]}`, byVersion{"1.25": 404, "1.26": 201}, 500},
		{"POST", "/contents", `{"branch":"main","new_branch":"b/c","force_push":true,"files":[]}`, byVersion{"1.26": 201}, 422},
		{"GET", "/contents/a?ref=HEAD", "", byVersion{"1.25": 404, "1.26": 404}, 200},
	} {
		for name, o := range servers {
			s := serve(t, New(fakehost.New(fakehost.Options{}), o), map[string]string{"a": "A", "d/e": "E"})
			s.change("b/c", "x", "y")
			want, given := c.want[name]
			if !given {
				want = c.otherwise
			}
			if r := s.sends("owner", c.method, "/api/v1/repos/owner/repo"+c.path, c.body); r.status != want {
				t.Errorf("%s %s %s on %s: %d, not %d: %s", c.method, c.path, c.body, name, r.status, want, r.body)
			}
		}
	}
}

func TestVersions_ForgejoTellsItself(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{"": {}, "9.0.3+gitea-1.22.0": {Forgejo: true, Version: "9.0.3"}, "14.0.0+gitea-1.22.0": {Forgejo: true}} {
		s := open(t, o, map[string]string{"a": "A"})
		r := s.sends("", "GET", "/api/forgejo/v1/version", "")
		if name == "" && r.status != http.StatusNotFound {
			t.Errorf("Gitea says that it is Forgejo: %d %s", r.status, r.body)
		}
		if name != "" && decode[struct{ Version string }](t, r).Version != name {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
}

func TestNew_NoVersion(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a word is taken for a version")
		}
	}()
	New(fakehost.New(fakehost.Options{}), Options{Version: "newest"})
}

// numbered are n files.
func numbered(n int) map[string]string {
	files := map[string]string{}
	for i := range n {
		files[fmt.Sprintf("f%04d", i)] = fmt.Sprint(i)
	}
	return files
}

func TestTrees_Pages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o    Options
		last bool // truncated on the last page
	}{{Options{}, false}, {Options{Version: "1.24.0"}, true}, {Options{Forgejo: true}, true}} {
		s := open(t, c.o, numbered(2345))
		s.host.Set(func(o *fakehost.Settings) { o.TreeLimit = 100_000 })
		seen := map[string]bool{}
		for page := 1; page <= 3; page++ {
			tree := decode[treeJSON](t, s.wants(200, "GET", fmt.Sprintf("/git/trees/main?recursive=true&per_page=5000&page=%d", page), ""))
			want := page < 3 || c.last
			if tree.Truncated != want || tree.TotalCount != 2345 || tree.Page != page {
				t.Errorf("%+v, page %d: truncated %v, %d of %d", c.o, page, tree.Truncated, len(tree.Tree), tree.TotalCount)
			}
			for _, e := range tree.Tree {
				seen[e.Path] = true
			}
		}
		if len(seen) != 2345 {
			t.Errorf("%d files are listed", len(seen))
		}
		s.host.Set(func(o *fakehost.Settings) { o.TreeLimit = 100 })
		if tree := decode[treeJSON](t, s.wants(200, "GET", "/git/trees/main?recursive=true", "")); len(tree.Tree) != 100 || !tree.Truncated {
			t.Errorf("a server with small pages answers %d", len(tree.Tree))
		}
	}
}

func TestFileContents_Limits(t *testing.T) {
	t.Parallel()
	s := open(t, Options{}, numbered(40))
	ask := func(paths ...string) []*struct{ Content *string } {
		body := `{"files":["` + strings.Join(paths, `","`) + `"]}`
		return decode[[]*struct{ Content *string }](t, s.wants(200, "POST", "/file-contents?ref=main", body))
	}
	var all []string
	for i := range 40 {
		all = append(all, fmt.Sprintf("f%04d", i))
	}
	if got := ask(all...); len(got) != 30 {
		t.Errorf("%d of 40", len(got))
	}
	s.host.Set(func(o *fakehost.Settings) { o.ResponseLimit = 9 })
	if got := ask(all...); len(got) != 2 { // of four letters each
		t.Errorf("%d within 9 bytes", len(got))
	}
	s.host.Set(func(o *fakehost.Settings) { o.BlobLimit = 1 })
	if got := ask("f0001", "f0011", "none"); len(got) != 3 || *got[0].Content != "MQ==" || got[1].Content != nil || got[2] != nil {
		t.Errorf("%+v", got)
	}
}

func TestBlobs_TooLarge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o    Options
		null bool
	}{{Options{}, true}, {Options{Version: "1.23.8"}, false}, {Options{Forgejo: true}, false}} {
		s := open(t, c.o, map[string]string{"large": "0123456789"})
		s.host.Set(func(o *fakehost.Settings) { o.BlobLimit = 9 })
		id := decode[treeJSON](t, s.wants(200, "GET", "/git/trees/main", "")).Tree[0].SHA
		b := decode[blobJSON](t, s.wants(200, "GET", "/git/blobs/"+id, ""))
		if (b.Content == nil) != c.null || !c.null && *b.Content != "" || b.Size != 10 {
			t.Errorf("%+v: %+v", c.o, b)
		}
		if r := s.wants(200, "GET", "/raw/large?ref=main", ""); r.body != "0123456789" {
			t.Errorf("raw: %q", r.body)
		}
	}
}

func TestBlobs_ManyOfForgejo(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Forgejo: true}, numbered(60))
	var ids []string
	for _, e := range decode[treeJSON](t, s.wants(200, "GET", "/git/trees/main", "")).Tree {
		ids = append(ids, e.SHA)
	}
	got := decode[[]blobJSON](t, s.wants(200, "GET", "/git/blobs?shas="+strings.Join(ids[10:], ","), ""))
	if len(got) != 50 || got[0].SHA != ids[10] || *got[49].Content == "" {
		t.Errorf("%d blobs", len(got))
	}
	if got := decode[[]blobJSON](t, s.wants(200, "GET", "/git/blobs?shas="+strings.Join(ids, ","), "")); len(got) != 50 {
		t.Errorf("%d of 60 are answered", len(got))
	}
	s.wants(400, "GET", "/git/blobs?shas="+ids[0]+",0000000000000000000000000000000000000001", "")
	s.wants(400, "GET", "/git/blobs?shas=", "")
}
