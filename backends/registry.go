// Package backends is what a CMS asks of a Git host, written once for every host.
//
// A Registry opens a Backend by name. The Backend checks what it is given, and
// names operation, host and path in every error. Behind it stands a cms.Service:
// for a Git host a Repository over its driver.Driver, for the local proxy, which
// already speaks the CMS's language, the host's own.
package backends

import (
	"context"
	"time"

	"mooring/backends/blobstore"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// Env is what a backend gets from where it runs.
type Env struct {
	// Token is the credential of whoever is signed in, "" for nobody. Where it is given to
	// Registry.Open, somebody else keeps the session and answers with a token that is good
	// for a while; nil lets the backend keep what it is signed in with.
	Token func(ctx context.Context) (string, error)
	// Renew is another token than the one that the host refused. It may be called
	// concurrently; nil where tokens can't be renewed.
	Renew func(ctx context.Context, refused string) (string, error)
	// Store keeps blobs between calls; nil keeps none.
	Store blobstore.Store
	// Report shows a person an error that no call can carry; nil shows none.
	Report func(err error)
	// Wait tells a person why the host has to be waited for, and when that is over.
	// It may be called at any time and concurrently; nil tells nobody.
	Wait func(w Waiting)
	// Files seeds the in-memory repository of test-repo, by path.
	Files map[string][]byte
	// OnFiles hears of every change to that repository; nil data is a deleted file.
	OnFiles func(changed map[string][]byte)

	host string // the name that the backend was opened by
}

// Waiting is why nothing goes on for a while.
type Waiting struct {
	Host   string    // filled in by the Registry
	Reason string    // a sentence for people
	Until  time.Time // when it goes on at the latest; zero: it goes on now
}

// Host opens backends of one name.
type Host struct {
	Name string
	open func(Config, Env) (cms.Service, error)
}

// Direct is a host that speaks the CMS's language itself.
func Direct(name string, open func(Config, Env) (cms.Service, error)) Host {
	return Host{name, open}
}

// Git is a host of Git repositories.
func Git(name string, open func(Config, Env) (driver.Driver, error)) Host {
	return Host{name, func(cfg Config, env Env) (cms.Service, error) {
		d, err := open(cfg, env)
		if err != nil {
			return nil, err
		}
		return NewRepository(d, cfg, env), nil
	}}
}

// Registry knows hosts by their names.
type Registry struct{ hosts []Host }

// New makes a Registry of hosts.
func New(hosts ...Host) *Registry { return &Registry{hosts} }

// Names lists the hosts' names, in the order given to New.
func (r *Registry) Names() []string {
	names := make([]string, len(r.hosts))
	for i, h := range r.hosts {
		names[i] = h.Name
	}
	return names
}

// Open makes a backend for a site's configuration.
func (r *Registry) Open(name string, cfg Config, env Env) (*Backend, error) {
	for _, h := range r.hosts {
		if h.Name != name {
			continue
		}
		if err := cfg.check(); err != nil {
			return nil, cmserr.At(err, "open", name, "")
		}
		creds := &session{ask: env.Token, again: env.Renew}
		env.host = name
		env.Token = creds.token
		if env.Renew != nil {
			env.Renew = creds.renew
		}
		env.Report = reporter(name, env.Report)
		env.Wait = waiter(name, env.Wait)
		svc, err := h.open(cfg, env)
		if err != nil {
			return nil, cmserr.At(err, "open", name, "")
		}
		return newBackend(name, cfg, svc, creds), nil
	}
	return nil, cmserr.At(cmserr.New(cmserr.Invalid,
		"There is no backend of this name in this build of Mooring."), "open", name, "")
}

// reporter names the host in what is reported, and bears that nobody listens.
func reporter(host string, report func(error)) func(error) {
	return func(err error) {
		if err != nil && report != nil {
			report(cmserr.At(err, "", host, ""))
		}
	}
}

// waiter names the host that is waited for, and bears that nobody listens.
func waiter(host string, wait func(Waiting)) func(Waiting) {
	return func(w Waiting) {
		if wait != nil {
			w.Host = host
			wait(w)
		}
	}
}
