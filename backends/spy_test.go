package backends_test

import (
	"context"
	"sync"

	"mooring/backends/driver"
)

// host is a driver with all that the workflow needs.
type host interface {
	driver.Driver
	driver.Brancher
	driver.PullRequester
	driver.Labeler
	driver.Comparer
}

// spy counts calls, fails those that it is told to, and lets a test act right
// before one: that is how races are made.
type spy struct {
	host
	mu     sync.Mutex
	calls  map[string]int
	fails  map[string]error
	before map[string]func()
	access *driver.Access
	blobs  int
	always func()              // before every commit
	seen   func(driver.Commit) // what is committed
	silent bool                // new commits on a branch that was there are not told
}

func (s *spy) on(name string) error {
	s.mu.Lock()
	s.calls[name]++
	act, err := s.before[name], s.fails[name]
	delete(s.before, name)
	s.mu.Unlock()
	if act != nil {
		act()
	}
	return err
}

// count is how often a method was called since the last reset.
func (s *spy) count(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[name]
}

func (s *spy) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls, s.blobs = map[string]int{}, 0
}

func (s *spy) fail(name string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails[name] = err
}

func (s *spy) act(name string, fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before[name] = fn
}

func (s *spy) User(ctx context.Context) (driver.User, error) {
	if err := s.on("User"); err != nil {
		return driver.User{}, err
	}
	return s.host.User(ctx)
}

func (s *spy) Access(ctx context.Context) (driver.Access, error) {
	if err := s.on("Access"); err != nil {
		return driver.Access{}, err
	}
	if s.access != nil {
		return *s.access, nil
	}
	return s.host.Access(ctx)
}

func (s *spy) Head(ctx context.Context, branch string) (string, error) {
	if err := s.on("Head"); err != nil {
		return "", err
	}
	return s.host.Head(ctx, branch)
}

func (s *spy) Tree(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	if err := s.on("Tree"); err != nil {
		return nil, err
	}
	return s.host.Tree(ctx, commit, dir, recursive)
}

func (s *spy) Blobs(ctx context.Context, refs []driver.BlobRef) ([][]byte, error) {
	if err := s.on("Blobs"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.blobs += len(refs)
	s.mu.Unlock()
	return s.host.Blobs(ctx, refs)
}

func (s *spy) Commit(ctx context.Context, c driver.Commit) (driver.Committed, error) {
	if err := s.on("Commit"); err != nil {
		return driver.Committed{}, err
	}
	s.mu.Lock()
	always := s.always
	s.mu.Unlock()
	if always != nil {
		always()
	}
	if s.seen != nil {
		s.seen(c)
	}
	done, err := s.host.Commit(ctx, c)
	if s.silent && c.ExpectedHead != "" {
		done.Head = ""
	}
	return done, err
}

func (s *spy) DeleteBranch(ctx context.Context, branch, head string) error {
	if err := s.on("DeleteBranch"); err != nil {
		return err
	}
	return s.host.DeleteBranch(ctx, branch, head)
}

func (s *spy) Pulls(ctx context.Context, base, prefix string) ([]driver.Pull, error) {
	if err := s.on("Pulls"); err != nil {
		return nil, err
	}
	return s.host.Pulls(ctx, base, prefix)
}

func (s *spy) Pull(ctx context.Context, base, head string) (driver.Pull, error) {
	if err := s.on("Pull"); err != nil {
		return driver.Pull{}, err
	}
	return s.host.Pull(ctx, base, head)
}

func (s *spy) OpenPull(ctx context.Context, p driver.NewPull) (driver.Pull, error) {
	if err := s.on("OpenPull"); err != nil {
		return driver.Pull{}, err
	}
	return s.host.OpenPull(ctx, p)
}

func (s *spy) MergePull(ctx context.Context, number int, m driver.Merge) error {
	if err := s.on("MergePull"); err != nil {
		return err
	}
	return s.host.MergePull(ctx, number, m)
}

func (s *spy) ClosePull(ctx context.Context, number int) error {
	if err := s.on("ClosePull"); err != nil {
		return err
	}
	return s.host.ClosePull(ctx, number)
}

func (s *spy) Relabel(ctx context.Context, number int, add, remove []string) error {
	if err := s.on("Relabel"); err != nil {
		return err
	}
	return s.host.Relabel(ctx, number, add, remove)
}

func (s *spy) Compare(ctx context.Context, base, head string) (driver.Comparison, error) {
	if err := s.on("Compare"); err != nil {
		return driver.Comparison{}, err
	}
	return s.host.Compare(ctx, base, head)
}
