package drivertest

import (
	"testing"

	"mooring/backends/driver"
)

func pathCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Seeded":    pathsSeeded,
		"Committed": pathsCommitted,
		"Folders":   pathsFolders,
		"Branches":  pathsBranches,
	})
}

// odd are paths that break where one is escaped too little, too much or twice.
var odd = map[string]string{
	"with space.md":             "1",
	"posts/a#b?c%d+e&f.md":      "2",
	"posts/a%20b.md":            "3",
	"posts/a b.md":              "4",
	"posts/a+b.md":              "5",
	"posts/100%.md":             "6",
	"ünïcödé/日本語 😀.md":          "7",
	"e\u0301.md":                "8", // an e and a combining accent,
	"\u00e9.md":                 "9", // and the one letter: two files
	"-dash/.gitkeep":            "",
	"quote'and\"quote.md":       "10",
	"back\\slash.md":            "11",
	"[brackets]{braces}(x).md":  "12",
	"semi;colon=@!$*,~^:.md":    "13",
	"dir #?%+&/sub dir/file.md": "14",
	"...dots../..x":             "15",
	"<tag>|pipe`tick.md":        "16",
	"CASE.md":                   "17",
	"case.md":                   "18",
}

func pathsSeeded(t *testing.T, h Harness) {
	r := h.open(t, odd)
	r.holds(r.head(""), odd)
}

func pathsCommitted(t *testing.T, h Harness) {
	r := h.open(t, nil)
	var add, edit, rename, drop []driver.Change
	edited, moved := map[string]string{}, map[string]string{}
	for path, text := range odd {
		add = append(add, put(path, text))
		edit = append(edit, put(path, text+" edited"))
		rename = append(rename, move(path, "moved/"+path))
		drop = append(drop, remove("moved/"+path))
		edited[path], moved["moved/"+path] = text+" edited", text+" edited"
	}
	r.holds(r.commit(add...), odd)
	r.holds(r.commit(edit...), edited)
	r.holds(r.commit(rename...), moved)
	r.holds(r.commit(drop...), map[string]string{})
}

func pathsFolders(t *testing.T, h Harness) {
	r := h.open(t, odd)
	head := r.head("")
	r.wantTree(head, "dir #?%+&", false, "dir #?%+&/sub dir")
	r.wantTree(head, "dir #?%+&", true, "dir #?%+&/sub dir", "dir #?%+&/sub dir/file.md")
	r.wantTree(head, "dir #?%+&/sub dir", false, "dir #?%+&/sub dir/file.md")
	r.wantTree(head, "ünïcödé", false, "ünïcödé/日本語 😀.md")
	r.wantTree(head, "-dash", true, "-dash/.gitkeep")
	r.wantTree(head, "...dots..", true, "...dots../..x")
}

// pathsBranches has names that Git allows; a space is not among them.
func pathsBranches(t *testing.T, h Harness) {
	r := h.open(t, nil)
	base := r.head("")
	for _, branch := range []string{
		"cms/posts/2024/hello", "cms/posts/a#b", "cms/posts/a%20b", "cms/posts/a+b&c=d",
		"cms/posts/ünï-日本", "cms/posts/-dash", "cms/posts/a.b;c,d!e(f)'g", "cms/a/b/c/d/e/f",
	} {
		made := r.branchOff(branch, put("a.md", branch))
		r.unmoved(branch, made)
		next := r.commitTo(branch, put("b.md", "b"))
		r.unmoved(branch, next)
		r.holds(next, map[string]string{"a.md": branch, "b.md": "b"})
	}
	r.unmoved("", base)
}
