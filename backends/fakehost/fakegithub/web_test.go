package fakegithub

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakelfs"
)

// withWeb serves what isn't the API's too, and returns a site whose url is
// there.
func withWeb(t *testing.T, files map[string]string) (api, web *site) {
	t.Helper()
	api = newSite(t, files)
	server := New(api.host, Options{})
	listener := httptest.NewServer(server.Web())
	t.Cleanup(listener.Close)
	server.options.Web = listener.URL
	second := httptest.NewServer(server)
	t.Cleanup(second.Close)
	api.url = second.URL
	return api, &site{t, api.host, api.repo, listener.URL}
}

const batchPath = "/owner/repo.git/info/lfs/objects/batch"

type batch struct {
	Objects []struct {
		OID     string
		Actions map[string]struct{ Href string }
	}
}

func (s *site) batch(login, operation, oid string, size int) (int, batch) {
	s.t.Helper()
	r := s.sends(login, "POST", batchPath, fmt.Sprintf(`{"operation":%q,"objects":[{"oid":%q,"size":%d}]}`, operation, oid, size),
		"Accept", fakelfs.MIME)
	if r.status != 200 {
		return r.status, batch{}
	}
	return r.status, decode[batch](s.t, r.body)
}

func TestLFS_UploadAndDownload(t *testing.T) {
	t.Parallel()
	_, web := withWeb(t, map[string]string{"a": "a"})
	const content = "a large file"
	sum := sha256.Sum256([]byte(content))
	oid := hex.EncodeToString(sum[:])
	at := func(href string) string { return strings.TrimPrefix(href, web.url) }
	_, b := web.batch("owner", "upload", oid, len(content))
	if r := web.sends("", "PUT", at(b.Objects[0].Actions["upload"].Href), content); r.status != 200 {
		t.Errorf("the upload: %d %s", r.status, r.body)
	}
	_, b = web.batch("", "download", oid, len(content))
	if r := web.sends("", "GET", at(b.Objects[0].Actions["download"].Href), ""); r.body != content {
		t.Errorf("the download: %d %q", r.status, r.body)
	}
}

func TestLFS_Refused(t *testing.T) {
	t.Parallel()
	api, web := withWeb(t, map[string]string{"a": "a"})
	for login, want := range map[string]int{"reader": 403, "nobody": 401, "": 401} {
		if status, _ := web.batch(login, "upload", strings.Repeat("0", 64), 1); status != want {
			t.Errorf("%q may upload: %d, not %d", login, status, want)
		}
	}
	api.repo.Edit(func(i *fakehost.Info) { i.Private = true })
	if status, _ := web.batch("reader", "download", strings.Repeat("0", 64), 1); status != 404 {
		t.Errorf("a private repository: %d", status)
	}
	if r := web.sends("owner", "POST", batchPath, `{"operation":"other"}`, "Accept", fakelfs.MIME); r.status != 422 {
		t.Errorf("an unknown operation: %d", r.status)
	}
}

func TestLFS_CORS(t *testing.T) {
	t.Parallel()
	api, web := withWeb(t, map[string]string{"a": "a"})
	allowed := func() string {
		return web.sends("", "OPTIONS", batchPath, "").header.Get("Access-Control-Allow-Origin")
	}
	if got := allowed(); got != "" {
		t.Errorf("browsers may call it: %q", got)
	}
	api.host.Set(func(o *fakehost.Settings) { o.LFSUsable = true })
	if got := allowed(); got != "*" {
		t.Errorf("browsers may not call it: %q", got)
	}
}

func TestContents_DownloadURL(t *testing.T) {
	t.Parallel()
	const pointer = pointerHead + "oid sha256:%s\nsize 5\n"
	sum := sha256.Sum256([]byte("large"))
	oid := hex.EncodeToString(sum[:])
	api, web := withWeb(t, map[string]string{"d/k#?% ü.md": "text", "pointer.bin": fmt.Sprintf(pointer, oid)})
	api.repo.PutLFS([]byte("large"))
	api.change("cms/x", "new", "draft")
	download := func(path string) reply {
		t.Helper()
		href := api.asks("owner", "GET", "/repos/owner/repo/contents/"+path, "").field(t, "download_url")
		return web.sends("", "GET", strings.TrimPrefix(href, web.url), "")
	}
	for path, want := range map[string]string{"d/k%23%3F%25%20%C3%BC.md": "text", "pointer.bin": "large", "new?ref=cms%2Fx": "draft"} {
		if r := download(path); r.body != want || r.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %q, not %q", path, r.status, r.body, want)
		}
	}
	api.repo.Edit(func(i *fakehost.Info) { i.Private = true })
	if r := download("pointer.bin"); r.body != "large" {
		t.Errorf("signed: %d %q", r.status, r.body)
	}
	if r := web.sends("", "GET", "/_raw/owner/repo/main/pointer.bin", ""); r.status != 404 {
		t.Errorf("unsigned: %d", r.status)
	}
}
