//go:build js && wasm

// Command empty is the smallest Go program that speaks to JavaScript: what a start
// costs at the least.
package main

import "syscall/js"

func main() {
	js.Global().Call("ready")
	select {}
}
