//go:build js && wasm

package jsfetch

import (
	"context"
	"runtime"
	"testing"
	"time"
)

// A request awaits several promises, with two Funcs each; one that is not released
// keeps more than a kilobyte in the heap.
func TestDo_LeavesNothing(t *testing.T) {
	c := client(`async () => new Response('text')`)
	round := func(n int) {
		for range n {
			if _, err := c.Do(context.Background(), post()); err != nil {
				t.Fatal(err)
			}
		}
	}
	round(200)
	before := liveObjects()
	round(2000)
	if grown := int64(liveObjects()) - int64(before); grown > 200 {
		t.Errorf("2,000 requests left %d objects in the Go heap", grown)
	}
}

func liveObjects() uint64 {
	// Two rounds: finalizers of JavaScript references run after the first.
	for range 2 {
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapObjects
}
