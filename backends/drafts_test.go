package backends_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
)

var helloKey = cms.Key{Collection: "posts", Slug: "hello"}

const helloBranch = "cms/posts/hello"

// draft saves a file as the draft of posts/hello.
func (s *site) draft(path, raw string, assets ...cms.Asset) error {
	return s.PersistEntry(context.Background(), cms.EntryDraft{
		Files: []cms.DataFile{{Path: path, Slug: "hello", Raw: raw}}, Assets: assets,
	}, cms.PersistOptions{UseWorkflow: true, Collection: "posts", Status: cms.StatusDraft, Message: "Draft hello"})
}

func (s *site) get(key cms.Key) cms.Draft {
	s.t.Helper()
	d, err := s.Draft(context.Background(), key)
	s.must(err)
	return d
}

func (s *site) pull(branch string) driver.Pull {
	s.t.Helper()
	p, err := s.repo.Pull(context.Background(), "main", branch)
	s.must(err)
	return p
}

// byHand opens a pull request as a developer would.
func (s *site) byHand(branch, path string) driver.Pull {
	s.t.Helper()
	main := s.head("main")
	_, err := s.repo.Commit(context.Background(), driver.Commit{Branch: branch, Base: main, Message: "by hand",
		Changes: []driver.Change{{Op: driver.Put, Path: path, Data: []byte("by hand")}}})
	s.must(err)
	p, err := s.repo.OpenPull(context.Background(), driver.NewPull{Head: branch, Base: "main", Title: "by hand"})
	s.must(err)
	return p
}

func TestDrafts_ListsOwnBranchesOnly(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.must(s.draft("posts/hello.md", "hi"))
	s.byHand("feature/x", "x.md")
	s.byHand("cms/pages/about/team", "team.md")
	s.byHand("cms/nokey", "nokey.md")
	keys, err := s.Drafts(context.Background())
	s.must(err)
	if !slices.Equal(keys, []string{"posts/hello", "pages/about/team"}) {
		t.Errorf("drafts are %v", keys)
	}
	d := s.get(cms.Key{Collection: "pages", Slug: "about/team"})
	if d.Status != cms.StatusDraft || d.Slug != "about/team" || d.Collection != "pages" {
		t.Errorf("a draft without label is %+v", d)
	}
	s.spy.fail("Pulls", cmserr.New(cmserr.Network, "down"))
	_, err = s.Drafts(context.Background())
	if e := s.wantKind(err, cmserr.Network); e.Op != "unpublishedEntries" {
		t.Errorf("op is %q", e.Op)
	}
}

func TestDraft_Describes(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.must(s.draft("posts/a.md", "a2", cms.Asset{Path: "media/p.png", Content: content.Bytes("png")}))
	s.others(helloBranch, driver.Change{Op: driver.Delete, Path: "posts/b.md"})
	d := s.get(helloKey)
	if len(d.Diffs) != 2 || d.Diffs[0].Path != "media/p.png" || !d.Diffs[0].NewFile ||
		d.Diffs[1].Path != "posts/a.md" || d.Diffs[1].NewFile || d.Diffs[1].ID == "" {
		t.Errorf("diffs are %+v", d.Diffs)
	}
	if _, err := time.Parse(time.RFC3339, d.UpdatedAt); err != nil || d.Author == "" {
		t.Errorf("updated %q by %q", d.UpdatedAt, d.Author)
	}
	text, err := s.DraftData(context.Background(), helloKey, "posts/a.md", "")
	s.must(err)
	file, err := s.DraftMedia(context.Background(), helloKey, "media/p.png", "")
	s.must(err)
	if text != "a2" || held(file) != "png" || file.Name != "p.png" {
		t.Errorf("data are %q and %+v", text, file)
	}
	_, err = s.DraftData(context.Background(), helloKey, "posts/none.md", "")
	if e := s.wantKind(err, cmserr.NotFound); e.Path != "posts/none.md" || e.Op != "unpublishedEntryDataFile" {
		t.Errorf("the error names %q, %q", e.Op, e.Path)
	}
	_, err = s.DraftMedia(context.Background(), helloKey, "media/none.png", "")
	s.wantKind(err, cmserr.NotFound)
}

