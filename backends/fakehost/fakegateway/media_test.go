package fakegateway_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegateway"
	"mooring/backends/fakehost/fakelfs"
)

const media = "/.netlify/large-media"

// ref is the body that names an object.
func ref(content string) (oid, body string) {
	sum := sha256.Sum256([]byte(content))
	oid = hex.EncodeToString(sum[:])
	return oid, fmt.Sprintf(`{"oid":%q,"size":%d}`, oid, len(content))
}

type batch struct {
	Transfer string
	Objects  []struct {
		OID           string
		Size          int
		Authenticated bool
		Actions       map[string]struct {
			Href      string
			Header    map[string]string
			ExpiresIn int `json:"expires_in"`
		}
		Error *struct {
			Code    int
			Message string
		}
	}
}

func (s *site) batch(operation, object string) batch {
	s.t.Helper()
	a := s.ann("POST", media+"/objects/batch", `{"operation":"`+operation+`","transfers":["basic"],"objects":[`+object+`]}`,
		"Accept", fakelfs.MIME).wants(s.t, 200, `"transfer":"basic"`)
	if mime := a.header.Get("Content-Type"); mime != fakelfs.MIME {
		s.t.Errorf("the batch is %s", mime)
	}
	out := decode[batch](s.t, a.body)
	if len(out.Objects) != 1 {
		s.t.Fatalf("the batch is %s", a.body)
	}
	return out
}

func TestMedia_UploadsAndVerifies(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github", func(o *fakegateway.Options) { o.Store = "https://store.example" })
	oid, body := ref("picture")
	s.ann("POST", media+"/verify", body).wants(t, 404, `{"code":404,"msg":"object `).wants(t, 404, oid+` not found"`)
	o := s.batch("upload", body).Objects[0]
	upload := o.Actions["upload"]
	if o.OID != oid || o.Size != 7 || !o.Authenticated || upload.ExpiresIn == 0 || !strings.HasPrefix(upload.Href, "https://store.example/_lfs/") {
		t.Errorf("the batch says %+v", o)
	}
	// The store wants no token.
	if a := s.asks("", "PUT", s.inStore(upload.Href), "picture", "Origin", "https://cms.example"); a.status != 200 || a.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("the upload is answered with %d: %s", a.status, a.body)
	}
	if a := s.ann("POST", media+"/verify", body); a.status != 200 || a.body != "null" || a.header.Get("Content-Type") != fakelfs.MIME {
		t.Errorf("verified as %d: %s", a.status, a.body)
	}
	verify := o.Actions["verify"]
	s.asks("", "POST", s.inStore(verify.Href), body, "Authorization", verify.Header["Authorization"], "Content-Type", fakelfs.MIME).wants(t, 200, "{}")
	if again := s.batch("upload", body).Objects[0]; len(again.Actions) > 0 || again.Error != nil {
		t.Errorf("what is there is asked for again: %+v", again)
	}
	if got := s.ann("GET", media+"/origin/"+oid, ""); got.status != 200 || got.body != "picture" {
		t.Errorf("it comes back as %d: %s", got.status, got.body)
	}
	down := s.batch("download", body).Objects[0].Actions["download"]
	s.asks("", "GET", s.inStore(down.Href), "").wants(t, 200, "picture")
	if content, ok := s.repo.LFS(oid); !ok || string(content) != "picture" {
		t.Error("the repository's objects lack it")
	}
}

// inStore is a link to the store as a path, since the store is at no origin that
// can be reached.
func (s *site) inStore(href string) string {
	s.t.Helper()
	path, ok := strings.CutPrefix(href, "https://store.example")
	if !ok {
		s.t.Errorf("%s is not in the store", href)
	}
	return path
}

