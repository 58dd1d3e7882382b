package backends_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
)

func TestSaveDraft_Creates(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.must(s.draft("posts/hello.md", "hi"))
	p := s.pull(helloBranch)
	if p.Title != "Draft hello" || p.Base != "main" || !slices.Equal(p.Labels, []string{"static-cms/draft"}) {
		t.Errorf("pull request is %+v", p)
	}
	s.wantFile(helloBranch, "posts/hello.md", "hi")
	s.wantNone("main", "posts/hello.md")
	if s.spy.count("Commit") != 1 {
		t.Errorf("%d commits", s.spy.count("Commit"))
	}
}

func TestSaveDraft_InitialStatus(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ configured, asked, want string }{
		{"", "", "draft"}, {"", "draft", "draft"}, {"pending_review", "draft", "pending_review"},
		{"pending_review", "", "pending_review"}, {"", "pending_publish", "pending_publish"},
		{"draft", "pending_publish", "pending_publish"}, // what unpublishing asks for
	} {
		s := openWith(t, setup{files: posts, cfg: backends.Config{InitialStatus: c.configured}})
		s.must(s.PersistEntry(context.Background(), cms.EntryDraft{
			Files: []cms.DataFile{{Path: "posts/hello.md", Slug: "hello", Raw: "hi"}},
		}, cms.PersistOptions{UseWorkflow: true, Collection: "posts", Status: c.asked}))
		if d := s.get(helloKey); d.Status != c.want {
			t.Errorf("%+v: status is %q", c, d.Status)
		}
	}
}

func TestSaveDraft_KeepsStoredStatus(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.must(s.draft("posts/hello.md", "hi"))
	s.must(s.SetDraftStatus(context.Background(), helloKey, cms.StatusPendingPublish))
	s.must(s.draft("posts/hello.md", "hi2"))
	if d := s.get(helloKey); d.Status != cms.StatusPendingPublish {
		t.Errorf("status is %q", d.Status)
	}
	s.wantFile(helloBranch, "posts/hello.md", "hi2")
	s.spy.reset()
	s.must(s.draft("posts/hello.md", "hi2"))
	if s.spy.count("Commit") != 0 {
		t.Error("a commit was made of nothing")
	}
}

func TestSaveDraft_NothingToDraft(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.must(s.draft("posts/a.md", "a"))
	if keys, err := s.Drafts(context.Background()); err != nil || len(keys) != 0 {
		t.Errorf("drafts are %v, %v", keys, err)
	}
}

func TestSaveDraft_NewEntryConflicts(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	create := func(path string) error {
		return s.PersistEntry(context.Background(), cms.EntryDraft{
			Files: []cms.DataFile{{Path: path, Slug: "hello", Raw: "new"}},
		}, cms.PersistOptions{UseWorkflow: true, Collection: "posts", NewEntry: true})
	}
	s.wantKind(create("posts/a.md"), cmserr.Conflict)
	s.must(create("posts/hello.md"))
	e := s.wantKind(create("posts/hello.md"), cmserr.Conflict)
	if !strings.Contains(e.Message(), "unpublished entry") || !slices.Equal(e.Paths, []string{"posts/hello.md"}) {
		t.Errorf("conflict about %v: %s", e.Paths, e.Message())
	}
}

func TestSaveDraft_PullCannotBeOpened(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.spy.fail("OpenPull", cmserr.New(cmserr.Forbidden, "no"))
	s.wantKind(s.draft("posts/hello.md", "hi"), cmserr.Forbidden)
	if _, err := s.repo.Head(context.Background(), helloBranch); !cmserr.Is(err, cmserr.NotFound) {
		t.Errorf("the branch was left behind: %v", err)
	}
	s.spy.fail("DeleteBranch", cmserr.New(cmserr.Network, "down"))
	s.wantKind(s.draft("posts/hello.md", "hi"), cmserr.Forbidden)
	if len(s.reports()) != 1 {
		t.Errorf("reports are %v", s.reports())
	}
	s.spy.fail("OpenPull", nil)
	s.must(s.draft("posts/hello.md", "hi again"))
	s.wantFile(helloBranch, "posts/hello.md", "hi again")
}

func TestSaveDraft_OpenedTwice(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.spy.act("OpenPull", func() { // its answer got lost
		_, err := s.repo.OpenPull(context.Background(), driver.NewPull{Head: helloBranch, Base: "main", Title: "x"})
		s.must(err)
	})
	s.must(s.draft("posts/hello.md", "hi"))
	if d := s.get(helloKey); d.Status != cms.StatusDraft {
		t.Errorf("draft is %+v", d)
	}
	s = open(t, posts)
	s.spy.act("OpenPull", func() { // somebody took the branch over
		s.put(helloBranch, "posts/hello.md", "theirs")
		_, err := s.repo.OpenPull(context.Background(), driver.NewPull{Head: helloBranch, Base: "main", Title: "x"})
		s.must(err)
	})
	s.wantKind(s.draft("posts/hello.md", "hi"), cmserr.Conflict)
	s.wantFile(helloBranch, "posts/hello.md", "theirs")
}

func TestSaveDraft_StatusCannotBeSet(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.spy.fail("Relabel", cmserr.New(cmserr.Forbidden, "no labels"))
	s.must(s.draft("posts/hello.md", "hi"))
	if d := s.get(helloKey); d.Status != cms.StatusDraft || len(s.reports()) != 1 {
		t.Errorf("status %q, reports %v", d.Status, s.reports())
	}
}

