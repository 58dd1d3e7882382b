//go:build js && wasm

package bridge

import (
	"context"

	"github.com/hack-pad/safejs"

	"mooring/backends/content"
	"mooring/backends/rest"
)

// Result is what a call answers: small fields as one JSON text, which the other
// end parses in one go, all file texts as one piece, and bytes beside it. A thousand
// entries cross many times faster this way than field by field and text by text.
type Result struct {
	Meta  JSON
	Texts []string
	Blobs []content.Content // a Blob of JavaScript's passes as it is
}

// JSON is rest's writer, with objects and arrays that end by themselves.
type JSON struct{ rest.JSON }

// Object writes an object whose fields write writes.
func (j *JSON) Object(write func()) {
	j.JSON.Object()
	write()
	j.EndObject()
}

// Array writes an array whose items write writes.
func (j *JSON) Array(write func()) {
	j.JSON.Array()
	write()
	j.EndArray()
}

// Field names the value that is written next.
func (j *JSON) Field(name string) *JSON {
	j.Key(name)
	return j
}

func (p *Port) sendResult(id int, r *Result) {
	message, err := encodeResult(id, r)
	if err != nil {
		p.sendError(id, internal(err))
		return
	}
	p.send(message)
}

func encodeResult(id int, r *Result) (safejs.Value, error) {
	if r == nil {
		r = &Result{}
	}
	texts, sizes, err := Join(r.Texts)
	if err != nil {
		return texts, err
	}
	blobs := make([]any, len(r.Blobs))
	for i, file := range r.Blobs {
		value, err := JSContent(context.Background(), file)
		if err != nil {
			return value, err
		}
		blobs[i] = value
	}
	return Object(map[string]any{
		"id": id, "op": "result", "meta": string(r.Meta.Bytes()), "texts": texts, "sizes": sizes, "blobs": blobs,
	})
}

// Object makes a JavaScript object whose fields may be JavaScript values
// themselves, which safejs.ValueOf does not allow.
func Object(fields map[string]any) (safejs.Value, error) {
	object, err := safejs.ValueOf(map[string]any{})
	if err != nil {
		return object, err
	}
	for name, value := range fields {
		if err := object.Set(name, value); err != nil {
			return object, err
		}
	}
	return object, nil
}

// Uint8Array copies data into JavaScript's memory.
func Uint8Array(data []byte) (safejs.Value, error) {
	array, err := newUint8Array(len(data))
	if err != nil {
		return array, err
	}
	_, err = safejs.CopyBytesToJS(array, data)
	return array, err
}

// send hands a message to the other end. If that fails there is nobody to tell:
// the other end notices by itself when the program is gone.
func (p *Port) send(message safejs.Value) {
	_, _ = p.host.Call("send", message)
}
