package proxy

import (
	"slices"
	"strings"
	"testing"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
)

func TestRealServers_Workflow(t *testing.T) {
	t.Parallel()
	for _, p := range pairs {
		if p.mode != "git" {
			continue
		}
		for _, prefix := range []string{"", "my-cms/"} {
			t.Run(p.name+"/"+prefix, func(t *testing.T) {
				t.Parallel()
				s := start(t, p.script, p.mode, map[string]string{
					"content/posts/old.md": "old", "content/posts/side.md": "side", "content/posts/web/b.md": "b"})
				s.o.CMSLabelPrefix, s.o.UseWorkflow = prefix, true
				draftLifecycle(t, s)
				draftOfExisting(t, s)
				draftMissing(t, s)
				draftEmpty(t, s)
				publishElsewhere(t, s)
			})
		}
	}
}

var flow = cms.PersistOptions{Message: "draft", Collection: "posts", UseWorkflow: true, Status: cms.StatusDraft}

func draftSave(slug, path, raw string) cms.EntryDraft {
	return cms.EntryDraft{Files: []cms.DataFile{{Path: path, Slug: slug, Raw: raw}}}
}

func draftLifecycle(t *testing.T, s *realServer) {
	ctx, c, key := t.Context(), s.client(s.o), cms.Key{Collection: "posts", Slug: "2024/new"}
	file, pic := "content/posts/b web/né.md", "static/img/pic.png"
	e := draftSave(key.Slug, file, "v1")
	e.Assets = []cms.Asset{{Path: pic, Content: content.Bytes{0, 255}}}
	first := flow
	first.NewEntry = true
	must(t, c.PersistEntry(ctx, e, first))
	s.wantNone("main", file)
	s.wantIn("cms/posts/2024/new", file, "v1")
	keys, err := c.Drafts(ctx)
	must(t, err)
	if !slices.Equal(keys, []string{"posts/2024/new"}) {
		t.Fatalf("drafts: %v", keys)
	}
	must(t, c.SetDraftStatus(ctx, key, cms.StatusPendingReview))
	e.Files[0].Raw = "v2"
	must(t, c.PersistEntry(ctx, e, flow))
	d, err := c.Draft(ctx, key)
	must(t, err)
	want := []cms.Diff{{ID: file, Path: file, NewFile: true}, {ID: pic, Path: pic, NewFile: true}}
	if d.Status != cms.StatusPendingReview || d.Key != key || d.UpdatedAt == "" || !slices.Equal(d.Diffs, want) {
		t.Fatalf("draft: %q %q %+v", d.Status, d.UpdatedAt, d.Diffs)
	}
	other := s.client(s.o)
	text, err := other.DraftData(ctx, key, file, file)
	if err != nil || text != "v2" {
		t.Fatalf("data: %q, %v", text, err)
	}
	media, err := c.DraftMedia(ctx, key, pic, "")
	if err != nil || held(media) != "\x00\xff" {
		t.Fatalf("media: %+v, %v", media, err)
	}
	draftClashes(t, s, c, other, e, key)
	must(t, c.PublishDraft(ctx, key))
	s.wantIn("main", file, "v3")
	s.wantIn("main", pic, "\x00\xff")
	wantKind(t, c.PublishDraft(ctx, key), cmserr.NotInWorkflow)
}

func draftClashes(t *testing.T, s *realServer, c, other *Client, e cms.EntryDraft, key cms.Key) {
	t.Helper()
	ctx := t.Context()
	e.Files[0].Raw = "v3"
	must(t, c.PersistEntry(ctx, e, flow))
	e.Files[0].Raw = "theirs"
	wantKind(t, other.PersistEntry(ctx, e, flow), cmserr.Conflict)
	fresh := flow
	fresh.NewEntry = true
	wantKind(t, s.client(s.o).PersistEntry(ctx, e, fresh), cmserr.Conflict)
	wantKind(t, s.client(s.o).PersistEntry(ctx, e, flow), cmserr.Conflict)
	_, err := c.DraftData(ctx, key, "content/none.md", "")
	wantKind(t, err, cmserr.NotFound)
	_, err = c.DraftMedia(ctx, key, "content/none.png", "")
	wantKind(t, err, cmserr.NotFound)
}

