package backends_test

import (
	"context"
	"testing"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
)

func TestDraft_TellsTheAuthorsName(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	h.People = map[string]string{"jane": "Jane Doe"}
	s, ctx := h.contributor(), context.Background()
	s.must(s.draft("posts/hello.md", "hi"))
	s.must(s.SetDraftStatus(ctx, helloKey, cms.StatusPendingReview))
	m := h.maintainer()
	for range 2 {
		m.wantDrafts("posts/hello")
		d, err := m.Draft(ctx, helloKey)
		m.must(err)
		if d.Author != "Jane Doe" {
			t.Errorf("the author is %q", d.Author)
		}
	}
	if n := h.Calls("Names"); n != 1 {
		t.Errorf("names were asked for %d times", n)
	}
}

func TestDraft_NamesThatCannotBeHad(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	m := h.maintainer()
	m.must(m.draft("posts/hello.md", "hi"))
	h.failing("Names", cmserr.New(cmserr.Network, "down"))
	m.wantDrafts("posts/hello")
	d, err := m.Draft(context.Background(), helloKey)
	m.must(err)
	if d.Author != "owner" || len(m.reports()) != 0 {
		t.Errorf("the author is %q; reports are %v", d.Author, m.reports())
	}
}
