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
		async get(names) {
			const ids = names.split('\0');
			this.asked.push(ids.length);
			if (this.broken) throw new Error('broken');
			const found = ids.filter((id) => this.blobs.has(id));
			const data = found.flatMap((id) => [...this.blobs.get(id)]);
			return {
				names: found.join('\0'), sizes: found.map((id) => this.blobs.get(id).length).join() + this.extra,
				data: new Uint8Array(data),
			};
		},
		extra: '',
		async put(names, sizes, data) {
			if (this.broken) throw new Error('broken');
			names.split('\0').forEach((id, i) => {
				const size = Number(sizes.split(',')[i]);
				this.blobs.set(id, data.slice(0, size));
				data = data.slice(size);
			});
		},
		async names(prefix) {
			if (this.broken) throw new Error('broken');
			return [...this.blobs.keys()].filter((id) => id.startsWith(prefix)).join('\0');
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

func TestOpenStore_TellsItsNames(t *testing.T) {
	fake := fakeStore(t)
	ctx := context.Background()
	store := pageStore{safejs.Safe(fake)}
	for _, name := range []string{"tree:2", "a", "tree:1"} {
		if err := store.Put(ctx, map[string][]byte{name: []byte(name)}); err != nil {
			t.Fatal(err)
		}
	}
	for prefix, want := range map[string][]string{"tree:": {"tree:2", "tree:1"}, "other": nil} {
		if got, err := store.Names(ctx, prefix); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v", prefix, got, err)
		}
	}
	fake.Set("broken", true)
	if _, err := store.Names(ctx, ""); err == nil {
		t.Error("nobody hears that the page's store is broken")
	}
}

func TestOpenStore_RefusesWhatIsNoBlobs(t *testing.T) {
	fake := fakeStore(t)
	ctx := context.Background()
	store := pageStore{safejs.Safe(fake)}
	if err := store.Put(ctx, map[string][]byte{"a": []byte("blob a"), "empty": {}}); err != nil {
		t.Fatal(err)
	}
	if found, err := store.Get(ctx, []string{"empty", "a"}); err != nil || len(found) != 2 || string(found["a"]) != "blob a" {
		t.Errorf("%q, %v", found, err)
	}
	for _, extra := range []string{"0", ",1", "x"} {
		fake.Set("extra", extra)
		if found, err := store.Get(ctx, []string{"a"}); err == nil {
			t.Errorf("sizes with %q: %q", extra, found)
		}
	}
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