func draftOfExisting(t *testing.T, s *realServer) {
	ctx, c, key := t.Context(), s.client(s.o), cms.Key{Collection: "posts", Slug: "old"}
	_, err := c.Entry(ctx, "content/posts/old.md")
	must(t, err)
	e := draftSave("old", "content/posts/old.md", "changed\nentirely\n")
	e.Files[0].NewPath = "content/posts/moved.md"
	must(t, c.PersistEntry(ctx, e, flow))
	s.wantCommit("main", strings.TrimSpace(s.run("log", "-1", "--format=%s", "main")))
	s.wantIn("main", "content/posts/old.md", "old")
	s.wantNone("cms/posts/old", "content/posts/old.md")
	d, err := c.Draft(ctx, key)
	must(t, err)
	if len(d.Diffs) != 1 || d.Diffs[0].Path != "content/posts/moved.md" || !d.Diffs[0].NewFile || d.Status != cms.StatusDraft {
		t.Fatalf("draft: %q %q %+v", d.Status, d.UpdatedAt, d.Diffs)
	}
	must(t, c.PublishDraft(ctx, key))
	s.wantNone("main", "content/posts/old.md")
	s.wantIn("main", "content/posts/side.md", "side")
	must(t, c.PersistEntry(ctx, draftSave("moved", "content/posts/moved.md", "after"), flow))
	must(t, c.DeleteDraft(ctx, cms.Key{Collection: "posts", Slug: "moved"}))
	s.wantIn("main", "content/posts/moved.md", "changed\nentirely\n")
}

func draftMissing(t *testing.T, s *realServer) {
	ctx, c, key := t.Context(), s.client(s.o), cms.Key{Collection: "posts", Slug: "nowhere"}
	_, draftErr := c.Draft(ctx, key)
	_, dataErr := c.DraftData(ctx, key, "a.md", "")
	_, mediaErr := c.DraftMedia(ctx, key, "a.png", "")
	for _, err := range []error{draftErr, dataErr, mediaErr,
		c.SetDraftStatus(ctx, key, cms.StatusDraft), c.PublishDraft(ctx, key), c.DeleteDraft(ctx, key)} {
		wantKind(t, err, cmserr.NotInWorkflow)
	}
	if got := s.run("config", "--list", "--local"); strings.Contains(got, "nowhere") {
		t.Errorf("a status was stored for a draft that does not exist:\n%s", got)
	}
}

// draftEmpty: the servers fail at a draft that changes nothing; one without a
// status is a draft.
func draftEmpty(t *testing.T, s *realServer) {
	ctx, c := t.Context(), s.client(s.o)
	s.run("branch", "cms/posts/same", "main")
	s.run("branch", "cms/stray", "main")
	d, err := c.Draft(ctx, cms.Key{Collection: "posts", Slug: "same"})
	must(t, err)
	if d.Status != cms.StatusDraft || len(d.Diffs) != 0 || d.Slug != "same" {
		t.Errorf("draft: %q %+v", d.Status, d.Diffs)
	}
	keys, err := c.Drafts(ctx)
	must(t, err)
	if !slices.Equal(keys, []string{"posts/same"}) {
		t.Errorf("drafts: %v", keys)
	}
	must(t, c.DeleteDraft(ctx, cms.Key{Collection: "posts", Slug: "same"}))
}

func publishElsewhere(t *testing.T, s *realServer) {
	ctx, c := t.Context(), s.client(s.o)
	must(t, c.PersistEntry(ctx, draftSave("late", "content/posts/late.md", "late"), flow))
	s.run("checkout", "-q", "-b", "feature")
	err := c.PublishDraft(ctx, cms.Key{Collection: "posts", Slug: "late"})
	if e := wantKind(t, err, cmserr.Unknown); !strings.Contains(e.Msg, "check out main") {
		t.Errorf("got %q", e.Msg)
	}
	s.wantNone("main", "content/posts/late.md")
}
