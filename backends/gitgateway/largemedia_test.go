package gitgateway_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegateway"
	"mooring/backends/rest"
)

// mediaSite keeps pictures in Netlify's Large Media.
func mediaSite(t *testing.T, provider string, change ...func(map[string]drivertest.File)) *site {
	t.Helper()
	files := map[string]drivertest.File{
		"posts/a.md":     {Data: []byte("a")},
		".gitattributes": {Data: []byte("media/** filter=lfs diff=lfs merge=lfs -text\n")},
		".lfsconfig":     {Data: []byte("[lfs]\n\turl = https://0ac8.netlify.app/.netlify/large-media\n")},
	}
	for _, c := range change {
		c(files)
	}
	s := serve(t, provider, files)
	s.gateway.Set(func(o *fakegateway.Settings) { o.Edge = true })
	// GitLab refuses pointers to files that it has not, unless its own Git LFS is off.
	s.Repo.Edit(func(i *fakehost.Info) { _, i.NoLFS = files[".lfsconfig"] })
	return s
}

// cms opens the site as a CMS does.
func (s *site) cms() *backends.Backend {
	s.T.Helper()
	cfg := s.config()
	cfg.LargeMediaURL, cfg.ShrinkImages = s.url+fakegateway.MediaPrefix, true
	d := s.open(s.session(time.Hour), cfg)
	host := backends.Git("git-gateway", func(backends.Config, backends.Env) (driver.Driver, error) { return d, nil })
	b, err := backends.New(host).Open("git-gateway", backends.Config{Branch: "main", MediaFolder: "media"}, backends.Env{})
	if err != nil {
		s.T.Fatal(err)
	}
	return b
}

// picture is an image that is larger than a card of the media library.
var picture = func() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1120, 700))); err != nil {
		panic(err)
	}
	return b.Bytes()
}()

const picturePath = "media/a b#1.png"

func (s *site) upload(b *backends.Backend) error {
	_, err := b.PersistMedia(s.T.Context(), cms.Asset{Path: picturePath, Content: content.Bytes(picture)}, "")
	return err
}

// pointerTo is how a pointer ends.
func pointerTo(data []byte) string {
	return fmt.Sprintf("oid sha256:%x\nsize %d\n", sha256.Sum256(data), len(data))
}

func TestLargeMedia_KeepsPointersInGit(t *testing.T) {
	t.Parallel()
	for provider := range providers {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			s := mediaSite(t, provider)
			b := s.cms()
			if err := s.upload(b); err != nil {
				t.Fatal(err)
			}
			if got := s.Text("main", picturePath); !strings.HasSuffix(got, pointerTo(picture)) {
				t.Errorf("Git holds %.80q", got)
			}
			if stored, ok := s.Repo.LFS(fmt.Sprintf("%x", sha256.Sum256(picture))); !ok || !bytes.Equal(stored, picture) {
				t.Error("the store has not the picture")
			}
			f, err := b.MediaFile(t.Context(), picturePath)
			if err != nil || !bytes.Equal(held(t, f), picture) {
				t.Errorf("the file is read with %d bytes, %v", f.Size, err)
			}
		})
	}
}

func held(t *testing.T, f cms.MediaFile) []byte {
	t.Helper()
	if f.Content == nil {
		return nil
	}
	data, err := f.Content.Bytes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestLargeMedia_ShowsSmallPictures(t *testing.T) {
	t.Parallel()
	s := mediaSite(t, "github")
	b := s.cms()
	if err := s.upload(b); err != nil {
		t.Fatal(err)
	}
	f, err := b.Thumbnail(t.Context(), picturePath)
	if err != nil {
		t.Fatal(err)
	}
	small, err := png.DecodeConfig(bytes.NewReader(held(t, f)))
	if err != nil || small.Width > 560 || small.Height > 320 {
		t.Errorf("the picture is shown as %+v, %v", small, err)
	}
	text := content.Bytes("no picture")
	if _, err := b.PersistMedia(t.Context(), cms.Asset{Path: "media/a.txt", Content: text}, ""); err != nil {
		t.Fatal(err)
	}
	f, err = b.Thumbnail(t.Context(), "media/a.txt")
	if err != nil || string(held(t, f)) != "no picture" {
		t.Errorf("what can't be made smaller shows %q, %v", held(t, f), err)
	}
}

func TestLargeMedia_FailsBeforeAnythingIsCommitted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trouble fakehost.LFSTrouble
		want    cmserr.Kind
	}{
		"refused":  {fakehost.LFSTrouble{Refuse: http.StatusForbidden}, cmserr.Forbidden},
		"too much": {fakehost.LFSTrouble{Refuse: http.StatusRequestEntityTooLarge}, cmserr.Invalid},
		"lost":     {fakehost.LFSTrouble{Lose: true}, cmserr.Network},
		"no links": {fakehost.LFSTrouble{ObjectError: http.StatusInsufficientStorage}, cmserr.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mediaSite(t, "github")
			b := s.cms()
			s.Host.Set(func(o *fakehost.Settings) { o.LFS = c.trouble })
			err := s.upload(b)
			wantKind(t, err, c.want, "")
			if got := s.Text("main", picturePath); got != "" {
				t.Errorf("Git holds %q", got)
			}
		})
	}
}

