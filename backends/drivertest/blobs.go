package drivertest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func blobCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Seeded":    blobsSeeded,
		"Committed": blobsCommitted,
		"Large":     blobsLarge,
		"Order":     blobsOrder,
		"None":      blobsNone,
		"Missing":   blobsMissing,
	})
}

// contents are bytes that don't survive being taken for text.
func contents() map[string]File {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	files := seed(nil)
	for path, data := range map[string][]byte{
		"empty":      {},
		"one":        {'x'},
		"zero":       {0},
		"newline":    []byte("\n"),
		"crlf":       []byte("a\r\nb\r\n"),
		"bom":        []byte("\xef\xbb\xbftext"),
		"invalid":    []byte("\xff\xfe\xc3\x28 \xed\xa0\x80"),
		"all-bytes":  all,
		"emoji":      []byte("😀 é 日本"),
		"json":       []byte(`{"a":"\u0000"}`),
		"base64ish":  []byte("aGVsbG8="),
		"separators": []byte("\u2028\u2029"),
	} {
		files[path] = File{Data: data}
	}
	return files
}

func (r *repo) wantBytes(commit string, files map[string]File) {
	r.t.Helper()
	got := r.read(commit)
	for path, f := range files {
		text, ok := got[path]
		switch {
		case !ok:
			r.t.Errorf("%q is missing", path)
		case !bytes.Equal([]byte(text), f.Data):
			r.t.Errorf("%q differs: %d bytes, want %d", path, len(text), len(f.Data))
		}
	}
}

func blobsSeeded(t *testing.T, h Harness) {
	r := h.openFiles(t, contents())
	r.wantBytes(r.head(""), contents())
}

func blobsCommitted(t *testing.T, h Harness) {
	r := h.open(t, nil)
	var changes []driver.Change
	for path, f := range contents() {
		changes = append(changes, driver.Change{Op: driver.Put, Path: path, Data: f.Data})
	}
	changes = append(changes, driver.Change{Op: driver.Put, Path: "nil", Data: nil})
	head := r.commit(changes...)
	files := contents()
	files["nil"] = File{}
	r.wantBytes(head, files)
}

func blobsLarge(t *testing.T, h Harness) {
	data := make([]byte, 5<<20)
	for i := range data { // not compressible by accident, and not valid UTF-8
		data[i] = byte(i*7 + i>>8*13)
	}
	files := seed(nil)
	files["seeded.bin"] = File{Data: data}
	r := h.openFiles(t, files)
	head := r.commit(driver.Change{Op: driver.Put, Path: "committed.bin", Data: data[1:]})
	files["committed.bin"] = File{Data: data[1:]}
	r.wantBytes(head, files)
}

// blobsOrder asks for more than any host answers at once, backwards, some twice.
func blobsOrder(t *testing.T, h Harness) {
	files := map[string]string{}
	for i := range 150 {
		files[fmt.Sprintf("f%03d", i)] = fmt.Sprint("text ", i%50)
	}
	r := h.open(t, files)
	head := r.head("")
	var refs []driver.BlobRef
	for _, e := range r.tree(head) {
		ref := driver.BlobRef{ID: e.ID, Path: e.Path, Commit: head}
		refs = append([]driver.BlobRef{ref}, refs...)
	}
	refs = append(refs, refs[:10]...)
	blobs, err := r.Blobs(t.Context(), refs)
	r.ok(err, "Blobs")
	if len(blobs) != len(refs) {
		t.Fatalf("%d blobs, want %d", len(blobs), len(refs))
	}
	for i, ref := range refs {
		if want := files[ref.Path]; ref.Path != "README.md" && string(blobs[i]) != want {
			t.Errorf("%q reads %q, want %q", ref.Path, blobs[i], want)
		}
	}
}

func blobsNone(t *testing.T, h Harness) {
	r := h.open(t, nil)
	blobs, err := r.Blobs(t.Context(), nil)
	r.ok(err, "Blobs")
	if len(blobs) != 0 {
		t.Errorf("%d blobs, want none", len(blobs))
	}
}

func blobsMissing(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	head := r.head("")
	a := r.entry(head, "a.md")
	unknown := strings.Map(func(c rune) rune { // as an id looks, but nothing's
		if c == '0' {
			return '1'
		}
		return '0'
	}, a.ID)
	blobs, err := r.Blobs(t.Context(), []driver.BlobRef{
		{ID: a.ID, Path: "a.md", Commit: head},
		{ID: unknown, Path: "no such/file #1.md", Commit: head},
	})
	if e := wantKind(t, err, cmserr.NotFound); e.Path != "no such/file #1.md" {
		t.Errorf("the error names %q", e.Path)
	}
	if blobs != nil {
		t.Error("content came along with the error")
	}
}
