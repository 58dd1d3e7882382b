package backends_test

import (
	"context"
	"strings"
	"testing"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// suggest has a contributor ask for a review of posts/hello.
func (h *shared) suggest(login, raw string) *site {
	h.t.Helper()
	s := h.signIn(login, false)
	s.must(s.draft("posts/hello.md", raw))
	s.must(s.SetDraftStatus(context.Background(), helloKey, cms.StatusPendingReview))
	return s
}

func TestMaintainer_SeesContributions(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	m, ctx := h.maintainer(), context.Background()
	h.suggest("jane", "hi")
	m.must(m.PersistEntry(ctx, cms.EntryDraft{Files: []cms.DataFile{{Path: "posts/own.md", Slug: "own", Raw: "own"}}},
		cms.PersistOptions{UseWorkflow: true, Collection: "posts"}))
	m.wantDrafts("posts/hello", "posts/own")
	d := m.get(helloKey)
	if d.Status != cms.StatusPendingReview || !d.OpenAuthoring || d.Author != "jane" ||
		len(d.Diffs) != 1 || d.Diffs[0].Path != "posts/hello.md" {
		t.Errorf("draft is %+v", d)
	}
	own := m.get(cms.Key{Collection: "posts", Slug: "own"})
	if own.Status != cms.StatusDraft || own.OpenAuthoring || own.Author != "owner" {
		t.Errorf("own draft is %+v", own)
	}
	for _, status := range []string{cms.StatusDraft, cms.StatusPendingPublish, cms.StatusPendingReview} {
		m.must(m.SetDraftStatus(ctx, helloKey, status))
		m.wantStatus(status)
	}
	p, err := m.DeployPreview(ctx, helloKey)
	m.must(err)
	if p == nil || !strings.Contains(p.URL, m.head(forkBranch)) {
		t.Errorf("preview is %v", p)
	}
}

func TestMaintainer_EditsContributions(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	m, ctx := h.maintainer(), context.Background()
	s := h.suggest("jane", "hi")
	text, err := m.DraftData(ctx, helloKey, "posts/hello.md", "")
	m.must(err)
	if text != "hi" {
		t.Errorf("draft reads %q", text)
	}
	m.must(m.draft("posts/hello.md", "edited"))
	s.wantFile(forkBranch, "posts/hello.md", "edited")
	m.put("main", "posts/news.md", "news")
	before := m.head(forkBranch)
	m.must(m.draft("posts/hello.md", "edited again"))
	m.wantNone(forkBranch, "posts/news.md") // a rebase would take the author's name off
	if m.head(forkBranch) == before {
		t.Error("nothing was saved")
	}
	s.wantKind(s.draft("posts/hello.md", "not knowing of it"), cmserr.Conflict)

	h.NoEdits["jane/site"] = true
	e := m.wantKind(m.draft("posts/hello.md", "no"), cmserr.Forbidden)
	if !strings.Contains(e.Message(), "does not allow maintainers to edit") {
		t.Errorf("message is %q", e.Message())
	}
	h.failing("Commit", cmserr.New(cmserr.NotFound, "hidden"))
	m.wantKind(m.draft("posts/hello.md", "no"), cmserr.Forbidden)
	h.Before = nil
	m.must(m.PublishDraft(ctx, helloKey))
	m.wantFile("main", "posts/hello.md", "edited again")
	s.wantFile(forkBranch, "posts/hello.md", "edited again") // their branch is theirs
	if len(m.reports()) != 0 {
		t.Errorf("reports are %v", m.reports())
	}
	m.wantDrafts()
}

func TestMaintainer_DiscardsContributions(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	m, s := h.maintainer(), h.suggest("jane", "hi")
	m.must(m.DeleteDraft(context.Background(), helloKey))
	m.wantDrafts()
	s.wantDrafts("posts/hello")
	s.wantStatus(cms.StatusDraft)
}

func TestMaintainer_DraftsOfOneEntry(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	m, ctx := h.maintainer(), context.Background()
	h.suggest("jane", "jane's")
	h.suggest("john", "john's")
	for range 2 {
		m.wantDrafts("posts/hello")
	}
	if d := m.get(helloKey); d.Author != "jane" {
		t.Errorf("draft is %+v; want the oldest", d)
	}
	if r := m.reports(); len(r) != 1 || !strings.Contains(r[0].Error(), "https://forge.example/pulls/2") {
		t.Errorf("reports are %v; want john's, once", r)
	}
	m.byHand(helloBranch, "posts/hello.md")
	m.wantDrafts("posts/hello")
	if d := m.get(helloKey); d.OpenAuthoring {
		t.Errorf("draft is %+v; want the own one", d)
	}
	if r := m.reports(); len(r) != 2 || !strings.Contains(r[1].Error(), "https://forge.example/pulls/1") {
		t.Errorf("reports are %v; want jane's too", r)
	}
	m.must(m.Logout(ctx))
	m.wantDrafts("posts/hello")
	if len(m.reports()) != 4 {
		t.Errorf("the next person has %d reports; want 2", len(m.reports())-2)
	}
}

func TestMaintainer_ClosedToForks(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	h.suggest("jane", "hi")
	h.cfg.OpenAuthoring = false
	m := h.maintainer()
	m.wantDrafts()
	_, err := m.Draft(context.Background(), helloKey)
	m.wantKind(err, cmserr.NotInWorkflow)
	m.must(m.draft("posts/hello.md", "own"))
	m.wantDrafts("posts/hello")
}

func TestMaintainer_ErrorsPassThrough(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	m := h.maintainer()
	h.suggest("jane", "hi")
	for _, method := range []string{"Pull", "Pulls"} {
		h.failing(method, cmserr.New(cmserr.Network, "down"))
		_, err := m.Draft(context.Background(), helloKey)
		m.wantKind(err, cmserr.Network)
	}
	h.Before = nil
	v := h.As("owner", true)
	m = h.open(forkless{v, v, v, v, v})
	m.wantDrafts() // a host that can't open forks has none on its board
}

// unlinked is a host whose pull requests have no page.
type unlinked struct{ *forkless }

func (u unlinked) Pulls(ctx context.Context, base, prefix string) ([]driver.Pull, error) {
	pulls, err := u.forkless.Pulls(ctx, base, prefix)
	twice := append([]driver.Pull{}, pulls...)
	for i := range twice {
		twice[i].URL = ""
		twice[i].Number += len(pulls)
	}
	return append(pulls, twice...), err
}

func TestMaintainer_ReportsByNumber(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	v := h.As("owner", true)
	m := h.open(unlinked{&forkless{v, v, v, v, v}})
	m.must(m.draft("posts/hello.md", "hi"))
	m.wantDrafts("posts/hello")
	if r := m.reports(); len(r) != 1 || !strings.Contains(r[0].Error(), "#2") {
		t.Errorf("reports are %v", r)
	}
}
