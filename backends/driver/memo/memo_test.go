package memo

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func TestTrees_AsksOnce(t *testing.T) {
	t.Parallel()
	var m Trees
	asked := 0
	for range 2 {
		entries, err := m.Tree("c1", "dir", true, func() ([]driver.TreeEntry, error) {
			asked++
			return []driver.TreeEntry{{Path: "dir/a"}}, nil
		})
		if err != nil || len(entries) != 1 || asked != 1 {
			t.Errorf("%v, %v, asked %d times", entries, err, asked)
		}
	}
}

// TestTrees_Errors: what is missing stays missing, other failures may pass.
func TestTrees_Errors(t *testing.T) {
	t.Parallel()
	for kind, want := range map[cmserr.Kind]int{cmserr.NotFound: 1, cmserr.Network: 2} {
		var m Trees
		asked := 0
		for range 2 {
			_, err := m.Tree("c1", "dir", false, func() ([]driver.TreeEntry, error) {
				asked++
				return nil, cmserr.New(kind, "no")
			})
			if !cmserr.Is(err, kind) {
				t.Error(err)
			}
		}
		if asked != want {
			t.Errorf("%v: asked %d times, want %d", kind, asked, want)
		}
	}
}

// TestTrees_KnowsTheFoldersBelow: what was listed with everything is known.
func TestTrees_KnowsTheFoldersBelow(t *testing.T) {
	t.Parallel()
	all := []driver.TreeEntry{
		{Path: "a", Mode: driver.ModeDir}, {Path: "a/b", Mode: driver.ModeDir},
		{Path: "a/b/c.md", Mode: driver.ModeRegular}, {Path: "a/d.md", Mode: driver.ModeRegular}, {Path: "ab", Mode: driver.ModeRegular},
	}
	unknown := cmserr.New(cmserr.NotFound, "asked")
	for _, c := range []struct {
		commit, dir string
		recursive   bool
		want        string
	}{
		{"c", "", false, "a ab "}, {"c", "a", false, "a/b a/d.md "}, {"c", "a", true, "a/b a/b/c.md a/d.md "},
		{"c", "a/b", false, "a/b/c.md "}, {"c", "none", false, "asked"}, {"c", "ab", true, "asked"}, {"other", "a", true, "asked"},
	} {
		var m Trees
		_, _ = m.Tree("c", "", true, func() ([]driver.TreeEntry, error) { return all, nil })
		entries, err := m.Tree(c.commit, c.dir, c.recursive, func() ([]driver.TreeEntry, error) { return nil, unknown })
		got := ""
		for _, e := range entries {
			got += e.Path + " "
		}
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestTrees_ForgetsTheOldest(t *testing.T) {
	t.Parallel()
	var m Trees
	asked := 0
	list := func(i int) {
		_, _ = m.Tree(fmt.Sprint(i), "", true, func() ([]driver.TreeEntry, error) { asked++; return nil, nil })
	}
	for i := range keptTrees + 1 {
		list(i)
	}
	list(1)
	if asked != keptTrees+1 {
		t.Errorf("asked %d times before the oldest is asked for", asked)
	}
	if list(0); asked != keptTrees+2 {
		t.Errorf("asked %d times", asked)
	}
}

func TestHeads_Outdated(t *testing.T) {
	t.Parallel()
	var m Heads
	now := time.Unix(1e9, 0)
	m.Wrote("main", "before", "after", now)
	for _, c := range []struct {
		branch, head string
		later        time.Duration
		want         bool
	}{
		{"main", "before", 0, true}, {"main", "after", 0, false}, {"main", "other", 0, false},
		{"other", "before", 0, false}, {"main", "before", believed, false},
	} {
		if got := m.Outdated(c.branch, c.head, now.Add(c.later)); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestHeads_Newest: what lags behind is two writes old, or the branch is gone.
func TestHeads_Newest(t *testing.T) {
	t.Parallel()
	var m Heads
	now := time.Unix(1e9, 0)
	m.Wrote("main", "1", "2", now)
	m.Wrote("main", "2", "3", now.Add(time.Second))
	m.Wrote("gone", "1", "2", now)
	m.Wrote("gone", "2", "", now)
	for _, c := range []struct {
		branch, head string
		later        time.Duration
		want         string
	}{
		{"main", "1", time.Second, "3"}, {"main", "2", time.Second, "3"}, {"main", "3", time.Second, "3"},
		{"main", "4", time.Second, "4"}, {"main", "1", 2 * believed, "1"}, {"gone", "2", 0, "2"}, {"other", "1", 0, "1"},
	} {
		if got := m.Newest(c.branch, c.head, now.Add(c.later)); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	if !m.Knows("main") || m.Knows("gone") || m.Knows("other") {
		t.Error("where branches are")
	}
}

func TestNames_AsksForTheUnknown(t *testing.T) {
	t.Parallel()
	var m Names
	m.Note("ann", "Ann")
	m.Note("bot", "")
	var asked []string
	ask := func(unknown []string) ([]string, error) {
		asked = append(asked, unknown...)
		return []string{"Zoë"}, nil
	}
	for range 2 {
		got, err := m.Names([]string{"zoe", "bot", "ann"}, ask)
		if err != nil || !slices.Equal(got, []string{"Zoë", "bot", "Ann"}) || !slices.Equal(asked, []string{"zoe"}) {
			t.Errorf("%q, %v, asked for %q", got, err, asked)
		}
	}
	failed := func([]string) ([]string, error) { return nil, cmserr.New(cmserr.Network, "no") }
	if _, err := m.Names([]string{"new"}, failed); !cmserr.Is(err, cmserr.Network) {
		t.Error(err)
	}
}

// instant is a clock that sleeps without waiting.
type instant struct{ now time.Time }

func (c *instant) Now() time.Time { return c.now }

func (c *instant) Sleep(ctx context.Context, d time.Duration) error {
	c.now = c.now.Add(d)
	return ctx.Err()
}

// TestHeads_Read: what lags behind our own write is asked for again, for a while.
func TestHeads_Read(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answers []string
		want    string
		asked   int
	}{
		"new":          {[]string{"new"}, "new", 1},
		"lagging":      {[]string{"old", "old", "new"}, "new", 3},
		"by others":    {[]string{"other"}, "other", 1},
		"stays behind": {[]string{"old", "old", "old", "old", "old"}, "old", 5},
	} {
		var heads Heads
		clock := &instant{time.Unix(1, 0)}
		heads.Wrote("main", "old", "new", clock.now)
		asked := 0
		got, err := heads.Read(t.Context(), clock, "main", func(context.Context, string) (string, error) {
			asked++
			return c.answers[asked-1], nil
		})
		if err != nil || got != c.want || asked != c.asked {
			t.Errorf("%s: %q, %v, asked %d times", name, got, err, asked)
		}
	}
}

func TestHeads_ReadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	var heads Heads
	clock := &instant{time.Unix(1, 0)}
	heads.Wrote("main", "old", "new", clock.now)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := heads.Read(ctx, clock, "main", func(context.Context, string) (string, error) {
		cancel()
		return "old", nil
	})
	if !cmserr.Is(err, cmserr.Canceled) {
		t.Error(err)
	}
}

// TestTrees_Latest is the folder's own listing that came last, of those that were found.
func TestTrees_Latest(t *testing.T) {
	t.Parallel()
	var m Trees
	if _, ok := m.Latest("dir", false); ok {
		t.Error("a listing that nobody made")
	}
	for _, commit := range []string{"c1", "c2"} {
		_, _ = m.Tree(commit, "dir", false, func() ([]driver.TreeEntry, error) { return []driver.TreeEntry{{Path: "dir/" + commit}}, nil })
	}
	_, _ = m.Tree("c3", "dir", false, func() ([]driver.TreeEntry, error) { return nil, cmserr.New(cmserr.NotFound, "gone") })
	_, _ = m.Tree("c4", "dir", true, func() ([]driver.TreeEntry, error) { return nil, nil })
	if l, ok := m.Latest("dir", false); !ok || l.Commit != "c2" || len(l.Entries) != 1 || l.Entries[0].Path != "dir/c2" {
		t.Errorf("%+v, %v", l, ok)
	}
}
