package backends_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mooring/backends"
	"mooring/backends/blobstore"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/testrepo"
)

// drafts makes n drafts of n entries.
func (s *site) drafts(n int) {
	s.t.Helper()
	for i := range n {
		s.must(s.PersistEntry(context.Background(), cms.EntryDraft{Files: []cms.DataFile{
			{Path: fmt.Sprintf("posts/new-%03d.md", i), Slug: fmt.Sprintf("new-%03d", i), Raw: fmt.Sprint("text ", i)},
		}}, cms.PersistOptions{UseWorkflow: true, Collection: "posts"}))
	}
}

// board reads all drafts as the CMS's board does, and answers with their texts.
func (s *site) board() []string {
	s.t.Helper()
	ctx := context.Background()
	keys, err := s.Drafts(ctx)
	s.must(err)
	texts := make([]string, len(keys))
	var all sync.WaitGroup
	for i, k := range keys {
		all.Go(func() {
			key, _ := cms.ParseKey(k)
			d, err := s.ListedDraft(ctx, key)
			if err != nil || len(d.Diffs) != 1 {
				s.t.Errorf("%s: %+v, %v", k, d, err)
				return
			}
			if text := d.Diffs[0].Text; text != nil {
				texts[i] = *text
				return
			}
			if texts[i], err = s.DraftData(ctx, key, d.Diffs[0].Path, d.Diffs[0].ID); err != nil {
				s.t.Errorf("%s: %v", k, err)
			}
		})
	}
	all.Wait()
	return texts
}

func TestBoard_HundredDraftsInSixCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openShared(t, posts)
		h.maintainer().drafts(100)
		m := h.maintainer()
		h.Reset()
		h.Before = func(string) error { time.Sleep(40 * time.Millisecond); return nil }
		texts := m.board()
		if len(texts) != 100 || texts[0] != "text 0" || texts[99] != "text 99" {
			t.Errorf("texts are %q", texts)
		}
		if n := h.Calls(""); n > 6 {
			t.Errorf("%d calls; want 6 at most", n)
		}
	})
}

// TestBoard_TextsComeTogether: the list brings all texts along, in one read.
func TestBoard_TextsComeTogether(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	h.maintainer().drafts(30)
	h.store = blobstore.NewMemory(1 << 20)
	m := h.maintainer()
	for range 2 { // the second time all are known
		h.Reset()
		for _, d := range m.details() {
			if text := d.Diffs[0].Text; text == nil || !strings.HasPrefix(*text, "text ") {
				t.Errorf("%s has %+v", d.Key, d.Diffs)
			}
		}
		if h.Calls("Blobs") > 1 {
			t.Errorf("%d reads", h.Calls("Blobs"))
		}
	}
}

// TestBoard_OnlyTextsComeAlong: what is none, and what is kept elsewhere, is read when the
// CMS asks for it.
func TestBoard_OnlyTextsComeAlong(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	m, ctx := h.maintainer(), t.Context()
	m.must(m.draft("posts/hello.md", "hi", cms.Asset{Path: "media/p.png", Content: content.Bytes("png")},
		cms.Asset{Path: "media/bad.json", Content: content.Bytes("\xff")},
		cms.Asset{Path: "media/large.md", Content: content.Bytes(pointer("large"))}))
	texts := func() map[string]string {
		found := map[string]string{}
		for _, f := range m.details()[0].Diffs {
			if f.Text != nil {
				found[f.Path] = *f.Text
			}
		}
		return found
	}
	if got := texts(); !maps.Equal(got, map[string]string{"posts/hello.md": "hi"}) {
		t.Errorf("the texts are %q", got)
	}
	h.failing("Blobs", cmserr.New(cmserr.Network, "down"))
	if got := texts(); len(got) != 0 {
		t.Errorf("while nothing can be read the texts are %q", got)
	}
	_, err := m.DraftData(ctx, helloKey, "posts/hello.md", m.get(helloKey).Diffs[2].ID)
	m.wantKind(err, cmserr.Network)
}

