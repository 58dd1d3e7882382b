package changeset

import (
	"context"

	"mooring/backends/driver"
)

// Diff lists the files in which two commits differ, sorted by path, for hosts that
// don't tell all of them. It finds no renames.
func Diff(ctx context.Context, trees Trees, base, head string) ([]driver.FileDiff, error) {
	old, err := trees.Tree(ctx, base, "", true)
	if err != nil {
		return nil, err
	}
	now, err := trees.Tree(ctx, head, "", true)
	if err != nil {
		return nil, err
	}
	was := map[string]driver.TreeEntry{}
	for _, e := range old {
		if !e.IsDir() {
			was[e.Path] = e
		}
	}
	var files []driver.FileDiff
	for _, e := range now {
		before, there := was[e.Path]
		delete(was, e.Path)
		switch {
		case e.IsDir() || there && before.ID == e.ID && before.Mode == e.Mode:
		case there:
			files = append(files, driver.FileDiff{Status: driver.Modified, Path: e.Path, ID: e.ID, OldID: before.ID})
		default:
			files = append(files, driver.FileDiff{Status: driver.Added, Path: e.Path, ID: e.ID})
		}
	}
	for path, e := range was {
		files = append(files, driver.FileDiff{Status: driver.Deleted, Path: path, OldID: e.ID})
	}
	driver.SortFiles(files)
	return files, nil
}
