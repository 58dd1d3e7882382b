//go:build js && wasm

// Command faulty is the browser module with three more backends: "faulty", and a
// "github" that is none, panic, exit, wait or hang on demand; "kept" is a Git host
// with one file, whose content is kept in the store. The tests of the boundary, of the
// sign-in page and of the store use it.
package main

import (
	"mooring/backends"
	"mooring/backends/rest"
	"mooring/wasm/hosts"
	"mooring/wasm/program"
)

func main() {
	program.Run(direct("faulty"), direct("github"), kept, hosts.TestRepo)
}

func direct(name string) program.Open {
	return func(rest.Doer) backends.Host { return backends.Direct(name, open) }
}

func kept(rest.Doer) backends.Host { return backends.Git("kept", openKept) }
