package blobstore

import (
	"strconv"
	"sync"
	"testing"
)

func put(t *testing.T, m *Memory, id, data string) {
	t.Helper()
	if err := m.Put(t.Context(), map[string][]byte{id: []byte(data)}); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, m *Memory, ids ...string) map[string][]byte {
	t.Helper()
	found, err := m.Get(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestGet_MissIsNoError(t *testing.T) {
	t.Parallel()
	m := NewMemory(10)
	put(t, m, "a", "1")
	if found := get(t, m, "a", "b"); len(found) != 1 || string(found["a"]) != "1" {
		t.Errorf("got %v", found)
	}
}

func TestPut_Full_ForgetsOldestFirst(t *testing.T) {
	t.Parallel()
	m := NewMemory(10)
	for _, id := range []string{"a", "b", "c"} {
		put(t, m, id, "1234")
	}
	put(t, m, "b", "1234")
	if found := get(t, m, "a", "b", "c"); len(found) != 2 || found["a"] != nil {
		t.Errorf("got %v", found)
	}
	put(t, m, "huge", "12345678901")
	put(t, m, "empty", "")
	if found := get(t, m, "b", "c", "huge", "empty"); len(found) != 3 || found["huge"] != nil {
		t.Errorf("got %v", found)
	}
	if m.size != 8 || len(m.order) != len(m.blobs) {
		t.Errorf("size %d, %d of %d ordered", m.size, len(m.order), len(m.blobs))
	}
}

func TestClear_ForgetsAll(t *testing.T) {
	t.Parallel()
	m := NewMemory(4)
	put(t, m, "a", "1234")
	if err := m.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	put(t, m, "b", "1234")
	if found := get(t, m, "a", "b"); len(found) != 1 || found["b"] == nil {
		t.Errorf("got %v", found)
	}
}

func TestMemory_Concurrent(t *testing.T) {
	t.Parallel()
	m := NewMemory(100)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 100 {
				id := strconv.Itoa(n)
				put(t, m, id, "0123456789"[:1+n%10])
				get(t, m, id)
				if i == 0 && n == 50 {
					_ = m.Clear(t.Context())
				}
			}
		})
	}
	all.Wait()
	if m.size > 100 {
		t.Errorf("holds %d bytes", m.size)
	}
}
