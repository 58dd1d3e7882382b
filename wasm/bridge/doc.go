// Package bridge is the one place where Go and JavaScript values meet. The boundary
// is a message: {op: "call", id, method, args} comes in, {op: "result" | "error",
// id, meta, texts, blobs} goes out; events go out with id 0. Promises are made in
// JavaScript, so no call leaves a Go callback behind.
package bridge
