package backends_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"mooring/backends"
	"mooring/backends/blobstore"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

var posts = map[string]string{
	"posts/a.md":          "a",
	"posts/b.md":          "b",
	"posts/c.json":        "{}",
	"posts/amd":           "no extension",
	"posts/sub/d.md":      "d",
	"posts/sub/deep/e.md": "e",
	"posts-archive/z.md":  "z",
	"README.md":           "readme",
}

func TestEntriesByFolder_Selects(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	for _, c := range []struct {
		q    cms.FolderQuery
		want []string
	}{
		{cms.FolderQuery{Folder: "posts", Extension: "md"}, []string{"posts/a.md", "posts/b.md"}},
		{cms.FolderQuery{Folder: "/posts/", Extension: "md", Depth: 1}, []string{"posts/a.md", "posts/b.md"}},
		{cms.FolderQuery{Folder: "posts", Extension: "md", Depth: 2}, []string{"posts/a.md", "posts/b.md", "posts/sub/d.md"}},
		{cms.FolderQuery{Folder: "posts", Extension: "md", Depth: 9},
			[]string{"posts/a.md", "posts/b.md", "posts/sub/d.md", "posts/sub/deep/e.md"}},
		{cms.FolderQuery{Folder: "posts", Depth: 1}, []string{"posts/a.md", "posts/amd", "posts/b.md", "posts/c.json"}},
		{cms.FolderQuery{Folder: "posts/sub", Extension: "md"}, []string{"posts/sub/d.md"}},
		{cms.FolderQuery{Folder: "", Extension: "md"}, []string{"README.md"}},
		{cms.FolderQuery{Folder: "nowhere", Extension: "md"}, []string{}},
	} {
		page, err := s.EntriesByFolder(context.Background(), c.q)
		s.must(err)
		if got := paths(page.Entries); !slices.Equal(got, c.want) || page.Total != len(c.want) {
			t.Errorf("%+v: %v of %d; want %v", c.q, got, page.Total, c.want)
		}
	}
}

func TestEntriesByFolder_SkipsSymlinksAndSubmodules(t *testing.T) {
	t.Parallel()
	s := openWith(t, setup{files: posts, wrap: func(s *spy) driver.Driver { return odd{s} }})
	page, err := s.EntriesByFolder(context.Background(), cms.FolderQuery{Folder: "posts", Extension: "md"})
	s.must(err)
	if got := paths(page.Entries); !slices.Equal(got, []string{"posts/b.md"}) {
		t.Errorf("entries are %v; want posts/b.md alone", got)
	}
	_, err = s.Entry(context.Background(), "posts/a.md")
	s.wantKind(err, cmserr.NotFound)
	e := s.wantKind(s.save("posts/a.md", "through the link"), cmserr.Conflict)
	if !slices.Equal(e.Paths, []string{"posts/a.md"}) {
		t.Errorf("conflict about %v", e.Paths)
	}
}

// odd shows posts/a.md as a symlink, and a submodule beside it.
type odd struct{ *spy }

func (o odd) Tree(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	entries, err := o.spy.Tree(ctx, commit, dir, recursive)
	for i := range entries {
		if entries[i].Path == "posts/a.md" {
			entries[i].Mode = driver.ModeSymlink
		}
	}
	return append(entries, driver.TreeEntry{Path: "posts/z.md", Mode: driver.ModeSubmodule, ID: "x"}), err
}

