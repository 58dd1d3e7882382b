package backends

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// gatherTime is how long a read waits for others to be made along with it. The CMS
// reads the texts of all drafts at once, but each with a call of its own.
const gatherTime = 2 * time.Millisecond

// gathering merges single reads into batches, one batch after the other: what comes
// while one is under way makes up the next.
type gathering struct {
	mu      sync.Mutex
	waiting []*single
	busy    bool
}

// single is one read in a batch.
type single struct {
	ctx  context.Context
	ref  driver.BlobRef
	data []byte
	err  error
	done chan struct{}
}

// one reads a blob together with those that others ask for at the same time. It is meant
// for texts: of large files each had better come when it is there.
func (b *blobs) one(ctx context.Context, ref driver.BlobRef) ([]byte, error) {
	s := &single{ctx: ctx, ref: ref, done: make(chan struct{})}
	b.mu.Lock()
	b.waiting = append(b.waiting, s)
	first := !b.busy
	b.busy = true
	b.mu.Unlock()
	if first {
		go b.serve()
	}
	select {
	case <-s.done:
		return s.data, s.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// serve reads batches until nobody waits.
func (b *blobs) serve() {
	for more := true; more; {
		time.Sleep(gatherTime)
		b.mu.Lock()
		batch := b.waiting
		b.waiting = nil
		b.mu.Unlock()
		ctx, release := sharedBy(batch)
		b.readBatch(ctx, batch)
		release()
		b.mu.Lock()
		more = len(b.waiting) > 0
		b.busy = more
		b.mu.Unlock()
	}
}

// readBatch reads what a batch asks for. Whose blob can't be read must not keep the
// others from theirs, so a batch that fails is halved.
func (b *blobs) readBatch(ctx context.Context, batch []*single) {
	refs := make([]driver.BlobRef, len(batch))
	for i, s := range batch {
		refs[i] = s.ref
	}
	var data [][]byte
	err := guarded(func() (err error) {
		data, err = b.read(ctx, refs)
		return err
	})
	if err != nil && len(batch) > 1 && perhapsOfOne(err) {
		half := len(batch) / 2
		b.readBatch(ctx, batch[:half])
		b.readBatch(ctx, batch[half:])
		return
	}
	for i, s := range batch {
		if s.err = err; err == nil {
			s.data = data[i]
		}
		close(s.done)
	}
}

// perhapsOfOne says whether the others might be read all the same.
func perhapsOfOne(err error) bool {
	switch cmserr.KindOf(err) {
	case cmserr.Network, cmserr.RateLimited, cmserr.Unauthenticated, cmserr.Canceled, cmserr.Internal:
		return false
	}
	return true
}

// sharedBy is a context that ends when nobody in the batch waits any more.
func sharedBy(batch []*single) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(batch[0].ctx))
	var left atomic.Int64
	left.Store(int64(len(batch)))
	stops := make([]func() bool, len(batch))
	for i, s := range batch {
		stops[i] = context.AfterFunc(s.ctx, func() {
			if left.Add(-1) == 0 {
				cancel()
			}
		})
	}
	return ctx, func() {
		for _, stop := range stops {
			stop()
		}
		cancel()
	}
}
