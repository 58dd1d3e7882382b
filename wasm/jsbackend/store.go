//go:build js && wasm

package jsbackend

import (
	"context"
	"errors"
	"strconv"
	"strings"

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

// openStore takes the page's own store, {get(names), put(…), names(prefix), clear()}, behind
// some memory, or keeps blobs in memory only where it has none.
func openStore(store safejs.Value) blobstore.Store {
	if store.Type() != safejs.TypeObject {
		return blobstore.NewMemory(memoryAlone)
	}
	return blobstore.NewLayered(blobstore.NewMemory(memoryBefore), pageStore{store})
}

var errDamaged = errors.New("the page's store answered something else than blobs")

// pageStore is the store that the page offers, usually IndexedDB: js/src/cache/packed.ts. A
// blob's name has no NUL byte.
type pageStore struct{ store safejs.Value }

func (s pageStore) Get(ctx context.Context, names []string) (map[string][]byte, error) {
	if len(names) == 0 {
		return nil, nil
	}
	answer, err := s.call(ctx, "get", strings.Join(names, bridge.Separator))
	if err != nil {
		return nil, err
	}
	d := bridge.Decode("store.get", answer)
	have, sizes, data := d.String("names"), d.String("sizes"), d.Bytes("data")
	if err := d.Err(); err != nil || sizes == "" {
		return nil, err
	}
	return unpack(strings.Split(have, bridge.Separator), strings.Split(sizes, ","), data)
}

// unpack cuts blobs that lie one after the other apart.
func unpack(names, sizes []string, data []byte) (map[string][]byte, error) {
	if len(names) != len(sizes) {
		return nil, errDamaged
	}
	found := make(map[string][]byte, len(names))
	for i, name := range names {
		n, err := strconv.Atoi(sizes[i])
		if err != nil || n < 0 || n > len(data) {
			return nil, errDamaged
		}
		// Whoever appends to one must not write into the next.
		found[name], data = data[:n:n], data[n:]
	}
	return found, nil
}

// Names implements blobstore.Lister.
func (s pageStore) Names(ctx context.Context, prefix string) ([]string, error) {
	answer, err := s.call(ctx, "names", prefix)
	if err != nil {
		return nil, err
	}
	names, err := answer.String()
	if err != nil || names == "" {
		return nil, err
	}
	return strings.Split(names, bridge.Separator), nil
}

// Put hands the blobs over and does not wait: whoever reads a listing should not
// wait until it is on the disk. What comes later, a Clear too, finds them handed over.
func (s pageStore) Put(_ context.Context, blobs map[string][]byte) error {
	if len(blobs) == 0 {
		return nil
	}
	names, parts := make([]string, 0, len(blobs)), make([][]byte, 0, len(blobs))
	for name, data := range blobs {
		names, parts = append(names, name), append(parts, data)
	}
	data, sizes, err := bridge.Join(parts)
	if err != nil {
		return err
	}
	promise, err := s.store.Call("put", strings.Join(names, bridge.Separator), sizes, data)
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
