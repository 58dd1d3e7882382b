package drivertest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
)

func lfsCases(t *testing.T, h Harness) {
	cases := map[string]func(*testing.T, Harness){"Missing": lfsMissing}
	if h.open(t, nil).storesLFS() {
		cases["Stored"], cases["NotWhatItSays"] = lfsStored, lfsNotWhatItSays
	} else {
		cases["ByHost"] = lfsByHost
	}
	if h.Open(t, seed(nil)).BreakLFS != nil {
		cases["NotStored"], cases["Damaged"] = lfsNotStored, lfsDamaged
	}
	each(t, h, cases)
}

// storesLFS says whether large files go into a store, in which some can't be.
func (r *repo) storesLFS() bool {
	r.t.Helper()
	chooser, ok := r.Driver.(driver.LFSChooser)
	if !ok {
		_, ok = r.Driver.(driver.LFSStore)
		return ok
	}
	stores, err := chooser.StoresLFS(r.t.Context(), r.head(""))
	if cmserr.Is(err, cmserr.Unsupported) {
		return true
	}
	r.ok(err, "StoresLFS")
	return stores
}

func largeFile(path string, data []byte) driver.LFSFile {
	sum := sha256.Sum256(data)
	return driver.LFSFile{
		LFSPointer: driver.LFSPointer{OID: hex.EncodeToString(sum[:]), Size: int64(len(data))}, Path: path, Content: content.Bytes(data),
	}
}

// pointerText is what Git holds instead of a large file.
// https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
func pointerText(p driver.LFSPointer) string {
	return fmt.Sprintf("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", p.OID, p.Size)
}

// point commits the pointers to files, and returns where each lies then.
func (r *repo) point(files ...driver.LFSFile) []driver.BlobRef {
	r.t.Helper()
	var changes []driver.Change
	for _, f := range files {
		changes = append(changes, put(f.Path, pointerText(f.LFSPointer)))
	}
	head := r.commit(changes...)
	var refs []driver.BlobRef
	for _, f := range files {
		refs = append(refs, driver.BlobRef{ID: r.entry(head, f.Path).ID, Path: f.Path, Commit: head})
	}
	return refs
}

// wantLarge asserts that a file is read byte by byte where a pointer to it is.
func (r *repo) wantLarge(file driver.LFSFile, at driver.BlobRef) {
	r.t.Helper()
	got, err := r.Driver.(driver.LFSReader).DownloadLFS(r.t.Context(), file.LFSPointer, at)
	r.ok(err, "DownloadLFS")
	data, err := got.Bytes(r.t.Context())
	r.ok(err, "reading what DownloadLFS gave")
	if want := file.Content.(content.Bytes); !bytes.Equal(data, want) {
		r.t.Errorf("%q reads %d bytes, want %d", at.Path, len(data), len(want))
	}
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
		r.wantLarge(files[i], ref)
	}
}

// lfsByHost: a host that writes pointers itself does so where .gitattributes says, in
// every commit, and reads the files again, byte by byte.
func lfsByHost(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{".gitattributes": "*.png filter=lfs diff=lfs merge=lfs -text\n"})
	file := largeFile("media/a b#1.png", []byte("\x89PNG\r\n\x00\xff"))
	large := driver.Change{Op: driver.Put, Path: file.Path, Data: file.Content.(content.Bytes)}
	for _, head := range []string{r.commit(large, put("a.md", "a")), r.branchOff("cms/a", put("b.md", "b"), large)} {
		files := r.read(head)
		if want := pointerText(file.LFSPointer); files[file.Path] != want {
			t.Fatalf("Git holds %q, want %q", files[file.Path], want)
		}
		ref := driver.BlobRef{ID: r.entry(head, file.Path).ID, Path: file.Path, Commit: head}
		r.wantLarge(file, ref)
	}
}

// lfsMissing: a file that can't be had is an error, and never something else.
func lfsMissing(t *testing.T, h Harness) {
	r := h.open(t, nil)
	never := largeFile("lost.png", []byte("never stored"))
	data, err := r.Driver.(driver.LFSReader).DownloadLFS(t.Context(), never.LFSPointer, r.point(never)[0])
	if err == nil || data != nil {
		t.Errorf("got %q, %v", data, err)
	}
}

// lfsNotWhatItSays: a file whose content is not what its pointer stands for is not stored.
func lfsNotWhatItSays(t *testing.T, h Harness) {
	r := h.open(t, nil)
	file := largeFile("a.png", []byte("what the pointer says"))
	file.Content = content.Bytes("something else")
	if err := r.Driver.(driver.LFSStore).UploadLFS(t.Context(), []driver.LFSFile{file}); err == nil {
		t.Error("it was stored")
	}
}

// lfsNotStored: a file that could not be stored is an error that names it, and no pointer
// to it is committed; once the store works, it can be saved.
func lfsNotStored(t *testing.T, h Harness) {
	for name, how := range map[string]LFSFailure{"Refused": LFSRefuses, "Lost": LFSLoses} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := h.open(t, map[string]string{".gitattributes": "*.png filter=lfs diff=lfs merge=lfs -text\n"})
			site := backends.NewRepository(r.Driver, backends.Config{Branch: r.branch}, backends.Env{})
			file := largeFile("media/a b#1.png", []byte("\x89PNG\r\n\x00\xff"))
			save := func() error {
				_, err := site.PersistMedia(t.Context(), cms.Asset{Path: file.Path, Content: file.Content}, "Upload")
				return err
			}
			before := r.head("")
			r.opened.BreakLFS(how)
			if err := save(); err == nil || cmserr.From(err).Path != file.Path || cmserr.From(err).Msg == "" {
				t.Errorf("the error is %+v", cmserr.From(err))
			}
			if r.head("") != before {
				t.Fatal("something was committed")
			}
			r.opened.BreakLFS(LFSWorks)
			r.ok(save(), "saving once the store works")
			head := r.head("")
			if got := r.read(head)[file.Path]; got != pointerText(file.LFSPointer) {
				t.Errorf("Git holds %q", got)
			}
			r.wantLarge(file, driver.BlobRef{ID: r.entry(head, file.Path).ID, Path: file.Path, Commit: head})
		})
	}
}

// lfsDamaged: what does not have the pointer's hash is no file.
func lfsDamaged(t *testing.T, h Harness) {
	r := h.open(t, nil)
	file := largeFile("a.png", []byte("a large file"))
	r.ok(r.Driver.(driver.LFSStore).UploadLFS(t.Context(), []driver.LFSFile{file}), "UploadLFS")
	ref := r.point(file)[0]
	r.opened.BreakLFS(LFSDamages)
	data, err := r.Driver.(driver.LFSReader).DownloadLFS(t.Context(), file.LFSPointer, ref)
	if err == nil || data != nil || cmserr.From(err).Path != file.Path {
		t.Errorf("got %v, %+v", data, cmserr.From(err))
	}
}
