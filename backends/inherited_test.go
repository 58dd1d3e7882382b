package backends_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"mooring/backends/cms"
	"mooring/backends/driver"
)

// TestSaveDraft_KeepsWhatWasLeftBehind: a branch without a pull request may be the
// only place that has its changes.
func TestSaveDraft_KeepsWhatWasLeftBehind(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s := h.maintainer()
	_, err := s.repo.Commit(context.Background(), driver.Commit{
		Branch: helloBranch, Base: s.head("main"), Message: "Begin",
		Changes: []driver.Change{{Op: driver.Put, Path: "posts/hello.md", Data: []byte("abandoned")}},
	})
	s.must(err)
	left := s.head(helloBranch)
	s.must(s.draft("posts/hello.md", "hi"))
	s.wantFile(helloBranch, "posts/hello.md", "hi")
	aside, err := h.As("owner", true).Branches(context.Background(), "cms_")
	s.must(err)
	if len(aside) != 1 || aside[0].Head != left || !strings.HasSuffix(aside[0].Name, "/posts/hello") {
		t.Errorf("kept aside are %+v", aside)
	}
	s.wantDrafts("posts/hello")
}

// TestDrafts_OfTheBuiltIn: without a prefix configured, Static CMS's own backends
// name the labels like the statuses.
func TestDrafts_OfTheBuiltIn(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	ctx := context.Background()
	s.must(s.draft("posts/hello.md", "hi"))
	p, err := s.repo.Pull(ctx, "main", helloBranch)
	s.must(err)
	s.must(s.repo.Relabel(ctx, p.Number, []string{cms.StatusPendingReview, "draft-of-mine"}, p.Labels))
	s.wantStatus(cms.StatusPendingReview)
	s.must(s.SetDraftStatus(ctx, helloKey, cms.StatusPendingPublish))
	p, err = s.repo.Pull(ctx, "main", helloBranch)
	s.must(err)
	slices.Sort(p.Labels)
	if want := []string{"draft-of-mine", "static-cms/pending_publish"}; !slices.Equal(p.Labels, want) {
		t.Errorf("labels are %q, want %q", p.Labels, want)
	}
}
