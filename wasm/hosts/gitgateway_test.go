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

// gateways are the hosts called git-gateway, by what their addresses end in.
var gateways = map[string]func(rest.Doer) backends.Host{
	"github": GitGatewayGitHub, "gitlab": GitGatewayGitLab, "bitbucket": GitGatewayBitbucket,
}

func TestGitGateway_AsksTheGateway(t *testing.T) {
	t.Parallel()
	for provider, open := range gateways {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			server, renewed := &asked{}, ""
			host := open(server)
			cfg := backends.Config{Gateway: backends.Gateway{
				URL: "https://example.com/.netlify/git", Identity: cms.User{Login: "ann@example.com", Name: "Ann"},
			}}
			env := backends.Env{
				Token: func(context.Context) (string, error) { return "jwt", nil },
				Renew: func(_ context.Context, refused string) (string, error) { renewed += refused; return "jwt2", nil },
			}
			if host.Name != "git-gateway" {
				t.Errorf("the host is called %s", host.Name)
			}
			b, err := backends.New(host).Open(host.Name, cfg, env)
			if err != nil {
				t.Fatal(err)
			}
			_, err = b.Authenticate(t.Context(), cms.Credentials{})
			if !cmserr.Is(err, cmserr.Unauthenticated) || renewed != "jwt" {
				t.Errorf("signing in ends with %v, after %q was renewed", err, renewed)
			}
			for _, url := range server.urls {
				if !strings.HasPrefix(url, "https://example.com/.netlify/git/"+provider+"/") {
					t.Errorf("asked %s", url)
				}
			}
			if len(server.urls) == 0 {
				t.Error("nobody was asked")
			}
		})
	}
}

func TestGitGateway_RefusesAWrongAddress(t *testing.T) {
	t.Parallel()
	for provider, open := range gateways {
		host := open(&asked{})
		for _, gateway := range []backends.Gateway{{}, {URL: "/.netlify/git"}, {URL: "https://a.example", LargeMediaURL: "media"}} {
			b, err := backends.New(host).Open(host.Name, backends.Config{Gateway: gateway}, backends.Env{})
			if b != nil || !cmserr.Is(err, cmserr.Invalid) {
				t.Errorf("%s at %+v: %v, %v", provider, gateway, b, err)
			}
		}
	}
}
