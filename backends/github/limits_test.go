package github_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
)

// TestBlobs_TooMuchAtOnce: GitHub gives up on big queries; halves go well.
func TestBlobs_TooMuchAtOnce(t *testing.T) {
	t.Parallel()
	seed := files()
	for i := range 60 {
		seed[fmt.Sprintf("posts/%02d.md", i)] = drivertest.File{Data: fmt.Appendf(nil, "text %d", i)}
	}
	s := serve(t, seed)
	s.Host.Set(func(o *fakehost.Settings) { o.MaxBlobs = 20 })
	r := s.signedIn("ghp_octo")
	head := s.Head("main")
	entries, err := r.Tree(t.Context(), head, "posts", false)
	if err != nil {
		t.Fatal(err)
	}
	for round := range 3 {
		s.Host.ClearRequests()
		var refs []driver.BlobRef
		for _, e := range entries {
			refs = append(refs, driver.BlobRef{ID: e.ID, Path: e.Path, Commit: head})
		}
		blobs, err := r.Blobs(t.Context(), refs)
		if err != nil || string(blobs[59]) != "text 59" {
			t.Fatal(err)
		}
		if n := s.Asked("POST", "Blobs"); round == 2 && n > 4 {
			t.Errorf("%d queries, though the size is known", n)
		}
		if s.Asked("GET", "/git/blobs/") != 0 {
			t.Error("blobs were read one by one")
		}
	}
}

func TestRateLimit_WaitsOrSaysUntilWhen(t *testing.T) {
	t.Parallel()
	s := serve(t, files())
	s.CheckRateLimit(s.signedIn("ghp_octo"))
}

func TestTree_Truncated(t *testing.T) {
	t.Parallel()
	seed := files()
	for i := range 40 {
		seed[fmt.Sprintf("a/%d/b/%d.md", i%4, i)] = drivertest.File{Data: []byte("x")}
	}
	s := serve(t, seed)
	s.Host.Set(func(o *fakehost.Settings) { o.TreeLimit = 15 })
	for _, dir := range []string{"", "a"} {
		entries, err := s.signedIn("ghp_octo").Tree(t.Context(), s.Head("main"), dir, true)
		found := 0
		for i, e := range entries {
			if e.IsFile() && strings.HasPrefix(e.Path, "a/") {
				found++
			}
			if i > 0 && entries[i-1].Path >= e.Path {
				t.Errorf("%q after %q", e.Path, entries[i-1].Path)
			}
		}
		if err != nil || found != 40 {
			t.Errorf("%q: %d files, %v", dir, found, err)
		}
	}
}

// TestGraphQL_Refused: a door without GraphQL is asked once.
func TestGraphQL_Refused(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusNotFound, http.StatusMethodNotAllowed} {
		s := serve(t, files("a.md", "a", "b.md", "b"))
		s.refuse = status
		r := s.signedIn("ghp_octo")
		for i := range 3 {
			seen := s.Head("main")
			_, err := r.Commit(t.Context(), driver.Commit{
				Branch: "main", ExpectedHead: seen, Message: "Edit",
				Changes: []driver.Change{put("a.md", fmt.Sprint(i)), put("b.md", fmt.Sprint(i))},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if s.refused != 1 || s.Text("main", "b.md") != "2" {
			t.Errorf("%d requests to GraphQL", s.refused)
		}
	}
}
