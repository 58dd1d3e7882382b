package drivertest

import (
	"context"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func cancelCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Reads":        cancelReads,
		"Commit":       cancelCommit,
		"Capabilities": cancelCapabilities,
	})
}

// canceled calls with a context that has ended, in either of its ways.
func canceled(t *testing.T, name string, call func(context.Context) error) {
	t.Helper()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancelLate := context.WithTimeout(t.Context(), 0)
	defer cancelLate()
	for _, ctx := range []context.Context{ended, late} {
		if err := call(ctx); !cmserr.Is(err, cmserr.Canceled) {
			t.Errorf("%s with %v: %v, want Canceled", name, ctx.Err(), err)
		}
	}
}

func cancelReads(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	head := r.head("")
	ref := driver.BlobRef{ID: r.entry(head, "a.md").ID, Path: "a.md", Commit: head}
	canceled(t, "User", func(ctx context.Context) error { _, err := r.User(ctx); return err })
	canceled(t, "Access", func(ctx context.Context) error { _, err := r.Access(ctx); return err })
	canceled(t, "Head", func(ctx context.Context) error { _, err := r.Head(ctx, r.branch); return err })
	canceled(t, "Tree", func(ctx context.Context) error { _, err := r.Tree(ctx, head, "", true); return err })
	canceled(t, "Blobs", func(ctx context.Context) error {
		_, err := r.Blobs(ctx, []driver.BlobRef{ref})
		return err
	})
}

func cancelCommit(t *testing.T, h Harness) {
	r := h.open(t, nil)
	head := r.head("")
	for _, c := range []driver.Commit{
		{Branch: r.branch, ExpectedHead: head}, {Branch: "cms/a", Base: head},
	} {
		c.Message, c.Changes = "Must fail", []driver.Change{put("a.md", "a")}
		canceled(t, "Commit", func(ctx context.Context) error { _, err := r.Commit(ctx, c); return err })
	}
	r.unmoved("", head)
	_, err := r.Head(t.Context(), "cms/a")
	wantKind(t, err, cmserr.NotFound)
}

func cancelCapabilities(t *testing.T, h Harness) {
	r := h.open(t, nil)
	base := r.head("")
	head := r.branchOff("cms/a", put("a.md", "a"))
	if c, ok := r.Driver.(driver.Comparer); ok {
		canceled(t, "Compare", func(ctx context.Context) error { _, err := c.Compare(ctx, base, head); return err })
	}
	if l, ok := r.Driver.(driver.BranchLister); ok {
		canceled(t, "Branches", func(ctx context.Context) error { _, err := l.Branches(ctx, "cms/"); return err })
	}
	if m, ok := r.Driver.(driver.MetadataReader); ok {
		canceled(t, "LastChanges", func(ctx context.Context) error {
			_, err := m.LastChanges(ctx, base, []string{"README.md"})
			return err
		})
	}
	if f, ok := r.Driver.(driver.Forker); ok {
		canceled(t, "Fork", func(ctx context.Context) error { _, err := f.Fork(ctx, r.branch, true); return err })
	}
	if b, ok := r.Driver.(driver.Brancher); ok {
		canceled(t, "DeleteBranch", func(ctx context.Context) error { return b.DeleteBranch(ctx, "cms/a", head) })
	}
	if p, ok := r.Driver.(driver.PullRequester); ok {
		n := driver.NewPull{Head: "cms/a", Base: r.branch, Title: "A", Body: "b"}
		canceled(t, "OpenPull", func(ctx context.Context) error { _, err := p.OpenPull(ctx, n); return err })
		pull := r.openPull("cms/a")
		number := pull.Number
		if f, ok := r.Driver.(driver.PullFiler); ok {
			canceled(t, "PullFiles", func(ctx context.Context) error {
				_, err := f.PullFiles(ctx, []driver.Pull{pull})
				return err
			})
		}
		canceled(t, "Pulls", func(ctx context.Context) error { _, err := p.Pulls(ctx, r.branch, "cms/"); return err })
		canceled(t, "Pull", func(ctx context.Context) error { _, err := p.Pull(ctx, r.branch, "cms/a"); return err })
		canceled(t, "MergePull", func(ctx context.Context) error {
			return p.MergePull(ctx, number, driver.Merge{ExpectedHead: head, Message: "Merge"})
		})
		canceled(t, "ClosePull", func(ctx context.Context) error { return p.ClosePull(ctx, number) })
		if l, ok := r.Driver.(driver.Labeler); ok {
			canceled(t, "Relabel", func(ctx context.Context) error { return l.Relabel(ctx, number, []string{"x"}, nil) })
		}
		if got := r.pull("cms/a"); got.Number != number || len(got.Labels) != 0 {
			t.Errorf("a cancelled call changed the pull request: %+v", got)
		}
	}
	r.unmoved("", base)
	r.unmoved("cms/a", head)
}
