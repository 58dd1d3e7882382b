//go:build js && wasm

// Command faulty is the browser module with one more backend, "faulty", which
// panics, exits or hangs on demand. The tests of the boundary use it.
package main

import (
	"context"
	"os"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/wasm/bridge"
	"mooring/wasm/hosts"
	"mooring/wasm/jsbackend"
	"mooring/wasm/jsfetch"
)

type service struct{ cms.Service }

func (service) Restore(context.Context, cms.Credentials) (cms.User, error) { return cms.User{}, nil }

func (service) Status(context.Context) (cms.Status, error) { return cms.Status{API: true}, nil }

// Entry does what its path says.
func (service) Entry(ctx context.Context, path string) (cms.Entry, error) {
	switch path {
	case "panic":
		panic("on demand")
	case "exit":
		os.Exit(3)
	case "crash":
		go panic("outside of any call")
		<-ctx.Done()
	case "hang":
		<-ctx.Done()
	}
	return cms.Entry{File: cms.File{Path: path}, Data: path}, nil
}

func main() {
	port, err := bridge.Open(bridge.HostKey)
	if err != nil {
		panic(err)
	}
	faulty := backends.Direct("faulty", func(backends.Config, backends.Env) (cms.Service, error) {
		return service{}, nil
	})
	all := append(hosts.All(jsfetch.New(port.Host("fetch"))), faulty)
	if err := port.Serve(jsbackend.New(backends.New(all...), port).Handle); err != nil {
		panic(err)
	}
}