func TestEntriesByFolder_CostsThreeRequests(t *testing.T) {
	t.Parallel()
	s := openWith(t, setup{files: posts, env: backends.Env{Store: blobstore.NewMemory(1 << 20)}})
	want := func(heads, trees, blobs int) {
		t.Helper()
		if s.spy.count("Head") != heads || s.spy.count("Tree") != trees || s.spy.count("Blobs") != blobs {
			t.Errorf("%v; want %d heads, %d trees, %d blobs", s.spy.calls, heads, trees, blobs)
		}
		s.spy.reset()
	}
	q := cms.FolderQuery{Folder: "posts", Extension: "md", Depth: 3}
	for _, trees := range []int{1, 0} {
		_, err := s.EntriesByFolder(context.Background(), q)
		s.must(err)
		want(1, trees, trees)
	}
	_, err := s.EntriesByFolder(context.Background(), cms.FolderQuery{Folder: "posts/sub", Extension: "md"})
	s.must(err)
	want(1, 0, 0) // the wider listing holds it
	_, err = s.Entry(context.Background(), "posts/b.md")
	s.must(err)
	want(1, 0, 0)
	s.put("main", "posts/b.md", "b2")
	_, err = s.EntriesByFolder(context.Background(), q)
	s.must(err)
	if s.spy.blobs != 1 {
		t.Errorf("%d blobs were read again; want the changed one", s.spy.blobs)
	}
	want(1, 1, 1)
}

func TestEntriesByFolder_PagesAreStable(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	q := cms.FolderQuery{Folder: "posts", Extension: "md", Depth: 3, Limit: 2}
	first, err := s.EntriesByFolder(context.Background(), q)
	s.must(err)
	s.put("main", "posts/0.md", "slips in")
	all := q
	all.Limit = 0
	everything, err := s.EntriesByFolder(context.Background(), all) // a search meanwhile
	s.must(err)
	if everything.Total != 5 {
		t.Errorf("a fresh listing has %d entries; want 5", everything.Total)
	}
	s.spy.reset()
	q.Offset = 2
	second, err := s.EntriesByFolder(context.Background(), q)
	s.must(err)
	got := append(paths(first.Entries), paths(second.Entries)...)
	want := []string{"posts/a.md", "posts/b.md", "posts/sub/d.md", "posts/sub/deep/e.md"}
	if !slices.Equal(got, want) || second.Total != 4 {
		t.Errorf("pages have %v of %d; want %v", got, second.Total, want)
	}
	if s.spy.count("Head") != 0 {
		t.Error("a later page asked for the head")
	}
	q.Offset = 40
	if last, err := s.EntriesByFolder(context.Background(), q); err != nil || len(last.Entries) != 0 {
		t.Errorf("past the end: %v, %v", last.Entries, err)
	}
	q.Offset = 0
	if fresh, err := s.EntriesByFolder(context.Background(), q); err != nil || fresh.Total != 5 {
		t.Errorf("from the start: %d, %v; want 5", fresh.Total, err)
	}
}

func TestEntriesByFolder_ErrorsAreNeverEmpty(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"Head", "Tree", "Blobs"} {
		s := open(t, posts)
		s.spy.fail(method, cmserr.New(cmserr.Network, "down"))
		_, err := s.EntriesByFolder(context.Background(), cms.FolderQuery{Folder: "posts", Extension: "md"})
		e := s.wantKind(err, cmserr.Network)
		if e.Op != "entriesByFolder" || e.Host != "mem" || e.Path != "posts" {
			t.Errorf("%s: the error names %q, %q, %q", method, e.Op, e.Host, e.Path)
		}
		_, err = s.EntriesByFiles(context.Background(), []cms.File{{Path: "posts/a.md"}})
		s.wantKind(err, cmserr.Network)
		_, err = s.Entry(context.Background(), "posts/a.md")
		s.wantKind(err, cmserr.Network)
		s.wantKind(s.save("posts/a.md", "x"), cmserr.Network)
		_, err = s.MediaFile(context.Background(), "posts/a.md")
		s.wantKind(err, cmserr.Network)
	}
}