func TestDraft_NotInWorkflow(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	ctx := context.Background()
	_, err := s.Draft(ctx, helloKey)
	if e := s.wantKind(err, cmserr.NotInWorkflow); e.Op != "unpublishedEntry" || e.Path != "posts/hello" {
		t.Errorf("the error names %q, %q", e.Op, e.Path)
	}
	_, err = s.DraftData(ctx, helloKey, "x", "")
	s.wantKind(err, cmserr.NotInWorkflow)
	_, err = s.DraftMedia(ctx, helloKey, "x", "")
	s.wantKind(err, cmserr.NotInWorkflow)
	_, err = s.DeployPreview(ctx, helloKey)
	s.wantKind(err, cmserr.NotInWorkflow)
	s.wantKind(s.SetDraftStatus(ctx, helloKey, cms.StatusDraft), cmserr.NotInWorkflow)
	s.wantKind(s.PublishDraft(ctx, helloKey), cmserr.NotInWorkflow)
	s.wantKind(s.DeleteDraft(ctx, helloKey), cmserr.NotInWorkflow)
}

func TestDraft_ErrorsPassThrough(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	ctx := context.Background()
	s.must(s.draft("posts/hello.md", "hi"))
	down := cmserr.New(cmserr.Network, "down")
	for _, method := range []string{"Pull", "Head", "Compare"} {
		s.spy.fail(method, down)
		_, err := s.Draft(ctx, helloKey)
		s.wantKind(err, cmserr.Network)
		s.wantKind(s.draft("posts/hello.md", "hi2"), cmserr.Network)
		s.spy.fail(method, nil)
	}
	s.spy.fail("MergePull", cmserr.New(cmserr.Forbidden, "checks fail"))
	s.wantKind(s.PublishDraft(ctx, helloKey), cmserr.Forbidden)
	s.spy.fail("ClosePull", down)
	s.wantKind(s.DeleteDraft(ctx, helloKey), cmserr.Network)
	s.wantNone("main", "posts/hello.md")
	s.wantFile(helloBranch, "posts/hello.md", "hi")
}

func TestSetDraftStatus_KeepsForeignLabels(t *testing.T) {
	t.Parallel()
	for prefix, own := range map[string]string{"": "static-cms/", "blog/": "blog/"} {
		s := openWith(t, setup{files: posts, cfg: backends.Config{CMSLabelPrefix: prefix}})
		ctx := context.Background()
		s.must(s.draft("posts/hello.md", "hi"))
		n := s.pull(helloBranch).Number
		s.must(s.repo.Relabel(ctx, n, []string{"bug", "other/draft"}, nil))
		s.must(s.SetDraftStatus(ctx, helloKey, cms.StatusPendingReview))
		labels := s.pull(helloBranch).Labels
		slices.Sort(labels)
		want := []string{"bug", "other/draft", own + "pending_review"}
		slices.Sort(want)
		if !slices.Equal(labels, want) {
			t.Errorf("labels are %v; want %v", labels, want)
		}
		if d := s.get(helloKey); d.Status != cms.StatusPendingReview {
			t.Errorf("status is %q", d.Status)
		}
		s.spy.reset()
		s.must(s.SetDraftStatus(ctx, helloKey, cms.StatusPendingReview))
		if s.spy.count("Relabel") != 0 {
			t.Error("labels that are right were set again")
		}
		s.wantKind(s.SetDraftStatus(ctx, helloKey, "done"), cmserr.Invalid)
	}
}

func TestPublishDraft_MergesAndRemoves(t *testing.T) {
	t.Parallel()
	s := openWith(t, setup{files: posts, cfg: backends.Config{SquashMerges: true}})
	ctx := context.Background()
	_, err := s.Entry(ctx, "posts/a.md")
	s.must(err)
	s.must(s.draft("posts/a.md", "a2"))
	s.must(s.draft("posts/a.md", "a3"))
	s.must(s.PublishDraft(ctx, helloKey))
	s.wantFile("main", "posts/a.md", "a3")
	if _, err := s.repo.Head(ctx, helloBranch); !cmserr.Is(err, cmserr.NotFound) {
		t.Errorf("the branch is still there: %v", err)
	}
	keys, err := s.Drafts(ctx)
	s.must(err)
	if len(keys) != 0 || len(s.reports()) != 0 {
		t.Errorf("drafts %v, reports %v", keys, s.reports())
	}
	s.must(s.draft("posts/a.md", "a4")) // the editor knows what they published
	_, err = s.DraftData(ctx, helloKey, "posts/a.md", "")
	s.must(err)
	s.must(s.PublishDraft(ctx, helloKey))
	s.must(s.save("posts/a.md", "a5"))
}

func TestPublishDraft_BranchStays(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.must(s.draft("posts/hello.md", "hi"))
	s.spy.fail("DeleteBranch", cmserr.New(cmserr.Forbidden, "protected"))
	s.must(s.PublishDraft(context.Background(), helloKey))
	s.wantFile("main", "posts/hello.md", "hi")
	if r := s.reports(); len(r) != 1 || !strings.Contains(r[0].Error(), "published") || cmserr.From(r[0]).Host != "mem" {
		t.Errorf("reports are %v", r)
	}
	s.must(s.draft("posts/hello.md", "hi2")) // the leftover branch is taken over
	s.must(s.PublishDraft(context.Background(), helloKey))
	s.wantFile("main", "posts/hello.md", "hi2")
}

