package backends_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
)

func TestPersistEntry_OneCommit(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	err := s.PersistEntry(context.Background(), cms.EntryDraft{
		Files:  []cms.DataFile{{Path: "posts/new.en.md", Raw: "en"}, {Path: "posts/new.de.md", Raw: "de"}},
		Assets: []cms.Asset{{Path: "media/a.png", Content: content.Bytes("old")}, {Path: "/media/a.png", Content: content.Bytes("png")}},
	}, cms.PersistOptions{NewEntry: true, Message: "Create"})
	s.must(err)
	s.wantFile("main", "posts/new.en.md", "en")
	s.wantFile("main", "posts/new.de.md", "de")
	s.wantFile("main", "media/a.png", "png")
	if s.spy.count("Commit") != 1 {
		t.Errorf("%d commits", s.spy.count("Commit"))
	}
}

func TestPersistEntry_NothingChanged(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	err := s.PersistEntry(context.Background(), cms.EntryDraft{
		Files: []cms.DataFile{{Path: "posts/a.md", Raw: "a", NewPath: "posts/a.md"}},
		Assets: []cms.Asset{{Path: "posts/c.json", Content: content.Bytes("{}")},
			{Path: "README.md"}}, // no data: as it is
	}, cms.PersistOptions{})
	s.must(err)
	if s.spy.count("Commit") != 0 {
		t.Error("a commit was made of nothing")
	}
}

func TestPersistEntry_AssetWithoutContent(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	err := s.PersistEntry(context.Background(), cms.EntryDraft{
		Files: []cms.DataFile{{Path: "posts/a.md", Raw: "a2"}}, Assets: []cms.Asset{{Path: "media/lost.png"}},
	}, cms.PersistOptions{})
	s.wantKind(err, cmserr.Invalid)
	err = s.PersistEntry(context.Background(), cms.EntryDraft{
		Files: []cms.DataFile{{Path: "posts/a.md", Raw: "a2"}}, Assets: []cms.Asset{{Path: "posts/sub", Content: content.Bytes("x")}},
	}, cms.PersistOptions{})
	s.wantKind(err, cmserr.Conflict)
	s.wantFile("main", "posts/a.md", "a")
}

func TestPersistEntry_NewEntryOverExisting(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	err := s.PersistEntry(context.Background(), cms.EntryDraft{
		Files: []cms.DataFile{{Path: "posts/new.md", Raw: "x"}, {Path: "posts/b.md", Raw: "b"}},
	}, cms.PersistOptions{NewEntry: true})
	e := s.wantKind(err, cmserr.Conflict)
	if !slices.Equal(e.Paths, []string{"posts/b.md"}) || e.Op != "persistEntry" {
		t.Errorf("conflict at %q about %v", e.Op, e.Paths)
	}
	s.wantNone("main", "posts/new.md")
}

func TestPersistEntry_ChangedByOthers(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	_, err := s.Entry(context.Background(), "posts/a.md")
	s.must(err)
	s.put("main", "posts/a.md", "theirs")
	e := s.wantKind(s.save("posts/a.md", "mine"), cmserr.Conflict)
	if !slices.Equal(e.Paths, []string{"posts/a.md"}) || !strings.Contains(e.Message(), "reload the entry") {
		t.Errorf("conflict about %v: %s", e.Paths, e.Message())
	}
	s.wantFile("main", "posts/a.md", "theirs")
	_, err = s.Entry(context.Background(), "posts/a.md") // reloaded
	s.must(err)
	s.must(s.save("posts/a.md", "mine"))
	s.must(s.save("posts/a.md", "mine again")) // what we wrote ourselves is no surprise
	s.put("main", "posts/b.md", "elsewhere")
	s.must(s.save("posts/a.md", "and again"))
	s.put("main", "posts/a.md", "theirs again")
	s.wantKind(s.save("posts/a.md", "too late"), cmserr.Conflict)
}

func TestPersistEntry_AnswerWasLost(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	_, err := s.Entry(context.Background(), "posts/a.md")
	s.must(err)
	s.spy.act("Commit", func() { s.put("main", "posts/a.md", "mine") })
	s.spy.fail("Commit", cmserr.New(cmserr.Network, "fell silent"))
	s.wantKind(s.save("posts/a.md", "mine"), cmserr.Network)
	s.spy.fail("Commit", nil)
	s.must(s.save("posts/a.md", "mine"))
	s.must(s.save("posts/a.md", "mine, more"))
}