func TestMedia_FailedUploads(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	_, body := ref("picture")
	href := s.batch("upload", body).Objects[0].Actions["upload"].Href
	s.asks("", "PUT", href+"0", "picture").wants(t, 403, "signature")
	s.Host().Set(func(o *fakehost.Settings) { o.LFS.Refuse = 503 })
	s.asks("", "PUT", href, "picture").wants(t, 503, "")
	s.Host().Set(func(o *fakehost.Settings) { o.LFS = fakehost.LFSTrouble{Lose: true} })
	s.asks("", "PUT", href, "picture").wants(t, 200, "")
	s.ann("POST", media+"/verify", body).wants(t, 404, "not found")
	s.Host().Set(func(o *fakehost.Settings) { o.LFS = fakehost.LFSTrouble{Truncate: true} })
	s.asks("", "PUT", href, "picture").wants(t, 200, "")
	oid, _ := ref("picture")
	if a := s.ann("GET", media+"/origin/"+oid, ""); a.body != "pic" {
		t.Errorf("half of it is %s", a.body)
	}
	for _, size := range []string{"6", "8"} {
		s.ann("POST", media+"/verify", `{"oid":"`+oid+`","size":`+size+`}`).wants(t, 404, "not found")
	}
	if missing := s.batch("download", `{"oid":"0","size":1}`).Objects[0]; missing.Error == nil || missing.Error.Code != 404 {
		t.Errorf("an object that isn't there is at %+v", missing)
	}
}

func TestMedia_AsksForAJWT(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	oid, body := ref("picture")
	for path, method := range map[string]string{"/verify": "POST", "/objects/batch": "POST", "/origin/" + oid: "GET"} {
		s.asks("", method, media+path, body).wants(t, 401, `{"code":401,"msg":"This endpoint requires a Bearer token"}`)
	}
	s.ann("POST", media+"/verify", `?`).wants(t, 400, `"code":400`)
	s.ann("GET", media+"/origin/"+oid, "").wants(t, 404, `"msg":"object `)
	s.ann("GET", media+"/else", "").wants(t, 404, "404 page not found")
	s.Set(func(o *fakegateway.Settings) { o.NoLargeMedia = true })
	s.ann("POST", media+"/verify", body).wants(t, 404, "Not Found")
	other := newSite(t, "github", func(o *fakegateway.Options) { o.Repo = "owner/none" })
	other.ann("POST", media+"/verify", body).wants(t, 404, "Not Found")
	other.ann("GET", "/.netlify/git/github/branches/main", "").wants(t, 404, `"message":"Not Found"`)
}

// pngOf is a picture.
func pngOf(t *testing.T, width, height int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestMedia_Transforms(t *testing.T) {
	t.Parallel()
	s := newSite(t, "github")
	oid := s.repo.PutLFS(pngOf(t, 800, 400))
	for query, want := range map[string]image.Point{
		"nf_resize=fit&w=560&h=320":       image.Pt(560, 280),
		"nf_resize=fit&w=560&h=100":       image.Pt(200, 100),
		"nf_resize=fit&w=5600&h=3200":     image.Pt(800, 400),
		"nf_resize=fit&h=200":             image.Pt(400, 200),
		"nf_resize=smartcrop&w=100&h=100": image.Pt(100, 100),
		"nf_resize=smartcrop&w=900&h=10":  image.Pt(800, 10),
	} {
		a := s.ann("GET", media+"/origin/"+oid+"?"+query, "").wants(t, 200, "PNG")
		got, err := png.DecodeConfig(strings.NewReader(a.body))
		if err != nil || image.Pt(got.Width, got.Height) != want || a.header.Get("Content-Type") != "image/png" {
			t.Errorf("%s: %d×%d, %v; not %v", query, got.Width, got.Height, err, want)
		}
	}
	for _, query := range []string{"nf_resize=smartcrop&w=100", "nf_resize=turn&w=1&h=1"} {
		s.ann("GET", media+"/origin/"+oid+"?"+query, "").wants(t, 400, `"code":400`)
	}
	text := s.repo.PutLFS([]byte("no image"))
	s.ann("GET", media+"/origin/"+text+"?nf_resize=fit&w=1&h=1", "").wants(t, 200, "no image")
}
