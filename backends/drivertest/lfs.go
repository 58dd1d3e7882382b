package drivertest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func lfsCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Stored":  lfsStored,
		"Missing": lfsMissing,
	})
}

func largeFile(path string, data []byte) driver.LFSFile {
	sum := sha256.Sum256(data)
	return driver.LFSFile{
		LFSPointer: driver.LFSPointer{OID: hex.EncodeToString(sum[:]), Size: int64(len(data))}, Path: path, Data: data,
	}
}

// point commits the pointers to files, and returns where each lies then.
func (r *repo) point(files ...driver.LFSFile) []driver.BlobRef {
	r.t.Helper()
	var changes []driver.Change
	for _, f := range files {
		changes = append(changes, put(f.Path, fmt.Sprintf(
			"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", f.OID, f.Size)))
	}
	head := r.commit(changes...)
	var refs []driver.BlobRef
	for _, f := range files {
		refs = append(refs, driver.BlobRef{ID: r.entry(head, f.Path).ID, Path: f.Path, Commit: head})
	}
	return refs
}

// lfsStored: what was stored is read again, byte by byte.
func lfsStored(t *testing.T, h Harness) {
	r := h.open(t, nil)
	store := r.Driver.(driver.LFSStore)
	files := []driver.LFSFile{
		largeFile("media/a b#1.png", []byte("\x89PNG\r\n\x00\xff")), largeFile("big.bin", bytes.Repeat([]byte{1, 2, 3}, 1<<19)),
	}
	err := store.UploadLFS(t.Context(), files)
	if cmserr.Is(err, cmserr.Unsupported) {
		if cmserr.From(err).Msg == "" {
			t.Error("nobody hears why the store can't be written")
		}
		t.Skip("large files can't be stored from here")
	}
	r.ok(err, "UploadLFS")
	r.ok(store.UploadLFS(t.Context(), files[:1]), "UploadLFS of what is there")
	for i, ref := range r.point(files...) {
		data, err := store.DownloadLFS(t.Context(), files[i].LFSPointer, ref)
		r.ok(err, "DownloadLFS")
		if !bytes.Equal(data, files[i].Data) {
			t.Errorf("%q reads %d bytes, want %d", ref.Path, len(data), len(files[i].Data))
		}
	}
}

// lfsMissing: a file that can't be had is an error, and never something else.
func lfsMissing(t *testing.T, h Harness) {
	r := h.open(t, nil)
	never := largeFile("lost.png", []byte("never stored"))
	data, err := r.Driver.(driver.LFSStore).DownloadLFS(t.Context(), never.LFSPointer, r.point(never)[0])
	if err == nil || data != nil {
		t.Errorf("got %q, %v", data, err)
	}
}
