package backends_test

import (
	"context"
	"strings"
	"testing"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
)

// forkBranch is where the contributor's draft of posts/hello lies.
const forkBranch = "cms/~jane/site~jane/site/posts/hello"

func TestOpen_OpenAuthoringNeedsWorkflow(t *testing.T) {
	t.Parallel()
	r := backends.New(backends.Git("mem", func(backends.Config, backends.Env) (driver.Driver, error) {
		t.Error("the host was opened")
		return nil, nil
	}))
	_, err := r.Open("mem", backends.Config{OpenAuthoring: true}, backends.Env{})
	if e := cmserr.From(err); e.Kind != cmserr.Invalid || !strings.Contains(e.Message(), "publish_mode: editorial_workflow") {
		t.Errorf("error is %v", err)
	}
}

func TestAuthenticate_AsksForAFork(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s := h.open(h.As("jane", false))
	ctx := context.Background()
	_, err := s.Authenticate(ctx, cms.Credentials{Token: "t"})
	if e := s.wantKind(err, cmserr.ForkNeeded); !strings.Contains(e.Message(), "owner/site") ||
		!strings.Contains(e.Message(), "fork") {
		t.Errorf("message is %q", e.Message())
	}
	s.wantToken("")
	user, err := s.Authenticate(ctx, cms.Credentials{Token: "t", Fork: true})
	s.must(err)
	if user.Fork != "jane/site" || user.Login != "jane" {
		t.Errorf("user is %+v", user)
	}
	user, err = h.open(h.As("jane", false)).Restore(ctx, cms.Credentials{Token: "t"}) // the fork is there
	s.must(err)
	if user.Fork != "jane/site" {
		t.Errorf("user is %+v", user)
	}
}

func TestAuthenticate_WhoGetsAFork(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		open, always, write bool
		fork                string
		kind                cmserr.Kind
	}{
		"maintainer":     {open: true, write: true},
		"always":         {open: true, always: true, write: true, fork: "jane/site"},
		"contributor":    {open: true, fork: "jane/site"},
		"closed":         {kind: cmserr.Forbidden},
		"closed, always": {always: true, write: true},
	} {
		h := openShared(t, posts)
		h.cfg.OpenAuthoring, h.cfg.AlwaysFork = c.open, c.always
		user, err := h.open(h.As("jane", c.write)).Authenticate(context.Background(), cms.Credentials{Token: "t", Fork: true})
		if user.Fork != c.fork || cmserr.KindOf(err) != c.kind {
			t.Errorf("%s: fork %q, error %v", name, user.Fork, err)
		}
	}
}

// forkless is a host that has no forks.
type forkless struct {
	driver.Driver
	driver.Brancher
	driver.PullRequester
	driver.Labeler
	driver.Comparer
}

// plainForks is a host whose forks are no place for drafts.
type plainForks struct{ forkless }

func (p plainForks) Fork(context.Context, string, bool) (driver.Fork, error) {
	return driver.Fork{Name: "jane/site", Driver: p}, nil
}
func (p plainForks) OpenFork(string) driver.Driver { return p }

func TestAuthenticate_HostsWithoutForks(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	in := func(d driver.Driver) error {
		_, err := h.open(d).Authenticate(context.Background(), cms.Credentials{Token: "t", Fork: true})
		return err
	}
	v := h.As("jane", false)
	none := forkless{v, v, v, v, v}
	for want, d := range map[cmserr.Kind]driver.Driver{
		cmserr.Forbidden: none, cmserr.Unsupported: plainForks{none},
	} {
		if err := in(d); !cmserr.Is(err, want) {
			t.Errorf("error is %v; want %v", err, want)
		}
	}
	if err := in(plain{v}); !cmserr.Is(err, cmserr.Forbidden) {
		t.Errorf("without a workflow: %v", err)
	}
	for _, method := range []string{"User", "Access", "Head", "Fork"} {
		h.failing(method, cmserr.New(cmserr.Network, "down"))
		if err := in(v); !cmserr.Is(err, cmserr.Network) {
			t.Errorf("%s fails: %v", method, err)
		}
	}
}

func TestLogout_LeavesTheFork(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s := h.contributor()
	s.must(s.draft("posts/hello.md", "hi"))
	s.must(s.Logout(context.Background()))
	s.wantDrafts() // nobody's board is the maintainers'
}

func TestContributor_MayNotPublish(t *testing.T) {
	t.Parallel()
	h := openShared(t, posts)
	s := h.contributor()
	ctx := context.Background()
	s.must(s.draft("posts/hello.md", "hi"))
	_, err := s.PersistMedia(ctx, cms.Asset{Path: "media/a.png", Content: content.Bytes("png")}, "")
	for name, err := range map[string]error{
		"media": err, "entry": s.save("posts/a.md", "a2"), "publish": s.PublishDraft(ctx, helloKey),
		"delete": s.DeleteFiles(ctx, []string{"posts/a.md"}, ""),
		"ready":  s.SetDraftStatus(ctx, helloKey, cms.StatusPendingPublish),
	} {
		if e := cmserr.From(err); err == nil || e.Kind != cmserr.Forbidden || !strings.Contains(e.Message(), "maintainer") {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.wantNone("main", "posts/hello.md")
	m := h.maintainer()
	m.must(m.save("posts/a.md", "a2"))
	_, err = m.PersistMedia(ctx, cms.Asset{Path: "media/a.png", Content: content.Bytes("png")}, "")
	m.must(err)
	m.must(m.DeleteFiles(ctx, []string{"posts/b.md"}, ""))
}
