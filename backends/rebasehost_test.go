package backends_test

import (
	"context"
	"strings"
	"testing"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/testrepo/forge"
)

// rebasing is a backend of one person on a host that rebases by itself.
func (h *shared) rebasing(login string) *site {
	h.t.Helper()
	s := h.open(forge.Rebasing{View: h.As(login, true)})
	_, err := s.Authenticate(context.Background(), cms.Credentials{Token: "t"})
	s.must(err)
	return s
}

// wantOnTop asserts whether the draft starts where the published branch is now.
func (s *site) wantOnTop(want bool) {
	s.t.Helper()
	cmp, err := s.repo.Compare(context.Background(), s.head("main"), s.head(helloBranch))
	s.must(err)
	if got := cmp.MergeBase == s.head("main"); got != want {
		s.t.Errorf("on top of what is published: %t, want %t", got, want)
	}
}

func TestSaveDraft_RebasedByHost(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s := h.rebasing("owner")
	s.must(s.draft("posts/a.md", "a2"))
	s.must(s.draft("posts/a.md", "a3"))
	if h.Calls("Rebase") != 0 {
		t.Error("a draft was rebased that was on top already")
	}
	s.put("main", "posts/news.md", "news")
	other := h.rebasing("editor") // not their own draft, but each commit stays its author's
	other.must(other.draft("posts/a.md", "a4"))
	other.wantOnTop(true)
	other.wantFile(helloBranch, "posts/a.md", "a4")
	other.wantFile(helloBranch, "posts/news.md", "news")
	other.must(other.PublishDraft(context.Background(), helloKey))
	other.wantFile("main", "posts/a.md", "a4")
}

// What the host can't rebase takes the commit as it is.
func TestSaveDraft_HostCannotRebase(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s := h.rebasing("owner")
	s.must(s.draft("posts/a.md", "a2"))
	s.put("main", "posts/a.md", "published")
	s.must(s.draft("posts/a.md", "a3"))
	if h.Calls("Rebase") != 0 {
		t.Error("a draft was rebased whose file was published meanwhile")
	}
	for _, kind := range []cmserr.Kind{cmserr.Conflict, cmserr.Forbidden, cmserr.Unsupported} {
		h := openShared(t, posts)
		s := h.rebasing("owner")
		s.must(s.draft("posts/a.md", "a2"))
		s.put("main", "posts/news.md", "news")
		h.failing("Rebase", cmserr.New(kind, "no"))
		s.must(s.draft("posts/a.md", "a3"))
		s.wantOnTop(false)
		s.wantFile(helloBranch, "posts/a.md", "a3")
	}
}

func TestSaveDraft_HostRebaseFails(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s := h.rebasing("owner")
	s.must(s.draft("posts/a.md", "a2"))
	s.put("main", "posts/news.md", "news")
	h.failing("Rebase", cmserr.New(cmserr.Network, "down"))
	s.wantKind(s.draft("posts/a.md", "a3"), cmserr.Network)
	s.wantFile(helloBranch, "posts/a.md", "a2")
	h.failing("Rebase", nil)
	h.Before = func(method string) error {
		if method == "Rebase" {
			h.Before = func(method string) error {
				if method == "Tree" {
					return cmserr.New(cmserr.Network, "down")
				}
				return nil
			}
		}
		return nil
	}
	s.wantKind(s.draft("posts/a.md", "a3"), cmserr.Network)
	s.wantFile(helloBranch, "posts/a.md", "a2")
}

// careless is a host that rebases whatever is on the branch by then.
type careless struct {
	forge.Rebasing
	meanwhile func()
	repo      driver.Driver
}

func (c careless) Rebase(ctx context.Context, number int, _ string) (string, error) {
	c.meanwhile()
	head, err := c.repo.Head(ctx, helloBranch)
	if err != nil {
		return "", err
	}
	return c.Rebasing.Rebase(ctx, number, head)
}

// Somebody who saves the same draft while the host rebases it loses nothing.
func TestSaveDraft_SavedWhileTheHostRebases(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path string
		kind cmserr.Kind
	}{{"posts/a.md", cmserr.Conflict}, {"posts/b.md", cmserr.Unknown}} {
		h := openShared(t, posts)
		s := h.rebasing("owner")
		s.must(s.draft("posts/a.md", "a2"))
		s.put("main", "posts/news.md", "news")
		mine := h.open(careless{forge.Rebasing{View: h.As("owner", true)}, func() { s.put(helloBranch, c.path, "theirs") }, h.Repo})
		_, err := mine.Entry(context.Background(), "posts/a.md")
		s.must(err)
		_, err = mine.DraftData(context.Background(), helloKey, "posts/a.md", "")
		s.must(err)
		err = mine.draft("posts/a.md", "a3")
		if c.kind == cmserr.Conflict {
			s.wantKind(err, cmserr.Conflict)
		} else {
			s.must(err)
			s.wantFile(helloBranch, "posts/a.md", "a3")
		}
		s.wantFile(helloBranch, c.path, "theirs")
	}
}

// fixed is a host that can't replace branches.
type fixed struct{ *forge.View }

func (f fixed) Commit(ctx context.Context, c driver.Commit) (driver.Committed, error) {
	if c.ExpectedHead != "" && c.Base != "" && c.Base != c.ExpectedHead {
		return driver.Committed{}, cmserr.New(cmserr.Unsupported, "No branch can be replaced.")
	}
	return f.View.Commit(ctx, c)
}

// There the next draft takes a branch that was left behind by making it anew.
func TestSaveDraft_TakesOverByDeleting(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s := h.open(fixed{h.As("owner", true)})
	_, err := s.repo.Commit(context.Background(), driver.Commit{
		Branch: helloBranch, Base: s.head("main"), Message: "Left behind",
		Changes: []driver.Change{{Op: driver.Put, Path: "left.md", Data: []byte("left")}},
	})
	s.must(err)
	s.must(s.draft("posts/a.md", "a2"))
	s.wantFile(helloBranch, "posts/a.md", "a2")
	s.wantNone(helloBranch, "left.md")
	s.wantDrafts(helloKey.String())

	h = openShared(t, posts)
	s = h.open(fixed{h.As("owner", true)})
	_, err = s.repo.Commit(context.Background(), driver.Commit{
		Branch: helloBranch, Base: s.head("main"), Message: "Left behind",
		Changes: []driver.Change{{Op: driver.Put, Path: "left.md", Data: []byte("left")}},
	})
	s.must(err)
	h.failing("DeleteBranch", cmserr.New(cmserr.Network, "down"))
	s.wantKind(s.draft("posts/a.md", "a2"), cmserr.Network)
	s.wantFile(helloBranch, "left.md", "left")
}

func TestAuthenticate_ProtectedBranch(t *testing.T) {
	t.Parallel()
	for _, workflow := range []bool{false, true} {
		h := openShared(t, posts)
		h.cfg = backends.Config{Repo: "owner/site", UseWorkflow: workflow}
		h.Protect("main")
		s := h.open(h.As("owner", true))
		_, err := s.Authenticate(context.Background(), cms.Credentials{Token: "t"})
		if workflow {
			s.must(err)
			continue
		}
		e := s.wantKind(err, cmserr.Forbidden)
		for _, part := range []string{"“main”", "Ask a maintainer", "publish_mode"} {
			if !strings.Contains(e.Message(), part) {
				t.Errorf("message %q lacks %s", e.Message(), part)
			}
		}
		h.failing("MayPush", cmserr.New(cmserr.Network, "down"))
		_, err = s.Authenticate(context.Background(), cms.Credentials{Token: "t"})
		s.wantKind(err, cmserr.Network)
	}
}
