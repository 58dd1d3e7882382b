package changeset

import (
	"bytes"
	"context"
	"strconv"

	"mooring/backends/driver"
	"mooring/backends/sha256"
)

// Files lists directories and reads files, as driver.Driver does.
type Files interface {
	Trees
	Blobs(ctx context.Context, refs []driver.BlobRef) ([][]byte, error)
}

// pointer is what a host commits instead of a file that it keeps in Git LFS.
// https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
func pointer(data []byte) string {
	return "version https://git-lfs.github.com/spec/v1\noid sha256:" + sha256.Hex(data) +
		"\nsize " + strconv.Itoa(len(data)) + "\n"
}

// Made says whether a commit has what changes would have made of it: after an answer
// was lost, it may be the commit that was asked for.
func Made(ctx context.Context, files Files, commit string, changes []driver.Change) (bool, error) {
	at, err := Look(ctx, files, commit, Paths(changes))
	if err != nil {
		return false, err
	}
	var refs []driver.BlobRef
	var want [][]byte
	for _, c := range changes {
		gone := c.From
		if c.Op == driver.Delete {
			gone = c.Path
		}
		if gone != "" && at[gone].IsFile() {
			return false, nil
		}
		switch {
		case c.Op == driver.Delete:
		case !at[c.Path].IsFile():
			return false, nil
		case c.Op == driver.Put || c.Data != nil:
			refs = append(refs, driver.BlobRef{ID: at[c.Path].Entry.ID, Path: c.Path, Commit: commit})
			want = append(want, c.Data)
		}
	}
	held, err := files.Blobs(ctx, refs)
	if err != nil {
		return false, err
	}
	for i, data := range held {
		if !bytes.Equal(data, want[i]) && string(data) != pointer(want[i]) {
			return false, nil
		}
	}
	return true, nil
}
