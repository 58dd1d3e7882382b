package bitbucket_test

import (
	"fmt"
	"strings"
	"testing"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/fakehost"
)

// simple is a backend that saves right on the published branch.
func (s *site) simple() *backends.Backend {
	s.T.Helper()
	r := backends.New(backends.Git("bitbucket", func(backends.Config, backends.Env) (driver.Driver, error) {
		return s.signedIn("octo-token"), nil
	}))
	b, err := r.Open("bitbucket", backends.Config{Repo: "octo/site", MediaFolder: "media"}, backends.Env{})
	if err != nil {
		s.T.Fatal(err)
	}
	return b
}

var large = files(".gitattributes", "*.png filter=lfs diff=lfs merge=lfs -text\n", "a.md", "a")

// TestLFS_StoredAndRead: Git has the pointer, the store the file, and whoever comes later
// reads the file. To see what Git has, Bitbucket shows the file, which comes once.
func TestLFS_StoredAndRead(t *testing.T) {
	each(t, func(t *testing.T, serve seeded) {
		s := serve(t, large)
		image := strings.Repeat("\x89PNG\r\n\x00\xff", 4000)
		_, err := s.simple().PersistMedia(t.Context(), cms.Asset{Path: "media/a b.png", Content: content.Bytes(image)}, "Upload")
		if err != nil {
			t.Fatal(err)
		}
		if entry := s.entry("media/a b.png"); entry.Size > 200 {
			t.Errorf("Git has %d bytes", entry.Size)
		}
		s.Host.ClearRequests()
		got, err := s.simple().MediaFile(t.Context(), "media/a b.png")
		if err != nil {
			t.Fatal(err)
		}
		data, err := got.Content.Bytes(t.Context())
		if err != nil || string(data) != image {
			t.Errorf("%d bytes, %v", len(data), err)
		}
		s.WantRequests("reading a large file", 5) // the head, the folder, its attributes, the file, and where it leads
	})
}

// entry is what the published branch has at a path.
func (s *site) entry(path string) driver.TreeEntry {
	s.T.Helper()
	entries, err := s.signedIn("octo-token").Tree(s.T.Context(), s.Head("main"), "", true)
	if err != nil {
		s.T.Fatal(err)
	}
	for _, e := range entries {
		if e.Path == path {
			return e
		}
	}
	s.T.Fatalf("there is no %s", path)
	return driver.TreeEntry{}
}

// TestLFS_MovedWithItsPointer: what moves is what Git has.
func TestLFS_MovedWithItsPointer(t *testing.T) {
	t.Parallel()
	s := serve(t, large)
	b := s.simple()
	if _, err := b.PersistMedia(t.Context(), cms.Asset{Path: "media/a.png", Content: content.Bytes("large")}, "Upload"); err != nil {
		t.Fatal(err)
	}
	r := s.signedIn("octo-token")
	_, err := r.Commit(t.Context(), driver.Commit{Branch: "main", ExpectedHead: s.Head("main"), Message: "Move",
		Changes: []driver.Change{{Op: driver.Move, From: "media/a.png", Path: "media/b.png"}}})
	if err != nil {
		t.Fatal(err)
	}
	moved := s.entry("media/b.png")
	blobs, err := s.signedIn("octo-token").Blobs(t.Context(), []driver.BlobRef{{ID: moved.ID, Path: "media/b.png", Commit: s.Head("main")}})
	if err != nil || !strings.HasPrefix(string(blobs[0]), "version https://git-lfs") {
		t.Errorf("%q, %v", blobs, err)
	}
}

// TestLFS_FailedUploadCommitsNothing, in whatever way it fails.
func TestLFS_FailedUploadCommitsNothing(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]fakehost.LFSTrouble{
		"refused": {Refuse: 403}, "lost": {Lose: true}, "broken": {Refuse: 507},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, large)
			head := s.Head("main")
			s.Host.Set(func(o *fakehost.Settings) { o.LFS = trouble })
			_, err := s.simple().PersistMedia(t.Context(), cms.Asset{Path: "media/a.png", Content: content.Bytes("large")}, "Upload")
			if err == nil || s.Head("main") != head {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestLFS_FileThatIsLost is an error, not what is in its place.
func TestLFS_FileThatIsLost(t *testing.T) {
	t.Parallel()
	oid := strings.Repeat("a", 64)
	s := serve(t, files("a.png", fmt.Sprintf("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 5\n", oid)))
	entry := s.entry("a.png")
	r := s.signedIn("octo-token")
	if _, err := r.Blobs(t.Context(), []driver.BlobRef{{ID: entry.ID, Path: "a.png"}}); err == nil || cmserr.From(err).Path != "a.png" {
		t.Errorf("%v", err)
	}
	_, err := r.DownloadLFS(t.Context(), driver.LFSPointer{OID: oid, Size: 5}, driver.BlobRef{Path: "a.png", Commit: s.Head("main")})
	if err == nil {
		t.Error("there is no error")
	}
}
