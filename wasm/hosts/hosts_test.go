package hosts

import (
	"context"
	"strings"
	"testing"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// asked is a server that refuses every token, and notes where it was asked.
type asked struct{ urls []string }

func (a *asked) Do(_ context.Context, req *rest.Request) (*rest.Response, error) {
	a.urls = append(a.urls, req.URL)
	return &rest.Response{Status: 401, Header: rest.Header{"content-type": "application/json"}, Body: []byte("{}")}, nil
}

func TestHosts_AskAtTheirRoots(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		host func(rest.Doer) backends.Host
		cfg  backends.Config
		root string
	}{
		"GitHub":              {GitHub, backends.Config{}, "https://api.github.com/"},
		"GitHub Enterprise":   {GitHub, backends.Config{APIRoot: "https://git.example.com/api/v3"}, "https://git.example.com/api/v3/"},
		"GitLab":              {GitLab, backends.Config{}, "https://gitlab.com/api/"},
		"GitLab below a path": {GitLab, backends.Config{APIRoot: "https://example.com/gitlab/api/v4"}, "https://example.com/gitlab/api/"},
		"Bitbucket":           {Bitbucket, backends.Config{}, "https://api.bitbucket.org/2.0/"},
		"Gitea's API":         {Gitea, backends.Config{APIRoot: "https://example.com/git/api/v1"}, "https://example.com/git/api/v1/"},
		"Gitea's server":      {Gitea, backends.Config{BaseURL: "https://example.com/git/"}, "https://example.com/git/api/v1/"},
		"Gitea's API first":   {Gitea, backends.Config{APIRoot: "https://a.example/api/v1", BaseURL: "https://b.example"}, "https://a.example/api/v1/"},
		"the Gitea to try":    {Gitea, backends.Config{}, "https://try.gitea.io/api/v1/"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &asked{}
			host := c.host(server)
			c.cfg.Repo = "owner/site"
			b, err := backends.New(host).Open(host.Name, c.cfg, backends.Env{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = b.Authenticate(t.Context(), cms.Credentials{Token: "t"})
			if !cmserr.Is(err, cmserr.Unauthenticated) {
				t.Errorf("signing in ends with %v", err)
			}
			for _, url := range server.urls {
				if !strings.HasPrefix(url, c.root) {
					t.Errorf("asked %s, which is not below %s", url, c.root)
				}
			}
			if len(server.urls) == 0 {
				t.Error("nobody was asked")
			}
		})
	}
}

func TestHosts_RefuseAWrongRepository(t *testing.T) {
	t.Parallel()
	for _, open := range []func(rest.Doer) backends.Host{GitHub, GitLab, Bitbucket, Gitea} {
		host := open(&asked{})
		b, err := backends.New(host).Open(host.Name, backends.Config{Repo: "no-owner"}, backends.Env{})
		if b != nil || !cmserr.Is(err, cmserr.Invalid) {
			t.Errorf("%s: %v, %v", host.Name, b, err)
		}
	}
}
