package main

import (
	"net/http"
	"strings"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakeoauth"
)

// The apps of every seed: one for pages, which has no secret, and one with a
// secret, which pages can't use. Both may send people to any port of this machine.
const (
	seedApp            = "mooring-demo"
	confidentialApp    = "confidential-app"
	confidentialSecret = "confidential-secret"
)

var seedRedirects = []string{"http://localhost:*", "http://127.0.0.1:*", "https://localhost:*", "https://127.0.0.1:*"}

// seedScopes are those that apps may ask for, where hosts have them registered.
var seedScopes = map[string][]string{
	"gitlab":    {"api", "read_api", "read_user", "read_repository", "write_repository"},
	"bitbucket": {"account", "email", "repository:write", "pullrequest:write"},
}

// authority is how people come to have a token: the host's OAuth server and a
// broker, both at the second listener.
type authority struct {
	kind   string
	server *fakeoauth.Server
	broker *fakeoauth.Broker
}

func openAuthority(h *fakehost.Host, s site, at address) (*authority, error) {
	server, err := fakeoauth.New(h, fakeoauth.Options{Host: s.kind, Root: s.base})
	if err != nil {
		return nil, err
	}
	broker := fakeoauth.NewBroker(server, fakeoauth.BrokerOptions{Origin: at.web, Host: at.web + s.base,
		Elsewhere: strings.Replace(at.web, "127.0.0.1", "localhost", 1), Scopes: seedScopes[s.kind]})
	return &authority{kind: s.kind, server: server, broker: broker}, nil
}

// fill registers the apps. Pages may call Gitea's token endpoint, too, as they
// may its API: it is one setting of the real server.
func (a *authority) fill() {
	a.server.Reset()
	a.broker.Register()
	a.server.Set(func(o *fakeoauth.Settings) {
		o.Login, o.Logins = seedOwner, []string{seedOwner, seedReader}
		o.CORS = o.CORS || a.kind == "gitea"
	})
	app := fakeoauth.App{ID: seedApp, Name: "Mooring", Redirects: seedRedirects, Scopes: seedScopes[a.kind]}
	a.server.AddApp(app)
	app.ID, app.Secret = confidentialApp, confidentialSecret
	a.server.AddApp(app)
}

// front sends their paths to the server and the broker, and all others on.
func (a *authority) front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case a.broker.Serves(r):
			a.broker.ServeHTTP(w, r)
		case a.server.Serves(r.URL.Path):
			a.server.ServeHTTP(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}
