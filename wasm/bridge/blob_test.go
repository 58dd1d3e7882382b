//go:build js && wasm

package bridge

import (
	"bytes"
	"context"
	standard "crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"syscall/js"
	"testing"

	"github.com/hack-pad/safejs"

	"mooring/backends/cmserr"
	"mooring/backends/content"
)

// blob decodes what JavaScript code makes.
func blob(t *testing.T, code string) content.Content {
	t.Helper()
	d := object(t, "{file: "+code+"}")
	c := d.Content("file")
	if d.Err() != nil {
		t.Fatal(d.Err())
	}
	return c
}

func TestContent_IsABlobOrBytes(t *testing.T) {
	for code, want := range map[string]string{
		`new Blob(['a\u0000', new Uint8Array([255])])`: "a\x00\xff",
		`new File(['in a file'], 'a.txt')`:             "in a file",
		`new Uint8Array([1, 2])`:                       "\x01\x02",
		`new Blob([])`:                                 "",
		`new Uint8Array(0)`:                            "",
	} {
		c := blob(t, code)
		data, err := c.Bytes(context.Background())
		sum := standard.Sum256([]byte(want))
		hash, hashErr := c.SHA256(context.Background())
		if err != nil || data == nil || string(data) != want || c.Size() != int64(len(want)) {
			t.Errorf("%s: %q of %d, %v", code, data, c.Size(), err)
		}
		if hashErr != nil || hash != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: hash %s, %v", code, hash, hashErr)
		}
		if _, isBlob := c.(*Blob); isBlob == strings.Contains(code, "new Uint8Array([1") && c.Size() == 2 {
			t.Errorf("%s became %T", code, c)
		}
	}
}

func TestContent_WrongTypesNameTheField(t *testing.T) {
	for _, code := range []string{`'text'`, `undefined`, `null`, `{}`, `{size: 3}`, `new ArrayBuffer(3)`} {
		d := object(t, "{file: "+code+"}")
		d.Content("file")
		if err := d.Err(); err == nil || !strings.Contains(err.Error(), "save: file must be a Blob or a Uint8Array") {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestBlob_HashesPieceByPiece(t *testing.T) {
	c := blob(t, `new Blob([new Uint8Array(`+"2*1024*1024+5"+`).fill(7)])`)
	want := standard.Sum256(bytes.Repeat([]byte{7}, 2<<20+5))
	if got, err := c.SHA256(context.Background()); err != nil || got != hex.EncodeToString(want[:]) {
		t.Errorf("hash %s, %v", got, err)
	}
}

func TestBlob_CanNotBeRead(t *testing.T) {
	gone := blob(t, `{size: 3, slice() { return this }, arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError'))}`)
	_, readErr := gone.Bytes(context.Background())
	_, hashErr := gone.SHA256(context.Background())
	for _, err := range []error{readErr, hashErr} {
		if !cmserr.Is(err, cmserr.Invalid) || !strings.Contains(err.Error(), "add it again") {
			t.Errorf("error is %v", err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	never := blob(t, `{size: 3, slice() { return this }, arrayBuffer: () => new Promise(() => {})}`)
	if _, err := never.Bytes(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestBlob_CrossesAsItIs(t *testing.T) {
	made := safejs.Safe(js.Global().Call("eval", `new Blob(['x'])`))
	file, err := asBlob(made)
	if err != nil {
		t.Fatal(err)
	}
	back, err := JSContent(context.Background(), file)
	if err != nil || !safejs.Unsafe(back).Equal(safejs.Unsafe(made)) {
		t.Errorf("another object crossed, %v", err)
	}
	bytes, err := JSContent(context.Background(), content.Bytes{1, 2})
	if err != nil || safejs.Unsafe(bytes).Get("byteLength").Int() != 2 {
		t.Errorf("bytes crossed as %v, %v", bytes, err)
	}
}
