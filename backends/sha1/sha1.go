// Package sha1 is SHA-1 (FIPS 180-4), which Git names objects by. It is no protection
// against anybody, and nothing here takes it for one. The standard library's would
// add 120 kB of brotli to the browser module; it checks this one in the tests.
package sha1

import "math/bits"

const block = 64

// Hex is the hash of data in hexadecimal digits.
func Hex(data []byte) string {
	const digits = "0123456789abcdef"
	out := make([]byte, 0, 40)
	for _, b := range Sum(data) {
		out = append(out, digits[b>>4], digits[b&15])
	}
	return string(out)
}

// Sum is the hash of data.
func Sum(data []byte) [20]byte {
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

// mix folds one block into h.
func mix(h *[5]uint32, data []byte) {
	var w [80]uint32
	for i := range 16 {
		b := data[4*i:]
		w[i] = uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	}
	for i := 16; i < 80; i++ {
		w[i] = bits.RotateLeft32(w[i-3]^w[i-8]^w[i-14]^w[i-16], 1)
	}
	a, b, c, d, e := h[0], h[1], h[2], h[3], h[4]
	for i, word := range w {
		f, k := choose(i, b, c, d)
		a, b, c, d, e = bits.RotateLeft32(a, 5)+f+e+k+word, a, bits.RotateLeft32(b, 30), c, d
	}
	h[0], h[1], h[2], h[3], h[4] = h[0]+a, h[1]+b, h[2]+c, h[3]+d, h[4]+e
}

// choose is the function and the constant of a round.
func choose(round int, b, c, d uint32) (f, k uint32) {
	switch {
	case round < 20:
		return b&c | ^b&d, 0x5a827999
	case round < 40:
		return b ^ c ^ d, 0x6ed9eba1
	case round < 60:
		return b&c | b&d | c&d, 0x8f1bbcdc
	}
	return b ^ c ^ d, 0xca62c1d6
}
