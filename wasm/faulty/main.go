//go:build js && wasm

// Command faulty is the browser module with backends for the tests of the boundary, of the
// sign-in pages and of the store: "faulty", and a "github" and a "bitbucket" that are none,
// panic, exit, wait or hang on demand; "kept" is a Git host with one file, whose content is
// kept in the store; "git-gateway" shows the tokens that it gets.
package main

import (
	"mooring/backends"
	"mooring/backends/rest"
	"mooring/wasm/hosts"
	"mooring/wasm/program"
)

func main() {
	program.Run(direct("faulty"), direct("github"), direct("bitbucket"), gateway, kept, hosts.TestRepo)
}

func direct(name string) program.Open {
	return func(rest.Doer) backends.Host { return backends.Direct(name, open) }
}

func gateway(rest.Doer) backends.Host { return backends.Direct("git-gateway", openGateway) }

func kept(rest.Doer) backends.Host { return backends.Git("kept", openKept) }
