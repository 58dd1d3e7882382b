package control

import (
	"fmt"
	"net/http"
	"time"

	"mooring/backends/fakehost/fakegateway"
	"mooring/backends/fakehost/fakegotrue"
)

// GatewayPrefix is where the paths of NewGateway's handler begin.
const GatewayPrefix = Prefix + "gateway/"

type gatewayController struct{ site *fakegateway.Server }

// NewGateway makes the handler that arranges a site with Git Gateway: its people,
// its settings, its deploys. What is behind the gateway is New's.
func NewGateway(s *fakegateway.Server) http.Handler {
	c := &gatewayController{site: s}
	return handler(GatewayPrefix, map[string]func(*http.Request) (any, error){
		"POST people":   c.addPerson,
		"POST roles":    c.setRoles,
		"POST settings": c.settings,
		"POST deploys":  c.addDeploy,
		"POST jwt":      c.jwt,
		"GET mails":     c.mails,
	})
}

// addPerson makes {email, password, roles, fullName, avatar, invited}.
func (c *gatewayController) addPerson(r *http.Request) (any, error) {
	var in struct {
		Email, Password, FullName, Avatar string
		Roles                             []string
		Invited                           bool
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	c.site.Identity.AddPerson(fakegotrue.Person{Email: in.Email, Password: in.Password, Roles: in.Roles,
		FullName: in.FullName, Avatar: in.Avatar, Invited: in.Invited})
	return nil, nil
}

// setRoles gives {email} the {roles}, in the JWTs that come.
func (c *gatewayController) setRoles(r *http.Request) (any, error) {
	var in struct {
		Email string
		Roles []string
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return nil, c.site.Identity.SetRoles(in.Email, in.Roles...)
}

var absences = map[string]fakegateway.Absence{
	"": fakegateway.Present, "noConfig": fakegateway.NoConfig, "noPage": fakegateway.NoPage, "sitePage": fakegateway.SitePage,
}

// settings changes what is given of the gateway's {roles, absence: "" or
// "noConfig" or "noPage" or "sitePage", edge, badGateway, noLargeMedia,
// privateDeploys, degraded} and of the identity service's {lifetime, refreshLifetime,
// disableSignup, autoconfirm}: see fakegateway.Settings and fakegotrue.Settings.
func (c *gatewayController) settings(r *http.Request) (any, error) {
	var in struct {
		Roles                          *[]string
		Absence                        *string
		Edge, BadGateway, NoLargeMedia *bool
		PrivateDeploys, Degraded       *bool
		Lifetime, RefreshLifetime      *int
		DisableSignup, Autoconfirm     *bool
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	var absence *fakegateway.Absence
	if in.Absence != nil {
		a, ok := absences[*in.Absence]
		if !ok {
			return nil, fmt.Errorf("a gateway can't be absent as %q", *in.Absence)
		}
		absence = &a
	}
	c.site.Set(func(o *fakegateway.Settings) {
		set(&o.Roles, in.Roles)
		set(&o.Absence, absence)
		set(&o.Edge, in.Edge)
		set(&o.BadGateway, in.BadGateway)
		set(&o.NoLargeMedia, in.NoLargeMedia)
		set(&o.PrivateDeploys, in.PrivateDeploys)
		set(&o.Degraded, in.Degraded)
	})
	c.site.Identity.Set(func(o *fakegotrue.Settings) {
		set(&o.Lifetime, duration(in.Lifetime))
		set(&o.RefreshLifetime, duration(in.RefreshLifetime))
		set(&o.DisableSignup, in.DisableSignup)
		set(&o.Autoconfirm, in.Autoconfirm)
	})
	return nil, nil
}

func duration(ms *int) *time.Duration {
	if ms == nil {
		return nil
	}
	d := milliseconds(*ms)
	return &d
}

// addDeploy adds the deploy {commit, branch, state, url}.
func (c *gatewayController) addDeploy(r *http.Request) (any, error) {
	var in struct{ Commit, Branch, State, URL string }
	if err := read(r, &in); err != nil {
		return nil, err
	}
	c.site.AddDeploy(fakegateway.Deploy{Commit: in.Commit, Branch: in.Branch, State: in.State, URL: in.URL})
	return nil, nil
}

// jwt answers {jwt} of {email}, good for {lifetime}.
func (c *gatewayController) jwt(r *http.Request) (any, error) {
	var in struct {
		Email    string
		Lifetime int
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	token, err := c.site.Identity.Sign(in.Email, milliseconds(in.Lifetime))
	return map[string]any{"jwt": token}, err
}

// mails answers what was sent: [{to, kind, token}].
func (c *gatewayController) mails(*http.Request) (any, error) {
	type mail struct {
		To    string `json:"to"`
		Kind  string `json:"kind"`
		Token string `json:"token"`
	}
	list := []mail{}
	for _, m := range c.site.Identity.Mails() {
		list = append(list, mail{m.To, m.Kind, m.Token})
	}
	return list, nil
}
