package gitlab_test

import (
	"testing"

	"mooring/backends"
	"mooring/backends/blobstore"
	"mooring/backends/cms"
	"mooring/backends/drivertest/fakesite"
)

// visit is one person's visit to the site, with what their browser kept of earlier ones.
func (s *site) visit(store blobstore.Store) *backends.Backend {
	s.T.Helper()
	return s.Visit(s.signedIn("glpat-octo"), store)
}

func TestRequests_OfListings(t *testing.T) {
	t.Parallel()
	s, store := serve(t, fakesite.Posts()), blobstore.NewMemory(1<<20)
	page := cms.FolderQuery{Folder: "content/posts", Extension: "md", Limit: 20}
	all := cms.FolderQuery{Folder: "content/posts", Extension: "md"}
	for _, c := range []struct {
		job     string
		store   blobstore.Store
		q       cms.FolderQuery
		n, most int
	}{
		{"first page", nil, page, 20, 3},
		{"all entries", store, all, 1000, 9},
		{"all entries, nothing changed", store, all, 1000, 2},
	} {
		b := s.visit(c.store)
		got, err := b.EntriesByFolder(t.Context(), c.q)
		if err != nil || len(got.Entries) != c.n || got.Total != 1000 {
			t.Errorf("%s: %d of %d entries, %v", c.job, len(got.Entries), got.Total, err)
		}
		s.WantRequests(c.job, c.most)
	}
}

func TestRequests_OfSaves(t *testing.T) {
	t.Parallel()
	s := serve(t, fakesite.Posts())
	b := s.visit(nil)
	if _, err := b.Entry(t.Context(), "content/posts/0001.md"); err != nil {
		t.Fatal(err)
	}
	s.Host.ClearRequests()
	save := func(path string) {
		t.Helper()
		err := b.PersistEntry(t.Context(), cms.EntryDraft{Files: []cms.DataFile{{Path: path, Raw: "edited"}}}, cms.PersistOptions{})
		if err != nil {
			t.Fatal(err)
		}
	}
	save("content/posts/0001.md")
	s.WantRequests("an entry as it was opened", 2)
	save("content/posts/new.md")
	s.WantRequests("a new entry", 3)
}

func TestRequests_OfTheBoard(t *testing.T) {
	t.Parallel()
	s := serve(t, fakesite.Posts())
	s.SaveDrafts(s.visit(nil), 100)
	store := blobstore.NewMemory(1 << 20)
	for _, c := range []struct {
		job  string
		most int
	}{{"the board", 6}, {"the board once more", 1}} {
		s.ShowBoard(s.visit(store), 100)
		s.WantRequests(c.job, c.most)
	}
}
