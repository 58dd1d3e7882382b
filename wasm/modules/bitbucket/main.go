//go:build js && wasm

// Command bitbucket is the browser module of the backend gitea. Each backend has its own: a
// site uses one, and should not wait for the others.
package main

import (
	"mooring/wasm/hosts"
	"mooring/wasm/program"
)

func main() { program.Run(hosts.Bitbucket) }
