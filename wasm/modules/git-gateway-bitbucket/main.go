//go:build js && wasm

// Command git-gateway-bitbucket is the browser module of the backend git-gateway before
// Bitbucket. A gateway leads to one provider, and a site should not wait for the others.
package main

import (
	"mooring/wasm/hosts"
	"mooring/wasm/program"
)

func main() { program.Run(hosts.GitGatewayBitbucket) }
