package fakehost

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// fixture is owner/repo on a host of its own.
type fixture struct {
	t     *testing.T
	host  *Host
	repo  *Repository
	clock *clock
}

func newFixture(t *testing.T, files map[string]string) *fixture {
	t.Helper()
	c := newClock()
	h := New(Options{Now: c.now})
	h.AddUser(User{Login: "owner"})
	h.AddUser(User{Login: "guest"})
	content := map[string]File{}
	for path, text := range files {
		content[path] = File{Content: []byte(text)}
	}
	repo, err := h.AddRepository("owner", "repo", content, RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{t, h, repo, c}
}

var somebody = object.Signature{Name: "Somebody", Email: "somebody@example.com"}

// commit commits "path=text" changes, or "-path" to delete.
func (f *fixture) commit(branch string, edits ...string) plumbing.Hash {
	f.t.Helper()
	f.clock.pass(time.Minute)
	id, err := f.repo.Commit(branch, somebody, strings.Join(edits, ", "), changes(edits)...)
	if err != nil {
		f.t.Fatal(err)
	}
	return id
}

func changes(edits []string) []Change {
	var list []Change
	for _, e := range edits {
		if path, ok := strings.CutPrefix(e, "-"); ok {
			list = append(list, Change{Path: path, Delete: true})
			continue
		}
		path, text, _ := strings.Cut(e, "=")
		list = append(list, Change{Path: path, Content: []byte(text)})
	}
	return list
}

// head is where a branch is.
func (f *fixture) head(branch string) plumbing.Hash {
	f.t.Helper()
	id, ok := f.repo.Head(branch)
	if !ok {
		f.t.Fatalf("no branch %s", branch)
	}
	return id
}

// files is a branch's content as "path=text path=text".
func (f *fixture) files(branch string) string {
	f.t.Helper()
	files, err := f.repo.Files(branch)
	if err != nil {
		f.t.Fatal(err)
	}
	var list []string
	for _, path := range slices.Sorted(maps.Keys(files)) {
		list = append(list, fmt.Sprintf("%s=%s", path, files[path].Content))
	}
	return strings.Join(list, " ")
}

// wants demands a refusal of a kind.
func wants(t *testing.T, err error, k Kind) {
	t.Helper()
	if KindOf(err) != k {
		t.Errorf("the error is %v, of kind %d, not %d", err, KindOf(err), k)
	}
}

func TestAddRepository_KnownID(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"README.md": "hello\n", "content/posts/a.md": "---\ntitle: A\n---\n"})
	// git hash-object -t blob, and git write-tree, on the same files.
	for expression, want := range map[string]string{
		"main:README.md": "ce013625030ba8dba906f756967f9e9ca394464a",
		"main:":          "54121cd99223e42b1816d8a605c7929ca1769f74",
	} {
		if e, ok := f.repo.Resolve(expression); !ok || e.ID.String() != want {
			t.Errorf("%s is %s, not %s", expression, e.ID, want)
		}
	}
	_, err := f.host.AddRepository("OWNER", "Repo", nil, RepositoryOptions{})
	wants(t, err, Exists)
}

func TestPermission(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "1"})
	check := func(want map[string]Permission) {
		t.Helper()
		for login, p := range want {
			if got := f.repo.Permission(login); got != p {
				t.Errorf("%q has %s, not %s", login, got, p)
			}
		}
	}
	check(map[string]Permission{"Owner": Admin, "guest": Read, "": Read})
	f.repo.Edit(func(i *Info) { i.Private = true })
	check(map[string]Permission{"owner": Admin, "guest": None, "": None})
	f.repo.SetPermission("Guest", Write)
	check(map[string]Permission{"guest": Write})
	if _, err := ParsePermission("other"); err == nil {
		t.Error("a permission of any name is taken")
	}
}

func TestSpend(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.host.Set(func(s *Settings) { s.HourlyLimit = 2 })
	for i, want := range []bool{true, true, false} {
		if rate, ok := f.host.Spend("owner", "core", 1); ok != want || rate.Remaining() != max(1-i, 0) {
			t.Errorf("request %d: %v, %+v", i, ok, rate)
		}
	}
	if _, ok := f.host.Spend("owner", "graphql", 1); !ok {
		t.Error("the resources aren't separate")
	}
	if rate := f.host.Refund("owner", "core", 1); rate.Remaining() != 1 {
		t.Errorf("after a refund: %+v", rate)
	}
	f.clock.pass(time.Hour)
	if rate, ok := f.host.Spend("owner", "core", 1); !ok || rate.Remaining() != 1 || !rate.Reset.Equal(f.clock.now().Add(time.Hour)) {
		t.Errorf("an hour later: %+v", rate)
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]string{"a": "1"})
	f.host.Set(func(s *Settings) { s.ForkPolls = 3 })
	f.host.Reset()
	if _, ok := f.host.Repository("owner", "repo"); ok || f.host.Settings().ForkPolls != 0 {
		t.Error("something is left")
	}
}
