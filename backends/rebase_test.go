package backends_test

import (
	"context"
	"slices"
	"testing"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
)

func TestSaveDraft_RebasesWhenMainMoved(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	ctx := context.Background()
	s.must(s.draft("posts/a.md", "a2", cms.Asset{Path: "media/p.png", Content: content.Bytes("png")},
		cms.Asset{Path: "media/q.png", Content: content.Bytes("q")}))
	s.others(helloBranch, driver.Change{Op: driver.Delete, Path: "README.md"},
		driver.Change{Op: driver.Move, From: "posts/sub/d.md", Path: "posts/moved.md"},
		driver.Change{Op: driver.Put, Path: "posts/b.md", Data: []byte("b in the draft")},
		driver.Change{Op: driver.Put, Path: "posts/empty.md", Data: []byte{}})
	s.put("main", "posts/news.md", "news")
	s.must(s.draft("posts/a.md", "a3", cms.Asset{Path: "media/p.png"}))
	cmp, err := s.repo.Compare(ctx, s.head("main"), s.head(helloBranch))
	s.must(err)
	if cmp.MergeBase != s.head("main") {
		t.Error("the draft is not on top of what is published")
	}
	for path, want := range map[string]string{"posts/a.md": "a3", "media/p.png": "png", "posts/moved.md": "d",
		"posts/b.md": "b in the draft", "posts/news.md": "news", "posts/empty.md": "", "posts/c.json": "{}"} {
		s.wantFile(helloBranch, path, want)
	}
	for _, path := range []string{"README.md", "media/q.png", "posts/sub/d.md"} {
		s.wantNone(helloBranch, path)
	}
	s.must(s.PublishDraft(ctx, helloKey))
	s.wantFile("main", "posts/a.md", "a3")
}

func TestSaveDraft_RebaseOfFollowingChanges(t *testing.T) {
	t.Parallel()
	s := open(t, map[string]string{"p/a/_index.md": "a", "p/a/pic.png": "png", "p/x.md": "x", "z.md": "z"})
	move := func(from, to, raw string) error {
		return s.PersistEntry(context.Background(), cms.EntryDraft{Files: []cms.DataFile{
			{Path: from, NewPath: to, Slug: "hello", Raw: raw},
		}}, cms.PersistOptions{UseWorkflow: true, Collection: "posts"})
	}
	s.must(move("p/a/_index.md", "p/b/_index.md", "a"))
	s.put("main", "z.md", "z2")
	s.must(move("p/b/_index.md", "p/c/_index.md", "a2")) // moves on what was moved
	s.put("main", "z.md", "z3")
	s.must(move("p/c/_index.md", "p/a/_index.md", "a3")) // and back
	s.wantFile(helloBranch, "p/a/_index.md", "a3")
	s.wantFile(helloBranch, "p/a/pic.png", "png")
	s.wantNone(helloBranch, "p/c/pic.png")
	s.wantFile(helloBranch, "z.md", "z3")

	s.others(helloBranch, driver.Change{Op: driver.Delete, Path: "p/x.md"})
	s.put("main", "z.md", "z4")
	s.must(move("p/a/_index.md", "p/x.md", "x2")) // into the place of a deleted file
	s.wantFile(helloBranch, "p/x.md", "x2")
	s.wantNone(helloBranch, "p/a/_index.md")
	s.wantFile(helloBranch, "z.md", "z4")
	s.must(s.PublishDraft(context.Background(), helloKey))
	s.wantFile("main", "p/x.md", "x2")
}

func TestSaveDraft_BothChangedTheSameFile(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.must(s.draft("posts/a.md", "a2"))
	s.put("main", "posts/a.md", "published by others")
	s.must(s.draft("posts/a.md", "a3"))
	s.wantFile(helloBranch, "posts/a.md", "a3")
	s.wantKind(s.PublishDraft(context.Background(), helloKey), cmserr.Conflict)
	s.wantFile("main", "posts/a.md", "published by others")
}

func TestSaveDraft_RebaseRace(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.must(s.draft("posts/a.md", "a2"))
	s.put("main", "posts/news.md", "news")
	s.spy.act("Commit", func() { s.put(helloBranch, "posts/b.md", "theirs") })
	s.wantKind(s.draft("posts/a.md", "a3"), cmserr.Conflict)
	s.wantFile(helloBranch, "posts/b.md", "theirs")
	s.put("main", "posts/news.md", "more news")
	s.spy.act("Compare", func() { s.spy.fail("Tree", cmserr.New(cmserr.Network, "down")) })
	s.wantKind(s.draft("posts/a.md", "a3"), cmserr.Network)
	s.spy.fail("Tree", nil)
	s.must(s.draft("posts/a.md", "a3"))
	s.wantFile(helloBranch, "posts/b.md", "theirs")
	s.wantFile(helloBranch, "posts/news.md", "more news")
}

