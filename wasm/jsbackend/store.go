//go:build js && wasm

package jsbackend

import (
	"context"

	"github.com/hack-pad/safejs"

	"mooring/backends/blobstore"
	"mooring/wasm/bridge"
)

// How many bytes of blobs are kept in memory: alone, and before the page's store.
// From there a thousand small blobs take some 40 ms at every search of the CMS.
const (
	memoryAlone  = 32 << 20
	memoryBefore = 16 << 20
)

// openStore takes the page's own store, {get(ids), put(blobs), clear()}, behind
// some memory, or keeps blobs in memory only where it has none.
func openStore(store safejs.Value) blobstore.Store {
	if store.Type() != safejs.TypeObject {
		return blobstore.NewMemory(memoryAlone)
	}
	return blobstore.NewLayered(blobstore.NewMemory(memoryBefore), pageStore{store})
}

// pageStore is the store that the page offers, usually IndexedDB.
type pageStore struct{ store safejs.Value }

func (s pageStore) Get(ctx context.Context, ids []string) (map[string][]byte, error) {
	list := make([]any, len(ids))
	for i, id := range ids {
		list[i] = id
	}
	answer, err := s.call(ctx, "get", list)
	if err != nil {
		return nil, err
	}
	// The store answers an object from id to bytes; what it has not is not there.
	d := bridge.Decode("store.get", answer)
	found := map[string][]byte{}
	for _, id := range ids {
		if d.Has(id) {
			found[id] = d.Bytes(id)
		}
	}
	return found, d.Err()
}

// Put hands the blobs over and does not wait: whoever reads a listing should not
// wait until it is on the disk. What comes later, a Clear too, finds them handed over.
func (s pageStore) Put(_ context.Context, blobs map[string][]byte) error {
	message := make(map[string]any, len(blobs))
	for id, data := range blobs {
		array, err := bridge.Uint8Array(data)
		if err != nil {
			return err
		}
		message[id] = array
	}
	fields, err := bridge.Object(message)
	if err != nil {
		return err
	}
	promise, err := s.store.Call("put", fields)
	if err != nil {
		return err
	}
	return drop(promise)
}

// drop takes a promise's rejection, or the browser would complain of it. The program
// may have ended by then, so that is left to JavaScript's own function that does nothing.
func drop(promise safejs.Value) error {
	function, err := safejs.Global().Get("Function")
	if err != nil {
		return err
	}
	nothing, err := function.Get("prototype")
	if err != nil {
		return err
	}
	_, err = promise.Call("then", nothing, nothing)
	return err
}

func (s pageStore) Clear(ctx context.Context) error {
	_, err := s.call(ctx, "clear")
	return err
}

func (s pageStore) call(ctx context.Context, name string, args ...any) (safejs.Value, error) {
	promise, err := s.store.Call(name, args...)
	if err != nil {
		return promise, err
	}
	return bridge.Await(ctx, promise)
}
