package backends_test

import (
	"context"
	"fmt"
	"testing"

	"mooring/backends"
	"mooring/backends/blobstore"
	"mooring/backends/cms"
	"mooring/backends/driver"
	"mooring/backends/testrepo"
)

// hundreds is a host that lists by the hundred.
type hundreds struct {
	driver.Driver
	begun  []int // how many entries were asked for
	listed int
}

func (h *hundreds) Tree(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	h.listed++
	return h.Driver.Tree(ctx, commit, dir, recursive)
}

func (h *hundreds) BeginTree(ctx context.Context, commit, dir string, n int) ([]driver.TreeEntry, bool, error) {
	h.begun = append(h.begun, n)
	all, err := h.Driver.Tree(ctx, commit, dir, false)
	if err != nil {
		return nil, false, err
	}
	end := min((n+99)/100*100, len(all))
	return all[:end], end == len(all), nil
}

func openHundreds(t *testing.T, store blobstore.Store, files map[string][]byte) (*hundreds, *backends.Backend) {
	t.Helper()
	host := &hundreds{Driver: testrepo.Open(testrepo.Options{Files: files})}
	registry := backends.New(backends.Git("git", func(backends.Config, backends.Env) (driver.Driver, error) { return host, nil }))
	b, err := registry.Open("git", backends.Config{}, backends.Env{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	return host, b
}

func TestEntriesByFolder_BeginsListingsThatTakeManyRequests(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{"posts/sub/a.md": []byte("a")}
	for i := range 250 {
		files[fmt.Sprintf("posts/%03d.md", i)] = []byte("text")
		files[fmt.Sprintf("posts/%03d.txt", i)] = []byte("not an entry")
	}
	host, b := openHundreds(t, nil, files)
	page := func(offset, limit, entries int, more bool) {
		t.Helper()
		q := cms.FolderQuery{Folder: "posts", Extension: "md", Offset: offset, Limit: limit}
		got, err := b.EntriesByFolder(t.Context(), q)
		if err != nil || len(got.Entries) != entries || (got.More || limit > 0 && offset+limit < got.Total) != more {
			t.Fatalf("at %d: %d entries of %d, more: %v, %v", offset, len(got.Entries), got.Total, got.More, err)
		}
		if want := fmt.Sprintf("posts/%03d.md", offset); entries > 0 && got.Entries[0].File.Path != want {
			t.Errorf("at %d: %s comes first", offset, got.Entries[0].File.Path)
		}
	}
	page(0, 20, 20, true)
	page(20, 20, 20, true)
	if len(host.begun) != 1 {
		t.Errorf("begun %v for two pages of the first hundred", host.begun)
	}
	for offset := 40; offset < 240; offset += 20 {
		page(offset, 20, 20, true)
	}
	page(240, 20, 10, false)
	page(260, 20, 0, false)
	if host.listed != 0 {
		t.Errorf("listed whole %d times", host.listed)
	}
	page(0, 0, 250, false)
	if host.listed != 1 {
		t.Errorf("a whole listing was listed %d times", host.listed)
	}
}

func TestEntriesByFolder_BeginsNothingThatTheStoreHas(t *testing.T) {
	t.Parallel()
	store := blobstore.NewMemory(1 << 20)
	files := map[string][]byte{"posts/a.md": []byte("a"), "other": nil}
	for range 2 {
		host, b := openHundreds(t, store, files)
		first, err := b.EntriesByFolder(t.Context(), cms.FolderQuery{Folder: "posts", Extension: "md"})
		if err != nil || len(first.Entries) != 1 {
			t.Fatal(first, err)
		}
		next, err := b.EntriesByFolder(t.Context(), cms.FolderQuery{Folder: "posts", Extension: "md", Limit: 20})
		if err != nil || len(next.Entries) != 1 || next.More || len(host.begun) > 0 {
			t.Fatal(next, err, host.begun)
		}
		none, err := b.EntriesByFolder(t.Context(), cms.FolderQuery{Folder: "none", Extension: "md", Limit: 20})
		if err != nil || len(none.Entries) != 0 || none.More {
			t.Fatal(none, err)
		}
	}
}