func TestSaveDraft_RebaseOfNewlyTouchedFiles(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.must(s.draft("posts/a.md", "a2", cms.Asset{Path: "media/p.png", Content: content.Bytes("png")}))
	s.put("main", "posts/news.md", "news")
	s.must(s.draft("posts/a.md", "a3", cms.Asset{Path: "media/p.png", Content: content.Bytes("png2")},
		cms.Asset{Path: "media/new.png", Content: content.Bytes("new")}, cms.Asset{Path: "posts/c.json", Content: content.Bytes("[]")}))
	for path, want := range map[string]string{"posts/a.md": "a3", "media/p.png": "png2", "media/new.png": "new",
		"posts/c.json": "[]", "posts/news.md": "news"} {
		s.wantFile(helloBranch, path, want)
	}
	s.put("main", "posts/b.md", "published")
	move := func(to, raw string) error {
		return s.PersistEntry(context.Background(), cms.EntryDraft{Files: []cms.DataFile{
			{Path: "posts/a.md", Slug: "hello", Raw: "a3"}, {Path: "posts/sub/d.md", NewPath: to, Raw: raw},
		}, Assets: []cms.Asset{{Path: "media/p.png"}, {Path: "media/new.png"}}},
			cms.PersistOptions{UseWorkflow: true, Collection: "posts"})
	}
	s.must(move("posts/d.md", "d")) // a file of the published branch, moved as it is
	s.wantFile(helloBranch, "posts/d.md", "d")
	s.wantNone(helloBranch, "posts/sub/d.md")
	s.wantFile(helloBranch, "posts/b.md", "published")
	s.wantFile(helloBranch, "posts/c.json", "[]")
}

func TestSaveDraft_RebaseKeepsModes(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.must(s.draft("posts/a.md", "a2"))
	s.others(helloBranch, driver.Change{Op: driver.Move, From: "posts/c.json", Path: "posts/moved.json"})
	s.put("main", "posts/news.md", "news")
	var ops []driver.Change
	s.spy.seen = func(c driver.Commit) { ops = c.Changes }
	s.must(s.draft("posts/a.md", "a3"))
	moved := slices.ContainsFunc(ops, func(c driver.Change) bool {
		return c.Op == driver.Move && c.From == "posts/c.json" && c.Path == "posts/moved.json" && c.Data == nil
	})
	if !moved {
		t.Errorf("changes are %+v; want the move among them, without content", ops)
	}
}

// rooted is a host that can't put a branch onto another base.
type rooted struct{ *spy }

func (f rooted) Commit(ctx context.Context, c driver.Commit) (driver.Committed, error) {
	if c.ExpectedHead != "" && c.Base != "" && c.Base != c.ExpectedHead {
		_ = f.on("Replace")
		return driver.Committed{}, cmserr.New(cmserr.Unsupported, "can't")
	}
	return f.spy.Commit(ctx, c)
}

// TestSaveDraft_HostCannotReplace: the draft stays where it began, and is not asked to move
// again.
func TestSaveDraft_HostCannotReplace(t *testing.T) {
	t.Parallel()
	s := openWith(t, setup{files: posts, wrap: func(s *spy) driver.Driver { return rooted{s} }})
	s.spy.silent = true
	ctx := context.Background()
	s.must(s.draft("posts/a.md", "a2"))
	for i, text := range []string{"a3", "a4"} {
		s.put("main", "posts/news.md", text)
		s.must(s.draft("posts/a.md", text))
		s.wantFile(helloBranch, "posts/a.md", text)
		s.wantNone(helloBranch, "posts/news.md")
		if n := s.spy.count("Replace"); n != 1 {
			t.Errorf("after %d saves the host was asked to replace the branch %d times", i+1, n)
		}
	}
	s.must(s.PublishDraft(ctx, helloKey))
	s.wantFile("main", "posts/a.md", "a4")
	s.wantFile("main", "posts/news.md", "a4")
}

// oneAccount opens all pull requests with one account, as a gateway does.
type oneAccount struct{ *spy }

func (s oneAccount) OpenPull(ctx context.Context, p driver.NewPull) (driver.Pull, error) {
	pull, err := s.spy.OpenPull(ctx, p)
	pull.Author = "gateway"
	return pull, err
}

func (s oneAccount) Pull(ctx context.Context, base, head string) (driver.Pull, error) {
	pull, err := s.spy.Pull(ctx, base, head)
	pull.Author = "gateway"
	return pull, err
}

// TestSaveDraft_RebasesWhatOnePersonWrote: whoever opened it, and nobody's name is lost.
func TestSaveDraft_RebasesWhatOnePersonWrote(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		others  *driver.Author
		rebased bool
	}{
		{"one's own", nil, true},
		{"with others' work", &driver.Author{Name: "Jane"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := openWith(t, setup{files: posts, wrap: func(s *spy) driver.Driver { return oneAccount{s} }})
			_, err := s.Authenticate(t.Context(), cms.Credentials{})
			s.must(err)
			s.must(s.draft("posts/a.md", "a2"))
			_, err = s.repo.Commit(t.Context(), driver.Commit{
				Branch: helloBranch, ExpectedHead: s.head(helloBranch), Message: "Go on", Author: c.others,
				Changes: []driver.Change{{Op: driver.Put, Path: "posts/b.md", Data: []byte("b2")}},
			})
			s.must(err)
			s.put("main", "posts/news.md", "news")
			s.must(s.draft("posts/a.md", "a3"))
			s.wantFile(helloBranch, "posts/b.md", "b2")
			if _, there := s.read(helloBranch, "posts/news.md"); there != c.rebased {
				t.Errorf("rebased: %v, want %v", there, c.rebased)
			}
		})
	}
}
