package backends_test

import (
	"context"
	"testing"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/testrepo/forge"
)

// choosing is a host whose store is for some repositories only, and which shrinks images.
type choosing struct {
	*forge.View
	stores bool
	err    error
	small  error // why there is no thumbnail
}

func (c choosing) StoresLFS(context.Context, string) (bool, error) { return c.stores, c.err }

func (c choosing) Thumbnail(_ context.Context, p driver.LFSPointer, at driver.BlobRef) (content.Content, error) {
	return content.Bytes("small " + at.Path), c.small
}

func newImage() cms.Asset { return cms.Asset{Path: "media/new.png", Content: content.Bytes("new")} }

func TestLFS_TheHostChooses(t *testing.T) {
	t.Parallel()
	h := openShared(t, largeSite())
	s := h.open(choosing{View: h.As("owner", true), stores: true})
	_, err := s.PersistMedia(t.Context(), newImage(), "")
	s.must(err)
	s.wantFile("main", "media/new.png", pointer("new"))

	h = openShared(t, largeSite())
	s = h.open(choosing{View: h.As("owner", true)})
	_, err = s.PersistMedia(t.Context(), newImage(), "")
	s.must(err)
	s.wantFile("main", "media/new.png", "new") // of which the host would have made a pointer

	why := cmserr.New(cmserr.Unsupported, "There is no store.")
	s = h.open(choosing{View: h.As("owner", true), err: why})
	_, err = s.PersistMedia(t.Context(), cms.Asset{Path: "media/more.png", Content: content.Bytes("more")}, "")
	if e := s.wantKind(err, cmserr.Unsupported); e.Path != "media/more.png" || e.Msg != why.Msg {
		t.Errorf("error is %+v", e)
	}
	_, err = s.MediaFile(t.Context(), "media/more.png")
	s.wantKind(err, cmserr.NotFound)
}

func TestThumbnail_OfALargeFile(t *testing.T) {
	t.Parallel()
	h := openShared(t, largeSite())
	h.keep("old")
	s := h.open(choosing{View: h.As("owner", true)})
	for path, want := range map[string]string{"media/old.png": "small media/old.png", "media/plain.txt": "plain"} {
		f, err := s.Thumbnail(t.Context(), path)
		s.must(err)
		if held(f) != want || f.Path != path {
			t.Errorf("%s shows %q as %+v", path, held(f), f)
		}
	}
	f, err := s.MediaFile(t.Context(), "media/old.png")
	s.must(err)
	if held(f) != "old" {
		t.Errorf("the file holds %q", held(f))
	}
	_, err = s.Thumbnail(t.Context(), "media/none.png")
	s.wantKind(err, cmserr.NotFound)
	_, err = s.Thumbnail(t.Context(), "../secret")
	s.wantKind(err, cmserr.Invalid)
	s = h.open(choosing{View: h.As("owner", true), small: cmserr.New(cmserr.Network, "down")})
	_, err = s.Thumbnail(t.Context(), "media/old.png")
	s.wantKind(err, cmserr.Network)
}

func TestThumbnail_WhereNothingShrinks(t *testing.T) {
	t.Parallel()
	h := openShared(t, largeSite())
	h.keep("old")
	m := h.maintainer()
	f, err := m.Thumbnail(t.Context(), "media/old.png")
	m.must(err)
	if held(f) != "old" {
		t.Errorf("the file shows %q", held(f))
	}
}

// previewed is a host that knows of a deploy besides.
type previewed struct {
	checked
	deploy driver.StatusCheck
	gone   error
}

func (p previewed) Preview(context.Context, string) (driver.StatusCheck, error) {
	return p.deploy, p.gone
}

func TestDeployPreview_SecondChoice(t *testing.T) {
	t.Parallel()
	deploy := driver.StatusCheck{Context: "deploy/netlify", State: "pending", URL: "https://deploy"}
	status := []driver.StatusCheck{{Context: "deploy/other", State: "success", URL: "https://status"}}
	for name, c := range map[string]struct {
		checks []driver.StatusCheck
		gone   error
		want   *cms.Preview
		kind   cmserr.Kind
	}{
		"a status":    {checks: status, want: &cms.Preview{URL: "https://status", Status: "success"}},
		"no status":   {want: &cms.Preview{URL: "https://deploy", Status: "other"}},
		"neither":     {gone: cmserr.New(cmserr.NotFound, "none")},
		"not public":  {gone: cmserr.New(cmserr.Forbidden, "private")},
		"interrupted": {gone: context.Canceled, kind: cmserr.Canceled},
	} {
		s := openWith(t, setup{files: posts, wrap: func(s *spy) driver.Driver {
			return previewed{checked{s, c.checks, nil}, deploy, c.gone}
		}})
		s.must(s.draft("posts/hello.md", "hi"))
		got, err := s.DeployPreview(t.Context(), helloKey)
		if cmserr.KindOf(err) != c.kind || (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%s: preview is %v, %v; want %v", name, got, err, c.want)
		}
	}
}
