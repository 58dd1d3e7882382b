package bitbucket_test

import (
	"fmt"
	"testing"

	"mooring/backends"
	"mooring/backends/blobstore"
	"mooring/backends/cms"
	"mooring/backends/drivertest/fakesite"
)

// visit is one person's visit to the site, with what their browser kept of earlier ones.
func (s *site) visit(store blobstore.Store) *backends.Backend {
	s.T.Helper()
	return s.Visit(s.signedIn("octo-token"), store)
}

func TestRequests_OfListings(t *testing.T) {
	t.Parallel()
	s, store := serve(t, fakesite.Posts()), blobstore.NewMemory(1<<20)
	s.asBrowser()
	page := cms.FolderQuery{Folder: "content/posts", Extension: "md", Limit: 20}
	all := cms.FolderQuery{Folder: "content/posts", Extension: "md"}
	changeFive := func() {
		for i := range 5 {
			s.Theirs("main", fmt.Sprintf("content/posts/%04d.md", i*7), fmt.Sprint("edited ", i))
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
		s.WantRequests(c.job, c.most)
	}
}

func TestRequests_OfSaves(t *testing.T) {
	t.Parallel()
	s := serve(t, fakesite.Posts())
	s.asBrowser()
	b := s.visit(nil)
	if _, err := b.EntriesByFolder(t.Context(), cms.FolderQuery{Folder: "content/posts", Extension: "md"}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Entry(t.Context(), "content/posts/0001.md"); err != nil {
		t.Fatal(err)
	}
	s.Host.ClearRequests()
	save := func(path, text string) {
		t.Helper()
		err := b.PersistEntry(t.Context(), cms.EntryDraft{Files: []cms.DataFile{{Path: path, Raw: text}}}, cms.PersistOptions{})
		if err != nil {
			t.Fatal(err)
		}
	}
	save("content/posts/0001.md", "edited")
	s.WantRequests("an entry of a folder that was listed", 2)
	save("content/posts/0001.md", "edited again")
	s.WantRequests("the same entry again", 2)
	save("content/posts/new.md", "new")
	s.WantRequests("a new entry", 2)
}

func TestRequests_OfTheBoard(t *testing.T) {
	t.Parallel()
	s := serve(t, fakesite.Posts())
	s.SaveDrafts(s.visit(nil), 60)
	store := blobstore.NewMemory(1 << 20)
	for _, c := range []struct {
		job  string
		most int
	}{{"the board", 4 + 60 + 1 + 2*60}, {"the board once more", 4 + 60}} {
		s.ShowBoard(s.visit(store), 60)
		s.WantRequests(c.job, c.most)
	}
}
