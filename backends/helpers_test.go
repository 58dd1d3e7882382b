package backends_test

import (
	"context"
	"sync"
	"testing"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/testrepo"
)

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
	u.env.Report = s.report
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

func (s *site) report(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reported = append(s.reported, err)
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

// held is what a media file holds, "" if nothing was read.
func held(f cms.MediaFile) string {
	data, _ := f.Content.(content.Bytes)
	return string(data)
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