func TestSaveDraft_LeftoverBranch(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.must(s.draft("posts/hello.md", "old", cms.Asset{Path: "media/old.png", Content: content.Bytes("old")}))
	s.must(s.repo.ClosePull(context.Background(), s.pull(helloBranch).Number))
	s.put("main", "posts/b.md", "b2")
	s.must(s.draft("posts/hello.md", "old")) // not a conflict with the thrown-away draft
	s.wantFile(helloBranch, "posts/b.md", "b2")
	s.wantNone(helloBranch, "media/old.png")

	s = open(t, posts)
	s.spy.act("Commit", func() { s.byHand(helloBranch, "posts/hello.md") })
	s.wantKind(s.draft("posts/hello.md", "mine"), cmserr.Conflict)
	s.wantFile(helloBranch, "posts/hello.md", "by hand")
}

func TestSaveDraft_TakeOverFails(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.spy.fail("Commit", cmserr.New(cmserr.Conflict, "odd"))
	s.wantKind(s.draft("posts/hello.md", "hi"), cmserr.Conflict)
	s.spy.fail("Commit", nil)
	s.must(s.draft("posts/hello.md", "hi"))
	s.must(s.repo.ClosePull(context.Background(), s.pull(helloBranch).Number))
	s.spy.act("Commit", func() { s.spy.fail("Pull", cmserr.New(cmserr.Network, "down")) })
	s.wantKind(s.draft("posts/hello.md", "hi2"), cmserr.Network)
}

func TestSaveDraft_EditedByTwo(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	ctx := context.Background()
	s.must(s.draft("posts/hello.md", "hi"))
	_, err := s.DraftData(ctx, helloKey, "posts/hello.md", "")
	s.must(err)
	s.put(helloBranch, "posts/hello.md", "theirs")
	e := s.wantKind(s.draft("posts/hello.md", "mine"), cmserr.Conflict)
	if !slices.Equal(e.Paths, []string{"posts/hello.md"}) {
		t.Errorf("conflict about %v", e.Paths)
	}
	_, err = s.DraftData(ctx, helloKey, "posts/hello.md", "")
	s.must(err)
	s.must(s.draft("posts/hello.md", "mine"))
	s.must(s.draft("posts/hello.md", "mine again"))
	s.spy.act("Commit", func() { s.put(helloBranch, "posts/hello.md", "theirs") })
	s.wantKind(s.draft("posts/hello.md", "late"), cmserr.Conflict)
}

func TestSaveDraft_DraftThatWasNeverOpened(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	_, err := s.Entry(context.Background(), "posts/a.md")
	s.must(err)
	s.byHand(helloBranch, "posts/a.md")
	s.wantKind(s.draft("posts/a.md", "mine"), cmserr.Conflict)
	s.wantFile(helloBranch, "posts/a.md", "by hand")
}

func TestSaveDraft_DropsRemovedMedia(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	keep, drop := cms.Asset{Path: "media/keep.png", Content: content.Bytes("k")}, cms.Asset{Path: "media/drop.png", Content: content.Bytes("d")}
	s.must(s.draft("posts/hello.md", "hi", keep, drop))
	s.put(helloBranch, "posts/other.md", "a data file")
	s.must(s.draft("posts/hello.md", "hi", cms.Asset{Path: "media/keep.png"}))
	s.wantFile(helloBranch, "media/keep.png", "k")
	s.wantNone(helloBranch, "media/drop.png")
	s.wantFile(helloBranch, "posts/other.md", "a data file")
	s.wantFile(helloBranch, "posts/c.json", "{}")
}

func TestSaveDraft_MovedMediaStay(t *testing.T) {
	t.Parallel()
	s := openWith(t, setup{
		files: map[string]string{"p/a/_index.md": "a", "p/a/pic.png": "png", "z.md": "z"},
		wrap:  func(s *spy) driver.Driver { return renameless{s} },
	})
	move := func(raw string) error {
		return s.PersistEntry(context.Background(), cms.EntryDraft{Files: []cms.DataFile{
			{Path: "p/a/_index.md", NewPath: "p/b/_index.md", Slug: "hello", Raw: raw},
		}}, cms.PersistOptions{UseWorkflow: true, Collection: "posts"})
	}
	s.must(move("a2"))
	s.must(move("a3"))
	s.put("main", "z.md", "z2")
	s.must(move("a4"))
	s.wantFile(helloBranch, "p/b/_index.md", "a4")
	s.wantFile(helloBranch, "p/b/pic.png", "png")
	s.wantNone(helloBranch, "p/a/pic.png")
	s.wantFile(helloBranch, "z.md", "z2")
}

// renameless compares like a host that does not detect renames.
type renameless struct{ *spy }

func (r renameless) Compare(ctx context.Context, base, head string) (driver.Comparison, error) {
	c, err := r.spy.Compare(ctx, base, head)
	var files []driver.FileDiff
	for _, f := range c.Files {
		if f.Status != driver.Renamed {
			files = append(files, f)
			continue
		}
		files = append(files, driver.FileDiff{Status: driver.Deleted, Path: f.OldPath, OldID: f.OldID},
			driver.FileDiff{Status: driver.Added, Path: f.Path, ID: f.ID})
	}
	c.Files = files
	return c, err
}
