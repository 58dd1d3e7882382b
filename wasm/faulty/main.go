//go:build js && wasm

// Command faulty is the browser module with three more backends: "faulty", and a
// "github" that is none, panic, exit, wait or hang on demand; "kept" is a Git host
// with one file, whose content is kept in the store. The tests of the boundary, of the
// sign-in page and of the store use it.
package main

import (
	"mooring/backends"
	"mooring/wasm/bridge"
	"mooring/wasm/hosts"
	"mooring/wasm/jsbackend"
	"mooring/wasm/jsfetch"
)

func main() {
	port, err := bridge.Open(bridge.HostKey)
	if err != nil {
		panic(err)
	}
	all := []backends.Host{
		backends.Direct("faulty", open),
		backends.Direct("github", open),
		backends.Git("kept", openKept),
	}
	all = append(all, hosts.All(jsfetch.New(port.Host("fetch")))...)
	if err := port.Serve(jsbackend.New(backends.New(all...), port).Handle); err != nil {
		panic(err)
	}
}
