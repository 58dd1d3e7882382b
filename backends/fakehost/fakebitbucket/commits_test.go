package fakebitbucket

import (
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

func TestListCommits(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a", "b.md": "b"})
	first := s.head("main")
	second := s.change("main", "a.md", "a2")
	third := s.change("cms/x", "x.md", "x")
	for path, want := range map[string][]string{
		"/commits/main":                                 {second, first},
		"/commits?include=main":                         {second, first},
		"/commits/cms/x?exclude=main":                   {third},
		"/commits?include=cms/x&exclude=" + first:       {third, second},
		"/commits?path=a.md&include=cms/x":              {second, first},
		"/commits?path=a.md&include=main&pagelen=1":     {second},
		"/commits/main?exclude=main":                    nil,
		"/commits?include=cms/x&include=main&pagelen=9": {third, second, first},
	} {
		if got := s.wants(200, "GET", path, "").all(t, "hash"); got != strings.Join(want, " ") {
			t.Errorf("%s lists %s, not %v", path, got, want)
		}
	}
	if got := strings.Fields(s.wants(200, "GET", "/commits", "").all(t, "hash")); len(got) != 3 {
		t.Errorf("all are %v", got)
	}
	r := s.wants(200, "GET", "/commits/main?pagelen=1", "")
	if r.field(t, "size") != nil {
		t.Error("it counts")
	}
	if r = s.wants(200, "GET", strings.TrimPrefix(r.text(t, "next"), s.url), ""); r.all(t, "hash") != first {
		t.Errorf("the next page is %s", r.body)
	}
	r = s.wants(404, "GET", "/commits/none", "")
	if r.text(t, "error.message") != "Commit not found" || quoted(r.field(t, "error.data.shas")) != `["none"]` {
		t.Errorf("%s", r.body)
	}
	s.wants(404, "GET", "/commits?exclude=none", "")
	s.refuses(400, "Invalid page", "GET", "/commits?page=2", "")
}

func TestFileHistory(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"old.md": "one\ntwo\nthree\n"})
	if _, err := s.repo.Commit("main", somebody, "Move", fakehost.Change{Path: "old.md", Delete: true},
		fakehost.Change{Path: "new.md", Content: []byte("one\ntwo\nthree\n")}); err != nil {
		t.Fatal(err)
	}
	last := s.change("main", "new.md", "one\ntwo\nthree\nfour\n")
	r := s.wants(200, "GET", "/filehistory/main/new.md?fields=values.path,values.commit.hash,values.commit.date,values.commit.author.raw", "")
	if r.all(t, "path") != "new.md new.md old.md" || r.text(t, "values.0.commit.hash") != last || r.text(t, "values.0.commit.date") == "" ||
		r.text(t, "values.0.commit.author.raw") != "Somebody <somebody@example.org>" {
		t.Errorf("%s", r.body)
	}
	if got := s.wants(200, "GET", "/filehistory/main/new.md?renames=false", "").all(t, "path"); got != "new.md new.md" {
		t.Errorf("without renames it is %s", got)
	}
	s.refuses(404, "No such file", "GET", "/filehistory/main/none.md", "")
	s.wants(404, "GET", "/filehistory/none/new.md", "")
}

func TestDiffstat(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a\n", "b.md": "one\ntwo\nthree\n", "c.md": "c", "dir/d.md": "d"})
	base := s.head("main")
	if _, err := s.repo.Commit("cms/x", somebody, "Change", fakehost.Change{Path: "a.md", Content: []byte("a\nb\n")},
		fakehost.Change{Path: "b.md", Delete: true}, fakehost.Change{Path: "e ü.md", Content: []byte("one\ntwo\nthree\n")},
		fakehost.Change{Path: "c.md", Delete: true}, fakehost.Change{Path: "dir/new.md", Content: []byte("n")}); err != nil {
		t.Fatal(err)
	}
	tip := s.change("main", "other.md", "o")
	head := s.head("cms/x")
	for query, want := range map[string]string{
		"?topic=true":                     "modified removed added renamed",
		"?topic=false":                    "modified removed added renamed removed",
		"?topic=true&path=dir":            "added",
		"?topic=true&path=a.md&path=c.md": "modified removed",
		"?topic=true&renames=false":       "modified removed removed added added",
		"?topic=true&pagelen=1&page=2":    "removed",
	} {
		if got := s.wants(200, "GET", "/diffstat/"+head+".."+tip+query, "").all(t, "status"); got != want {
			t.Errorf("%s has %q, not %q", query, got, want)
		}
	}
	r := s.wants(200, "GET", "/diffstat/"+head+".."+tip+"?topic=true", "")
	if r.text(t, "values.3.old.path") != "b.md" || r.text(t, "values.3.new.path") != "e ü.md" || r.text(t, "values.3.new.escaped_path") != "e%20%C3%BC.md" ||
		r.field(t, "values.2.old") != nil || r.field(t, "values.0.lines_added") != 1.0 || r.field(t, "size") != 4.0 {
		t.Errorf("%s", r.body)
	}
	if got := s.wants(200, "GET", "/diffstat/"+tip, "").all(t, "new.path"); got != "other.md" {
		t.Errorf("one commit has %s", got)
	}
	if got := s.wants(200, "GET", "/diffstat/"+base, "").all(t, "status"); got != "added added added added" {
		t.Errorf("the first commit has %s", got)
	}
	if r = s.wants(200, "GET", "/merge-base/"+head+".."+tip, ""); r.text(t, "hash") != base {
		t.Errorf("the merge base is %s", r.body)
	}
	s.wants(404, "GET", "/diffstat/none", "")
	s.wants(400, "GET", "/merge-base/"+head, "")
}

func TestDiff(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a\n", "gone.md": "g\n", "i.png": "\x00", "old.md": "one\ntwo\n"})
	if _, err := s.repo.Commit("cms/x", somebody, "Change", fakehost.Change{Path: "a.md", Content: []byte("b")},
		fakehost.Change{Path: "gone.md", Delete: true}, fakehost.Change{Path: "i.png", Content: []byte("\x00\x01")},
		fakehost.Change{Path: "old.md", Delete: true}, fakehost.Change{Path: "renamed.md", Content: []byte("one\ntwo\n")}); err != nil {
		t.Fatal(err)
	}
	r := s.wants(200, "GET", "/diff/cms/x..main?binary=false", "")
	contains(t, r.body, "diff --git a/a.md b/a.md\nindex ", "@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\n", "deleted file mode 100644\n", "+++ /dev/null\n",
		"Binary files a/i.png and b/i.png differ\n", "similarity index 100%\nrename from old.md\nrename to renamed.md\n")
	if r.header.Get("Content-Type") != "text/plain" {
		t.Errorf("%v", r.header)
	}
	s.wants(404, "GET", "/diff/none..main", "")
}
