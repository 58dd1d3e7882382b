// Command fakehosts serves fake Git hosts, for browser tests, benchmarks and
// the demo. When it is ready it prints one line of JSON:
//
//	{"host": "github", "api": API root, "github": the same,
//	 "web": where Git LFS and raw files are, "control": root of package control,
//	 "spki": the certificate's key, "repository": "editor/site",
//	 "tokens": {login: token}, "oauth": base_url for signing in with the host
//	 itself, "broker": base_url for signing in in a popup, "app_id": of an app
//	 without a secret}
//
// Of another host the root has that host's name; Forgejo's has Gitea's. Only
// GitHub and Bitbucket have their large files at an address of their own.
//
// A git-gateway is a whole site, with the gateway at /.netlify/git, the identity
// service at /.netlify/identity, large media at /.netlify/large-media and
// Netlify's API at /api/v1. Its line says also
//
//	{"provider": "github", "upstream": root of its API,
//	 "people": [{email, password, name, roles}]}
//
// of whom those with the role "editor" may pass.
//
// It ends on SIGTERM and SIGINT and, with --stdin, when standard input closes.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/control"
)

type options struct {
	host, provider, repository, addr, web, root, version, seed string
	tls, enterprise, stdin                                     bool
	latency                                                    time.Duration
}

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("fakehosts", flag.ContinueOnError)
	f.StringVar(&o.host, "host", "github", "which host: "+strings.Join(slices.Sorted(maps.Keys(kinds)), ", "))
	f.StringVar(&o.provider, "provider", "github", "what is behind a git-gateway: "+strings.Join(slices.Sorted(maps.Keys(upstreams)), ", "))
	f.StringVar(&o.repository, "repository", seedOwner+"/"+seedName, "what a git-gateway is connected to")
	f.StringVar(&o.addr, "addr", "127.0.0.1:0", "where the API listens")
	f.StringVar(&o.web, "web", "127.0.0.1:0", "where Git LFS and raw files are")
	f.StringVar(&o.seed, "seed", "demo", "content of "+seedOwner+"/"+seedName+": demo, empty, or a directory")
	f.BoolVar(&o.tls, "tls", false, "HTTPS and HTTP/2, with a self-signed certificate")
	f.BoolVar(&o.enterprise, "enterprise", false, "serve /api/v3 and /api/graphql, as GitHub Enterprise does")
	f.StringVar(&o.root, "root", "", "a path below which all of GitLab is, as with a relative URL")
	f.StringVar(&o.version, "version", "", "of Gitea or Forgejo, as 1.22.0; default a new one")
	f.BoolVar(&o.stdin, "stdin", false, "end when standard input closes")
	f.DurationVar(&o.latency, "latency", 0, "added to each request")
	err := f.Parse(args)
	if err == nil && kinds[o.host] == nil {
		err = fmt.Errorf("there is no fake of %q", o.host)
	}
	if _, ok := upstreams[o.provider]; err == nil && !ok {
		err = fmt.Errorf("no gateway is in front of %q", o.provider)
	}
	return o, err
}

func main() {
	o, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
		defer stop()
		if o.stdin {
			ctx = untilEOF(ctx, os.Stdin)
		}
		err = run(ctx, o, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "fakehosts:", err)
		os.Exit(1)
	}
}

// untilEOF is a context that ends when in does: when the parent process is
// gone, however it went.
func untilEOF(ctx context.Context, in io.Reader) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, in) // an error ends it as EOF does
		cancel()
	}()
	return ctx
}

// ready is the line that is printed.
type ready struct {
	Host       string            `json:"host"`
	API        string            `json:"api"`
	GitHub     string            `json:"github,omitempty"`
	GitLab     string            `json:"gitlab,omitempty"`
	Gitea      string            `json:"gitea,omitempty"`
	Bitbucket  string            `json:"bitbucket,omitempty"`
	Gateway    string            `json:"git-gateway,omitempty"`
	Web        string            `json:"web"`
	Control    string            `json:"control"`
	SPKI       string            `json:"spki,omitempty"`
	Repository string            `json:"repository"`
	Tokens     map[string]string `json:"tokens"`
	OAuth      string            `json:"oauth"`
	Broker     string            `json:"broker"`
	AppID      string            `json:"app_id"`
	Provider   string            `json:"provider,omitempty"`
	Upstream   string            `json:"upstream,omitempty"`
	Token      string            `json:"gatewayToken,omitempty"`
	People     []person          `json:"people,omitempty"`
}

// name puts the API's root where the host's own clients look for it.
func (r *ready) name() {
	switch r.Host {
	case "github":
		r.GitHub = r.API
	case "gitlab":
		r.GitLab = r.API
	case "bitbucket":
		r.Bitbucket = r.API
	case "gitea", "forgejo":
		r.Gitea = r.API
	case "git-gateway":
		r.Gateway = r.API
	}
}

func run(ctx context.Context, o options, out io.Writer) error {
	var cert *certificate
	if o.tls {
		var err error
		if cert, err = selfSigned(); err != nil {
			return err
		}
	}
	api, err := listen(o.addr, cert)
	if err != nil {
		return err
	}
	defer api.Close()
	web, err := listen(o.web, cert)
	if err != nil {
		return err
	}
	defer web.Close()

	h := fakehost.New(fakehost.Options{})
	at := address{api: origin(api, o.tls), web: origin(web, o.tls)}
	s, err := kinds[o.host](h, o, at)
	if err != nil {
		return err
	}
	authority, err := openAuthority(h, s, at)
	if err != nil {
		return err
	}
	seed := func() error {
		err := fill(h, o)
		authority.fill()
		if err == nil && s.fill != nil {
			s.fill()
		}
		return err
	}
	if err := seed(); err != nil {
		return err
	}
	line := ready{Host: o.host, API: s.root, Web: at.web, Control: at.api + control.Prefix, Repository: seedOwner + "/" + seedName,
		Tokens: seedTokens, Provider: s.provider, Upstream: s.upstream, Token: s.token, People: s.people,
		OAuth: at.web + s.base, Broker: at.web, AppID: seedApp}
	line.name()
	if s.web == nil {
		s.web, line.Web = http.NotFoundHandler(), at.api
	}
	if cert != nil {
		line.SPKI = cert.spki
	}
	if err := json.NewEncoder(out).Encode(line); err != nil {
		return err
	}
	arrange := front(control.OAuthPrefix, control.NewOAuth(authority.server), gatewayControl(s.control, control.New(h, seed)))
	return serve(ctx, map[net.Listener]http.Handler{
		api: front(control.Prefix, arrange, authority.server.Expiring(s.api)),
		web: authority.front(authority.server.Expiring(s.web)),
	})
}

func origin(l net.Listener, tls bool) string {
	if tls {
		return "https://" + l.Addr().String()
	}
	return "http://" + l.Addr().String()
}
