// Package sha256 is SHA-256 (FIPS 180-4), which Git LFS names files by. The standard
// library's would add 120 kB of brotli to the browser module, since it brings the
// whole FIPS 140 machinery; it checks this one in the tests.
package sha256

import "math/bits"

const block = 64

// Hash is the hash of what is written to it piece by piece.
type Hash struct {
	mixed [8]uint32   // of the whole blocks
	rest  [block]byte // what does not fill a block yet
	size  int         // of all, in bytes
}

// New is the hash of nothing.
func New() *Hash {
	return &Hash{mixed: [8]uint32{
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	}}
}

// Write adds data.
func (h *Hash) Write(data []byte) {
	if begun := h.size % block; begun > 0 {
		n := copy(h.rest[begun:], data)
		h.size += n
		data = data[n:]
		if h.size%block > 0 {
			return
		}
		mix(&h.mixed, h.rest[:])
	}
	h.size += len(data)
	for ; len(data) >= block; data = data[block:] {
		mix(&h.mixed, data[:block])
	}
	copy(h.rest[:], data)
}

// Sum is the hash of what was written, after which nothing more can be.
func (h *Hash) Sum() [32]byte {
	// The rest, a one bit, zeros, and the length in bits fill one block or two.
	length := uint64(h.size) * 8
	begun := h.size % block
	end := block - begun
	if end < 9 {
		end += block
	}
	var last [2 * block]byte
	last[0] = 0x80
	for i := end - 1; length > 0; i, length = i-1, length>>8 {
		last[i] = byte(length)
	}
	h.Write(last[:end])
	var sum [32]byte
	for i, word := range h.mixed {
		sum[4*i], sum[4*i+1], sum[4*i+2], sum[4*i+3] = byte(word>>24), byte(word>>16), byte(word>>8), byte(word)
	}
	return sum
}

// Hex is Sum in hexadecimal digits.
func (h *Hash) Hex() string {
	const digits = "0123456789abcdef"
	out := make([]byte, 0, 64)
	for _, b := range h.Sum() {
		out = append(out, digits[b>>4], digits[b&15])
	}
	return string(out)
}

// Sum is the hash of data.
func Sum(data []byte) [32]byte {
	h := New()
	h.Write(data)
	return h.Sum()
}

// Hex is the hash of data in hexadecimal digits.
func Hex(data []byte) string {
	h := New()
	h.Write(data)
	return h.Hex()
}

// mix folds one block into h.
func mix(h *[8]uint32, data []byte) {
	var w [64]uint32
	for i := range 16 {
		b := data[4*i:]
		w[i] = uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	}
	for i := 16; i < 64; i++ {
		s0 := bits.RotateLeft32(w[i-15], -7) ^ bits.RotateLeft32(w[i-15], -18) ^ w[i-15]>>3
		s1 := bits.RotateLeft32(w[i-2], -17) ^ bits.RotateLeft32(w[i-2], -19) ^ w[i-2]>>10
		w[i] = w[i-16] + s0 + w[i-7] + s1
	}
	// Variables of their own: an array would be copied in each round.
	a, b, c, d, e, f, g, last := h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7]
	for i := range 64 {
		s1 := bits.RotateLeft32(e, -6) ^ bits.RotateLeft32(e, -11) ^ bits.RotateLeft32(e, -25)
		choice := e&f ^ ^e&g
		t1 := last + s1 + choice + round[i] + w[i]
		s0 := bits.RotateLeft32(a, -2) ^ bits.RotateLeft32(a, -13) ^ bits.RotateLeft32(a, -22)
		majority := a&b ^ a&c ^ b&c
		a, b, c, d, e, f, g, last = t1+s0+majority, a, b, c, d+t1, e, f, g
	}
	for i, v := range [...]uint32{a, b, c, d, e, f, g, last} {
		h[i] += v
	}
}

// round holds the first 32 bits of the fractional parts of the cube roots of the
// first 64 primes.
var round = [64]uint32{
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
}
