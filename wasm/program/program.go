//go:build js && wasm

// Package program is what every module does: it opens its port, says that it is
// ready, and answers calls until it is disposed of.
package program

import (
	"mooring/backends"
	"mooring/backends/rest"
	"mooring/wasm/bridge"
	"mooring/wasm/jsbackend"
	"mooring/wasm/jsfetch"
)

// Open makes a host whose requests go through doer.
type Open func(doer rest.Doer) backends.Host

// Run serves hosts. It returns when the program was disposed of.
func Run(open ...Open) {
	port, err := bridge.Open(bridge.HostKey)
	if err != nil {
		panic(err)
	}
	doer := jsfetch.New(port.Host("fetch"))
	hosts := make([]backends.Host, len(open))
	for i, o := range open {
		hosts[i] = o(doer)
	}
	if err := port.Serve(jsbackend.New(backends.New(hosts...), port).Handle); err != nil {
		panic(err)
	}
}
