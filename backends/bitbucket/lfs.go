package bitbucket

import (
	"strconv"

	"mooring/backends/sha256"
)

// pointer is what Git has of a file that Git LFS keeps. Bitbucket shows the large file in
// its place, which tells the pointer.
// https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
func pointer(data []byte) []byte {
	return []byte("version https://git-lfs.github.com/spec/v1\noid sha256:" + sha256.Hex(data) +
		"\nsize " + strconv.Itoa(len(data)) + "\n")
}
