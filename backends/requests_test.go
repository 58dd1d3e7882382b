package backends_test

import (
	"context"
	"fmt"
	"testing"

	"mooring/backends"
	"mooring/backends/blobstore"
	"mooring/backends/cms"
	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/testrepo"
	"mooring/backends/testrepo/forge"
)

// thousand is a site with 1,000 entries, which asks for no Git LFS.
func thousand() testrepo.Options {
	files := map[string][]byte{"README.md": []byte("A site.\n"), "media/old.png": []byte("old")}
	for i := range 1000 {
		files[fmt.Sprintf("content/posts/%04d.md", i)] = fmt.Append(nil, "entry ", i)
	}
	return testrepo.Options{Files: files}
}

// session is one person's visit, with what their browser kept of earlier ones.
func session(t *testing.T, f *forge.Forge, store blobstore.Store) *backends.Backend {
	t.Helper()
	r := backends.New(backends.Git("mem", func(backends.Config, backends.Env) (driver.Driver, error) {
		return f.As("owner", true), nil
	}))
	b, err := r.Open("mem", backends.Config{UseWorkflow: true}, backends.Env{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	f.Reset()
	return b
}

// wantCalls asserts how often the host was asked, in all and by method.
func wantCalls(t *testing.T, f *forge.Forge, job string, most int, each map[string]int) {
	t.Helper()
	if n := f.Calls(""); n > most {
		t.Errorf("%s: %d calls; want %d at most", job, n, most)
	}
	for method, want := range each {
		if n := f.Calls(method); n > want {
			t.Errorf("%s: %d calls of %s; want %d at most", job, n, method, want)
		}
	}
	f.Reset()
}

func TestRequests_OfListings(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	f, store := forge.Open(thousand()), blobstore.NewMemory(1<<20)
	q := cms.FolderQuery{Folder: "content/posts", Extension: "md", Limit: 20}
	all := cms.FolderQuery{Folder: "content/posts", Extension: "md"}
	for _, c := range []struct {
		job   string
		store blobstore.Store
		q     cms.FolderQuery
		n     int
		most  int
	}{
		{"first page", nil, q, 20, 3},
		{"all entries", store, all, 1000, 3},
		{"all entries, nothing changed", store, all, 1000, 2},
	} {
		b := session(t, f, c.store)
		page, err := b.EntriesByFolder(ctx, c.q)
		if err != nil || len(page.Entries) != c.n || page.Total != 1000 {
			t.Errorf("%s: %d of %d entries, %v", c.job, len(page.Entries), page.Total, err)
		}
		wantCalls(t, f, c.job, c.most, nil)
	}
}

func TestRequests_OfSaves(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	f := forge.Open(thousand())
	b := session(t, f, nil)
	save := func(job string, e cms.EntryDraft, most int, each map[string]int) {
		t.Helper()
		if err := b.PersistEntry(ctx, e, cms.PersistOptions{}); err != nil {
			t.Fatalf("%s: %v", job, err)
		}
		wantCalls(t, f, job, most, each)
	}
	entry := func(path, raw string) cms.EntryDraft {
		return cms.EntryDraft{Files: []cms.DataFile{{Path: path, Raw: raw}}}
	}
	if _, err := b.Entry(ctx, "content/posts/0001.md"); err != nil {
		t.Fatal(err)
	}
	f.Reset()
	save("an entry as it was opened", entry("content/posts/0001.md", "edited"), 2, nil)
	save("a new entry", entry("content/posts/new.md", "new"), 3, nil)

	if _, err := b.Entry(ctx, "content/posts/0002.md"); err != nil {
		t.Fatal(err)
	}
	other := session(t, f, nil)
	if err := other.PersistEntry(ctx, entry("content/posts/other.md", "theirs"), cms.PersistOptions{}); err != nil {
		t.Fatal(err)
	}
	f.Reset()
	save("an entry beside one that changed", entry("content/posts/0002.md", "edited"), 3, nil)

	pictures := entry("content/posts/pictures.md", "ten of them")
	for i := range 10 {
		pictures.Assets = append(pictures.Assets, cms.Asset{
			Path: fmt.Sprintf("media/%d.png", i), Content: content.Bytes(fmt.Append(nil, "picture ", i)),
		})
	}
	// The folders of the entry and of the media, and for .gitattributes the root.
	save("ten pictures", pictures, 5, map[string]int{"Tree": 3, "Blobs": 0, "Commit": 1})
}

func TestRequests_OfDrafts(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	f := forge.Open(thousand())
	b := session(t, f, nil)
	save := func(job, raw string, most int) {
		t.Helper()
		err := b.PersistEntry(ctx, cms.EntryDraft{Files: []cms.DataFile{
			{Path: "content/posts/hello.md", Slug: "hello", Raw: raw},
		}}, cms.PersistOptions{UseWorkflow: true, Collection: "posts"})
		if err != nil {
			t.Fatalf("%s: %v", job, err)
		}
		wantCalls(t, f, job, most, nil)
	}
	// Pull, Head, Tree, Commit, OpenPull and Relabel.
	save("a new draft", "hi", 6)
	// Pull, Head, Compare, Commit, and what is there now: Tree and Blobs.
	save("a draft", "hi again", 6)
	d, err := b.Draft(ctx, helloKey) // Pull, Head, Compare
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.DraftData(ctx, helloKey, d.Diffs[0].Path, d.Diffs[0].ID); err != nil {
		t.Fatal(err)
	}
	wantCalls(t, f, "opening a draft", 4, map[string]int{"Tree": 0, "Blobs": 1})
}
