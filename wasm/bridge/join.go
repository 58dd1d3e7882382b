//go:build js && wasm

package bridge

import (
	"strconv"
	"strings"

	"github.com/hack-pad/safejs"
)

// joinBuffer is how much crosses at a time.
const joinBuffer = 256 << 10

// Join copies many texts or blobs into one Uint8Array, one after the other, and writes
// how long each is, with commas between: lists cross item by item, which takes longer than
// what is in them. It does so through a small buffer: wasm's memory never shrinks, so a
// second copy of all would stay.
func Join[T string | []byte](parts []T) (data safejs.Value, sizes string, err error) {
	total := 0
	var lengths strings.Builder
	for i, part := range parts {
		if i > 0 {
			lengths.WriteByte(',')
		}
		lengths.WriteString(strconv.Itoa(len(part)))
		total += len(part)
	}
	j := joint{buffer: make([]byte, 0, min(total, joinBuffer))}
	if j.array, err = newUint8Array(total); err != nil {
		return j.array, "", err
	}
	for _, part := range parts {
		for len(part) > 0 && err == nil {
			room := j.buffer[len(j.buffer):cap(j.buffer)]
			n := copy(room, part)
			part = part[n:]
			j.buffer = j.buffer[:len(j.buffer)+n]
			if len(j.buffer) == cap(j.buffer) {
				err = j.flush()
			}
		}
	}
	if err == nil {
		err = j.flush()
	}
	return j.array, lengths.String(), err
}

// joint is an array that is being filled.
type joint struct {
	array  safejs.Value
	filled int
	buffer []byte // what comes next
}

func (j *joint) flush() error {
	if len(j.buffer) == 0 {
		return nil
	}
	end := j.filled + len(j.buffer)
	place, err := j.array.Call("subarray", j.filled, end)
	if err != nil {
		return err
	}
	_, err = safejs.CopyBytesToJS(place, j.buffer)
	j.filled, j.buffer = end, j.buffer[:0]
	return err
}

func newUint8Array(length int) (safejs.Value, error) {
	class, err := safejs.Global().Get("Uint8Array")
	if err != nil {
		return safejs.Undefined(), err
	}
	return class.New(length)
}
