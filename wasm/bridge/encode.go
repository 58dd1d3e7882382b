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
	if err := p.send("result", id, r); err != nil {
		p.sendError(id, internal(err))
	}
}

// send hands a message to the other end, field by field: an object would cost a
// crossing for each of them. If that fails there is nobody to tell: the other end
// notices by itself when the program is gone.
func (p *Port) send(op string, id int, r *Result) error {
	if r == nil {
		r = &Result{}
	}
	texts, sizes, err := joinTexts(r.Texts)
	if err != nil {
		return err
	}
	var blobs any
	if len(r.Blobs) > 0 {
		if blobs, err = jsContents(r.Blobs); err != nil {
			return err
		}
	}
	_, err = p.host.Call("send", op, id, string(r.Meta.Bytes()), texts, sizes, blobs)
	return err
}

// joinTexts makes many texts one array. One alone crosses as it is.
func joinTexts(all []string) (texts, sizes any, err error) {
	switch len(all) {
	case 0:
		return nil, nil, nil
	case 1:
		return all[0], nil, nil
	}
	return Join(all)
}

func jsContents(files []content.Content) ([]any, error) {
	values := make([]any, len(files))
	for i, file := range files {
		value, err := JSContent(context.Background(), file)
		if err != nil {
			return nil, err
		}
		values[i] = value
	}
	return values, nil
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
