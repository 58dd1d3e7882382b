package backends_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"mooring/backends"
	"mooring/backends/blobstore"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// openSession opens a backend whose driver answers only to the token "good".
func openSession(t *testing.T, u setup) *site {
	t.Helper()
	s := &site{t: t}
	registry := backends.New(backends.Git("mem", func(_ backends.Config, env backends.Env) (driver.Driver, error) {
		inner := openWith(t, u)
		s.repo, s.spy = inner.repo, inner.spy
		return guarded{s.spy, env.Token}, nil
	}))
	b, err := registry.Open("mem", u.cfg, u.env)
	s.must(err)
	s.Backend = b
	return s
}

type guarded struct {
	*spy
	token func(context.Context) (string, error)
}

func (g guarded) User(ctx context.Context) (driver.User, error) {
	if token, err := g.token(ctx); err != nil || token != "good" {
		return driver.User{}, cmserr.New(cmserr.Unauthenticated, "Sign in again.")
	}
	return g.spy.User(ctx)
}

func (s *site) wantToken(want string) {
	s.t.Helper()
	if got, err := s.Token(context.Background()); got != want || err != nil {
		s.t.Errorf("token is %q, %v; want %q", got, err, want)
	}
}

func TestToken_IsAskedForWhereSomebodyElseKeepsIt(t *testing.T) {
	t.Parallel()
	now := ""
	keeps := func(context.Context) (string, error) { return now, nil }
	s := openSession(t, setup{files: posts, env: backends.Env{Token: keeps}})
	ctx := context.Background()
	_, err := s.Authenticate(ctx, cms.Credentials{Token: "good"})
	s.wantKind(err, cmserr.Unauthenticated)
	now = "good"
	_, err = s.Authenticate(ctx, cms.Credentials{})
	s.must(err)
	s.wantToken("good")
	now = "renewed"
	s.wantToken("renewed")
}

func TestAuthenticate_KeepsTheToken(t *testing.T) {
	t.Parallel()
	s := openSession(t, setup{files: posts, env: backends.Env{Store: blobstore.NewMemory(100)}})
	ctx := context.Background()
	s.wantToken("")
	user, err := s.Authenticate(ctx, cms.Credentials{Token: "good"})
	s.must(err)
	if user.Login == "" && user.Name == "" {
		t.Errorf("user is %+v", user)
	}
	s.wantToken("good")
	s.must(s.Logout(ctx))
	s.wantToken("")
	_, err = s.Restore(ctx, cms.Credentials{Token: "good"})
	s.must(err)
	s.wantToken("good")
	_, err = s.Restore(ctx, cms.Credentials{Token: "expired"})
	if e := s.wantKind(err, cmserr.Unauthenticated); e.Op != "restoreUser" {
		t.Errorf("op is %q", e.Op)
	}
	s.wantToken("")
	_, err = s.Authenticate(ctx, cms.Credentials{Token: "good\nX-Evil: 1"})
	if e := s.wantKind(err, cmserr.Invalid); strings.Contains(e.Error(), "good") {
		t.Errorf("the error shows the token: %v", e)
	}
}

func TestAuthenticate_Access(t *testing.T) {
	t.Parallel()
	s := openSession(t, setup{files: posts, cfg: backends.Config{Repo: "me/site"}})
	in := func() error {
		_, err := s.Authenticate(context.Background(), cms.Credentials{Token: "good"})
		return err
	}
	s.spy.access = &driver.Access{Read: true, DefaultBranch: "main"}
	if e := s.wantKind(in(), cmserr.Forbidden); !strings.Contains(e.Message(), "me/site") {
		t.Errorf("message is %q", e.Message())
	}
	s.wantToken("")
	s.spy.fail("Access", cmserr.New(cmserr.NotFound, "404"))
	if e := s.wantKind(in(), cmserr.NotFound); !strings.Contains(e.Message(), "backend.repo") {
		t.Errorf("message is %q", e.Message())
	}
	s.spy.fail("Access", cmserr.New(cmserr.Network, "down"))
	s.wantKind(in(), cmserr.Network)
}

func TestAuthenticate_MissingBranch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ branch, says, advice string }{
		{"trunk", "trunk", "default branch is “main”"}, {"", "main", "Create it"},
	} {
		s := openSession(t, setup{files: posts, cfg: backends.Config{Branch: c.branch}})
		if c.branch == "" {
			s.spy.fail("Head", cmserr.New(cmserr.NotFound, "404"))
		}
		_, err := s.Authenticate(context.Background(), cms.Credentials{Token: "good"})
		e := s.wantKind(err, cmserr.NotFound)
		if !strings.Contains(e.Message(), c.says) || !strings.Contains(e.Message(), c.advice) {
			t.Errorf("message is %q", e.Message())
		}
	}
}

func TestLogout_ForgetsWhatWasRead(t *testing.T) {
	t.Parallel()
	store := blobstore.NewMemory(1000)
	s := openWith(t, setup{files: posts, env: backends.Env{Store: store}})
	ctx := context.Background()
	e, err := s.Entry(ctx, "posts/a.md")
	s.must(err)
	if kept, _ := store.Get(ctx, []string{"mem::" + e.ID}); len(kept) != 1 {
		t.Error("the store does not have what was read")
	}
	s.must(s.Logout(ctx))
	if kept, _ := store.Get(ctx, []string{"mem::" + e.ID}); len(kept) != 0 {
		t.Error("the store still has what was read")
	}
	s.put("main", "posts/a.md", "theirs")
	s.must(s.save("posts/a.md", "the next person's"))
}

