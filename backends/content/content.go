// Package content is what a file holds, wherever it lies. A large file passes by
// reference from where a person chose it to where it is stored: in a browser it is a
// Blob, whose bytes WebAssembly's memory, which never shrinks, need not hold.
package content

import (
	"context"

	"mooring/backends/sha256"
)

// Content is all that one file holds. It does not change, can be read again and again,
// and by several at the same time.
type Content interface {
	// Size is how many bytes there are.
	Size() int64
	// Bytes is the content in memory, never nil. It may be shared: whoever gets it leaves it
	// unchanged. A file that was deleted or changed since it was chosen is Invalid.
	Bytes(ctx context.Context) ([]byte, error)
	// SHA256 is the content's hash in 64 hexadecimal digits, read piece by piece where
	// it is not in memory. It fails as Bytes does.
	SHA256(ctx context.Context) (string, error)
}

// Bytes is content that is in memory.
type Bytes []byte

var _ Content = Bytes{}

// Size implements Content.
func (b Bytes) Size() int64 { return int64(len(b)) }

// Bytes implements Content.
func (b Bytes) Bytes(context.Context) ([]byte, error) {
	if b == nil {
		return []byte{}, nil
	}
	return b, nil
}

// SHA256 implements Content.
func (b Bytes) SHA256(context.Context) (string, error) { return sha256.Hex(b), nil }
