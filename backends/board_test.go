package backends_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
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
	first.must(first.draft("posts/hello.md", "hi", cms.Asset{Path: "media/p.png", Data: []byte("png")}))
	m, ctx := h.maintainer(), context.Background()
	diffs := m.get(helloKey).Diffs
	h.Reset()
	file, err := m.DraftMedia(ctx, helloKey, "media/p.png", diffs[0].ID)
	m.must(err)
	text, err := m.DraftData(ctx, helloKey, "posts/hello.md", diffs[1].ID)
	m.must(err)
	if text != "hi" || string(file.Data) != "png" || file.Size != 3 || file.Name != "p.png" {
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
	m.must(m.draft("posts/hello.md", "hi", cms.Asset{Path: "media/p.png", Data: []byte("png")}))
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
		if text != "hi" || string(file.Data) != "png" {
			t.Errorf("read %q and %q", text, file.Data)
		}
	}
}

// pathless is a driver whose blobs of some paths can't be read.
type pathless struct {
	*spy
	bad  map[string]error
	most int // refs in one call
}

func (p *pathless) Blobs(ctx context.Context, refs []driver.BlobRef) ([][]byte, error) {
	p.most = max(p.most, len(refs))
	data, err := p.spy.Blobs(ctx, refs)
	for _, ref := range refs {
		if bad := p.bad[ref.Path]; bad != nil {
			return nil, bad
		}
	}
	return data, err
}

func TestEntry_ReadTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		files := map[string]string{}
		for i := range 40 {
			files[fmt.Sprintf("p/%02d.md", i)] = fmt.Sprint("text ", i)
		}
		host := &pathless{bad: map[string]error{"p/17.md": cmserr.New(cmserr.NotFound, "swept away")}}
		s := openWith(t, setup{files: files, wrap: func(s *spy) driver.Driver { host.spy = s; return host }})
		readAll := func() (failed []string) {
			var mu sync.Mutex
			var all sync.WaitGroup
			for p, want := range files {
				all.Go(func() {
					e, err := s.Entry(context.Background(), p)
					mu.Lock()
					defer mu.Unlock()
					if err != nil {
						failed = append(failed, p)
					} else if e.Data != want {
						t.Errorf("%s reads %q", p, e.Data)
					}
				})
			}
			all.Wait()
			return failed
		}
		if failed := readAll(); !slices.Equal(failed, []string{"p/17.md"}) {
			t.Errorf("%q failed; want p/17.md alone", failed)
		}
		if n := s.spy.count("Blobs"); n > 16 || host.most < 30 {
			t.Errorf("%d calls, of %d blobs at most", n, host.most)
		}
		s.spy.reset()
		host.bad["p/17.md"] = cmserr.New(cmserr.Network, "down")
		if failed := readAll(); len(failed) < 30 || s.spy.count("Blobs") > 3 {
			t.Errorf("%d failed in %d calls; want no call for each while the host is down", len(failed), s.spy.count("Blobs"))
		}
	})
}

// patient is a driver that answers when its time has come, or not at all.
type patient struct {
	*spy
	ended chan error
}

func (p patient) Blobs(ctx context.Context, refs []driver.BlobRef) ([][]byte, error) {
	select {
	case <-time.After(time.Minute):
		p.ended <- nil
		return p.spy.Blobs(ctx, refs)
	case <-ctx.Done():
		p.ended <- ctx.Err()
		return nil, cmserr.From(ctx.Err())
	}
}

func TestEntry_OneGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		host := patient{ended: make(chan error, 1)}
		s := openWith(t, setup{files: posts, wrap: func(s *spy) driver.Driver { host.spy = s; return host }})
		read := func(ctx context.Context, path string, end chan error) {
			_, err := s.Entry(ctx, path)
			end <- err
		}
		ctx, giveUp := context.WithCancel(context.Background())
		gone, stays := make(chan error, 2), make(chan error, 1)
		go read(ctx, "posts/a.md", gone)
		go read(context.Background(), "posts/b.md", stays)
		time.Sleep(time.Second)
		giveUp()
		s.wantKind(<-gone, cmserr.Canceled)
		if err := <-stays; err != nil || <-host.ended != nil {
			t.Errorf("the other's read ended with %v", err)
		}

		ctx, giveUp = context.WithCancel(context.Background())
		go read(ctx, "posts/a.md", gone)
		go read(ctx, "posts/b.md", gone)
		time.Sleep(time.Second)
		giveUp()
		s.wantKind(<-gone, cmserr.Canceled)
		s.wantKind(<-gone, cmserr.Canceled)
		if err := <-host.ended; err == nil {
			t.Error("the request goes on though nobody waits for it")
		}
	})
}

// faulty is a driver with a defect.
type faulty struct{ *spy }

func (faulty) Blobs(context.Context, []driver.BlobRef) ([][]byte, error) { panic("defect") }

func TestEntry_PanicIsAnError(t *testing.T) {
	t.Parallel()
	s := openWith(t, setup{files: posts, wrap: func(s *spy) driver.Driver { return faulty{s} }})
	_, err := s.Entry(context.Background(), "posts/a.md")
	s.wantKind(err, cmserr.Internal)
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
