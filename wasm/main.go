//go:build js && wasm

// Command wasm is the browser module: it wires the hosts, says that it is ready,
// and answers calls until it is disposed of.
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
	doer := jsfetch.New(port.Host("fetch"))
	program := jsbackend.New(backends.New(hosts.All(doer)...), port)
	if err := port.Serve(program.Handle); err != nil {
		panic(err)
	}
}
