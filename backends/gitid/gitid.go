// Package gitid knows the names that Git gives to contents.
package gitid

import (
	"strconv"

	"mooring/backends/sha1"
	"mooring/backends/sha256"
)

// Blob is the id that Git gives a blob: the SHA-1 of its content after a header, or
// the SHA-256 in repositories whose ids, such as like, are that long.
// https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
func Blob(data []byte, like string) string {
	object := append([]byte("blob "+strconv.Itoa(len(data))+"\x00"), data...)
	if len(like) == 64 {
		return sha256.Hex(object)
	}
	return sha1.Hex(object)
}

// IsBlob says whether data is the content of the blob that Git calls id.
func IsBlob(id string, data []byte) bool { return Blob(data, id) == id }
