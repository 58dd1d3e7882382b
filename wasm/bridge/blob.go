//go:build js && wasm

package bridge

import (
	"context"

	"github.com/hack-pad/safejs"

	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/sha256"
)

// piece is how much of a Blob is in the program's memory at a time, to be hashed.
const piece = 1 << 20

// Blob is content that JavaScript holds. It crosses the boundary, and fetch, as it is;
// only what somebody reads of it is copied.
type Blob struct {
	value safejs.Value
	size  int64
}

var _ content.Content = (*Blob)(nil)

// NewBlob makes a Blob of an array of parts: Uint8Arrays, or other Blobs.
func NewBlob(parts safejs.Value) (*Blob, error) {
	class, err := safejs.Global().Get("Blob")
	if err != nil {
		return nil, err
	}
	value, err := class.New(parts)
	if err != nil {
		return nil, err
	}
	return asBlob(value)
}

// asBlob takes a JavaScript Blob, or a File, which is one.
func asBlob(value safejs.Value) (*Blob, error) {
	size, err := value.Get("size")
	if err != nil {
		return nil, err
	}
	n, err := size.Float() // Int is for what fits into 32 bits
	return &Blob{value, int64(n)}, err
}

// Size implements content.Content.
func (b *Blob) Size() int64 { return b.size }

// Bytes implements content.Content.
func (b *Blob) Bytes(ctx context.Context) ([]byte, error) {
	data := make([]byte, b.size)
	return data, read(ctx, b.value, data)
}

// SHA256 implements content.Content. crypto.subtle, which takes a third of the time (Go
// makes 70 MB a second), would want the whole file in memory at once, and is not there
// in pages that come by plain HTTP.
func (b *Blob) SHA256(ctx context.Context) (string, error) {
	hash := sha256.New()
	buffer := make([]byte, min(piece, b.size))
	for from := int64(0); from < b.size; from += int64(len(buffer)) {
		buffer = buffer[:min(int64(len(buffer)), b.size-from)]
		part, err := b.value.Call("slice", float64(from), float64(from)+float64(len(buffer)))
		if err != nil {
			return "", err
		}
		if err := read(ctx, part, buffer); err != nil {
			return "", err
		}
		hash.Write(buffer)
	}
	return hash.Hex(), nil
}

// read copies a JavaScript Blob into data, which is as long as that is.
func read(ctx context.Context, blob safejs.Value, data []byte) error {
	promise, err := blob.Call("arrayBuffer")
	if err != nil {
		return err
	}
	buffer, err := Await(ctx, promise)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return cmserr.Wrap(cmserr.Invalid, err, "The file can't be read any more: it was changed or deleted after it "+
			"was chosen. Remove it and add it again.")
	}
	class, err := safejs.Global().Get("Uint8Array")
	if err != nil {
		return err
	}
	array, err := class.New(buffer)
	if err != nil {
		return err
	}
	_, err = safejs.CopyBytesToGo(data, array)
	return err
}

// Content is a field that must be a Blob or a Uint8Array.
func (d *Decoder) Content(name string) content.Content {
	v := d.get(name)
	switch {
	case member(v, "arrayBuffer") == safejs.TypeFunction:
		blob, err := asBlob(v)
		if err == nil {
			return blob
		}
	case member(v, "buffer") == safejs.TypeObject:
		return content.Bytes(d.Bytes(name))
	}
	d.fail(name, "a Blob or a Uint8Array", v)
	return nil
}

// member is the type of an object's member; that of a value without members is undefined.
func member(v safejs.Value, name string) safejs.Type {
	if v.Type() != safejs.TypeObject {
		return safejs.TypeUndefined
	}
	m, err := v.Get(name)
	if err != nil {
		return safejs.TypeUndefined
	}
	return m.Type()
}

// JSContent is content as JavaScript takes it: a Blob, or a Uint8Array.
func JSContent(ctx context.Context, c content.Content) (safejs.Value, error) {
	if blob, ok := c.(*Blob); ok {
		return blob.value, nil
	}
	data, err := c.Bytes(ctx)
	if err != nil {
		return safejs.Undefined(), err
	}
	return Uint8Array(data)
}
