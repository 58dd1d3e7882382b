package sha1_test

import (
	"bytes"
	standard "crypto/sha1"
	"encoding/hex"
	"testing"

	"mooring/backends/sha1"
)

func TestSum_IsTheStandardLibrarys(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat([]byte("mooring\x00\xff"), 100)
	for n := range len(data) { // every length around the block's ends
		if sha1.Sum(data[:n]) != standard.Sum(data[:n]) {
			t.Fatalf("wrong for %d bytes", n)
		}
	}
}

func TestHex_IsLowerCase(t *testing.T) {
	t.Parallel()
	sum := standard.Sum([]byte("abc"))
	if got := sha1.Hex([]byte("abc")); got != hex.EncodeToString(sum[:]) {
		t.Error(got)
	}
}

func FuzzSum(f *testing.F) {
	f.Add([]byte("abc"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if sha1.Sum(data) != standard.Sum(data) {
			t.Error("wrong")
		}
	})
}
