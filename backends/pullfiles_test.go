package backends

import (
	"slices"
	"testing"

	"mooring/backends/driver"
)

func TestFormatDiffs_ReadsBack(t *testing.T) {
	t.Parallel()
	files := []driver.FileDiff{
		{Status: driver.Added, Path: "a\nb.md", ID: "1"}, {Status: driver.Modified, Path: "ä.md", ID: "2", OldID: "3"},
		{Status: driver.Deleted, Path: "c.md", OldID: "4"}, {Status: driver.Renamed, Path: "e.md", OldPath: "d.md", ID: "5", OldID: "5"},
	}
	if got := parseDiffs(string(formatDiffs(files))); !slices.Equal(got, files) {
		t.Errorf("got %+v", got)
	}
	for _, wrong := range []string{"", "A", "A\x00", "X\x001\x00\x00a\x00\x00", "AM\x001\x00\x00a\x00\x00", "A\x001\x00\x00a\x00\x00A\x00"} {
		if got := parseDiffs(wrong); got != nil {
			t.Errorf("%q reads %+v", wrong, got)
		}
	}
}