func TestPersistEntry_SameContentInBetween(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	_, err := s.Entry(context.Background(), "posts/a.md")
	s.must(err)
	s.put("main", "posts/a.md", "other")
	s.put("main", "posts/a.md", "a")
	s.must(s.save("posts/a.md", "mine"))
}

func TestPersistEntry_DeletedByOthers(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	_, err := s.Entry(context.Background(), "posts/a.md")
	s.must(err)
	s.others("main", driver.Change{Op: driver.Delete, Path: "posts/a.md"})
	e := s.wantKind(s.save("posts/a.md", "mine"), cmserr.Conflict)
	if !strings.Contains(e.Message(), "deleted") {
		t.Errorf("message is %q", e.Message())
	}
}

func TestPersistEntry_RaceAfterHead(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	_, err := s.Entry(context.Background(), "posts/a.md")
	s.must(err)
	s.spy.act("Commit", func() { s.put("main", "posts/b.md", "unrelated") })
	s.must(s.save("posts/a.md", "mine"))
	s.wantFile("main", "posts/b.md", "unrelated")
	s.spy.act("Commit", func() { s.put("main", "posts/a.md", "theirs") })
	e := s.wantKind(s.save("posts/a.md", "lost?"), cmserr.Conflict)
	if !slices.Equal(e.Paths, []string{"posts/a.md"}) || !strings.Contains(e.Message(), "Copy your text") {
		t.Errorf("conflict about %v: %s", e.Paths, e.Message())
	}
	s.wantFile("main", "posts/a.md", "theirs")
}

func TestPersistEntry_MovesOneFile(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	move := func(from, to, raw string) error {
		return s.PersistEntry(context.Background(), cms.EntryDraft{
			Files: []cms.DataFile{{Path: from, NewPath: to, Raw: raw}}}, cms.PersistOptions{})
	}
	_, err := s.Entry(context.Background(), "posts/a.md")
	s.must(err)
	s.must(move("posts/a.md", "moved/a.md", "a2"))
	s.wantNone("main", "posts/a.md")
	s.wantFile("main", "moved/a.md", "a2")
	s.wantFile("main", "posts/b.md", "b")
	s.must(move("posts/a.md", "moved/a.md", "a3")) // the editor still has the old path
	s.wantFile("main", "moved/a.md", "a3")
	e := s.wantKind(move("moved/a.md", "posts/b.md", "a3"), cmserr.Conflict)
	if !slices.Equal(e.Paths, []string{"posts/b.md"}) {
		t.Errorf("conflict about %v", e.Paths)
	}
	s.must(move("moved/a.md", "posts/a.md", "a3")) // unchanged content
	s.wantFile("main", "posts/a.md", "a3")
	s.put("main", "posts/a.md", "theirs")
	s.wantKind(move("posts/a.md", "posts/a4.md", "a4"), cmserr.Conflict)
}

func TestPersistEntry_IndexTakesFolderAlong(t *testing.T) {
	t.Parallel()
	tree := map[string]string{
		"pages/a/_index.md": "a", "pages/a/_index.de.md": "A", "pages/a/pic.png": "png", "pages/a/sub/_index.md": "sub",
		"pages/ab/_index.md": "ab", "pages/_index.md": "root",
	}
	move := func(s *site, from, to string, assets ...cms.Asset) error {
		return s.PersistEntry(context.Background(), cms.EntryDraft{Files: []cms.DataFile{
			{Path: from + "/_index.md", NewPath: to + "/_index.md", Raw: "a"},
			{Path: from + "/_index.de.md", NewPath: to + "/_index.de.md", Raw: "A2"},
		}, Assets: assets}, cms.PersistOptions{})
	}
	s := open(t, tree)
	s.must(move(s, "pages/a", "pages/ab/c", cms.Asset{Path: "pages/a/pic.png", Content: content.Bytes("new")},
		cms.Asset{Path: "pages/a/more.png", Content: content.Bytes("more")}))
	for path, want := range map[string]string{
		"pages/ab/c/_index.md": "a", "pages/ab/c/_index.de.md": "A2", "pages/ab/c/pic.png": "new",
		"pages/ab/c/more.png": "more", "pages/ab/c/sub/_index.md": "sub", "pages/ab/_index.md": "ab",
	} {
		s.wantFile("main", path, want)
	}
	s.wantNone("main", "pages/a/pic.png")
	s.wantNone("main", "pages/a/sub/_index.md")
	s.wantKind(move(s, "pages/ab/c", "pages/ab/c/d"), cmserr.Invalid)
	s.put("main", "pages/x/pic.png", "there")
	e := s.wantKind(move(s, "pages/ab/c", "pages/x"), cmserr.Conflict)
	if !slices.Equal(e.Paths, []string{"pages/x/pic.png"}) {
		t.Errorf("conflict about %v", e.Paths)
	}
	s.must(s.PersistEntry(context.Background(), cms.EntryDraft{Files: []cms.DataFile{
		{Path: "pages/ab/_index.md", NewPath: "pages/ab/other.md", Raw: "ab"},
	}}, cms.PersistOptions{}))
	s.wantFile("main", "pages/ab/c/pic.png", "new") // a new name in the same folder moves alone
	s.must(move(s, "pages/x", "top"))
	s.must(s.PersistEntry(context.Background(), cms.EntryDraft{Files: []cms.DataFile{
		{Path: "top/_index.md", NewPath: "_index.md", Raw: "a"},
	}}, cms.PersistOptions{}))
}

