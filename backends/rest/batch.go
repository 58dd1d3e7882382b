package rest

import (
	"context"
	"strconv"
	"sync"

	"mooring/backends/cmserr"
)

// growAfter is how many full batches in a row must go well before a Sizer tries a
// bigger one. It is slow, because a batch that is too big costs the host's whole
// patience, ten seconds on GitHub.
const growAfter = 16

// Sizer learns how many items a host bears in one request. It is kept as long as
// the host, so that each call starts with what the ones before it learned.
type Sizer struct {
	mu   sync.Mutex
	size int
	max  int
	good int // full batches that went well since the last change
}

// NewSizer starts with batches of start items, and grows up to max.
func NewSizer(start, max int) *Sizer { return &Sizer{size: start, max: max} }

// Size is how many items the next batch should have at most.
func (s *Sizer) Size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return max(s.size, 1)
}

// tooBig halves the size after a batch of n items failed; several that failed
// together halve it once.
func (s *Sizer) tooBig(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.size, s.good = min(s.size, max(n/2, 1)), 0
}

// fits counts a batch of n items that went well, and grows by an eighth after some.
func (s *Sizer) fits(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n < s.size {
		return
	}
	if s.good++; s.good >= growAfter {
		s.size, s.good = min(s.size+max(s.size/8, 1), max(s.max, s.size)), 0
	}
}

// Batching says how Batches splits its items.
type Batching struct {
	Sizer  *Sizer           // how many items a batch has
	AtOnce int              // batches at the same time; at least one
	TooBig func(error) bool // whether a smaller batch may succeed; nil is TooBig
}

// TooBig says whether a host gave up on a request that asked for too much: 502 or
// 504. The request should have Halves set, or the Governor tries it again first.
func TooBig(err error) bool {
	if err == nil {
		return false
	}
	status := cmserr.From(err).Status
	return status == 502 || status == 504
}

// Batches asks for many items in few requests. do answers one result for each of
// its items, in their order, and so does Batches for all of them. A batch that is
// too big is halved, down to single items, each of which may fail for good. The
// first error ends the rest and is the answer.
func Batches[T, R any](ctx context.Context, items []T, b Batching,
	do func(context.Context, []T) ([]R, error)) ([]R, error) {
	results := make([]R, len(items))
	err := inBatches(ctx, len(items), b, func(ctx context.Context, from, to int) error {
		got, err := do(ctx, items[from:to])
		if err == nil && len(got) != to-from {
			err = cmserr.New(cmserr.Internal, "A batch of "+strconv.Itoa(to-from)+" was answered with "+
				strconv.Itoa(len(got))+" results.")
		}
		copy(results[from:to], got)
		return err
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// inBatches is Batches without its types, of which each pair would be compiled anew.
func inBatches(ctx context.Context, n int, b Batching, do func(ctx context.Context, from, to int) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if b.TooBig == nil {
		b.TooBig = TooBig
	}
	r := &batchRun{ctx: ctx, cancel: cancel, Batching: b, do: do, slots: make(chan struct{}, max(b.AtOnce, 1))}
	for next := 0; next < n && r.acquire(); {
		from, to := next, next+evenShare(n-next, b.Sizer.Size())
		r.running.Go(func() { r.batch(from, to, true) })
		next = to
	}
	r.running.Wait()
	if r.err != nil {
		return r.err
	}
	if err := ctx.Err(); err != nil {
		return canceled(err)
	}
	return nil
}

// evenShare is the size of the next batch when left items are spread evenly over
// as few batches as size allows: no small one comes last.
func evenShare(left, size int) int {
	batches := (left + size - 1) / size
	return (left + batches - 1) / batches
}

// batchRun is one call of Batches.
type batchRun struct {
	Batching
	ctx     context.Context
	cancel  context.CancelFunc
	do      func(ctx context.Context, from, to int) error
	slots   chan struct{}
	running sync.WaitGroup
	failed  sync.Once
	err     error
}

// acquire takes a slot, unless the run has ended.
func (r *batchRun) acquire() bool {
	select {
	case r.slots <- struct{}{}:
		return r.ctx.Err() == nil
	case <-r.ctx.Done():
		return false
	}
}

// batch asks for items[from:to] in a slot that is taken. Only a whole batch, not
// the halves of one, teaches the Sizer: how they fare says more of what is in
// them, such as one enormous file, than of their number.
func (r *batchRun) batch(from, to int, whole bool) {
	n := to - from
	err := r.do(r.ctx, from, to)
	<-r.slots
	switch {
	case err == nil && whole:
		r.Sizer.fits(n)
	case err == nil:
	case n > 1 && r.ctx.Err() == nil && r.TooBig(err):
		if whole {
			r.Sizer.tooBig(n)
		}
		r.halves(from, from+(n+1)/2, to)
	default:
		r.fail(err)
	}
}

func (r *batchRun) halves(from, middle, to int) {
	for _, half := range [][2]int{{from, middle}, {middle, to}} {
		r.running.Go(func() {
			if r.acquire() {
				r.batch(half[0], half[1], false)
			}
		})
	}
}

// fail keeps the first error: those of the batches it ends say nothing.
func (r *batchRun) fail(err error) {
	r.failed.Do(func() {
		r.err = err
		r.cancel()
	})
}
