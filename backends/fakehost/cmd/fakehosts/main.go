// Command fakehosts serves fake Git hosts, for browser tests, benchmarks and
// the demo. When it is ready it prints one line of JSON:
//
//	{"github": API root, "web": where Git LFS and raw files are,
//	 "control": root of package control, "spki": the certificate's key,
//	 "repository": "editor/site", "tokens": {login: token}}
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
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/control"
	"mooring/backends/fakehost/fakegithub"
)

type options struct {
	addr, web, seed        string
	tls, enterprise, stdin bool
	latency                time.Duration
}

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("fakehosts", flag.ContinueOnError)
	f.StringVar(&o.addr, "addr", "127.0.0.1:0", "where the API listens")
	f.StringVar(&o.web, "web", "127.0.0.1:0", "where Git LFS and raw files are")
	f.StringVar(&o.seed, "seed", "demo", "content of "+seedOwner+"/"+seedName+": demo, empty, or a directory")
	f.BoolVar(&o.tls, "tls", false, "HTTPS and HTTP/2, with a self-signed certificate")
	f.BoolVar(&o.enterprise, "enterprise", false, "serve /api/v3 and /api/graphql, as GitHub Enterprise does")
	f.BoolVar(&o.stdin, "stdin", false, "end when standard input closes")
	f.DurationVar(&o.latency, "latency", 0, "added to each request")
	err := f.Parse(args)
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
	GitHub     string            `json:"github"`
	Web        string            `json:"web"`
	Control    string            `json:"control"`
	SPKI       string            `json:"spki,omitempty"`
	Repository string            `json:"repository"`
	Tokens     map[string]string `json:"tokens"`
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
	seed := func() error { return fill(h, o) }
	if err := seed(); err != nil {
		return err
	}
	line := ready{Web: origin(web, o.tls), Repository: seedOwner + "/" + seedName, Tokens: seedTokens}
	line.GitHub, line.Control = origin(api, o.tls), origin(api, o.tls)+control.Prefix
	if o.enterprise {
		line.GitHub += "/api/v3"
	}
	if cert != nil {
		line.SPKI = cert.spki
	}
	github, err := fakegithub.Open(h, fakegithub.Options{Enterprise: o.enterprise, Web: line.Web})
	if err != nil {
		return err
	}
	handler := front(control.Prefix, control.New(h, seed), github)
	if err := json.NewEncoder(out).Encode(line); err != nil {
		return err
	}
	return serve(ctx, map[net.Listener]http.Handler{api: handler, web: github.Web()})
}

func origin(l net.Listener, tls bool) string {
	if tls {
		return "https://" + l.Addr().String()
	}
	return "http://" + l.Addr().String()
}
