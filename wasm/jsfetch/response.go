//go:build js && wasm

package jsfetch

import (
	"context"
	"strings"

	"github.com/hack-pad/safejs"

	"mooring/backends/rest"
	"mooring/wasm/bridge"
)

func readResponse(ctx context.Context, req *rest.Request, answer safejs.Value, w *watch) (*rest.Response, error) {
	status, err := answer.Get("status")
	if err != nil {
		return nil, err
	}
	code, err := status.Int()
	if err != nil {
		return nil, err
	}
	header, err := readHeader(answer)
	if err != nil {
		return nil, err
	}
	res := &rest.Response{Status: code, Header: header}
	if req.Refer && res.OK() {
		res.Content, err = readBlob(ctx, answer, w)
	} else {
		res.Body, err = readBytes(ctx, answer, w)
	}
	if err != nil {
		return nil, err
	}
	return res, nil
}

// readHeader walks the entries iterator, which calls nothing back.
func readHeader(answer safejs.Value) (rest.Header, error) {
	headers, err := answer.Get("headers")
	if err != nil {
		return nil, err
	}
	entries, err := headers.Call("entries")
	if err != nil {
		return nil, err
	}
	header := rest.Header{}
	for {
		step, err := entries.Call("next")
		if err != nil {
			return nil, err
		}
		if done, err := step.Get("done"); err != nil || truthy(done) {
			return header, err
		}
		name, value, err := pair(step)
		if err != nil {
			return nil, err
		}
		header[strings.ToLower(name)] = value
	}
}

func pair(step safejs.Value) (name, value string, err error) {
	entry, err := step.Get("value")
	if err != nil {
		return "", "", err
	}
	texts := [2]string{}
	for i := range texts {
		item, err := entry.Index(i)
		if err != nil {
			return "", "", err
		}
		if texts[i], err = item.String(); err != nil {
			return "", "", err
		}
	}
	return texts[0], texts[1], nil
}

// readBody reads the stream chunk by chunk, so that a host that falls silent in
// the middle of its answer is noticed. A 204 or 304 has no stream.
func readBody(ctx context.Context, answer safejs.Value, w *watch, take func(chunk safejs.Value) error) error {
	stream, err := answer.Get("body")
	if err != nil || stream.Type() != safejs.TypeObject {
		return err
	}
	reader, err := stream.Call("getReader")
	if err != nil {
		return err
	}
	for {
		promise, err := reader.Call("read")
		if err != nil {
			return err
		}
		step, err := bridge.Await(ctx, promise)
		if err != nil {
			return err
		}
		w.heard()
		if done, err := step.Get("done"); err != nil || truthy(done) {
			return err
		}
		chunk, err := step.Get("value")
		if err != nil {
			return err
		}
		if err := take(chunk); err != nil {
			return err
		}
	}
}

// readBytes copies the body into the program's memory.
func readBytes(ctx context.Context, answer safejs.Value, w *watch) ([]byte, error) {
	var body []byte
	err := readBody(ctx, answer, w, func(chunk safejs.Value) (err error) {
		body, err = appendChunk(body, chunk)
		return err
	})
	return body, err
}

// readBlob leaves the body to JavaScript.
func readBlob(ctx context.Context, answer safejs.Value, w *watch) (*bridge.Blob, error) {
	class, err := safejs.Global().Get("Array")
	if err != nil {
		return nil, err
	}
	chunks, err := class.New()
	if err != nil {
		return nil, err
	}
	err = readBody(ctx, answer, w, func(chunk safejs.Value) error {
		_, err := chunks.Call("push", chunk)
		return err
	})
	if err != nil {
		return nil, err
	}
	return bridge.NewBlob(chunks)
}

func appendChunk(body []byte, chunk safejs.Value) ([]byte, error) {
	size, err := chunk.Get("byteLength")
	if err != nil {
		return nil, err
	}
	n, err := size.Int()
	if err != nil {
		return nil, err
	}
	start := len(body)
	body = append(body, make([]byte, n)...)
	_, err = safejs.CopyBytesToGo(body[start:], chunk)
	return body, err
}

func truthy(v safejs.Value) bool {
	b, err := v.Truthy()
	return err == nil && b
}