func TestEntriesByFiles_LeavesOutMissing(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	entries, err := s.EntriesByFiles(context.Background(), []cms.File{
		{Path: "/README.md", Label: "Read me"}, {Path: "gone.yml"}, {Path: "no/such/dir.yml"},
		{Path: "posts/c.json", Label: "C"}, {Path: "posts"},
	})
	s.must(err)
	if !slices.Equal(paths(entries), []string{"README.md", "posts/c.json"}) ||
		entries[0].Label != "Read me" || entries[1].Label != "C" || entries[1].Data != "{}" {
		t.Errorf("entries are %+v", entries)
	}
	if s.spy.count("Head") != 1 || s.spy.count("Blobs") != 1 {
		t.Errorf("calls are %v", s.spy.calls)
	}
	if none, err := s.EntriesByFiles(context.Background(), nil); err != nil || len(none) != 0 {
		t.Errorf("no files: %v, %v", none, err)
	}
}

func TestEntry_Missing(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	for _, path := range []string{"posts/nope.md", "nowhere/at/all.md", "posts"} {
		_, err := s.Entry(context.Background(), path)
		if e := s.wantKind(err, cmserr.NotFound); e.Op != "getEntry" || e.Path != path {
			t.Errorf("the error names %q, %q", e.Op, e.Path)
		}
	}
}

func TestEntry_ByteExact(t *testing.T) {
	t.Parallel()
	text := "\ufeffline\r\n\tümläut \x00 end\n\n"
	s := open(t, map[string]string{"x.md": text, "latin1.md": "caf\xe9"})
	e, err := s.Entry(context.Background(), "x.md")
	s.must(err)
	if e.Data != text || e.ID == "" {
		t.Errorf("entry is %q, %q", e.Data, e.ID)
	}
	_, err = s.Entry(context.Background(), "latin1.md")
	s.wantKind(err, cmserr.Invalid)
}

// broken is a store that fails at everything.
type broken struct{}

func (broken) Get(context.Context, []string) (map[string][]byte, error) {
	return nil, errors.New("broken")
}
func (broken) Put(context.Context, map[string][]byte) error { return errors.New("broken") }
func (broken) Clear(context.Context) error                  { return errors.New("broken") }

func TestEntry_BrokenStoreIsHarmless(t *testing.T) {
	t.Parallel()
	s := openWith(t, setup{files: posts, env: backends.Env{Store: broken{}}})
	e, err := s.Entry(context.Background(), "posts/a.md")
	s.must(err)
	if e.Data != "a" {
		t.Errorf("entry is %q", e.Data)
	}
	s.must(s.Logout(context.Background()))
	if len(s.reports()) != 1 {
		t.Errorf("reports are %v; want that the store could not be cleared", s.reports())
	}
}

func TestEntry_HostWithoutBlobIDs(t *testing.T) {
	t.Parallel()
	s := openWith(t, setup{
		files: map[string]string{"x.md": "1", "y.md": "1"},
		env:   backends.Env{Store: blobstore.NewMemory(1 << 20)},
		wrap:  func(s *spy) driver.Driver { return anonymous{s, s.host} },
	})
	for range 2 {
		e, err := s.Entry(context.Background(), "x.md")
		s.must(err)
		if e.Data != "1" {
			t.Errorf("entry is %q", e.Data)
		}
	}
	s.must(s.save("x.md", "2"))
	s.put("main", "x.md", "3")
	s.wantKind(s.save("x.md", "4"), cmserr.Conflict)
}

// anonymous is a host that has no blob ids and no sizes.
type anonymous struct {
	*spy
	full host
}

func (a anonymous) Tree(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	entries, err := a.spy.Tree(ctx, commit, dir, recursive)
	for i := range entries {
		entries[i].ID, entries[i].Size = "", -1
	}
	return entries, err
}

func (a anonymous) Blobs(ctx context.Context, refs []driver.BlobRef) ([][]byte, error) {
	named := slices.Clone(refs)
	for i, ref := range refs {
		all, err := a.full.Tree(ctx, ref.Commit, "", true)
		if err != nil {
			return nil, err
		}
		for _, e := range all {
			if e.Path == ref.Path {
				named[i].ID = e.ID
			}
		}
	}
	return a.spy.Blobs(ctx, named)
}
