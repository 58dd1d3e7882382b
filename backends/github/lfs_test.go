package github_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
)

func pointerTo(data string) (driver.LFSPointer, string) {
	sum := sha256.Sum256([]byte(data))
	p := driver.LFSPointer{OID: hex.EncodeToString(sum[:]), Size: int64(len(data))}
	return p, fmt.Sprintf("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", p.OID, p.Size)
}

func TestLFS_UploadThenDownload(t *testing.T) {
	t.Parallel()
	const data = "a large picture \x00\xff"
	p, text := pointerTo(data)
	s := serve(t, files("img/a b#.png", text))
	s.Host.Set(func(o *fakehost.Settings) { o.LFSUsable = true })
	r := s.signedIn("ghp_octo")
	at := driver.BlobRef{Path: "img/a b#.png", Commit: s.Head("main")}
	if _, err := r.DownloadLFS(t.Context(), p, at); err == nil {
		t.Error("a file that was never stored came from somewhere")
	}
	if err := r.UploadLFS(t.Context(), []driver.LFSFile{{LFSPointer: p, Path: at.Path, Content: content.Bytes(data)}}); err != nil {
		t.Fatal(err)
	}
	if held, ok := s.Repo.LFS(p.OID); !ok || string(held) != data {
		t.Fatal("nothing was stored")
	}
	got, err := r.DownloadLFS(t.Context(), p, at)
	if err != nil || string(got.(content.Bytes)) != data {
		t.Errorf("%q, %v", got, err)
	}
	// What is there is not uploaded again.
	if err := r.UploadLFS(t.Context(), []driver.LFSFile{{LFSPointer: p, Path: at.Path, Content: content.Bytes(data)}}); err != nil {
		t.Error(err)
	}
}

// TestDownloadLFS_Damaged: what does not have the pointer's hash is no file.
func TestDownloadLFS_Damaged(t *testing.T) {
	t.Parallel()
	p, text := pointerTo("the file")
	s := serve(t, files("a.png", text))
	s.Repo.PutLFS([]byte("another"))
	_, err := s.signedIn("ghp_octo").DownloadLFS(t.Context(), p, driver.BlobRef{Path: "a.png", Commit: s.Head("main")})
	if err == nil || cmserr.From(err).Path != "a.png" {
		t.Error(err)
	}
}

func TestUploadLFS_OutOfReach(t *testing.T) {
	t.Parallel()
	p, _ := pointerTo("x")
	s := serve(t, files())
	s.Host.Fault(fakehost.Rule{Path: "*/info/lfs/*", Effect: fakehost.Effect{CutBefore: true}}) // as CORS does to a page
	err := s.signedIn("ghp_octo").UploadLFS(t.Context(), []driver.LFSFile{{LFSPointer: p, Path: "a.png", Content: content.Bytes("x")}})
	e := cmserr.From(err)
	if e.Kind != cmserr.Unsupported || e.Path != "a.png" || !strings.Contains(e.Msg, "CORS") || strings.Contains(e.Msg, "ghp_") {
		t.Errorf("%+v", e)
	}
}
