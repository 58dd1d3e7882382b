package fakesite

import (
	"fmt"
	"strings"

	"mooring/backends"
	"mooring/backends/blobstore"
	"mooring/backends/cms"
	"mooring/backends/driver"
	"mooring/backends/drivertest"
)

// Asked counts requests by method and a part of the path or operation; "" is any.
func (s *Site) Asked(method, part string) int {
	n := 0
	for _, q := range s.Host.Requests() {
		if (method == "" || q.Method == method) && strings.Contains(q.Path+" "+q.Operation, part) {
			n++
		}
	}
	return n
}

// WantRequests asserts how many requests a job took at most, since the last one.
func (s *Site) WantRequests(job string, most int) {
	s.T.Helper()
	if n := len(s.Host.Requests()); n > most {
		s.T.Errorf("%s: %d requests, want %d at most", job, n, most)
		for i, q := range s.Host.Requests() {
			if i < 40 {
				s.T.Log(q.Method, q.Path, q.Operation)
			}
		}
	}
	s.Host.ClearRequests()
}

// Posts is a site with a folder of a thousand entries.
func Posts() map[string]drivertest.File {
	seed := Files("media/old.png", "old")
	for i := range 1000 {
		seed[fmt.Sprintf("content/posts/%04d.md", i)] = drivertest.File{Data: fmt.Appendf(nil, "---\ntitle: Entry %d\n---\n", i)}
	}
	return seed
}

// Visit is one person's visit to the site, with what their browser kept of earlier ones.
func (s *Site) Visit(d driver.Driver, store blobstore.Store) *backends.Backend {
	s.T.Helper()
	r := backends.New(backends.Git("fake", func(backends.Config, backends.Env) (driver.Driver, error) { return d, nil }))
	b, err := r.Open("fake", backends.Config{Repo: "octo/site", UseWorkflow: true}, backends.Env{Store: store})
	if err != nil {
		s.T.Fatal(err)
	}
	s.Host.ClearRequests()
	return b
}

// SaveDrafts saves new entries of the posts as drafts.
func (s *Site) SaveDrafts(b *backends.Backend, count int) {
	s.T.Helper()
	for i := range count {
		path := fmt.Sprintf("content/posts/draft-%d.md", i)
		err := b.PersistEntry(s.T.Context(), cms.EntryDraft{Files: []cms.DataFile{{Path: path, Slug: draftKey(i).Slug, Raw: "text\n"}}},
			cms.PersistOptions{UseWorkflow: true, Collection: draftKey(i).Collection})
		if err != nil {
			s.T.Fatal(err)
		}
	}
}

// ShowBoard reads all that the board of the workflow shows of what SaveDrafts saved.
func (s *Site) ShowBoard(b *backends.Backend, count int) {
	s.T.Helper()
	keys, err := b.Drafts(s.T.Context())
	if err != nil || len(keys) != count {
		s.T.Fatal(len(keys), err)
	}
	for i := range count {
		key := draftKey(i)
		d, err := b.ListedDraft(s.T.Context(), key)
		if err != nil || len(d.Diffs) != 1 {
			s.T.Fatalf("%+v, %v", d, err)
		}
		if text, err := b.DraftData(s.T.Context(), key, d.Diffs[0].Path, d.Diffs[0].ID); err != nil || text != "text\n" {
			s.T.Fatalf("%q, %v", text, err)
		}
	}
}

func draftKey(i int) cms.Key {
	return cms.Key{Collection: "posts", Slug: fmt.Sprint("draft-", i)}
}
