// Package gitid knows the names that Git gives to contents.
package gitid

import (
	"strconv"

	"mooring/backends/sha1"
	"mooring/backends/sha256"
)

// IsBlob says whether data is the content of the blob that Git calls id: the SHA-1 of
// it after a header, or SHA-256 where the id is that long.
// https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
func IsBlob(id string, data []byte) bool {
	object := append([]byte("blob "+strconv.Itoa(len(data))+"\x00"), data...)
	if len(id) == 64 {
		return sha256.Hex(object) == id
	}
	return sha1.Hex(object) == id
}
