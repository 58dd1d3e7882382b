package backends_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"mooring/backends"
	"mooring/backends/blobstore"
	"mooring/backends/cms"
	"mooring/backends/driver"
	"mooring/backends/testrepo"
)

// watched is a store that tells what it was asked for.
type watched struct {
	blobstore.Store
	mu         sync.Mutex
	gets, puts int
	names      map[string]bool
}

func (w *watched) Get(ctx context.Context, names []string) (map[string][]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gets++
	return w.Store.Get(ctx, names)
}

func (w *watched) Put(ctx context.Context, blobs map[string][]byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.puts++
	for name := range blobs {
		w.names[name] = true
	}
	return w.Store.Put(ctx, blobs)
}

func newWatched() *watched {
	return &watched{Store: blobstore.NewMemory(1 << 20), names: map[string]bool{}}
}

func TestStore_NamesTellRepositoriesApart(t *testing.T) {
	t.Parallel()
	for prefix, cfg := range map[string]backends.Config{
		"git:me/site:":                         {Repo: "me/site"},
		"git:me/other:":                        {Repo: "me/other"},
		"git@https://ghe.example/api:me/site:": {Repo: "me/site", APIRoot: "https://ghe.example/api"},
		"git::":                                {},
	} {
		store := newWatched()
		r := backends.New(backends.Git("git", func(backends.Config, backends.Env) (driver.Driver, error) {
			return testrepo.Open(testrepo.Options{Files: map[string][]byte{"a.md": []byte("a")}}), nil
		}))
		b, err := r.Open("git", cfg, backends.Env{Store: store})
		if err != nil {
			t.Fatal(err)
		}
		e, err := b.Entry(context.Background(), "a.md")
		if err != nil {
			t.Fatal(err)
		}
		if len(store.names) != 2 || !store.names[prefix+e.ID] {
			t.Errorf("kept as %v; want %q, and the listing", slices.Collect(maps.Keys(store.names)), prefix+e.ID)
		}
		for name := range store.names {
			if !strings.HasPrefix(name, prefix) {
				t.Errorf("kept as %q; want it below %q", name, prefix)
			}
		}
	}
}

func TestStore_OneSessionHasTheLastOnes(t *testing.T) {
	t.Parallel()
	store := newWatched()
	for i := range 2 {
		s := openWith(t, setup{files: posts, env: backends.Env{Store: store}})
		for _, path := range []string{"posts/a.md", "posts/b.md"} {
			e, err := s.Entry(context.Background(), path)
			s.must(err)
			if e.Data != strings.TrimSuffix(strings.TrimPrefix(path, "posts/"), ".md") {
				t.Errorf("%s reads %q", path, e.Data)
			}
		}
		if n := s.spy.count("Blobs"); n != 2-2*i {
			t.Errorf("session %d read %d times", i, n)
		}
	}
}

func TestStore_AskedOnceForReadsAtTheSameTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := newWatched()
		s := openWith(t, setup{files: posts, env: backends.Env{Store: store}})
		_, err := s.EntriesByFolder(context.Background(), cms.FolderQuery{Folder: "posts", Depth: 3, Extension: "json"})
		s.must(err)
		store.gets, store.puts = 0, 0
		var all sync.WaitGroup
		for _, path := range []string{"posts/a.md", "posts/b.md", "posts/c.json", "posts/sub/d.md"} {
			all.Go(func() {
				_, err := s.Entry(context.Background(), path)
				s.must(err)
			})
		}
		all.Wait()
		if store.gets != 1 || store.puts != 1 {
			t.Errorf("%d gets and %d puts; want one of each", store.gets, store.puts)
		}
	})
}