func TestLargeMedia_ReadsNothingThatIsNotTheFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set  func(s *site)
		want cmserr.Kind
	}{
		"half of it": {func(s *site) { s.Host.Set(func(o *fakehost.Settings) { o.LFS.Truncate = true }) }, cmserr.Network},
		"gone":       {func(*site) {}, cmserr.NotFound},
		"no service": {func(s *site) { s.gateway.Set(func(o *fakegateway.Settings) { o.NoLargeMedia = true }) }, cmserr.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mediaSite(t, "gitlab", func(files map[string]drivertest.File) {
				text := "version https://git-lfs.github.com/spec/v1\n" + pointerTo(picture)
				files[picturePath] = drivertest.File{Data: []byte(text)}
			})
			b := s.cms()
			if name != "gone" {
				s.Repo.PutLFS(picture)
			}
			c.set(s)
			f, err := b.MediaFile(t.Context(), picturePath)
			wantKind(t, err, c.want, "")
			if f.Content != nil {
				t.Error("something was read")
			}
		})
	}
}

func TestLargeMedia_WhereTheRepositoryHasNone(t *testing.T) {
	t.Parallel()
	without := func(files map[string]drivertest.File) { delete(files, ".lfsconfig") }
	elsewhere := func(files map[string]drivertest.File) {
		files[".lfsconfig"] = drivertest.File{Data: []byte("[lfs]\nurl = https://lfs.example/x\n")}
	}
	for name, change := range map[string]func(map[string]drivertest.File){"no .lfsconfig": without, "another": elsewhere} {
		for _, provider := range []string{"github", "bitbucket"} {
			s := mediaSite(t, provider, change)
			err := s.upload(s.cms())
			wantKind(t, err, cmserr.Unsupported, ".lfsconfig")
			if got := s.Text("main", picturePath); got != "" {
				t.Errorf("%s, %s: Git holds %q", provider, name, got)
			}
		}
		s := mediaSite(t, "gitlab", change) // which keeps large files itself
		s.Repo.Edit(func(i *fakehost.Info) { i.NoLFS = false })
		b := s.cms()
		if err := s.upload(b); err != nil {
			t.Fatal(err)
		}
		if got := s.Text("main", picturePath); !strings.HasSuffix(got, pointerTo(picture)) {
			t.Errorf("%s: Git holds %.80q", name, got)
		}
		f, err := b.Thumbnail(t.Context(), picturePath)
		if err != nil || !bytes.Equal(held(t, f), picture) {
			t.Errorf("%s: the file shows %d bytes, %v", name, f.Size, err)
		}
	}
}

// The token is for Netlify, and for nobody whose links it gives out.
func TestLargeMedia_KeepsTheTokenFromTheStore(t *testing.T) {
	t.Parallel()
	s := mediaSite(t, "github")
	leaks := &leakDoer{}
	s.Wrap = func(next rest.Doer) rest.Doer { leaks.Doer = next; return leaks }
	if err := s.upload(s.cms()); err != nil {
		t.Fatal(err)
	}
	if leaks.puts == 0 {
		t.Fatal("nothing was sent to the store")
	}
	if leaks.leaked != "" {
		t.Errorf("the token was sent to %s", leaks.leaked)
	}
}

type leakDoer struct {
	rest.Doer
	puts   int
	leaked string
}

func (d *leakDoer) Do(ctx context.Context, req *rest.Request) (*rest.Response, error) {
	if req.Method == http.MethodPut {
		d.puts++
		if req.Header.Get("authorization") != "" {
			d.leaked = rest.Origin(req.URL)
		}
	}
	return d.Doer.Do(ctx, req)
}
