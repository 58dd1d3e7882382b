package gitea

import (
	"strconv"

	"mooring/backends/sha1"
	"mooring/backends/sha256"
)

// noObject is the id of nothing, for repositories that have ids of that length.
func noObject(like string) string {
	zeros := make([]byte, len(like))
	for i := range zeros {
		zeros[i] = '0'
	}
	return string(zeros)
}

// objectID is the id that Git gives a blob: SHA-1, or SHA-256 where the other ids of
// the repository are such.
// https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
func objectID(data []byte, like string) string {
	header := "blob " + strconv.Itoa(len(data)) + "\x00"
	object := append([]byte(header), data...)
	if len(like) == 64 {
		return sha256.Hex(object)
	}
	return sha1.Hex(object)
}
