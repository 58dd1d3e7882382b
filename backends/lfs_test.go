package backends_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
)

// pointer is what Git holds in the place of a large file.
func pointer(data string) string {
	return fmt.Sprintf("version https://git-lfs.github.com/spec/v1\noid sha256:%x\nsize %d\n",
		sha256.Sum256([]byte(data)), len(data))
}

// largeSite keeps pictures and texts below big in LFS.
func largeSite() map[string]string {
	return map[string]string{
		".gitattributes": "*.png filter=lfs diff=lfs merge=lfs -text\n*.md text\n", "media/old.png": pointer("old"),
		"media/plain.txt": "plain", "posts/a.md": "a", "big/.gitattributes": "*.md filter=lfs\n",
		"big/a.md": pointer("large a"), "big/lost.md": pointer("lost"), "big/b.md": "b",
	}
}

// keep puts files into the host's store.
func (h *shared) keep(data ...string) {
	h.t.Helper()
	var files []driver.LFSFile
	for _, d := range data {
		p := driver.LFSPointer{OID: fmt.Sprintf("%x", sha256.Sum256([]byte(d))), Size: int64(len(d))}
		files = append(files, driver.LFSFile{LFSPointer: p, Content: content.Bytes(d)})
	}
	if err := h.As("owner", true).UploadLFS(context.Background(), files); err != nil {
		h.t.Fatal(err)
	}
	h.Reset()
}

// wantLarge asserts that a file can be downloaded by the pointer in its place.
func (s *site) wantLarge(h *shared, branch, path, want string) {
	s.t.Helper()
	s.wantFile(branch, path, pointer(want))
	m, err := h.maintainer().MediaFile(context.Background(), path)
	if branch == "main" && (err != nil || held(m) != want) {
		s.t.Errorf("%s reads %q, %v", path, held(m), err)
	}
}

func TestLFS_ShowsTheFile(t *testing.T) {
	t.Parallel()
	h := openShared(t, largeSite())
	h.keep("old", "large a")
	m, ctx := h.maintainer(), context.Background()
	f, err := m.MediaFile(ctx, "media/old.png")
	m.must(err)
	if held(f) != "old" || f.Size != 3 {
		t.Errorf("file is %+v", f)
	}
	e, err := m.Entry(ctx, "big/a.md")
	m.must(err)
	if e.Data != "large a" {
		t.Errorf("entry reads %q", e.Data)
	}
	page, err := m.EntriesByFolder(ctx, cms.FolderQuery{Folder: "big", Extension: "md"})
	m.must(err)
	texts := []string{page.Entries[0].Data, page.Entries[1].Data, page.Entries[2].Data}
	if !slices.Equal(texts, []string{"large a", "b", pointer("lost")}) {
		t.Errorf("entries read %q", texts)
	}
	if r := m.reports(); len(r) != 1 || cmserr.From(r[0]).Path != "big/lost.md" {
		t.Errorf("reports are %v; want that one is lost", r)
	}
	_, err = m.Entry(ctx, "big/lost.md")
	m.wantKind(err, cmserr.NotFound)
	m.must(m.draft("posts/hello.md", "hi", cms.Asset{Path: "media/new.png", Content: content.Bytes("new")}))
	file, err := m.DraftMedia(ctx, helloKey, "media/new.png", "")
	m.must(err)
	if held(file) != "new" {
		t.Errorf("the draft's file reads %q", held(file))
	}
	diffs := m.get(helloKey).Diffs
	if file, err = m.DraftMedia(ctx, helloKey, "media/new.png", diffs[0].ID); err != nil || held(file) != "new" {
		t.Errorf("by its id it reads %q, %v", held(file), err)
	}
}

func TestLFS_ErrorsOfTheStore(t *testing.T) {
	t.Parallel()
	h := openShared(t, largeSite())
	m, ctx := h.maintainer(), context.Background()
	_, err := m.MediaFile(ctx, "media/old.png")
	m.wantKind(err, cmserr.NotFound)
	h.failing("DownloadLFS", context.Canceled)
	_, err = m.EntriesByFolder(ctx, cms.FolderQuery{Folder: "big", Extension: "md"})
	m.wantKind(err, cmserr.Canceled)
	m.wantKind(m.save("big/a.md", "not seen"), cmserr.Canceled)
}