func TestPublishDraft_MovedMeanwhile(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.must(s.draft("posts/hello.md", "hi"))
	s.spy.act("MergePull", func() { s.put(helloBranch, "posts/hello.md", "unreviewed") })
	s.wantKind(s.PublishDraft(context.Background(), helloKey), cmserr.Conflict)
	s.wantNone("main", "posts/hello.md")
}

func TestDeleteDraft_ClosesAndRemoves(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	s.must(s.draft("posts/hello.md", "hi"))
	s.must(s.DeleteDraft(context.Background(), helloKey))
	_, err := s.Draft(context.Background(), helloKey)
	s.wantKind(err, cmserr.NotInWorkflow)
	if _, err := s.repo.Head(context.Background(), helloBranch); !cmserr.Is(err, cmserr.NotFound) {
		t.Errorf("the branch is still there: %v", err)
	}
	s.must(s.draft("posts/hello.md", "again"))
	s.spy.fail("DeleteBranch", cmserr.New(cmserr.NotFound, "gone already"))
	s.must(s.DeleteDraft(context.Background(), helloKey))
	s.spy.fail("DeleteBranch", nil)
	s.must(s.draft("posts/hello.md", "third"))
	s.spy.fail("DeleteBranch", cmserr.New(cmserr.Forbidden, "protected"))
	s.wantKind(s.DeleteDraft(context.Background(), helloKey), cmserr.Forbidden)
}

// checked is a host that knows what services say of commits.
type checked struct {
	*spy
	checks []driver.StatusCheck
	err    error
}

func (c checked) Statuses(context.Context, string) ([]driver.StatusCheck, error) {
	return c.checks, c.err
}

func TestDeployPreview_Matches(t *testing.T) {
	t.Parallel()
	checks := []driver.StatusCheck{
		{Context: "tests", State: "success", URL: "https://ci"},
		{Context: "deploy/none", State: "success"},
		{Context: "netlify/deploy-preview", State: "success", URL: "https://preview"},
		{Context: "mine", State: "pending", URL: "https://mine"},
	}
	for _, c := range []struct {
		context string
		checks  []driver.StatusCheck
		want    *cms.Preview
	}{
		{"", checks, &cms.Preview{URL: "https://preview", Status: "success"}},
		{"mine", checks, &cms.Preview{URL: "https://mine", Status: "other"}},
		{"none", checks, nil},
		{"", nil, nil},
	} {
		s := openWith(t, setup{files: posts, cfg: backends.Config{PreviewContext: c.context},
			wrap: func(s *spy) driver.Driver { return checked{s, c.checks, nil} }})
		s.must(s.draft("posts/hello.md", "hi"))
		got, err := s.DeployPreview(context.Background(), helloKey)
		s.must(err)
		if (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%q: preview is %v; want %v", c.context, got, c.want)
		}
	}
	s := open(t, posts)
	s.must(s.draft("posts/hello.md", "hi"))
	if p, err := s.DeployPreview(context.Background(), helloKey); p != nil || err != nil {
		t.Errorf("a host without statuses has preview %v, %v", p, err)
	}
	s = openWith(t, setup{files: posts, wrap: func(s *spy) driver.Driver {
		return checked{s, nil, cmserr.New(cmserr.Network, "down")}
	}})
	s.must(s.draft("posts/hello.md", "hi"))
	_, err := s.DeployPreview(context.Background(), helloKey)
	s.wantKind(err, cmserr.Network)
}

func TestWorkflow_Unsupported(t *testing.T) {
	t.Parallel()
	s := openWith(t, setup{files: posts, wrap: func(s *spy) driver.Driver { return plain{s} }})
	e := s.wantKind(s.draft("posts/hello.md", "hi"), cmserr.Unsupported)
	if !strings.Contains(e.Message(), "publish_mode: simple") {
		t.Errorf("message is %q", e.Message())
	}
	_, err := s.Drafts(context.Background())
	s.wantKind(err, cmserr.Unsupported)
	_, err = s.Draft(context.Background(), helloKey)
	s.wantKind(err, cmserr.Unsupported)
	s.must(s.save("posts/hello.md", "hi"))
	repo := backends.NewRepository(plain{s.repo}, backends.Config{}, backends.Env{})
	err = repo.PersistEntry(context.Background(), cms.EntryDraft{}, cms.PersistOptions{UseWorkflow: true})
	s.wantKind(err, cmserr.Unsupported)
}
