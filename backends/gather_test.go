package backends_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// pathless is a driver whose blobs of some paths can't be read.
type pathless struct {
	*spy
	bad  map[string]error
	most int // refs in one call
}

func (p *pathless) Blobs(ctx context.Context, refs []driver.BlobRef) ([][]byte, error) {
	p.most = max(p.most, len(refs))
	data, err := p.spy.Blobs(ctx, refs)
	for _, ref := range refs {
		if bad := p.bad[ref.Path]; bad != nil {
			return nil, bad
		}
	}
	return data, err
}

func TestEntry_ReadTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		files := map[string]string{}
		for i := range 40 {
			files[fmt.Sprintf("p/%02d.md", i)] = fmt.Sprint("text ", i)
		}
		host := &pathless{bad: map[string]error{"p/17.md": cmserr.New(cmserr.NotFound, "swept away")}}
		s := openWith(t, setup{files: files, wrap: func(s *spy) driver.Driver { host.spy = s; return host }})
		readAll := func() (failed []string) {
			var mu sync.Mutex
			var all sync.WaitGroup
			for p, want := range files {
				all.Go(func() {
					e, err := s.Entry(context.Background(), p)
					mu.Lock()
					defer mu.Unlock()
					if err != nil {
						failed = append(failed, p)
					} else if e.Data != want {
						t.Errorf("%s reads %q", p, e.Data)
					}
				})
			}
			all.Wait()
			return failed
		}
		if failed := readAll(); !slices.Equal(failed, []string{"p/17.md"}) {
			t.Errorf("%q failed; want p/17.md alone", failed)
		}
		if n := s.spy.count("Blobs"); n > 16 || host.most < 30 {
			t.Errorf("%d calls, of %d blobs at most", n, host.most)
		}
		s.spy.reset()
		host.bad["p/17.md"] = cmserr.New(cmserr.Network, "down")
		if failed := readAll(); len(failed) < 30 || s.spy.count("Blobs") > 3 {
			t.Errorf("%d failed in %d calls; want no call for each while the host is down", len(failed), s.spy.count("Blobs"))
		}
	})
}

// patient is a driver that answers when its time has come, or not at all.
type patient struct {
	*spy
	ended chan error
}

func (p patient) Blobs(ctx context.Context, refs []driver.BlobRef) ([][]byte, error) {
	select {
	case <-time.After(time.Minute):
		p.ended <- nil
		return p.spy.Blobs(ctx, refs)
	case <-ctx.Done():
		p.ended <- ctx.Err()
		return nil, cmserr.From(ctx.Err())
	}
}

func TestEntry_OneGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		host := patient{ended: make(chan error, 1)}
		s := openWith(t, setup{files: posts, wrap: func(s *spy) driver.Driver { host.spy = s; return host }})
		read := func(ctx context.Context, path string, end chan error) {
			_, err := s.Entry(ctx, path)
			end <- err
		}
		ctx, giveUp := context.WithCancel(context.Background())
		gone, stays := make(chan error, 2), make(chan error, 1)
		go read(ctx, "posts/a.md", gone)
		go read(context.Background(), "posts/b.md", stays)
		time.Sleep(time.Second)
		giveUp()
		s.wantKind(<-gone, cmserr.Canceled)
		if err := <-stays; err != nil || <-host.ended != nil {
			t.Errorf("the other's read ended with %v", err)
		}

		ctx, giveUp = context.WithCancel(context.Background())
		go read(ctx, "posts/a.md", gone)
		go read(ctx, "posts/b.md", gone)
		time.Sleep(time.Second)
		giveUp()
		s.wantKind(<-gone, cmserr.Canceled)
		s.wantKind(<-gone, cmserr.Canceled)
		if err := <-host.ended; err == nil {
			t.Error("the request goes on though nobody waits for it")
		}
	})
}

// faulty is a driver with a defect.
type faulty struct{ *spy }

func (faulty) Blobs(context.Context, []driver.BlobRef) ([][]byte, error) { panic("defect") }

func TestEntry_PanicIsAnError(t *testing.T) {
	t.Parallel()
	s := openWith(t, setup{files: posts, wrap: func(s *spy) driver.Driver { return faulty{s} }})
	_, err := s.Entry(context.Background(), "posts/a.md")
	s.wantKind(err, cmserr.Internal)
}
