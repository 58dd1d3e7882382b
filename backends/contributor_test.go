package backends_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
)

func TestContributor_DraftsOnTheFork(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s := h.contributor()
	s.must(s.draft("posts/hello.md", "hi", cms.Asset{Path: "media/p.png", Content: content.Bytes("png")}))
	s.wantFile(forkBranch, "posts/hello.md", "hi")
	s.wantNone("main", "posts/hello.md")
	s.wantDrafts("posts/hello")
	d := s.get(helloKey)
	if d.Status != cms.StatusDraft || d.OpenAuthoring || d.Author != "jane" || len(d.Diffs) != 2 {
		t.Errorf("draft is %+v", d)
	}
	text, err := s.DraftData(context.Background(), helloKey, "posts/hello.md", "")
	s.must(err)
	file, err := s.DraftMedia(context.Background(), helloKey, "media/p.png", "")
	s.must(err)
	if text != "hi" || held(file) != "png" {
		t.Errorf("files are %q and %q", text, held(file))
	}
	if h.Calls("OpenPull") != 0 || h.Calls("Relabel") != 0 {
		t.Error("a draft asked for a review")
	}
	h.maintainer().wantDrafts()
}

func TestContributor_StartsAtThePublishedHead(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s := h.contributor()
	s.put("main", "posts/news.md", "news") // after the fork was made
	s.must(s.draft("posts/hello.md", "hi"))
	s.wantFile(forkBranch, "posts/news.md", "news")
	s.put("main", "posts/news.md", "more news")
	s.must(s.draft("posts/hello.md", "hi2")) // and is rebased
	s.wantFile(forkBranch, "posts/news.md", "more news")
	s.wantFile(forkBranch, "posts/hello.md", "hi2")
	e, err := s.Entry(context.Background(), "posts/news.md")
	s.must(err)
	if e.Data != "more news" {
		t.Errorf("what is published reads %q", e.Data)
	}
}

func TestContributor_AsksForAReview(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s, ctx := h.contributor(), context.Background()
	set := func(status string) {
		t.Helper()
		s.must(s.SetDraftStatus(ctx, helloKey, status))
		s.wantStatus(status)
	}
	s.must(s.draft("posts/hello.md", "hi"))
	set(cms.StatusDraft)
	set(cms.StatusPendingReview)
	pulls, err := h.As("owner", true).Pulls(ctx, "main", "cms/")
	s.must(err)
	if len(pulls) != 1 || pulls[0].Title != "Draft hello" || pulls[0].Fork != "jane/site" ||
		pulls[0].Head != "cms/jane/site/posts/hello" || len(pulls[0].Labels) != 0 {
		t.Errorf("pull requests are %+v", pulls)
	}
	s.must(s.draft("posts/hello.md", "hi2"))
	s.wantStatus(cms.StatusPendingReview)
	set(cms.StatusDraft)
	s.wantDrafts("posts/hello")
	set(cms.StatusPendingReview)
	s.must(s.DeleteDraft(ctx, helloKey))
	s.wantDrafts()
	pulls, err = h.As("owner", true).Pulls(ctx, "main", "cms/")
	s.must(err)
	if len(pulls) != 0 {
		t.Errorf("pull requests are left: %+v", pulls)
	}
	s.must(s.draft("posts/hello.md", "again"))
	s.must(s.DeleteDraft(ctx, helloKey)) // one that nobody reviews
	_, err = s.Draft(ctx, helloKey)
	s.wantKind(err, cmserr.NotInWorkflow)
}

func TestContributor_TitleOfAnEarlierSession(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"posts/hello.md": "Create posts “hello”", "posts/a.md": "Update posts “hello”",
	} {
		h := openShared(t, posts)
		first := h.contributor()
		first.must(first.draft(path, "hi"))
		s := h.contributor()
		s.must(s.SetDraftStatus(context.Background(), helloKey, cms.StatusPendingReview))
		pulls, err := h.As("owner", true).Pulls(context.Background(), "main", "cms/")
		s.must(err)
		if len(pulls) != 1 || pulls[0].Title != want {
			t.Errorf("pull requests are %+v; want the title %q", pulls, want)
		}
	}
}

func TestContributor_InitialStatus(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	h.cfg.InitialStatus = cms.StatusPendingPublish
	s := h.contributor()
	s.must(s.draft("posts/hello.md", "hi"))
	s.wantStatus(cms.StatusPendingReview)

	h = openShared(t, posts)
	h.cfg.InitialStatus = cms.StatusPendingReview
	s = h.contributor()
	h.failing("OpenPull", cmserr.New(cmserr.Network, "down"))
	s.must(s.draft("posts/hello.md", "hi"))
	s.wantStatus(cms.StatusDraft)
	if r := s.reports(); len(r) != 1 || !strings.Contains(r[0].Error(), "saved as a draft") {
		t.Errorf("reports are %v", r)
	}
}

// TestContributor_SeesNoLabels: their board has no column for what is ready.
func TestContributor_SeesNoLabels(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s, m, ctx := h.contributor(), h.maintainer(), context.Background()
	s.must(s.draft("posts/hello.md", "hi"))
	s.must(s.SetDraftStatus(ctx, helloKey, cms.StatusPendingReview))
	s.must(m.SetDraftStatus(ctx, helloKey, cms.StatusPendingPublish))
	s.wantStatus(cms.StatusPendingReview)
	s.must(s.SetDraftStatus(ctx, helloKey, cms.StatusPendingReview))
	m.wantStatus(cms.StatusPendingPublish)
	s.must(s.SetDraftStatus(ctx, helloKey, cms.StatusDraft)) // taking it back is theirs to do
	s.wantStatus(cms.StatusDraft)
	m.wantDrafts()
}

