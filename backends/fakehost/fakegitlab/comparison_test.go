package fakegitlab

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": strings.Repeat("line\n", 20), "b": "b\n", "c": "c\n"})
	s.change("main", "d", "d\n")
	if err := s.repo.CreateRef("", headsPrefix+"x", plumbing.NewHash(s.head("main"))); err != nil {
		t.Fatal(err)
	}
	s.change("main", "e", "e\n")
	if _, err := s.repo.Commit("x", somebody, "many", fakehost.Change{Path: "b", Content: []byte("new\n")}, fakehost.Change{Path: "c", Delete: true},
		fakehost.Change{Path: "a", Delete: true}, fakehost.Change{Path: "z/a", Content: []byte(strings.Repeat("line\n", 20))},
		fakehost.Change{Path: "bin", Content: []byte("\x00\x01")}); err != nil {
		t.Fatal(err)
	}
	r := s.wants(200, "GET", "/repository/compare?from=main&to=x", "")
	if got := diffNames(t, r.field(t, "diffs")); got != "b:M bin:A c:D a>z/a:R" {
		t.Errorf("the diffs are %s", got)
	}
	contains(t, r.body, `"diff":"@@ -1 +1 @@\n-b\n+new\n"`, `Binary files /dev/null and b/bin differ`, `"a_mode":"0"`, `"compare_timeout":false`)
	if r.field(t, "commit.id") != s.head("x") || len(r.field(t, "commits").([]any)) != 1 {
		t.Errorf("the commits are %v", r.field(t, "commits"))
	}
	straight := s.wants(200, "GET", "/repository/compare?from=main&to=x&straight=true", "")
	if got := diffNames(t, straight.field(t, "diffs")); got != "b:M bin:A c:D e:D a>z/a:R" {
		t.Errorf("straight: %s", got)
	}
	s.refuses(404, "404 Ref Not Found", "GET", "/repository/compare?from=main&to=none", "")
	if r := s.wants(200, "GET", "/repository/merge_base?refs[]=main&refs[]=x", ""); r.field(t, "title") != "Change d" {
		t.Errorf("the merge base is %s", r.body)
	}
	s.refuses(400, "Could not find ref: none", "GET", "/repository/merge_base?refs[]=main&refs[]=none", "")
}

func diffNames(t *testing.T, diffs any) string {
	t.Helper()
	var out []string
	for _, d := range diffs.([]any) {
		o := d.(map[string]any)
		name, kind := o["new_path"].(string), "M"
		switch {
		case o["new_file"] == true:
			kind = "A"
		case o["deleted_file"] == true:
			kind = "D"
		case o["renamed_file"] == true:
			name, kind = o["old_path"].(string)+">"+name, "R"
		}
		out = append(out, name+":"+kind)
	}
	return strings.Join(out, " ")
}

func TestCompare_Limits(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	var changes []fakehost.Change
	for i := range 1002 {
		changes = append(changes, fakehost.Change{Path: fmt.Sprintf("p/%04d", i), Content: []byte("x\n")})
	}
	changes = append(changes, fakehost.Change{Path: "0", Content: []byte(strings.Repeat("0123456789\n", 3000))})
	if _, err := s.repo.Commit("x", somebody, "many", changes...); err != nil {
		t.Fatal(err)
	}
	r := s.wants(200, "GET", "/repository/compare?from=main&to=x", "")
	list := r.field(t, "diffs").([]any)
	if len(list) != 1000 || r.field(t, "compare_timeout") != true {
		t.Errorf("%d diffs, overflow %v", len(list), r.field(t, "compare_timeout"))
	}
	collapsed := func(i int) bool { return list[i].(map[string]any)["collapsed"] == true }
	if !collapsed(0) || collapsed(1) || !collapsed(500) || list[500].(map[string]any)["diff"] != "" {
		t.Errorf("collapsed: %v %v %v", collapsed(0), collapsed(1), collapsed(500))
	}
	s.wants(201, "POST", "/merge_requests", `{"title":"X","source_branch":"x","target_branch":"main"}`)
	page := s.wants(200, "GET", "/merge_requests/1/diffs?per_page=100&page=10", "")
	if len(decode[[]any](t, page.body)) != 100 || page.header.Get("X-Next-Page") != "" || !strings.Contains(page.body, `"diff":"@@`) {
		t.Errorf("the last page: %v", page.header)
	}
	if r := s.wants(200, "GET", "/merge_requests/1", ""); r.field(t, "changes_count") != "1000+" {
		t.Errorf("the count is %v", r.field(t, "changes_count"))
	}
	if r := s.wants(200, "GET", "/merge_requests/1/changes", ""); r.field(t, "overflow") != true || len(r.field(t, "changes").([]any)) != 1000 {
		t.Errorf("the changes: %v", r.field(t, "overflow"))
	}
}
