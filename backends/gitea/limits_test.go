package gitea_test

import (
	"bytes"
	"fmt"
	"testing"

	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegitea"
	"mooring/backends/rest"
)

func posts(n int) map[string]drivertest.File {
	seed := files()
	for i := range n {
		seed[fmt.Sprintf("posts/%04d.md", i)] = drivertest.File{Data: fmt.Appendf(nil, "text %d", i)}
	}
	return seed
}

func refsAt(head string, entries []driver.TreeEntry) []driver.BlobRef {
	var refs []driver.BlobRef
	for _, e := range entries {
		refs = append(refs, driver.BlobRef{ID: e.ID, Path: e.Path, Commit: head})
	}
	return refs
}

// TestRequests_AreAsFewAsTheServerAllows: of a folder with a thousand entries.
func TestRequests_AreAsFewAsTheServerAllows(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, posts(1000))
		r := s.signedIn()
		counted := func(want int, what string, do func() error) {
			t.Helper()
			s.Host.ClearRequests()
			if err := do(); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if n := len(s.Host.Requests()); n > want {
				t.Errorf("%s: %d requests, want %d", what, n, want)
			}
		}
		many := map[string]int{"1.26.0": 34, "14.0.0": 1 + 20, "1.22.0": 2 + 1000, "9.0.3": 2 + 1000}[server.Version]
		var head string
		var entries []driver.TreeEntry
		counted(2, "listing", func() (err error) {
			if head, err = r.Head(t.Context(), "main"); err == nil {
				entries, err = r.Tree(t.Context(), head, "posts", false)
			}
			return err
		})
		counted(many, "all texts", func() error {
			texts, err := r.Blobs(t.Context(), refsAt(head, entries))
			if err == nil && string(texts[999]) != "text 999" {
				t.Errorf("the last one is %q", texts[999])
			}
			return err
		})
		counted(1, "a save", func() error {
			_, err := r.Commit(t.Context(), edit(head, put("posts/0001.md", "new")))
			return err
		})
		counted(2, "a draft on a commit that nobody has listed", func() error {
			_, err := r.Commit(t.Context(), driver.Commit{
				Branch: "cms/posts/x", Base: s.Head("main"), Message: "Start", Changes: []driver.Change{put("top.md", "new")},
			})
			return err
		})
	})
}

// TestBlobs_ShortAnswers: an answer stops where it gets too long, and leaves out what is
// too large.
func TestBlobs_ShortAnswers(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		seed := files()
		for i := range 8 {
			seed[fmt.Sprintf("%d.bin", i)] = drivertest.File{Data: bytes.Repeat([]byte{byte(i), 0xff}, 300)}
		}
		large := bytes.Repeat([]byte("large \xff"), 500)
		seed["large.bin"], seed["also.bin"] = drivertest.File{Data: large}, drivertest.File{Data: large}
		s := serve(t, server, seed)
		s.Host.Set(func(o *fakehost.Settings) { o.BlobLimit, o.ResponseLimit = 2000, 2000 })
		r := s.signedIn()
		entries, err := r.Tree(t.Context(), s.Head("main"), "", false)
		if err != nil {
			t.Fatal(err)
		}
		texts, err := r.Blobs(t.Context(), refsAt(s.Head("main"), entries))
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range entries {
			if !bytes.Equal(texts[i], seed[e.Path].Data) {
				t.Errorf("%s has %d bytes, want %d", e.Path, len(texts[i]), len(seed[e.Path].Data))
			}
		}
	})
}

// TestTree_ShortPages: how long pages are is the server's setting.
func TestTree_ShortPages(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, posts(95))
		s.Host.Set(func(o *fakehost.Settings) { o.TreeLimit = 10 })
		for _, dir := range []string{"", "posts"} {
			entries, err := s.signedIn().Tree(t.Context(), s.Head("main"), dir, true)
			if err != nil || len(entries) != 95+map[string]int{"": 2, "posts": 0}[dir] {
				t.Errorf("%q: %d entries, %v", dir, len(entries), err)
			}
		}
	})
}

// TestPulls_WithoutTotals: where nobody tells how long a list is, it is read until a page
// is empty.
func TestPulls_WithoutTotals(t *testing.T) {
	t.Parallel()
	s := serve(t, servers["Gitea 1.26"], files("a.md", "a"))
	for i := range 120 {
		s.openDraft(i, fakehost.Change{Path: fmt.Sprintf("%d.md", i), Content: []byte("x")})
	}
	s.Wrap = func(d rest.Doer) rest.Doer { return without{d, "x-total-count"} }
	all, err := s.signedIn().Pulls(t.Context(), "main", "cms/")
	if err != nil || len(all) != 120 {
		t.Errorf("%d pull requests, %v", len(all), err)
	}
}

// openDraft opens a pull request behind the driver's back.
func (s *site) openDraft(i int, changes ...fakehost.Change) {
	s.T.Helper()
	branch := fmt.Sprintf("cms/posts/%04d", i)
	if _, err := s.Repo.Commit(branch, s.Author(), "Draft", changes...); err != nil {
		s.T.Fatal(err)
	}
	if _, err := s.Repo.CreatePull(fakehost.NewPull{By: "octo", Title: branch, HeadBranch: branch, BaseBranch: "main"}); err != nil {
		s.T.Fatal(err)
	}
}

func TestRateLimit_WaitsOrSaysUntilWhen(t *testing.T) {
	t.Parallel()
	s := serve(t, servers["Gitea 1.26"], files())
	s.CheckRateLimit(s.signedIn())
}
