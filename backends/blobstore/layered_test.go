package blobstore_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"mooring/backends/blobstore"
)

// counting notes what it is asked for, and fails when it is broken.
type counting struct {
	blobstore.Store
	asked  [][]string
	broken error
}

func (c *counting) Get(ctx context.Context, ids []string) (map[string][]byte, error) {
	c.asked = append(c.asked, ids)
	if c.broken != nil {
		return nil, c.broken
	}
	return c.Store.Get(ctx, ids)
}

func (c *counting) Put(ctx context.Context, blobs map[string][]byte) error {
	if c.broken != nil {
		return c.broken
	}
	return c.Store.Put(ctx, blobs)
}

func (c *counting) Clear(ctx context.Context) error {
	if c.broken != nil {
		return c.broken
	}
	return c.Store.Clear(ctx)
}

func layered(front int, broken error) (*blobstore.Layered, *counting) {
	back := &counting{Store: blobstore.NewMemory(1000), broken: broken}
	return blobstore.NewLayered(blobstore.NewMemory(front), back), back
}

func wantBlobs(t *testing.T, s blobstore.Store, ids []string, want ...string) {
	t.Helper()
	found, err := s.Get(context.Background(), ids)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, id := range ids {
		if data, ok := found[id]; ok {
			got = append(got, id+"="+string(data))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v; want %v", got, want)
	}
}

func TestLayered_AsksTheBackOnlyForWhatTheFrontHasNot(t *testing.T) {
	t.Parallel()
	l, back := layered(2, nil)
	ctx := context.Background()
	for _, id := range []string{"a", "b", "c"} {
		if err := l.Put(ctx, map[string][]byte{id: []byte(id)}); err != nil {
			t.Fatal(err)
		}
	}
	// The front holds two bytes: the first blob is only in the back.
	wantBlobs(t, l, []string{"a", "b", "c", "d"}, "a=a", "b=b", "c=c")
	wantBlobs(t, l, []string{"c", "a"}, "c=c", "a=a")
	want := [][]string{{"a", "d"}}
	if !slices.EqualFunc(back.asked, want, slices.Equal) {
		t.Errorf("the back was asked for %v; want %v", back.asked, want)
	}
}

func TestLayered_FrontServesWhereTheBackIsBroken(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	l, _ := layered(100, broken)
	ctx := context.Background()
	if err := l.Put(ctx, map[string][]byte{"a": []byte("a")}); !errors.Is(err, broken) {
		t.Errorf("put: %v", err)
	}
	wantBlobs(t, l, []string{"a", "b"}, "a=a")
	if err := l.Clear(ctx); !errors.Is(err, broken) {
		t.Errorf("clear: %v", err)
	}
	wantBlobs(t, l, []string{"a"})
}

func TestLayered_ClearEmptiesBoth(t *testing.T) {
	t.Parallel()
	l, back := layered(100, nil)
	ctx := context.Background()
	if err := l.Put(ctx, map[string][]byte{"a": []byte("a")}); err != nil {
		t.Fatal(err)
	}
	if err := l.Clear(ctx); err != nil {
		t.Fatal(err)
	}
	wantBlobs(t, l, []string{"a"})
	wantBlobs(t, back, []string{"a"})
}
