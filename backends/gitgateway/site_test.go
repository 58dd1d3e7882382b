package gitgateway_test

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/drivertest/fakesite"
	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakebitbucket"
	"mooring/backends/fakehost/fakegateway"
	"mooring/backends/fakehost/fakegithub"
	"mooring/backends/fakehost/fakegitlab"
	"mooring/backends/fakehost/fakegotrue"
	"mooring/backends/gitgateway"
	"mooring/backends/rest"
	"mooring/backends/rest/resttest"
)

// editor is who edits the site in tests.
const editor = "ann@example.com"

// site has a gateway to one repository, owner/site, of which the driver knows no name.
type site struct {
	*fakesite.Site
	provider string
	gateway  *fakegateway.Server
	url      string
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
	fake := providers[provider].fake(h)
	repo, err := h.AddRepository("owner", "site", fakesite.Seed(files), fakehost.RepositoryOptions{Private: true})
	if err != nil {
		t.Fatal(err)
	}
	gateway := fakegateway.New(fake, fakegateway.Options{Provider: provider, Repo: "owner/site", Token: "upstream"})
	gateway.Identity.AddPerson(fakegotrue.Person{Email: editor, Roles: []string{"editor"}})
	server := httptest.NewServer(gateway)
	t.Cleanup(server.Close)
	return &site{Site: &fakesite.Site{T: t, Host: h, Repo: repo}, provider: provider, gateway: gateway, url: server.URL}
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
	s.T.Helper()
	d, err := providers[s.provider].open(cfg, gitgateway.Env{
		Doer: s.Doer(), Token: person.token, Renew: person.renew,
		Govern: rest.Options{Clock: resttest.Hurried{}},
	})
	if err != nil {
		s.T.Fatal(err)
	}
	return d
}
