package gitgateway_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost/fakegateway"
	"mooring/backends/gitgateway"
	"mooring/backends/rest"
)

// one is a repository with a file.
var one = map[string]drivertest.File{"posts/a.md": {Data: []byte("a")}}

// eachProvider runs over all of them, with a gateway that passes what it can.
func eachProvider(t *testing.T, run func(t *testing.T, s *site)) {
	t.Parallel()
	for provider := range providers {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			s := serve(t, provider, one)
			s.gateway.Set(func(o *fakegateway.Settings) { o.Edge = true })
			run(t, s)
		})
	}
}

func wantKind(t *testing.T, err error, kind cmserr.Kind, says string) {
	t.Helper()
	e := cmserr.From(err)
	if err == nil || e.Kind != kind || !strings.Contains(e.Msg, says) {
		t.Errorf("got %v (%v), want %v with %q", err, e.Kind, kind, says)
	}
	for _, secret := range []string{"eyJ", "Bearer"} {
		if strings.Contains(e.Error(), secret) {
			t.Errorf("the error tells a token: %v", err)
		}
	}
}

// head is where the edited branch stands.
func head(t *testing.T, d driver.Driver) string {
	t.Helper()
	id, err := d.Head(t.Context(), "main")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// edit saves a file on the newest commit.
func edit(t *testing.T, d driver.Driver) error {
	t.Helper()
	head, err := d.Head(t.Context(), "main")
	if err != nil {
		return err
	}
	_, err = d.Commit(t.Context(), driver.Commit{
		Branch: "main", ExpectedHead: head, Message: "Edit a",
		Changes: []driver.Change{{Op: driver.Put, Path: "posts/a.md", Data: []byte("b")}},
	})
	return err
}

func TestUser_IsTheIdentity(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *site) {
		d := s.signedIn()
		u, err := d.User(t.Context())
		if err != nil || u.Name != "Ann Editor" || u.Login != editor {
			t.Errorf("got %+v, %v", u, err)
		}
		if asked := s.Host.Requests(); len(asked) > 0 {
			t.Errorf("asked for %s", asked[0].Path)
		}
	})
}

func TestCommit_IsByTheIdentity(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *site) {
		d := s.signedIn()
		if err := edit(t, d); err != nil {
			t.Fatal(err)
		}
		last, err := d.(driver.MetadataReader).LastChanges(t.Context(), head(t, d), []string{"posts/a.md"})
		if err != nil || last[0].Author != "Ann Editor" {
			t.Errorf("the file was changed by %+v, %v", last, err)
		}
	})
}

func TestCapabilities_AreThoseThatWork(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *site) {
		d := s.signedIn()
		if _, ok := d.(driver.Forker); ok {
			t.Error("it can't make forks")
		}
		if _, ok := d.(driver.Namer); ok {
			t.Error("it knows no accounts")
		}
	})
}

// headers notes which fields requests have.
type headers struct {
	rest.Doer
	mu    sync.Mutex
	names map[string]bool
}

func (h *headers) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	h.mu.Lock()
	for name := range req.Header {
		h.names[name] = true
	}
	h.mu.Unlock()
	return h.Doer.Do(ctx, req)
}

// A page of another origin is allowed no other fields: browsers would send nothing.
func TestDoor_SendsWhatPagesMaySend(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *site) {
		seen := &headers{names: map[string]bool{}}
		s.Wrap = func(next rest.Doer) rest.Doer { seen.Doer = next; return seen }
		d := s.signedIn()
		for range 2 {
			if err := edit(t, d); err != nil {
				t.Fatal(err)
			}
			if _, err := d.(driver.PullRequester).Pulls(t.Context(), "main", "cms/"); err != nil {
				t.Fatal(err)
			}
		}
		for name := range seen.names {
			if !slices.Contains([]string{"accept", "authorization", "content-type"}, name) {
				t.Errorf("sends %q", name)
			}
		}
	})
}

func TestDoor_AsksForNothingThatIsNotPassed(t *testing.T) {
	t.Parallel()
	for _, provider := range []string{"github", "gitlab"} {
		s := serve(t, provider, one)
		d := s.signedIn()
		if err := edit(t, d); err != nil {
			t.Fatal(err)
		}
		if _, err := d.(driver.StatusReader).Statuses(t.Context(), head(t, d)); err != nil {
			t.Errorf("%s: statuses: %v", provider, err)
		}
		for _, q := range s.Host.Requests() {
			if q.Status == 401 || strings.Contains(q.Path, "graphql") {
				t.Errorf("%s %s was answered with %d", q.Method, q.Path, q.Status)
			}
		}
	}
}

func TestOwner_IsFoundOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, "github", one)
	d := s.signedIn().(driver.PullRequester)
	for range 3 {
		_, err := d.Pull(t.Context(), "main", "cms/none")
		wantKind(t, err, cmserr.NotFound, "cms/none")
	}
	if n := s.Asked("", "/commits"); n != 1 {
		t.Errorf("asked %d times who owns the repository", n)
	}
	for _, q := range s.Host.Requests() {
		if strings.HasSuffix(q.Path, "/pulls") && !strings.Contains(q.Query, "head=owner%3Acms") {
			t.Errorf("asked for pull requests by %s", q.Query)
		}
	}
}

