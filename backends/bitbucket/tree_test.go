package bitbucket_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mooring/backends/driver"
	"mooring/backends/drivertest/fakesite"
	"mooring/backends/fakehost"
)

// TestUpdateTree_AsTree: whatever changed, the listing is that of a new session, but for
// the names of what did not change.
func TestUpdateTree_AsTree(t *testing.T) {
	t.Parallel()
	seed := files("a.md", "a", "b/b.md", "b", "b/c/c.md", "c", "b/c/d.md", "d", "e/only.md", "o", "f", "a file", "g/g.md", "g")
	gone := func(path string) fakehost.Change { return fakehost.Change{Path: path, Delete: true} }
	file := func(path string) fakehost.Change { return fakehost.Change{Path: path, Content: []byte("new " + path)} }
	for name, changes := range map[string][]fakehost.Change{
		"edited":                {file("b/c/c.md")},
		"added":                 {file("b/new.md"), file("z.md"), file("new/deep/er.md")},
		"removed":               {gone("a.md"), gone("b/c/d.md")},
		"the last of a folder":  {gone("e/only.md")},
		"a folder for a file":   {gone("f"), file("f/now.md")},
		"a file for a folder":   {gone("g/g.md"), file("g")},
		"all of a deep folder":  {gone("b/c/c.md"), gone("b/c/d.md")},
		"a name with a quote":   {file(`b/say "hi".md`), file(`b/back\slash.md`)},
		"everything in one dir": {gone("b/b.md"), gone("b/c/c.md"), gone("b/c/d.md")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, seed)
			before := s.Head("main")
			r := s.signedIn("octo-token")
			known := map[string][]driver.TreeEntry{}
			listings := []struct {
				dir       string
				recursive bool
			}{{"", true}, {"", false}, {"b", true}, {"b", false}, {"b/c", false}, {"e", true}}
			for _, l := range listings {
				entries, err := r.Tree(t.Context(), before, l.dir, l.recursive)
				if err != nil {
					t.Fatal(err)
				}
				known[fmt.Sprint(l)] = entries
			}
			after := s.Push("main", "Theirs", changes...)
			for _, l := range listings {
				want, wantErr := s.signedIn("octo-token").Tree(t.Context(), after, l.dir, l.recursive)
				got, err := s.signedIn("octo-token").UpdateTree(t.Context(), after, l.dir, l.recursive,
					driver.Listing{Commit: before, Entries: known[fmt.Sprint(l)]})
				if (err == nil) != (wantErr == nil) {
					t.Fatalf("%v: %v, want %v", l, err, wantErr)
				}
				same := slices.EqualFunc(got, want, func(a, b driver.TreeEntry) bool {
					return a.Path == b.Path && a.Mode == b.Mode && a.Size == b.Size
				})
				if !same {
					t.Errorf("%v\n got %+v\nwant %+v", l, got, want)
				}
				for _, e := range got {
					touched := slices.ContainsFunc(changes, func(c fakehost.Change) bool {
						return c.Path == e.Path || strings.HasPrefix(c.Path, e.Path+"/")
					})
					if strings.HasPrefix(e.ID, after) != touched {
						t.Errorf("%v: %q has the id %q", l, e.Path, e.ID)
					}
				}
			}
		})
	}
}

// TestBeginTree_GoesOn: what the beginning had is not asked for again.
func TestBeginTree_GoesOn(t *testing.T) {
	t.Parallel()
	s := serve(t, fakesite.Posts())
	r, head := s.signedIn("octo-token"), s.Head("main")
	for _, c := range []struct{ n, least, requests int }{{20, 100, 1}, {100, 100, 0}, {101, 200, 1}, {250, 300, 1}} {
		s.Host.ClearRequests()
		first, all, err := r.BeginTree(t.Context(), head, "content/posts", c.n)
		if err != nil || all || len(first) != c.least || first[0].Path != "content/posts/0000.md" {
			t.Fatalf("%d entries, all: %v, %v", len(first), all, err)
		}
		s.WantRequests(fmt.Sprint("the first ", c.n), c.requests)
	}
	entries, err := r.Tree(t.Context(), head, "content/posts", false)
	if err != nil || len(entries) != 1000 {
		t.Fatal(len(entries), err)
	}
	s.WantRequests("the rest", 7)
	for _, n := range []int{20, 5000} {
		if first, all, err := r.BeginTree(t.Context(), head, "content/posts", n); err != nil || !all || len(first) != 1000 {
			t.Errorf("%d entries, all: %v, %v", len(first), all, err)
		}
	}
	s.WantRequests("what is known", 0)
}

func TestBeginTree_SmallAndMissing(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a.md", "a", "b/c.md", "c"))
	r, head := s.signedIn("octo-token"), s.Head("main")
	first, all, err := r.BeginTree(t.Context(), head, "", 20)
	if err != nil || !all || len(first) != 3 {
		t.Errorf("%+v, %v, %v", first, all, err)
	}
	if _, _, err := r.BeginTree(t.Context(), head, "none", 20); err == nil {
		t.Error("there is no error")
	}
}

// TestTree_DeeperThanOneAnswer: folders at which an answer ends are gone on from.
func TestTree_DeeperThanOneAnswer(t *testing.T) {
	t.Parallel()
	dir := strings.TrimSuffix(strings.Repeat("d/", 205), "/")
	s := serve(t, files(dir+"/deep.md", "x", "d/shallow.md", "y"))
	for _, from := range []string{"", "d"} {
		entries, err := s.signedIn("octo-token").Tree(t.Context(), s.Head("main"), from, true)
		if want := map[string]int{"": 208, "d": 206}[from]; err != nil || len(entries) != want || entries[len(entries)-2].Path != dir+"/deep.md" {
			t.Errorf("%q: %d entries, want %d: %v", from, len(entries), want, err)
		}
	}
}

// TestTree_FarAway: with very many changes a folder is listed anew.
func TestTree_FarAway(t *testing.T) {
	t.Parallel()
	s := serve(t, files("a/a.md", "a", "b/b.md", "b"))
	r := s.signedIn("octo-token")
	if _, err := r.Tree(t.Context(), s.Head("main"), "a", false); err != nil {
		t.Fatal(err)
	}
	var changes []fakehost.Change
	for i := range 2100 {
		changes = append(changes, fakehost.Change{Path: fmt.Sprintf("b/%04d.md", i), Content: []byte("x")})
	}
	head := s.Push("main", "Theirs", append(changes, fakehost.Change{Path: "a/new.md", Content: []byte("n")})...)
	entries, err := r.Tree(t.Context(), head, "a", false)
	if err != nil || len(entries) != 2 {
		t.Errorf("%v, %v", entries, err)
	}
}