func TestContributor_MergedBranchesAreDone(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s, m, ctx := h.contributor(), h.maintainer(), context.Background()
	publish := func(raw string) {
		t.Helper()
		s.must(s.draft("posts/hello.md", raw))
		s.must(s.SetDraftStatus(ctx, helloKey, cms.StatusPendingReview))
		s.must(m.PublishDraft(ctx, helloKey))
		s.wantFile("main", "posts/hello.md", raw)
	}
	publish("hi")
	if len(m.reports()) != 0 {
		t.Errorf("reports are %v", m.reports())
	}
	_, err := s.Draft(ctx, helloKey)
	s.wantKind(err, cmserr.NotInWorkflow)
	publish("hi2") // takes the merged branch over
	h.failing("DeleteBranch", cmserr.New(cmserr.Network, "down"))
	s.wantDrafts()
	h.Before = nil
	s.wantFile(forkBranch, "posts/hello.md", "hi2")
	s.wantDrafts()
	if _, err := h.Repo.Head(ctx, forkBranch); !cmserr.Is(err, cmserr.NotFound) {
		t.Errorf("the merged branch is still there: %v", err)
	}
}

func TestContributor_BranchesOfOtherNames(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s := h.contributor()
	add := func(branch string) {
		t.Helper()
		_, err := h.As("jane", false).OpenFork("jane/site").Commit(context.Background(), driver.Commit{
			Branch: branch, Base: s.head("main"), Message: "by hand",
			Changes: []driver.Change{{Op: driver.Put, Path: "by-hand.md", Data: []byte(branch)}},
		})
		s.must(err)
	}
	add("cms/posts/hello")          // as without a fork
	add("cms/jane/site/jane/site")  // a collection that is called like the owner
	add("cms/jane/site/x")          // no draft of the fork: of the collection “jane”
	add("cms/x")                    // no draft at all
	add("feature/posts/of-my-own")  // none of ours
	add("cms/jane/site/posts/a...") // not as we would escape it
	s.wantDrafts("jane/site", "jane/site/x", "posts/hello")
	text, err := s.DraftData(context.Background(), helloKey, "by-hand.md", "")
	s.must(err)
	add("cms/jane/site/posts/hello") // hides the other
	again, err := s.DraftData(context.Background(), helloKey, "by-hand.md", "")
	s.must(err)
	if text != "cms/posts/hello" || again != "cms/jane/site/posts/hello" {
		t.Errorf("read %q, then %q", text, again)
	}
}

func TestContributor_Conflicts(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s := h.contributor()
	other := h.contributor() // another tab
	h.Before = func(method string) error {
		if method == "Commit" {
			h.Before = nil
			s.must(other.draft("posts/hello.md", "faster"))
		}
		return nil
	}
	s.wantKind(s.draft("posts/hello.md", "slower"), cmserr.Conflict)
	s.wantFile(forkBranch, "posts/hello.md", "faster")
}

func TestContributor_ErrorsPassThrough(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s, ctx := h.contributor(), context.Background()
	down := cmserr.New(cmserr.Network, "down")
	s.must(s.draft("posts/hello.md", "hi"))
	for method, calls := range map[string][]func() error{
		"Branches": {func() error { _, err := s.Drafts(ctx); return err }, func() error { return s.DeleteDraft(ctx, helloKey) }},
		"Pulls":    {func() error { _, err := s.Drafts(ctx); return err }},
		"Pull":     {func() error { _, err := s.Draft(ctx, helloKey); return err }},
		"OpenPull": {func() error { return s.SetDraftStatus(ctx, helloKey, cms.StatusPendingReview) }},
	} {
		h.failing(method, down)
		for _, call := range calls {
			s.wantKind(call(), cmserr.Network)
		}
	}
	h.Before = nil
	later := h.contributor() // does not know the title
	for _, method := range []string{"Head", "Compare"} {
		h.failing(method, down)
		s.wantKind(later.SetDraftStatus(ctx, helloKey, cms.StatusPendingReview), cmserr.Network)
	}
	h.Before = nil
	s.must(s.SetDraftStatus(ctx, helloKey, cms.StatusPendingReview))
	h.failing("ClosePull", down)
	s.wantKind(s.DeleteDraft(ctx, helloKey), cmserr.Network)
	s.wantKind(s.SetDraftStatus(ctx, helloKey, cms.StatusDraft), cmserr.Network)
}

func TestContributor_PullRequestOpenedTwice(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s, ctx := h.contributor(), context.Background()
	s.must(s.draft("posts/hello.md", "hi"))
	h.LoseAnswer(1)
	s.wantKind(s.SetDraftStatus(ctx, helloKey, cms.StatusPendingReview), cmserr.Network)
	s.wantStatus(cms.StatusPendingReview) // it was opened all the same
	s.must(s.SetDraftStatus(ctx, helloKey, cms.StatusPendingReview))
	pulls, err := h.As("owner", true).Pulls(ctx, "main", "cms/")
	s.must(err)
	if n := slices.IndexFunc(pulls, func(p driver.Pull) bool { return p.Fork != "jane/site" }); n >= 0 || len(pulls) != 1 {
		t.Errorf("pull requests are %+v", pulls)
	}
}