func TestRenew_WhenTheTokenRunsOut(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *site) {
		person := s.session(-time.Minute)
		d := s.open(person, s.config())
		if err := edit(t, d); err != nil {
			t.Fatal(err)
		}
		if person.renewed != 1 {
			t.Errorf("renewed %d times", person.renewed)
		}
		blobs, err := d.Blobs(t.Context(), []driver.BlobRef{{Path: "posts/a.md", Commit: head(t, d)}})
		if err != nil || string(blobs[0]) != "b" {
			t.Errorf("reads %q, %v", blobs, err)
		}
	})
}

func TestRenew_WhereItCannotBe(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *site) {
		expired := s.session(-time.Minute)
		expired.fresh = nil
		_, err := s.open(expired, s.config()).Head(t.Context(), "main")
		wantKind(t, err, cmserr.Unauthenticated, "Sign in again")

		still := s.session(-time.Minute)
		still.fresh = func() string { return s.gateway.Identity.JWT(editor, -time.Second) }
		_, err = s.open(still, s.config()).Head(t.Context(), "main")
		wantKind(t, err, cmserr.Unauthenticated, "Sign in again")
		if still.renewed != 1 {
			t.Errorf("renewed %d times", still.renewed)
		}
	})
}

func TestRenew_FailsWithItsOwnWords(t *testing.T) {
	t.Parallel()
	s := serve(t, "github", one)
	person := s.session(-time.Minute)
	d, err := gitgateway.OpenGitHub(s.config(), gitgateway.Env{Doer: s.Doer(), Token: person.token,
		Renew: func(context.Context, string) (string, error) {
			return "", cmserr.New(cmserr.Unauthenticated, "You were signed out elsewhere.")
		}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Head(t.Context(), "main")
	wantKind(t, err, cmserr.Unauthenticated, "signed out elsewhere")
}

func TestDoor_TellsWhatIsWrongWithTheGateway(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *site) {
		for name, c := range map[string]struct {
			set  func(*fakegateway.Settings)
			want cmserr.Kind
			says string
		}{
			"no site":  {func(o *fakegateway.Settings) { o.Absence = fakegateway.NoConfig }, cmserr.Invalid, "enabled for the site"},
			"no page":  {func(o *fakegateway.Settings) { o.Absence = fakegateway.NoPage }, cmserr.Invalid, "gateway_url"},
			"one page": {func(o *fakegateway.Settings) { o.Absence = fakegateway.SitePage }, cmserr.Invalid, "gateway_url"},
			"roles":    {func(o *fakegateway.Settings) { o.Roles = []string{"boss"} }, cmserr.Forbidden, "roles"},
		} {
			s.gateway.Set(func(o *fakegateway.Settings) { *o = fakegateway.Settings{Edge: true}; c.set(o) })
			person := s.session(time.Hour)
			_, err := s.open(person, s.config()).Head(t.Context(), "main")
			wantKind(t, err, c.want, c.says)
			if person.renewed > 0 {
				t.Errorf("%s: a good token was renewed", name)
			}
		}
	})
}

func TestDoor_TellsThatTheGatewaysTokenIsBad(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *site) {
		s.Host.RemoveToken("upstream")
		person := s.session(time.Hour)
		_, err := s.open(person, s.config()).Head(t.Context(), "main")
		wantKind(t, err, cmserr.Forbidden, "reissue the token")
		if person.renewed > 0 {
			t.Error("a good token was renewed")
		}
	})
}

func TestOpenPull_SentTwiceByABrowser(t *testing.T) {
	t.Parallel()
	for _, provider := range []string{"github", "gitlab"} {
		s := serve(t, provider, one)
		d := s.signedIn()
		_, err := d.Commit(t.Context(), driver.Commit{Branch: "cms/a", Base: head(t, d), Message: "m",
			Changes: []driver.Change{{Op: driver.Put, Path: "b.md", Data: []byte("b")}}})
		if err != nil {
			t.Fatal(err)
		}
		pull := driver.NewPull{Head: "cms/a", Base: "main", Title: "The same", Body: "b"}
		opened, err := d.(driver.PullRequester).OpenPull(t.Context(), pull)
		if err != nil {
			t.Fatal(err)
		}
		again, err := d.(driver.PullRequester).OpenPull(t.Context(), pull)
		if err != nil || again.Number != opened.Number {
			t.Errorf("%s: the same again is %+v, %v", provider, again, err)
		}
	}
}

func TestOpen_WithoutAGateway(t *testing.T) {
	t.Parallel()
	for provider, p := range providers {
		for _, cfg := range []gitgateway.Config{{}, {URL: "/.netlify/git"}, {URL: "https://a.example", LargeMediaURL: "/media"}} {
			if d, err := p.open(cfg, gitgateway.Env{}); d != nil || !cmserr.Is(err, cmserr.Invalid) {
				t.Errorf("%s with %+v: %v, %v", provider, cfg, d, err)
			}
		}
	}
}