func TestLFS_HostsWithoutStore(t *testing.T) {
	t.Parallel()
	s := open(t, largeSite())
	ctx := context.Background()
	_, err := s.MediaFile(ctx, "media/old.png")
	if e := s.wantKind(err, cmserr.Unsupported); e.Path != "media/old.png" || !strings.Contains(e.Message(), "Git LFS") {
		t.Errorf("error is %v", e)
	}
	_, err = s.Entry(ctx, "big/a.md")
	s.wantKind(err, cmserr.Unsupported)
	page, err := s.EntriesByFolder(ctx, cms.FolderQuery{Folder: "big", Extension: "md"})
	s.must(err)
	if page.Entries[0].Data != pointer("large a") || len(s.reports()) != 0 {
		t.Errorf("entry reads %q, reports %v", page.Entries[0].Data, s.reports())
	}
	before := s.head("main")
	_, err = s.PersistMedia(ctx, cms.Asset{Path: "media/new.png", Content: content.Bytes("new")}, "")
	e := s.wantKind(err, cmserr.Unsupported)
	if e.Path != "media/new.png" || !strings.Contains(e.Message(), ".gitattributes") {
		t.Errorf("error is %v", e)
	}
	s.wantKind(s.draft("posts/hello.md", "hi", cms.Asset{Path: "media/new.png", Content: content.Bytes("new")}), cmserr.Unsupported)
	s.wantDrafts()
	s.wantKind(s.save("big/c.md", "c"), cmserr.Unsupported)
	if s.head("main") != before {
		t.Error("something was committed")
	}
	_, err = s.PersistMedia(ctx, cms.Asset{Path: "media/new.txt", Content: content.Bytes("new")}, "")
	s.must(err)
}

func TestLFS_StoresBeforeTheCommit(t *testing.T) {
	t.Parallel()
	h := openShared(t, largeSite())
	m, ctx := h.maintainer(), context.Background()
	entry := cms.EntryDraft{
		Files: []cms.DataFile{{Path: "posts/new.md", Slug: "new", Raw: "new"}},
		Assets: []cms.Asset{
			{Path: "media/1.png", Content: content.Bytes("one")}, {Path: "media/2.png", Content: content.Bytes("two")},
			{Path: "media/notes.txt", Content: content.Bytes("notes")},
		},
	}
	var order []string
	var mu sync.Mutex // folders are listed at the same time
	h.Before = func(method string) error {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, method)
		return nil
	}
	m.must(m.PersistEntry(ctx, entry, cms.PersistOptions{}))
	h.Before = nil
	if i := slices.Index(order, "UploadLFS"); h.Calls("UploadLFS") != 1 || i < 0 || order[i+1] != "Commit" {
		t.Errorf("calls were %v", order)
	}
	m.wantLarge(h, "main", "media/1.png", "one")
	m.wantLarge(h, "main", "media/2.png", "two")
	m.wantFile("main", "media/notes.txt", "notes")
	m.wantFile("main", "posts/new.md", "new")
	h.Reset()
	m.must(m.PersistEntry(ctx, entry, cms.PersistOptions{})) // the same again
	if h.Calls("UploadLFS") != 0 || h.Calls("Commit") != 0 {
		t.Error("what is there was stored again")
	}
	f, err := m.PersistMedia(ctx, cms.Asset{Path: "media/1.png", Content: content.Bytes("another")}, "")
	m.must(err)
	if f.Size != 7 || held(f) != "another" {
		t.Errorf("file is %+v", f)
	}
	m.wantLarge(h, "main", "media/1.png", "another")

	before := m.head("main")
	h.ReadOnlyLFS = "The store can't be reached from web pages."
	_, err = m.PersistMedia(ctx, cms.Asset{Path: "media/3.png", Content: content.Bytes("three")}, "")
	if e := m.wantKind(err, cmserr.Unsupported); !strings.Contains(e.Message(), "web pages") {
		t.Errorf("message is %q", e.Message())
	}
	if m.head("main") != before {
		t.Error("the pointer was committed without its file")
	}
}

func TestLFS_TextEntries(t *testing.T) {
	t.Parallel()
	h := openShared(t, largeSite())
	h.keep("large a")
	m, ctx := h.maintainer(), context.Background()
	_, err := m.Entry(ctx, "big/a.md")
	m.must(err)
	m.must(m.save("big/a.md", "larger a"))
	m.wantLarge(h, "main", "big/a.md", "larger a")
	m.must(m.save("big/a.md", "largest a")) // knowing what was saved, not which blob that is
	m.wantLarge(h, "main", "big/a.md", "largest a")
	m.must(m.save("big/new.md", "new")) // its folder says so
	m.wantLarge(h, "main", "big/new.md", "new")
	m.must(m.save("posts/a.md", "a2"))
	m.wantFile("main", "posts/a.md", "a2")

	h.keep("theirs")
	m.put("main", "big/a.md", pointer("theirs"))
	e := m.wantKind(m.save("big/a.md", "mine"), cmserr.Conflict)
	if !slices.Equal(e.Paths, []string{"big/a.md"}) {
		t.Errorf("conflict about %v", e.Paths)
	}
}

