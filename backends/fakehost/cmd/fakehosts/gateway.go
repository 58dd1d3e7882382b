package main

import (
	"net/http"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/control"
	"mooring/backends/fakehost/fakebitbucket"
	"mooring/backends/fakehost/fakegateway"
	"mooring/backends/fakehost/fakegithub"
	"mooring/backends/fakehost/fakegitlab"
	"mooring/backends/fakehost/fakegotrue"
)

// gatewayToken is what the gateway asks the host with, in the name of the
// repository's owner.
const gatewayToken = "gateway-token"

// gatewayRole is what a person needs to pass.
const gatewayRole = "editor"

// person is somebody who may sign in to the site.
type person struct {
	Email    string   `json:"email"`
	Password string   `json:"password"`
	Name     string   `json:"name"`
	Roles    []string `json:"roles"`
}

var seedPeople = []person{
	{Email: "editor@example.com", Password: "editor-password", Name: "Erin Editor", Roles: []string{gatewayRole}},
	{Email: "visitor@example.com", Password: "visitor-password", Name: "Vera Visitor", Roles: []string{}},
}

// upstream is a host that can be behind the gateway.
type upstream struct {
	open func(*fakehost.Host) (fakegateway.Upstream, error)
	path string // of its API
}

// upstreams are by --provider.
var upstreams = map[string]upstream{
	"github": {func(h *fakehost.Host) (fakegateway.Upstream, error) { return fakegithub.Open(h, fakegithub.Options{}) }, ""},
	"gitlab": {func(h *fakehost.Host) (fakegateway.Upstream, error) { return fakegitlab.Open(h, fakegitlab.Options{}) }, "/api/v4"},
	"bitbucket": {func(h *fakehost.Host) (fakegateway.Upstream, error) {
		return fakebitbucket.Open(h, fakebitbucket.Options{})
	}, "/2.0"},
}

// openGateway serves a site: gateway, identity service and large media at one
// origin, below /.netlify/; at the other the host itself, which only tests speak to.
func openGateway(h *fakehost.Host, o options, at address) (site, error) {
	behind := upstreams[o.provider]
	up, err := behind.open(h)
	if err != nil {
		return site{}, err
	}
	g := fakegateway.New(up, fakegateway.Options{Provider: o.provider, Repo: o.repository, Token: gatewayToken})
	return site{
		kind: o.provider, api: g, root: at.api + fakegateway.Prefix, control: control.NewGateway(g), people: seedPeople,
		web: up, provider: o.provider, upstream: at.web + behind.path, token: gatewayToken,
		fill: func() {
			g.Reset()
			h.AddToken(seedOwner, gatewayToken)
			g.Set(func(s *fakegateway.Settings) { s.Roles = []string{gatewayRole} })
			for _, p := range seedPeople {
				g.Identity.AddPerson(fakegotrue.Person{Email: p.Email, Password: p.Password, FullName: p.Name, Roles: p.Roles})
			}
		},
	}, nil
}

// gatewayControl sends what arranges the gateway to its controller.
func gatewayControl(gateway, other http.Handler) http.Handler {
	if gateway == nil {
		return other
	}
	return front(control.GatewayPrefix, gateway, other)
}