// TestBoard_SeenBefore: only of drafts that changed since is asked what they change.
func TestBoard_SeenBefore(t *testing.T) {
	t.Parallel()
	h, ctx := openShared(t, posts), context.Background()
	h.store = blobstore.NewMemory(1 << 20)
	first := h.maintainer()
	first.drafts(3)
	first.must(first.draft("posts/ä b.md", "x", cms.Asset{Path: "media/p.png", Content: content.Bytes("png")}))
	want := first.details()
	m := h.maintainer()
	h.Reset()
	if got := m.details(); !slices.EqualFunc(got, want, sameDiffs) {
		t.Errorf("the board is %+v, was %+v", got, want)
	}
	if n := h.Calls("PullFiles"); n != 0 {
		t.Errorf("%d questions for what is known", n)
	}
	m.put("main", "posts/news.md", "news")
	m.must(m.draft("posts/ä b.md", "x2"))
	h.Reset()
	if got := m.details(); len(got) != 4 || h.Calls("PullFiles") != 1 {
		t.Errorf("%d drafts, %d questions", len(got), h.Calls("PullFiles"))
	}
	h.failing("PullFiles", cmserr.New(cmserr.Network, "down"))
	m.details()
	m.must(m.Logout(ctx)) // forgets them
	_, err := m.Drafts(ctx)
	m.wantKind(err, cmserr.Network)
}

// details is what the board tells of each draft.
func (s *site) details() []cms.Draft {
	s.t.Helper()
	ctx := context.Background()
	keys, err := s.Drafts(ctx)
	s.must(err)
	drafts := make([]cms.Draft, len(keys))
	for i, k := range keys {
		key, _ := cms.ParseKey(k)
		drafts[i], err = s.ListedDraft(ctx, key)
		s.must(err)
	}
	return drafts
}

func sameDiffs(a, b cms.Draft) bool {
	return len(a.Diffs) > 0 && slices.EqualFunc(a.Diffs, b.Diffs, func(a, b cms.Diff) bool {
		a.Text, b.Text = nil, nil
		return a == b
	})
}

func TestBoard_OfContributors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openShared(t, posts)
		s, m, ctx := h.contributor(), h.maintainer(), context.Background()
		s.drafts(12)
		for i := range 10 {
			s.must(s.SetDraftStatus(ctx, cms.Key{Collection: "posts", Slug: fmt.Sprintf("new-%03d", i)}, cms.StatusPendingReview))
		}
		h.Reset()
		if texts := m.board(); len(texts) != 10 || texts[9] != "text 9" {
			t.Errorf("the maintainer reads %q", texts)
		}
		if n := h.Calls(""); n > 6 {
			t.Errorf("%d calls; want 6 at most", n)
		}
		h.Reset()
		if texts := s.board(); len(texts) != 12 || texts[11] != "text 11" {
			t.Errorf("the contributor reads %q", texts)
		}
		if h.Calls("Compare") != 2 || h.Calls("Head") != 1 || h.Calls("PullFiles") != 1 {
			t.Errorf("%d compares, %d heads, %d lists of files; want one compare for each draft without pull request",
				h.Calls("Compare"), h.Calls("Head"), h.Calls("PullFiles"))
		}
	})
}

func TestListedDraft_AnswersOnce(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	m, ctx := h.maintainer(), context.Background()
	m.must(m.draft("posts/hello.md", "hi"))
	listed := func(want string, calls bool) {
		t.Helper()
		h.Reset()
		d, err := m.ListedDraft(ctx, helloKey)
		m.must(err)
		if d.Status != want || (h.Calls("") > 0) != calls {
			t.Errorf("status is %q, in %d calls; want %q", d.Status, h.Calls(""), want)
		}
	}
	m.wantDrafts("posts/hello")
	m.must(h.As("owner", true).Relabel(ctx, 1, []string{"static-cms/pending_review"}, []string{"static-cms/draft"}))
	listed(cms.StatusDraft, false)
	listed(cms.StatusPendingReview, true)
	m.wantDrafts("posts/hello")
	m.must(m.SetDraftStatus(ctx, helloKey, cms.StatusPendingPublish))
	listed(cms.StatusPendingPublish, true) // what was listed holds no more
	m.wantDrafts("posts/hello")
	m.wantStatus(cms.StatusPendingPublish)
	if d := m.get(helloKey); d.Diffs[0].ID == "" {
		t.Errorf("draft is %+v", d)
	}
	m.must(m.Logout(ctx))
	listed(cms.StatusPendingPublish, true)
}

