package backends_test

import (
	"context"
	"slices"
	"testing"

	"mooring/backends"
	"mooring/backends/blobstore"
	"mooring/backends/cms"
	"mooring/backends/driver"
	"mooring/backends/testrepo"
	"mooring/backends/testrepo/forge"
)

// shared is a host that several people work on.
type shared struct {
	*forge.Forge
	t     *testing.T
	cfg   backends.Config
	store blobstore.Store // of whoever opens a backend
}

// openShared makes a host whose repository takes suggestions.
func openShared(t *testing.T, files map[string]string) *shared {
	t.Helper()
	data := map[string][]byte{}
	for p, s := range files {
		data[p] = []byte(s)
	}
	return &shared{
		Forge: forge.Open(testrepo.Options{Files: data}), t: t,
		cfg: backends.Config{Repo: "owner/site", UseWorkflow: true, OpenAuthoring: true},
	}
}

// open is a backend of one person.
func (h *shared) open(d driver.Driver) *site {
	h.t.Helper()
	s := &site{t: h.t, repo: h.Repo}
	registry := backends.New(backends.Git("mem", func(backends.Config, backends.Env) (driver.Driver, error) {
		return d, nil
	}))
	b, err := registry.Open("mem", h.cfg, backends.Env{Report: s.report, Store: h.store})
	s.must(err)
	s.Backend = b
	return s
}

// signIn opens a backend and signs in, agreeing to a fork.
func (h *shared) signIn(login string, mayWrite bool) *site {
	h.t.Helper()
	s := h.open(h.As(login, mayWrite))
	_, err := s.Authenticate(context.Background(), cms.Credentials{Token: "t", Fork: true})
	s.must(err)
	return s
}

func (h *shared) maintainer() *site  { h.t.Helper(); return h.signIn("owner", true) }
func (h *shared) contributor() *site { h.t.Helper(); return h.signIn("jane", false) }

// failing has one method of the host fail.
func (h *shared) failing(method string, err error) {
	h.Before = func(called string) error {
		if called == method {
			return err
		}
		return nil
	}
}

// wantDrafts asserts what is on the board.
func (s *site) wantDrafts(want ...string) {
	s.t.Helper()
	keys, err := s.Drafts(context.Background())
	s.must(err)
	if !slices.Equal(keys, want) {
		s.t.Errorf("drafts are %v; want %v", keys, want)
	}
}

func (s *site) wantStatus(want string) {
	s.t.Helper()
	if got := s.get(helloKey).Status; got != want {
		s.t.Errorf("status is %q; want %q", got, want)
	}
}
