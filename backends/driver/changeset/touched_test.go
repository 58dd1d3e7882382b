package changeset

import (
	"slices"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func TestTouched_NamesThePaths(t *testing.T) {
	t.Parallel()
	changes := []driver.Change{
		{Op: driver.Put, Path: "posts/a.md"}, {Op: driver.Delete, Path: "b.md"}, {Op: driver.Move, From: "c.md", Path: "d"},
	}
	for name, c := range map[string]struct {
		diff []driver.FileDiff
		want []string
	}{
		"nothing":               {nil, nil},
		"other files":           {[]driver.FileDiff{{Path: "posts/b.md"}, {Path: "posts/a.md.bak"}}, nil},
		"the same files":        {[]driver.FileDiff{{Path: "posts/a.md"}, {Path: "b.md"}, {Path: "x"}}, []string{"b.md", "posts/a.md"}},
		"both ends of a move":   {[]driver.FileDiff{{Path: "c.md"}, {Path: "d"}}, []string{"c.md", "d"}},
		"a file renamed away":   {[]driver.FileDiff{{Status: driver.Renamed, OldPath: "b.md", Path: "x"}}, []string{"b.md"}},
		"a folder in the place": {[]driver.FileDiff{{Path: "d/new.md"}}, []string{"d"}},
		"a file above":          {[]driver.FileDiff{{Path: "posts"}}, []string{"posts/a.md"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Touched(changes, c.diff)
			if c.want == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if e := cmserr.From(err); e.Kind != cmserr.Conflict || !slices.Equal(e.Paths, c.want) {
				t.Errorf("%v over %q, want %q", e.Kind, e.Paths, c.want)
			}
		})
	}
}