func TestLFS_TextTrackedFromTheRoot(t *testing.T) {
	t.Parallel()
	h := openShared(t, map[string]string{".gitattributes": "*.md filter=lfs", "posts/a.md": pointer("a")})
	h.keep("a")
	m := h.maintainer()
	m.must(m.save("posts/a.md", "a2")) // a pointer is there, so the root is asked
	m.wantLarge(h, "main", "posts/a.md", "a2")
	_, err := m.Entry(context.Background(), "posts/a.md")
	m.must(err)
	h.Reset()
	m.must(m.save("posts/a.md", "a3")) // known to be a pointer without reading it again
	m.wantFile("main", "posts/a.md", pointer("a3"))
	if h.Calls("DownloadLFS") != 0 {
		t.Error("what the editor has was downloaded again")
	}
}

func TestLFS_OnForksAndRebased(t *testing.T) {
	t.Parallel()
	h := openShared(t, largeSite())
	s, ctx := h.contributor(), context.Background()
	s.must(s.draft("posts/hello.md", "hi", cms.Asset{Path: "media/p.png", Content: content.Bytes("png")}))
	s.wantFile(forkBranch, "media/p.png", pointer("png"))
	s.put("main", "posts/a.md", "a2")
	s.must(s.draft("posts/hello.md", "hi2", cms.Asset{Path: "media/p.png"}, cms.Asset{Path: "media/q.png", Content: content.Bytes("q")}))
	s.wantFile(forkBranch, "media/p.png", pointer("png"))
	s.wantFile(forkBranch, "media/q.png", pointer("q"))
	s.wantFile(forkBranch, "posts/a.md", "a2")
	s.must(s.SetDraftStatus(ctx, helloKey, cms.StatusPendingReview))
	m := h.maintainer()
	m.must(m.PublishDraft(ctx, helloKey))
	m.wantLarge(h, "main", "media/q.png", "q")
}

func TestLFS_ErrorsPassThrough(t *testing.T) {
	t.Parallel()
	down := cmserr.New(cmserr.Network, "down")
	upload := func(s *site) error {
		_, err := s.PersistMedia(context.Background(), cms.Asset{Path: "media/deep/er/a.png", Content: content.Bytes("a")}, "")
		return err
	}
	s := open(t, largeSite())
	s.spy.fail("Blobs", down) // the rules can't be read
	s.wantKind(upload(s), cmserr.Network)

	h := openShared(t, largeSite())
	m := h.maintainer()
	m.must(upload(m))
	h.failing("Blobs", down) // whether it is there already
	m.wantKind(upload(m), cmserr.Network)
}

// reader is a host that makes pointers itself.
type reader struct {
	driver.Driver
	driver.LFSReader
	commits []driver.Commit
}

func (r *reader) Commit(ctx context.Context, c driver.Commit) (driver.Committed, error) {
	r.commits = append(r.commits, c)
	return r.Driver.Commit(ctx, c)
}

// A host that makes pointers itself gets the files, but not what it has already.
func TestLFS_PointersMadeByHost(t *testing.T) {
	t.Parallel()
	h := openShared(t, largeSite())
	h.keep("old")
	view := h.As("owner", true)
	host := &reader{Driver: view, LFSReader: view}
	s := h.open(host)
	err := s.PersistEntry(context.Background(), cms.EntryDraft{
		Files: []cms.DataFile{{Path: "posts/a.md", Slug: "a", Raw: "a2"}},
		Assets: []cms.Asset{
			{Path: "media/old.png", Content: content.Bytes("old")}, {Path: "media/new.png", Content: content.Bytes("new")},
		},
	}, cms.PersistOptions{})
	s.must(err)
	if len(host.commits) != 1 || len(host.commits[0].Changes) != 2 {
		t.Fatalf("commits are %+v; want one with the text and the new picture", host.commits)
	}
	if c := host.commits[0].Changes[1]; c.Path != "media/new.png" || string(c.Data) != "new" {
		t.Errorf("the host got %q for %s", c.Data, c.Path)
	}
	m, err := s.MediaFile(context.Background(), "media/old.png")
	s.must(err)
	if held(m) != "old" {
		t.Errorf("file reads %q", held(m))
	}
}