func TestListedDraft_WithoutFilesOfPulls(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.drafts(3)
	s.spy.reset()
	if texts := s.board(); !slices.Equal(texts, []string{"text 0", "text 1", "text 2"}) {
		t.Errorf("texts are %q", texts)
	}
	if s.spy.count("Head") != 1 || s.spy.count("Compare") != 3 || s.spy.count("Pull") != 0 {
		t.Errorf("calls are %v", s.spy.calls)
	}
	down := cmserr.New(cmserr.Network, "down")
	s.spy.fail("Head", down)
	_, err := s.Drafts(context.Background())
	s.wantKind(err, cmserr.Network)
	s.spy.fail("Head", nil)
	_, err = s.Drafts(context.Background())
	s.must(err)
	s.spy.fail("Compare", down)
	_, err = s.ListedDraft(context.Background(), cms.Key{Collection: "posts", Slug: "new-000"})
	if e := s.wantKind(err, cmserr.Network); e.Op != "unpublishedEntry" {
		t.Errorf("op is %q", e.Op)
	}
}

func TestListedDraft_ErrorsPassThrough(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	m := h.maintainer()
	m.drafts(2)
	h.failing("PullFiles", cmserr.New(cmserr.Network, "down"))
	_, err := m.Drafts(context.Background())
	m.wantKind(err, cmserr.Network)
	_, err = m.ListedDraft(context.Background(), helloKey)
	m.wantKind(err, cmserr.NotInWorkflow)
}

func TestDraftData_ByTheToldID(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	first := h.maintainer()
	first.must(first.draft("posts/hello.md", "hi", cms.Asset{Path: "media/p.png", Content: content.Bytes("png")}))
	m, ctx := h.maintainer(), context.Background()
	diffs := m.get(helloKey).Diffs
	h.Reset()
	file, err := m.DraftMedia(ctx, helloKey, "media/p.png", diffs[0].ID)
	m.must(err)
	text, err := m.DraftData(ctx, helloKey, "posts/hello.md", diffs[1].ID)
	m.must(err)
	if text != "hi" || held(file) != "png" || file.Size != 3 || file.Name != "p.png" {
		t.Errorf("read %q and %+v", text, file)
	}
	if h.Calls("") != 2 || h.Calls("Blobs") != 2 {
		t.Errorf("%d calls; want one for each blob", h.Calls(""))
	}
	first.must(first.draft("posts/hello.md", "hi2", cms.Asset{Path: "media/p.png"}))
	m.wantKind(m.draft("posts/hello.md", "mine"), cmserr.Conflict) // the version was noted
	text, err = m.DraftData(ctx, helloKey, "posts/hello.md", diffs[1].ID)
	m.must(err)
	if text != "hi2" {
		t.Errorf("after a save of ours it reads %q; want what is there now", text)
	}
	m.must(m.draft("posts/hello.md", "mine", cms.Asset{Path: "media/p.png"}))
}

func TestDraftData_ToldBlobIsGone(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	m, ctx := h.maintainer(), context.Background()
	m.must(m.draft("posts/hello.md", "hi", cms.Asset{Path: "media/p.png", Content: content.Bytes("png")}))
	diffs := m.get(helloKey).Diffs
	for _, kind := range []cmserr.Kind{cmserr.NotFound, cmserr.Network} {
		failed := map[string]bool{}
		h.Before = func(method string) error {
			if method == "Blobs" && !failed[method] {
				failed[method] = true
				return cmserr.New(kind, "swept away")
			}
			return nil
		}
		text, err := m.DraftData(ctx, helloKey, "posts/hello.md", diffs[1].ID)
		failed = map[string]bool{}
		file, mediaErr := m.DraftMedia(ctx, helloKey, "media/p.png", diffs[0].ID)
		if kind == cmserr.Network {
			m.wantKind(err, kind)
			m.wantKind(mediaErr, kind)
			continue
		}
		m.must(err)
		m.must(mediaErr)
		if text != "hi" || held(file) != "png" {
			t.Errorf("read %q and %q", text, held(file))
		}
	}
}

// listless is a service whose workflow learns nothing from listing.
type listless struct {
	cms.Service
	cms.Workflow
}

func TestListedDraft_OfAServiceThatListsNone(t *testing.T) {
	t.Parallel()
	repo := testrepo.Open(testrepo.Options{Files: map[string][]byte{"a.md": nil}})
	r := backends.New(backends.Direct("plain", func(cfg backends.Config, env backends.Env) (cms.Service, error) {
		svc := backends.NewRepository(repo, cfg, env)
		return listless{svc, svc.(cms.Workflow)}, nil
	}))
	b, err := r.Open("plain", backends.Config{}, backends.Env{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.ListedDraft(context.Background(), helloKey); !cmserr.Is(err, cmserr.NotInWorkflow) {
		t.Errorf("error is %v", err)
	}
}
