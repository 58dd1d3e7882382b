//go:build js && wasm

package jsbackend

import (
	"context"

	"github.com/hack-pad/safejs"

	"mooring/backends/blobstore"
	"mooring/wasm/bridge"
)

// memoryStore is how many bytes of blobs are kept where the page offers no store.
const memoryStore = 32 << 20

// openStore takes the page's own store, {get(ids), put(blobs), clear()}, or keeps
// blobs in memory where it has none.
func openStore(store safejs.Value) blobstore.Store {
	if store.Type() != safejs.TypeObject {
		return blobstore.NewMemory(memoryStore)
	}
	return pageStore{store}
}

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

func (s pageStore) Put(ctx context.Context, blobs map[string][]byte) error {
	message := make(map[string]any, len(blobs))
	for id, data := range blobs {
		array, err := bridge.Uint8Array(data)
		if err != nil {
			return err
		}
		message[id] = array
	}
	_, err := s.call(ctx, "put", message)
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
