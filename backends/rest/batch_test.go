package rest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mooring/backends/cmserr"
)

// limited is a host that doubles numbers, and bears some in one request.
type limited struct {
	mu    sync.Mutex
	bears int
	asked [][]int
	now   int
	most  int
}

func (l *limited) do(ctx context.Context, items []int) ([]int, error) {
	l.mu.Lock()
	l.asked = append(l.asked, items)
	l.now++
	l.most = max(l.most, l.now)
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		l.now--
		l.mu.Unlock()
	}()
	if err := RealClock().Sleep(ctx, time.Second); err != nil {
		return nil, canceled(err)
	}
	if len(items) > l.bears {
		return nil, &cmserr.Error{Kind: cmserr.Network, Status: 502}
	}
	out := make([]int, len(items))
	for i, n := range items {
		out[i] = 2 * n
	}
	return out, nil
}

// sizes are those of the batches, the biggest first.
func (l *limited) sizes() []int {
	var out []int
	for _, batch := range l.asked {
		out = append(out, len(batch))
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out
}

func numbers(n int) (items, doubled []int) {
	for i := range n {
		items, doubled = append(items, i), append(doubled, 2*i)
	}
	return items, doubled
}

func TestBatches_AnswersInOrder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		items, size, bears, atOnce int
		sizes                      []int
	}{
		"none":                 {0, 10, 10, 2, nil},
		"one":                  {1, 10, 10, 2, []int{1}},
		"evenly":               {21, 10, 10, 2, []int{7, 7, 7}},
		"halved":               {10, 10, 5, 2, []int{10, 5, 5}},
		"halved, odd":          {7, 10, 3, 2, []int{7, 4, 3, 2, 2}},
		"down to one":          {4, 10, 1, 1, []int{4, 2, 2, 1, 1, 1, 1}},
		"learned meanwhile":    {40, 20, 10, 1, []int{20, 10, 10, 10, 10}},
		"no concurrency given": {4, 2, 2, 0, []int{2, 2}},
		"no size given":        {2, 0, 9, 1, []int{1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				host := &limited{bears: c.bears}
				items, want := numbers(c.items)
				got, err := Batches(t.Context(), items, Batching{Sizer: NewSizer(c.size, 100), AtOnce: c.atOnce}, host.do)
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("got %v, %v", got, err)
				}
				if !slices.Equal(host.sizes(), c.sizes) {
					t.Errorf("batches of %v, want %v", host.sizes(), c.sizes)
				}
				if host.most > max(c.atOnce, 1) {
					t.Errorf("%d at once, want %d", host.most, c.atOnce)
				}
			})
		})
	}
}

func TestBatches_SomeAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		host := &limited{bears: 10}
		items, _ := numbers(80)
		start := time.Now()
		if _, err := Batches(t.Context(), items, Batching{Sizer: NewSizer(10, 10), AtOnce: 4}, host.do); err != nil {
			t.Fatal(err)
		}
		if host.most != 4 || time.Since(start) != 2*time.Second {
			t.Errorf("%d at once, in %v", host.most, time.Since(start))
		}
	})
}

func TestBatches_SingleItemThatIsTooBig_IsTheError(t *testing.T) {
	bubble(t, func(t *testing.T) {
		items, _ := numbers(8)
		_, err := Batches(t.Context(), items, Batching{Sizer: NewSizer(8, 8), AtOnce: 2}, (&limited{bears: 0}).do)
		if cmserr.From(err).Status != 502 {
			t.Errorf("got %v", err)
		}
	})
}

// One enormous item says nothing of the number of items.
func TestBatches_OneBadItem_HalvesTheSizeOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		sizer := NewSizer(64, 64)
		items, _ := numbers(64)
		tooBig := errors.New("too complex")
		got, err := Batches(t.Context(), items, Batching{Sizer: sizer, AtOnce: 4,
			TooBig: func(err error) bool { return err == tooBig }},
			func(_ context.Context, batch []int) ([]int, error) {
				if len(batch) > 1 && slices.Contains(batch, 40) {
					return nil, tooBig
				}
				return batch, nil
			})
		if err != nil || !slices.Equal(got, items) || sizer.Size() != 32 {
			t.Errorf("got %v, %v; the size is %d", got, err, sizer.Size())
		}
	})
}

func TestBatches_FirstErrorEndsTheRest(t *testing.T) {
	bubble(t, func(t *testing.T) {
		host := &limited{bears: 10}
		items, _ := numbers(100)
		broken := cmserr.New(cmserr.Forbidden, "no")
		got, err := Batches(t.Context(), items, Batching{Sizer: NewSizer(10, 10), AtOnce: 3},
			func(ctx context.Context, batch []int) ([]int, error) {
				if batch[0] == 10 {
					return nil, broken
				}
				return host.do(ctx, batch)
			})
		if err != error(broken) || got != nil || len(host.asked) > 3 {
			t.Errorf("got %v, %v after %d batches", got, err, len(host.asked))
		}
	})
}

func TestBatches_Canceled(t *testing.T) {
	bubble(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		items, _ := numbers(100)
		done := make(chan error)
		go func() {
			_, err := Batches(ctx, items, Batching{Sizer: NewSizer(10, 10), AtOnce: 2}, (&limited{bears: 10}).do)
			done <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-done; !cmserr.Is(err, cmserr.Canceled) {
			t.Errorf("got %v", err)
		}
		if _, err := Batches(ctx, items, Batching{Sizer: NewSizer(10, 10)}, (&limited{bears: 10}).do); !cmserr.Is(err, cmserr.Canceled) {
			t.Errorf("begun too late: got %v", err)
		}
	})
}

func TestBatches_WrongNumberOfResults_IsAnError(t *testing.T) {
	t.Parallel()
	_, err := Batches(t.Context(), []int{1, 2}, Batching{Sizer: NewSizer(2, 2)},
		func(context.Context, []int) ([]int, error) { return []int{1}, nil })
	if !cmserr.Is(err, cmserr.Internal) {
		t.Errorf("got %v", err)
	}
}

func TestSizer_GrowsBackSlowly(t *testing.T) {
	t.Parallel()
	s := NewSizer(100, 110)
	s.tooBig(100)
	s.tooBig(100) // it failed at the same time
	if s.Size() != 50 {
		t.Fatalf("the size is %d, want 50", s.Size())
	}
	grown := func(n int) int {
		for range n {
			s.fits(s.Size())
		}
		return s.Size()
	}
	if got := grown(growAfter - 1); got != 50 {
		t.Errorf("grew early, to %d", got)
	}
	s.fits(1) // a small one proves nothing
	if got := s.Size(); got != 50 {
		t.Errorf("grew by a small batch, to %d", got)
	}
	if got := grown(1); got != 56 {
		t.Errorf("grew to %d, want 56", got)
	}
	if got := grown(50 * growAfter); got != 110 {
		t.Errorf("grew to %d, want the most, 110", got)
	}
	for range 10 {
		s.tooBig(s.Size())
	}
	if s.Size() != 1 || grown(growAfter) != 2 {
		t.Errorf("from the bottom: %d", s.Size())
	}
}

func TestTooBig_IsAHostThatGaveUp(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]bool{0: false, 403: false, 502: true, 503: false, 504: true} {
		if got := TooBig(&cmserr.Error{Status: code}); got != want {
			t.Errorf("%d: %v", code, got)
		}
	}
	if TooBig(nil) {
		t.Error("success is too big")
	}
}
