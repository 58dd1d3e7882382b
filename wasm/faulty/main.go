//go:build js && wasm

// Command faulty is the browser module with three more backends: "faulty", and a
// "github" that is none, panic, exit, wait or hang on demand; "kept" is a Git host
// with one file, whose content is kept in the store; "git-gateway" shows the tokens that
// it gets. The tests of the boundary, of the sign-in pages and of the store use it.
package main

import (
	"mooring/backends"
	"mooring/backends/rest"
	"mooring/wasm/hosts"
	"mooring/wasm/program"
)

func main() {
	program.Run(direct("faulty"), direct("github"), gateway, kept, hosts.TestRepo)
}

func direct(name string) program.Open {
	return func(rest.Doer) backends.Host { return backends.Direct(name, open) }
}

func gateway(rest.Doer) backends.Host { return backends.Direct("git-gateway", openGateway) }

func kept(rest.Doer) backends.Host { return backends.Git("kept", openKept) }
