//go:build js && wasm

// Command wasm is the browser module: it wires the hosts, says that it is ready,
// and answers calls until it is disposed of.
package main

import (
	"os"
	"runtime/debug"

	"mooring/backends"
	"mooring/wasm/bridge"
	"mooring/wasm/hosts"
	"mooring/wasm/jsbackend"
	"mooring/wasm/jsfetch"
)

func main() {
	// wasm memory never shrinks, so its peak is what counts.
	debug.SetGCPercent(50)
	port, err := bridge.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	doer := jsfetch.New(port.Host("fetch"))
	program := jsbackend.New(backends.New(hosts.All(doer)...), port)
	if err := port.Serve(program.Handle); err != nil {
		panic(err)
	}
}
