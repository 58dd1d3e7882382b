package bitbucket_test

import (
	"fmt"
	"testing"

	"mooring/backends"
	"mooring/backends/blobstore"
	"mooring/backends/cms"
	"mooring/backends/driver"
	"mooring/backends/drivertest"
)

// visit is one person's visit to a site, with what their browser kept of earlier ones.
func (s *site) visit(store blobstore.Store) *backends.Backend {
	s.t.Helper()
	r := backends.New(backends.Git("bitbucket", func(backends.Config, backends.Env) (driver.Driver, error) {
		return s.signedIn("octo-token"), nil
	}))
	b, err := r.Open("bitbucket", backends.Config{Repo: "octo/site", UseWorkflow: true}, backends.Env{Store: store})
	if err != nil {
		s.t.Fatal(err)
	}
	s.host.ClearRequests()
	return b
}

// wantRequests asserts how many requests a job took.
func (s *site) wantRequests(job string, most int) {
	s.t.Helper()
	if n := len(s.host.Requests()); n > most {
		s.t.Errorf("%s: %d requests, want %d at most", job, n, most)
		for i, q := range s.host.Requests() {
			if i < 40 {
				s.t.Log(q.Method, q.Path)
			}
		}
	}
	s.host.ClearRequests()
}

// posts is a site with a folder of a thousand entries.
func posts() map[string]drivertest.File {
	seed := files("media/old.png", "old")
	for i := range 1000 {
		seed[fmt.Sprintf("content/posts/%04d.md", i)] = drivertest.File{Data: fmt.Appendf(nil, "---\ntitle: Entry %d\n---\n", i)}
	}
	return seed
}

// files are paths and texts, one after the other.
func files(pairs ...string) map[string]drivertest.File {
	seed := map[string]drivertest.File{}
	for i := 0; i < len(pairs); i += 2 {
		seed[pairs[i]] = drivertest.File{Data: []byte(pairs[i+1])}
	}
	return seed
}

func TestRequests_OfListings(t *testing.T) {
	t.Parallel()
	s, store := serve(t, posts()), blobstore.NewMemory(1<<20)
	s.asBrowser()
	page := cms.FolderQuery{Folder: "content/posts", Extension: "md", Limit: 20}
	all := cms.FolderQuery{Folder: "content/posts", Extension: "md"}
	changeFive := func() {
		for i := range 5 {
			s.edit(fmt.Sprintf("content/posts/%04d.md", i*7), fmt.Sprint("edited ", i))
		}
	}
	for _, c := range []struct {
		job     string
		before  func()
		store   blobstore.Store
		q       cms.FolderQuery
		n, most int
	}{
		{"first page", nil, nil, page, 20, 24},
		{"all entries", nil, store, all, 1000, 1020},
		{"all entries, nothing changed", nil, store, all, 1000, 2},
		{"all entries, five changed", changeFive, store, all, 1000, 9},
	} {
		if c.before != nil {
			c.before()
		}
		b := s.visit(c.store)
		got, err := b.EntriesByFolder(t.Context(), c.q)
		if err != nil || len(got.Entries) != c.n || got.Total < c.n {
			t.Errorf("%s: %d of %d entries, %v", c.job, len(got.Entries), got.Total, err)
		}
		s.wantRequests(c.job, c.most)
	}
}

func TestRequests_OfSaves(t *testing.T) {
	t.Parallel()
	s := serve(t, posts())
	s.asBrowser()
	b := s.visit(nil)
	if _, err := b.EntriesByFolder(t.Context(), cms.FolderQuery{Folder: "content/posts", Extension: "md"}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Entry(t.Context(), "content/posts/0001.md"); err != nil {
		t.Fatal(err)
	}
	s.host.ClearRequests()
	save := func(path, text string) {
		t.Helper()
		err := b.PersistEntry(t.Context(), cms.EntryDraft{Files: []cms.DataFile{{Path: path, Raw: text}}}, cms.PersistOptions{})
		if err != nil {
			t.Fatal(err)
		}
	}
	save("content/posts/0001.md", "edited")
	s.wantRequests("an entry of a folder that was listed", 2)
	save("content/posts/0001.md", "edited again")
	s.wantRequests("the same entry again", 2)
	save("content/posts/new.md", "new")
	s.wantRequests("a new entry", 2)
}

func TestRequests_OfTheBoard(t *testing.T) {
	t.Parallel()
	s := serve(t, posts())
	b := s.visit(nil)
	for i := range 60 {
		path := fmt.Sprintf("content/posts/draft-%d.md", i)
		err := b.PersistEntry(t.Context(), cms.EntryDraft{Files: []cms.DataFile{{Path: path, Slug: fmt.Sprint("draft-", i), Raw: "text\n"}}},
			cms.PersistOptions{UseWorkflow: true, Collection: "posts"})
		if err != nil {
			t.Fatal(err)
		}
	}
	store := blobstore.NewMemory(1 << 20)
	for _, c := range []struct {
		job  string
		most int
	}{{"the board", 4 + 60 + 1 + 2*60}, {"the board once more", 4 + 60}} {
		b := s.visit(store)
		keys, err := b.Drafts(t.Context())
		if err != nil || len(keys) != 60 {
			t.Fatal(len(keys), err)
		}
		for i := range 60 {
			key := cms.Key{Collection: "posts", Slug: fmt.Sprint("draft-", i)}
			d, err := b.ListedDraft(t.Context(), key)
			if err != nil || len(d.Diffs) != 1 {
				t.Fatalf("%+v, %v", d, err)
			}
			if text, err := b.DraftData(t.Context(), key, d.Diffs[0].Path, d.Diffs[0].ID); err != nil || text != "text\n" {
				t.Fatalf("%q, %v", text, err)
			}
		}
		s.wantRequests(c.job, c.most)
	}
}
