package backends

import (
	"context"
	"errors"
	"slices"
	"testing"

	"mooring/backends/blobstore"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func TestFormatEntries_ReadsBack(t *testing.T) {
	t.Parallel()
	entries := []driver.TreeEntry{
		{Mode: driver.ModeRegular, ID: "1", Size: 12, Path: "a\nb.md"}, {Mode: driver.ModeDir, ID: "2", Size: -1, Path: "ä"},
		{Mode: driver.ModeSymlink, ID: "", Size: 0, Path: "ä/link"},
	}
	if got := parseEntries(string(formatEntries(entries))); !slices.Equal(got, entries) {
		t.Errorf("got %+v", got)
	}
	for _, wrong := range []string{
		"", "100644", "100644\x00a\x001\x00p", "9\x00a\x001\x00p\x00", "100644\x00a\x00x\x00p\x00",
		"100644\x00a\x001\x00p\x00more",
	} {
		if got := parseEntries(wrong); got != nil {
			t.Errorf("%q reads %+v", wrong, got)
		}
	}
}

// dirs is a host with one file in every directory, named after the commit.
type dirs struct {
	driver.Driver
	asked int
	err   error
}

func (d *dirs) Tree(_ context.Context, commit, dir string, _ bool) ([]driver.TreeEntry, error) {
	d.asked++
	if d.err != nil {
		return nil, d.err
	}
	return []driver.TreeEntry{{Path: dir + "/" + commit, Mode: driver.ModeRegular, ID: commit}}, nil
}

// updated is a host that lists by what changed.
type updated struct {
	dirs
	from []string
}

func (u *updated) UpdateTree(ctx context.Context, commit, dir string, recursive bool, known driver.Listing) ([]driver.TreeEntry, error) {
	u.from = append(u.from, known.Commit)
	more, err := u.Tree(ctx, commit, dir, recursive)
	return append(slices.Clone(known.Entries), more...), err
}

func treesOf(d driver.Driver, store blobstore.Store) *trees {
	return &trees{d: d, store: store, owner: "git:me/site:", listings: &listings{}}
}

func TestList_FindsInTheStoreWhatASessionBeforeListed(t *testing.T) {
	t.Parallel()
	store, host := blobstore.NewMemory(1<<20), &dirs{}
	list := func(commit, dir string, recursive bool) {
		t.Helper()
		got, err := treesOf(host, store).list(t.Context(), commit, dir, recursive)
		if err != nil || len(got) != 1 || got[0].Path != dir+"/"+commit {
			t.Errorf("%s at %s: %+v, %v", dir, commit, got, err)
		}
	}
	for _, want := range []int{4, 4} {
		list("c1", "posts", false)
		list("c2", "posts", false)
		list("c1", "posts", true)
		list("c1", "pages", false)
		if host.asked != want {
			t.Errorf("the host was asked %d times", host.asked)
		}
	}
}

func TestList_NeverTakesAnErrorForAListing(t *testing.T) {
	t.Parallel()
	store, host := blobstore.NewMemory(1<<20), &dirs{err: cmserr.New(cmserr.Network, "No answer.")}
	for range 2 {
		if _, err := treesOf(host, store).list(t.Context(), "c1", "posts", false); !cmserr.Is(err, cmserr.Network) {
			t.Error(err)
		}
	}
	host.err = cmserr.New(cmserr.NotFound, "There is no posts.")
	for range 2 {
		if got, err := treesOf(host, store).list(t.Context(), "c1", "posts", false); err != nil || len(got) > 0 {
			t.Error(got, err)
		}
	}
	if host.asked != 4 {
		t.Errorf("the host was asked %d times: something was kept", host.asked)
	}
}

func TestList_BearsADamagedStore(t *testing.T) {
	t.Parallel()
	store, host := blobstore.NewMemory(1<<20), &dirs{}
	_ = store.Put(t.Context(), map[string][]byte{"git:me/site:tree:posts:one:c1": []byte("100644\x00")})
	for _, store := range []blobstore.Store{store, brokenStore{}, nil} {
		if got, err := treesOf(host, store).list(t.Context(), "c1", "posts", false); err != nil || len(got) != 1 {
			t.Errorf("%v: %v, %v", store, got, err)
		}
	}
}

// brokenStore answers nothing.
type brokenStore struct{}

var errBroken = errors.New("broken")

func (brokenStore) Get(context.Context, []string) (map[string][]byte, error) { return nil, errBroken }
func (brokenStore) Put(context.Context, map[string][]byte) error             { return errBroken }
func (brokenStore) Clear(context.Context) error                              { return errBroken }
func (brokenStore) Names(context.Context, string) ([]string, error)          { return nil, errBroken }

func TestList_AsksAHostForWhatChanged(t *testing.T) {
	t.Parallel()
	store, host := blobstore.NewMemory(1<<20), &updated{}
	here := treesOf(host, store)
	for _, step := range []struct {
		trees  *trees
		commit string
		from   []string
	}{
		{here, "c1", nil},
		{here, "c2", []string{"c1"}},
		{treesOf(host, store), "c2", []string{"c1"}}, // all of it is in the store
		{treesOf(host, store), "c3", []string{"c1", "c2"}},
		{treesOf(host, brokenStore{}), "c4", []string{"c1", "c2"}}, // nothing is known: a whole listing
	} {
		got, err := step.trees.list(t.Context(), step.commit, "posts", false)
		if err != nil || got[len(got)-1].ID != step.commit || !slices.Equal(host.from, step.from) {
			t.Errorf("%s: %+v, %v; updated from %v, want %v", step.commit, got, err, host.from, step.from)
		}
	}
	if got, err := treesOf(host, store).list(t.Context(), "c1", "pages", false); err != nil || len(got) != 1 {
		t.Errorf("another directory: %v, %v", got, err)
	}
}
