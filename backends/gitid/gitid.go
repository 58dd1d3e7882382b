// Package gitid computes the names that Git gives to contents. The standard library's
// crypto/sha1 would bring the whole FIPS 140 machinery along, as package sha256 says.
package gitid

import (
	"encoding/hex"
	"math/bits"
	"strconv"

	"mooring/backends/sha256"
)

// IsBlob says whether data is the content of the blob that Git calls id: SHA-1 of it
// after a header, or SHA-256 where the id is that long.
// https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
func IsBlob(id string, data []byte) bool {
	object := append([]byte("blob "+strconv.Itoa(len(data))+"\x00"), data...)
	if len(id) == 64 {
		return sha256.Hex(object) == id
	}
	sum := sha1(object)
	return hex.EncodeToString(sum[:]) == id
}

const block = 64

// sha1 is SHA-1 (FIPS 180-4).
func sha1(data []byte) [20]byte {
	h := [5]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}
	rest := data
	for ; len(rest) >= block; rest = rest[block:] {
		mix(&h, rest[:block])
	}
	// The rest, a one bit, zeros, and the length in bits fill one block or two.
	var last [2 * block]byte
	n := copy(last[:], rest)
	last[n] = 0x80
	end := block
	if n+9 > block {
		end = 2 * block
	}
	for i, size := end-1, uint64(len(data))*8; size > 0; i, size = i-1, size>>8 {
		last[i] = byte(size)
	}
	for from := 0; from < end; from += block {
		mix(&h, last[from:from+block])
	}
	var sum [20]byte
	for i, word := range h {
		sum[4*i], sum[4*i+1], sum[4*i+2], sum[4*i+3] = byte(word>>24), byte(word>>16), byte(word>>8), byte(word)
	}
	return sum
}

// mix takes one block into the hash.
func mix(h *[5]uint32, data []byte) {
	var w [80]uint32
	for i := range 16 {
		w[i] = uint32(data[4*i])<<24 | uint32(data[4*i+1])<<16 | uint32(data[4*i+2])<<8 | uint32(data[4*i+3])
	}
	for i := 16; i < len(w); i++ {
		w[i] = bits.RotateLeft32(w[i-3]^w[i-8]^w[i-14]^w[i-16], 1)
	}
	a, b, c, d, e := h[0], h[1], h[2], h[3], h[4]
	for i, word := range w {
		var f, k uint32
		switch {
		case i < 20:
			f, k = b&c|^b&d, 0x5a827999
		case i < 40:
			f, k = b^c^d, 0x6ed9eba1
		case i < 60:
			f, k = b&c|b&d|c&d, 0x8f1bbcdc
		default:
			f, k = b^c^d, 0xca62c1d6
		}
		a, b, c, d, e = bits.RotateLeft32(a, 5)+f+e+k+word, a, bits.RotateLeft32(b, 30), c, d
	}
	h[0], h[1], h[2], h[3], h[4] = h[0]+a, h[1]+b, h[2]+c, h[3]+d, h[4]+e
}
