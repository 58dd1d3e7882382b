//go:build js && wasm

// Command faulty is the browser module with two more backends, "faulty" and a
// "github" that is none. They panic, exit, wait or hang on demand. The tests of the
// boundary and of the sign-in page use it.
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
	all := []backends.Host{backends.Direct("faulty", open), backends.Direct("github", open)}
	all = append(all, hosts.All(jsfetch.New(port.Host("fetch")))...)
	if err := port.Serve(jsbackend.New(backends.New(all...), port).Handle); err != nil {
		panic(err)
	}
}
