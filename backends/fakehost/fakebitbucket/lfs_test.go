package fakebitbucket

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakelfs"
)

const batchPath = "/owner/repo/info/lfs/objects/batch"

// batch asks for links for one object.
func (s *site) batch(login, operation, content string) reply {
	s.t.Helper()
	sum := sha256.Sum256([]byte(content))
	body := quoted(map[string]any{"operation": operation, "transfers": []string{"basic"},
		"objects": []any{map[string]any{"oid": hex.EncodeToString(sum[:]), "size": len(content)}}})
	return s.asks(login, "POST", batchPath, body, "Accept", fakelfs.MIME, "Content-Type", fakelfs.MIME)
}

func TestLFS_UploadsVerifiesAndDownloads(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	const content = "a large file"
	r := s.batch("dev", "upload", content)
	if r.status != 200 || r.field(t, "transfer") != nil {
		t.Fatalf("%d %s", r.status, r.body)
	}
	put := strings.TrimPrefix(r.text(t, "objects.0.actions.upload.href"), s.url)
	verify := strings.TrimPrefix(r.text(t, "objects.0.actions.verify.href"), s.url)
	if r.field(t, "objects.0.actions.verify.header") != nil {
		t.Errorf("a verification has headers of its own: %s", r.body)
	}
	oid := r.text(t, "objects.0.oid")
	check := quoted(map[string]any{"oid": oid, "size": len(content)})
	if early := s.asks("dev", "POST", verify, check, "Content-Type", fakelfs.MIME); early.status != 404 {
		t.Errorf("before it was uploaded it is verified with %d %s", early.status, early.body)
	}
	if refused := s.asks("dev", "PUT", put, content); refused.status != 401 {
		t.Errorf("with the user's own credential the store answers %d", refused.status)
	}
	header := r.field(t, "objects.0.actions.upload.header").(map[string]any)
	if done := s.asks("", "PUT", put, content, "X-Client-ID", header["X-Client-ID"].(string), "Authorization", header["Authorization"].(string)); done.status != 200 {
		t.Fatalf("the upload is answered with %d %s", done.status, done.body)
	}
	if done := s.asks("", "POST", verify, check, "Content-Type", fakelfs.MIME); done.status != 401 {
		t.Errorf("nobody's verification is answered with %d", done.status)
	}
	if done := s.asks("dev", "POST", verify, check, "Content-Type", fakelfs.MIME); done.status != 200 || done.body != "null" {
		t.Errorf("it is verified with %d %s", done.status, done.body)
	}
	if again := s.batch("dev", "upload", content); again.field(t, "objects.0.actions") != nil {
		t.Errorf("what is there can be uploaded again: %s", again.body)
	}
	get := strings.TrimPrefix(s.batch("reader", "download", content).text(t, "objects.0.actions.download.href"), s.url)
	if got := s.asks("", "GET", get, ""); got.body != content {
		t.Errorf("%d %q is downloaded", got.status, got.body)
	}
}

func TestLFS_Refused(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a.md": "a"})
	for login, status := range map[string]int{"reader": 403, "": 401, "nobody": 401} {
		if r := s.batch(login, "upload", "x"); r.status != status {
			t.Errorf("%s is answered with %d %s", login, r.status, r.body)
		}
	}
	s.host.Set(func(o *fakehost.Settings) { o.LFS.ObjectError = 422 })
	if r := s.batch("dev", "upload", "x"); r.field(t, "objects.0.error.code") != 422.0 {
		t.Errorf("%s", r.body)
	}
	if r := s.asks("dev", "POST", "/owner/repo.git/info/lfs/locks/verify", "{}"); r.status != 404 || !strings.HasPrefix(r.body, "<h1>Not Found") {
		t.Errorf("locks are answered with %d %s", r.status, r.body)
	}
	s.repo.Edit(func(i *fakehost.Info) { i.NoLFS = true })
	if r := s.batch("dev", "upload", "x"); r.status != 404 {
		t.Errorf("switched off it answers %d", r.status)
	}
	s.repo.Edit(func(i *fakehost.Info) { i.Private = true })
	s.repo.SetPermission("reader", fakehost.None)
	if r := s.batch("reader", "download", "x"); r.status != 404 {
		t.Errorf("of a hidden repository it answers %d", r.status)
	}
}