func TestStatus_TellsAuthFromAPI(t *testing.T) {
	t.Parallel()
	down := cmserr.New(cmserr.Network, "down")
	for _, c := range []struct {
		user, head error
		want       cms.Status
	}{
		{nil, nil, cms.Status{Auth: true, API: true}},
		{cmserr.New(cmserr.Unauthenticated, "expired"), nil, cms.Status{API: true}},
		{cmserr.New(cmserr.Forbidden, "blocked"), nil, cms.Status{API: true}},
		{down, nil, cms.Status{Auth: true}},
		{nil, down, cms.Status{Auth: true}},
		{nil, cmserr.New(cmserr.NotFound, "no branch"), cms.Status{Auth: true, API: true}},
		{nil, cmserr.New(cmserr.RateLimited, "wait"), cms.Status{Auth: true}},
	} {
		s := open(t, posts)
		s.spy.fail("User", c.user)
		s.spy.fail("Head", c.head)
		got, err := s.Status(context.Background())
		s.must(err)
		if got != c.want {
			t.Errorf("%v, %v: status is %+v; want %+v", c.user, c.head, got, c.want)
		}
	}
	s := open(t, posts)
	for _, method := range []string{"Head", "User"} {
		s.spy.fail(method, context.Canceled)
		_, err := s.Status(context.Background())
		s.wantKind(err, cmserr.Canceled)
	}
}

func TestStatus_AsksTheServicesPage(t *testing.T) {
	t.Parallel()
	const page = "https://status.example"
	expired := cmserr.New(cmserr.Unauthenticated, "expired")
	for name, c := range map[string]struct {
		service *driver.ServiceStatus
		user    error
		want    cms.Status
	}{
		"fine":            {&driver.ServiceStatus{OK: true, Page: page}, nil, cms.Status{Auth: true, API: true, StatusPage: page}},
		"trouble":         {&driver.ServiceStatus{Page: page}, expired, cms.Status{Auth: true, StatusPage: page}},
		"no answer":       {nil, nil, cms.Status{Auth: true, API: true}},
		"signed out":      {&driver.ServiceStatus{OK: true, Page: page}, expired, cms.Status{API: true, StatusPage: page}},
		"unreachable API": {&driver.ServiceStatus{OK: true, Page: page}, cmserr.New(cmserr.Network, "down"), cms.Status{Auth: true, StatusPage: page}},
	} {
		h := openShared(t, posts)
		m := h.maintainer()
		h.Forge.Status = c.service
		h.failing("User", c.user)
		got, err := m.Status(context.Background())
		m.must(err)
		if got != c.want {
			t.Errorf("%s: status is %+v; want %+v", name, got, c.want)
		}
		h.failing("ServiceStatus", context.Canceled)
		_, err = m.Status(context.Background())
		m.wantKind(err, cmserr.Canceled)
	}
}

// TestRenew_KeepsTheNewToken: whoever finds the old one refused, and comes late, gets the
// one that is there; after a logout nobody's is kept.
func TestRenew_KeepsTheNewToken(t *testing.T) {
	t.Parallel()
	var env backends.Env
	asked := 0
	registry := backends.New(backends.Git("mem", func(_ backends.Config, e backends.Env) (driver.Driver, error) {
		env = e
		return openWith(t, setup{files: posts}).spy, nil
	}))
	b, err := registry.Open("mem", backends.Config{}, backends.Env{
		Renew: func(_ context.Context, refused string) (string, error) {
			asked++
			return refused + "+", nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s, ctx := &site{t: t, Backend: b}, t.Context()
	_, err = b.Authenticate(ctx, cms.Credentials{Token: "a"})
	s.must(err)
	renew := func(refused, want string, times int) {
		t.Helper()
		if got, err := env.Renew(ctx, refused); got != want || err != nil || asked != times {
			t.Errorf("got %q, %v after %d questions; want %q after %d", got, err, asked, want, times)
		}
	}
	renew("a", "a+", 1)
	s.wantToken("a+")
	renew("a", "a+", 1)
	renew("a+", "a++", 2)
	s.must(b.Logout(ctx))
	renew("a++", "", 2)
	s.wantToken("")
}

func TestRenew_WhereItCannotBe(t *testing.T) {
	t.Parallel()
	ended := cmserr.New(cmserr.Unauthenticated, "Your session has ended. Sign in again.")
	for _, answer := range []error{nil, ended} {
		var env backends.Env
		registry := backends.New(backends.Git("mem", func(_ backends.Config, e backends.Env) (driver.Driver, error) {
			env = e
			return openWith(t, setup{files: posts}).spy, nil
		}))
		b, err := registry.Open("mem", backends.Config{}, backends.Env{
			Renew: func(context.Context, string) (string, error) { return "", answer },
		})
		if err != nil {
			t.Fatal(err)
		}
		s := &site{t: t, Backend: b}
		_, err = b.Authenticate(t.Context(), cms.Credentials{Token: "a"})
		s.must(err)
		if got, err := env.Renew(t.Context(), "a"); got != "" || !errors.Is(err, answer) {
			t.Errorf("got %q, %v; want %v", got, err, answer)
		}
		s.wantToken("a")
	}
}
