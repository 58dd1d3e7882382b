package sha256_test

import (
	"bytes"
	standard "crypto/sha256"
	"encoding/hex"
	"testing"

	"mooring/backends/sha256"
)

func TestSum_IsTheStandardLibrarys(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat([]byte("mooring\x00\xff"), 100)
	for n := range len(data) { // every length around the block's ends
		if sha256.Sum(data[:n]) != standard.Sum256(data[:n]) {
			t.Fatalf("wrong for %d bytes", n)
		}
	}
}

func TestHash_PieceByPiece(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat([]byte("mooring\x00\xff"), 100)
	for piece := 1; piece <= 200; piece++ {
		h := sha256.New()
		for rest := data; len(rest) > 0; rest = rest[min(piece, len(rest)):] {
			h.Write(rest[:min(piece, len(rest))])
		}
		if h.Sum() != standard.Sum256(data) {
			t.Fatalf("wrong in pieces of %d bytes", piece)
		}
	}
}

func TestHex_IsLowerCase(t *testing.T) {
	t.Parallel()
	sum := standard.Sum256([]byte("abc"))
	if got := sha256.Hex([]byte("abc")); got != hex.EncodeToString(sum[:]) {
		t.Error(got)
	}
}

func FuzzSum(f *testing.F) {
	f.Add([]byte("abc"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if sha256.Sum(data) != standard.Sum256(data) {
			t.Error("wrong")
		}
	})
}