func TestDeleteFiles_PassesOverMissing(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	del := func(paths ...string) error { return s.DeleteFiles(context.Background(), paths, "Delete") }
	_, err := s.Entry(context.Background(), "posts/a.md")
	s.must(err)
	s.must(del("posts/a.md", "/posts/a.md", "posts/a.de.md", "nowhere/x.md", "posts/sub"))
	s.wantNone("main", "posts/a.md")
	s.wantFile("main", "posts/sub/d.md", "d")
	s.must(del("posts/a.md"))
	if s.spy.count("Commit") != 1 {
		t.Errorf("%d commits; want 1", s.spy.count("Commit"))
	}
	s.must(s.save("posts/a.md", "anew")) // we deleted it ourselves
	s.spy.act("Commit", func() { s.put("main", "posts/b.md", "theirs") })
	s.wantKind(del("posts/b.md"), cmserr.Conflict)
	s.wantKind(del(), cmserr.Invalid)
	s.wantKind(del("a", "../b"), cmserr.Invalid)
	s.spy.fail("Head", cmserr.New(cmserr.Network, "down"))
	s.wantKind(del("posts/b.md"), cmserr.Network)
}

func TestPersistEntry_WritesOneAtATime(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	var running, most int
	var mu sync.Mutex
	slow := func() {
		mu.Lock()
		running++
		most = max(most, running)
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		mu.Lock()
		running--
		mu.Unlock()
	}
	s.spy.mu.Lock()
	s.spy.always = slow
	s.spy.mu.Unlock()
	var wg sync.WaitGroup
	for _, path := range []string{"posts/1.md", "posts/2.md", "posts/3.md"} {
		wg.Go(func() { s.must(s.save(path, path)) })
	}
	wg.Wait()
	if most != 1 {
		t.Errorf("%d writes at the same time", most)
	}
	for _, path := range []string{"posts/1.md", "posts/2.md", "posts/3.md"} {
		s.wantFile("main", path, path)
	}
}

func TestPersistEntry_CanceledWhileWaiting(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	ctx, cancel := context.WithCancel(context.Background())
	s.spy.act("Commit", func() { // while this write holds the turn
		done := make(chan error, 1)
		go func() { done <- s.DeleteFiles(ctx, []string{"posts/b.md"}, "") }()
		cancel()
		s.wantKind(<-done, cmserr.Canceled)
	})
	s.must(s.save("posts/a.md", "a2"))
	s.wantFile("main", "posts/b.md", "b")
	s.wantKind(s.DeleteFiles(ctx, []string{"posts/b.md"}, ""), cmserr.Canceled)
}

func TestPersistEntry_ConflictNamesAll(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	for _, path := range []string{"posts/a.md", "posts/b.md"} {
		_, err := s.Entry(context.Background(), path)
		s.must(err)
		s.put("main", path, "theirs")
	}
	err := s.PersistEntry(context.Background(), cms.EntryDraft{
		Files: []cms.DataFile{{Path: "posts/a.md", Raw: "x"}, {Path: "posts/b.md", Raw: "y"}},
	}, cms.PersistOptions{})
	e := s.wantKind(err, cmserr.Conflict)
	if !slices.Equal(e.Paths, []string{"posts/a.md", "posts/b.md"}) ||
		!strings.Contains(e.Message(), "posts/a.md, posts/b.md were changed") {
		t.Errorf("conflict about %v: %s", e.Paths, e.Message())
	}
}

func TestPersistEntry_ManyCommits(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	for i := range 40 { // more than there are listings to remember
		s.must(s.save("posts/a.md", strings.Repeat("x", i)))
	}
	e, err := s.Entry(context.Background(), "posts/a.md")
	s.must(err)
	if len(e.Data) != 39 {
		t.Errorf("entry has %d bytes; want 39", len(e.Data))
	}
}
