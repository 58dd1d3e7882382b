//go:build js && wasm

package jsbackend

import (
	"context"
	"maps"
	"slices"
	"syscall/js"
	"testing"

	"github.com/hack-pad/safejs"

	"mooring/backends/blobstore"
)

// fakeStore is a page's store that keeps blobs in a map; `broken` makes it reject.
func fakeStore(t *testing.T) js.Value {
	t.Helper()
	return js.Global().Call("eval", `({
		blobs: new Map(), broken: false, asked: [],
		async get(ids) {
			this.asked.push(ids.length);
			if (this.broken) throw new Error('broken');
			return Object.fromEntries(ids.filter((id) => this.blobs.has(id)).map((id) => [id, this.blobs.get(id)]));
		},
		async put(blobs) {
			if (this.broken) throw new Error('broken');
			for (const [id, data] of Object.entries(blobs)) this.blobs.set(id, data);
		},
		async clear() {
			if (this.broken) throw new Error('broken');
			this.blobs.clear();
		},
	})`)
}

func wantIDs(t *testing.T, s blobstore.Store, want ...string) {
	t.Helper()
	found, err := s.Get(context.Background(), []string{"a", "b", "c"})
	if err != nil {
		t.Fatal(err)
	}
	for id, data := range found {
		if string(data) != "blob "+id {
			t.Errorf("%s is %q", id, data)
		}
	}
	if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, want) {
		t.Errorf("found %v; want %v", got, want)
	}
}

func TestOpenStore_KeepsInThePage(t *testing.T) {
	fake := fakeStore(t)
	ctx := context.Background()
	blobs := map[string][]byte{"a": []byte("blob a"), "b": []byte("blob b")}
	if err := openStore(safejs.Safe(fake)).Put(ctx, blobs); err != nil {
		t.Fatal(err)
	}
	// Another program, as after a reload.
	store := openStore(safejs.Safe(fake))
	wantIDs(t, store, "a", "b")
	wantIDs(t, store, "a", "b")
	if asked := js.Global().Get("JSON").Call("stringify", fake.Get("asked")).String(); asked != "[3,1]" {
		t.Errorf("the page was asked for %s blobs; what is known is in memory", asked)
	}
	if err := store.Clear(ctx); err != nil {
		t.Fatal(err)
	}
	wantIDs(t, openStore(safejs.Safe(fake)))
}

func TestOpenStore_BearsABrokenPage(t *testing.T) {
	fake := fakeStore(t)
	fake.Set("broken", true)
	store := openStore(safejs.Safe(fake))
	if err := store.Put(context.Background(), map[string][]byte{"a": []byte("blob a")}); err != nil {
		t.Fatal(err)
	}
	wantIDs(t, store, "a")
	if err := store.Clear(context.Background()); err == nil {
		t.Error("nobody hears that the page's store could not be emptied")
	}
	wantIDs(t, store)
}

func TestOpenStore_WithoutOneKeepsInMemory(t *testing.T) {
	store := openStore(safejs.Undefined())
	if err := store.Put(context.Background(), map[string][]byte{"a": []byte("blob a")}); err != nil {
		t.Fatal(err)
	}
	wantIDs(t, store, "a")
}
