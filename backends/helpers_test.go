package backends_test

import (
	"context"
	"sync"
	"testing"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/testrepo"
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
	return s.host.Commit(ctx, c)
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

// plain hides all capabilities.
type plain struct{ driver.Driver }

// site is a backend over a repository in memory, and what a test looks at.
type site struct {
	*backends.Backend
	t    *testing.T
	repo *testrepo.Repo
	spy  *spy

	mu       sync.Mutex
	reported []error
}

type setup struct {
	cfg   backends.Config
	env   backends.Env
	wrap  func(*spy) driver.Driver
	files map[string]string
}

func open(t *testing.T, files map[string]string) *site {
	t.Helper()
	return openWith(t, setup{files: files})
}

func openWith(t *testing.T, u setup) *site {
	t.Helper()
	data := map[string][]byte{}
	for p, s := range u.files {
		data[p] = []byte(s)
	}
	s := &site{t: t, repo: testrepo.Open(testrepo.Options{Files: data})}
	s.spy = &spy{host: s.repo, calls: map[string]int{}, fails: map[string]error{}, before: map[string]func(){}}
	u.env.Report = func(err error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.reported = append(s.reported, err)
	}
	wrap := u.wrap
	if wrap == nil {
		wrap = func(s *spy) driver.Driver { return s }
	}
	registry := backends.New(backends.Git("mem", func(backends.Config, backends.Env) (driver.Driver, error) {
		return wrap(s.spy), nil
	}))
	b, err := registry.Open("mem", u.cfg, u.env)
	if err != nil {
		t.Fatal(err)
	}
	s.Backend = b
	return s
}

// reports are what was shown to the person so far.
func (s *site) reports() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reported
}

func (s *site) head(branch string) string {
	s.t.Helper()
	head, err := s.repo.Head(context.Background(), branch)
	if err != nil {
		s.t.Fatal(err)
	}
	return head
}

// read is a file on a branch; ok is false where there is none.
func (s *site) read(branch, path string) (string, bool) {
	s.t.Helper()
	head := s.head(branch)
	data, err := s.repo.Blobs(context.Background(), []driver.BlobRef{{ID: s.id(head, path), Path: path, Commit: head}})
	if cmserr.Is(err, cmserr.NotFound) {
		return "", false
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data[0]), true
}

func (s *site) id(commit, path string) string {
	s.t.Helper()
	all, err := s.repo.Tree(context.Background(), commit, "", true)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range all {
		if e.Path == path {
			return e.ID
		}
	}
	return ""
}

func (s *site) wantFile(branch, path, want string) {
	s.t.Helper()
	if got, ok := s.read(branch, path); !ok || got != want {
		s.t.Errorf("%s on %s is %q, %v; want %q", path, branch, got, ok, want)
	}
}

func (s *site) wantNone(branch, path string) {
	s.t.Helper()
	if got, ok := s.read(branch, path); ok {
		s.t.Errorf("%s on %s is %q; want no such file", path, branch, got)
	}
}

// put commits as somebody else would.
func (s *site) put(branch, path, data string) {
	s.t.Helper()
	s.others(branch, driver.Change{Op: driver.Put, Path: path, Data: []byte(data)})
}

func (s *site) others(branch string, changes ...driver.Change) {
	s.t.Helper()
	_, err := s.repo.Commit(context.Background(), driver.Commit{
		Branch: branch, ExpectedHead: s.head(branch), Message: "by others", Changes: changes,
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// save saves one file.
func (s *site) save(path, raw string) error {
	s.t.Helper()
	return s.PersistEntry(context.Background(),
		cms.EntryDraft{Files: []cms.DataFile{{Path: path, Raw: raw}}}, cms.PersistOptions{Message: "Save"})
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) wantKind(err error, kind cmserr.Kind) *cmserr.Error {
	s.t.Helper()
	if !cmserr.Is(err, kind) {
		s.t.Fatalf("error is %v (%v); want %v", err, cmserr.KindOf(err), kind)
	}
	return cmserr.From(err)
}

func paths(entries []cms.Entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.Path
	}
	return out
}
