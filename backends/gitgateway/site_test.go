package gitgateway_test

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakebitbucket"
	"mooring/backends/fakehost/fakegateway"
	"mooring/backends/fakehost/fakegithub"
	"mooring/backends/fakehost/fakegitlab"
	"mooring/backends/fakehost/fakegotrue"
	"mooring/backends/gitgateway"
	"mooring/backends/rest"
	"mooring/backends/rest/nethttp"
	"mooring/backends/rest/resttest"
)

// editor is who edits the site in tests.
const editor = "ann@example.com"

// site has a gateway to one repository, owner/site, of which the driver knows no name.
type site struct {
	t        *testing.T
	provider string
	host     *fakehost.Host
	repo     *fakehost.Repository
	gateway  *fakegateway.Server
	url      string
	wrap     func(rest.Doer) rest.Doer // what stands between; nil: nothing
}

type opener func(gitgateway.Config, gitgateway.Env) (driver.Driver, error)

// providers are the drivers, and what is behind the gateway.
var providers = map[string]struct {
	open opener
	fake func(h *fakehost.Host) fakegateway.Upstream
}{
	"github": {gitgateway.OpenGitHub, func(h *fakehost.Host) fakegateway.Upstream {
		return fakegithub.New(h, fakegithub.Options{})
	}},
	"gitlab": {gitgateway.OpenGitLab, func(h *fakehost.Host) fakegateway.Upstream {
		return fakegitlab.New(h, fakegitlab.Options{})
	}},
	"bitbucket": {gitgateway.OpenBitbucket, func(h *fakehost.Host) fakegateway.Upstream {
		return fakebitbucket.New(h, fakebitbucket.Options{})
	}},
}

func serve(t *testing.T, provider string, files map[string]drivertest.File) *site {
	t.Helper()
	h := fakehost.New(fakehost.Options{})
	h.AddUser(fakehost.User{Login: "owner", Name: "The Owner"})
	h.AddToken("owner", "upstream")
	seed := map[string]fakehost.File{}
	for path, f := range files {
		seed[path] = fakehost.File{Content: f.Data, Mode: filemode.FileMode(f.Mode)}
	}
	fake := providers[provider].fake(h)
	repo, err := h.AddRepository("owner", "site", seed, fakehost.RepositoryOptions{Private: true})
	if err != nil {
		t.Fatal(err)
	}
	gateway := fakegateway.New(fake, fakegateway.Options{Provider: provider, Repo: "owner/site", Token: "upstream"})
	gateway.Identity.AddPerson(fakegotrue.Person{Email: editor, Roles: []string{"editor"}})
	server := httptest.NewServer(gateway)
	t.Cleanup(server.Close)
	return &site{t: t, provider: provider, host: h, repo: repo, gateway: gateway, url: server.URL}
}

// session is a person's JWT, and how it is renewed.
type session struct {
	mu      sync.Mutex
	jwt     string
	fresh   func() string // nil: it can't be renewed
	renewed int
}

func (s *session) token(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.jwt, nil
}

func (s *session) renew(_ context.Context, refused string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fresh != nil && s.jwt == refused {
		s.jwt = s.fresh()
		s.renewed++
	}
	return s.jwt, nil
}

func (s *site) session(lifetime time.Duration) *session {
	return &session{
		jwt:   s.gateway.Identity.JWT(editor, lifetime),
		fresh: func() string { return s.gateway.Identity.JWT(editor, time.Hour) },
	}
}

func (s *site) config() gitgateway.Config {
	return gitgateway.Config{
		URL: s.url + fakegateway.Prefix, Labels: drivertest.Labels,
		Identity: driver.User{Login: editor, Name: "Ann Editor", Email: editor},
	}
}

// signedIn opens the site as its editor.
func (s *site) signedIn() driver.Driver { return s.open(s.session(time.Hour), s.config()) }

func (s *site) open(person *session, cfg gitgateway.Config) driver.Driver {
	s.t.Helper()
	d, err := providers[s.provider].open(cfg, gitgateway.Env{
		Doer: s.doer(), Token: person.token, Renew: person.renew,
		Govern: rest.Options{Clock: resttest.Hurried{}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}

func (s *site) doer() rest.Doer {
	client := nethttp.New(time.Minute)
	s.t.Cleanup(client.Close)
	if s.wrap != nil {
		return s.wrap(client)
	}
	return client
}
