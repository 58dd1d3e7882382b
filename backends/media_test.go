package backends_test

import (
	"context"
	"slices"
	"testing"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
)

func TestMedia_Lists(t *testing.T) {
	t.Parallel()
	s := openWith(t, setup{files: map[string]string{
		"media/a.png": "png", "media/.gitkeep": "", "media/.hidden": "h", "media/sub/b.png": "b",
		"media-old/x.png": "x", "root.png": "r",
	}, cfg: backends.Config{MediaFolder: "/media/"}})
	names := func(q cms.MediaQuery) []string {
		files, err := s.Media(context.Background(), q)
		s.must(err)
		got := []string{}
		for _, f := range files {
			got = append(got, f.Name)
			if f.Content != nil || f.ID == "" || f.IsDir != (f.Name == "sub") || !f.IsDir && f.Size < 0 {
				t.Errorf("file is %+v", f)
			}
		}
		return got
	}
	for _, c := range []struct {
		q    cms.MediaQuery
		want []string
	}{
		{cms.MediaQuery{}, []string{".hidden", "a.png"}},
		{cms.MediaQuery{Folder: "media", Subfolders: true}, []string{".hidden", "a.png", "sub"}},
		{cms.MediaQuery{Folder: "media/sub/"}, []string{"b.png"}},
		{cms.MediaQuery{Folder: "/"}, []string{"root.png"}},
		{cms.MediaQuery{Folder: "none"}, []string{}},
	} {
		if got := names(c.q); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v; want %v", c.q, got, c.want)
		}
	}
	for _, method := range []string{"Head", "Tree"} {
		s.spy.fail(method, cmserr.New(cmserr.Network, "down"))
		_, err := s.Media(context.Background(), cms.MediaQuery{Folder: "elsewhere"})
		s.wantKind(err, cmserr.Network)
		_, err = s.PersistMedia(context.Background(), cms.Asset{Path: "elsewhere/x"}, "")
		s.wantKind(err, cmserr.Network)
		s.wantKind(s.DeleteFiles(context.Background(), []string{"elsewhere/x"}, ""), cmserr.Network)
		s.spy.fail(method, nil)
	}
}

func TestMediaFile_Reads(t *testing.T) {
	t.Parallel()
	s := open(t, map[string]string{"media/a.png": "\x00\xff", "media/empty": ""})
	f, err := s.MediaFile(context.Background(), "media/a.png")
	s.must(err)
	if held(f) != "\x00\xff" || f.Name != "a.png" || f.Size != 2 || f.Path != "media/a.png" || f.ID == "" {
		t.Errorf("file is %+v", f)
	}
	f, err = s.MediaFile(context.Background(), "media/empty")
	s.must(err)
	if f.Content == nil || f.Content.Size() != 0 {
		t.Errorf("empty file is %v", f.Content)
	}
	_, err = s.MediaFile(context.Background(), "media/none")
	s.wantKind(err, cmserr.NotFound)
}

func TestPersistMedia_Stores(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	upload := func(path string, data []byte) (cms.MediaFile, error) {
		return s.PersistMedia(context.Background(), cms.Asset{Path: path, Content: content.Bytes(data)}, "Upload")
	}
	f, err := upload("media/a.png", []byte("png"))
	s.must(err)
	s.wantFile("main", "media/a.png", "png")
	if f.Name != "a.png" || f.Size != 3 || f.ID != s.id(s.head("main"), "media/a.png") || held(f) != "png" {
		t.Errorf("file is %+v", f)
	}
	_, err = upload("media/a.png", []byte("png"))
	s.must(err)
	if s.spy.count("Commit") != 1 {
		t.Error("the same file was committed twice")
	}
	_, err = upload("media/new/.gitkeep", nil)
	s.must(err)
	s.wantFile("main", "media/new/.gitkeep", "")
	s.spy.act("Commit", func() { s.spy.fail("Tree", cmserr.New(cmserr.Network, "down")) })
	f, err = upload("media/new/b.png", []byte("b")) // stored all the same
	s.must(err)
	if f.ID == "" || f.Path != "media/new/b.png" {
		t.Errorf("file is %+v", f)
	}
	for _, path := range []string{"", "/", "media/new/", "../x"} {
		_, err = upload(path, nil)
		s.wantKind(err, cmserr.Invalid)
	}
	s.spy.fail("Tree", nil)
	s.spy.fail("Commit", cmserr.New(cmserr.Forbidden, "protected"))
	_, err = upload("media/c.png", []byte("c"))
	s.wantKind(err, cmserr.Forbidden)
}

// TestPersistMedia_CommitNotTold: the file is found at the branch's head.
func TestPersistMedia_CommitNotTold(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	s.spy.silent = true
	f, err := s.PersistMedia(context.Background(), cms.Asset{Path: "media/a.png", Content: content.Bytes("png")}, "")
	s.must(err)
	listed, err := s.Media(context.Background(), cms.MediaQuery{Folder: "media"})
	s.must(err)
	if len(listed) != 1 || f.ID == "" || f.ID != listed[0].ID {
		t.Errorf("stored as %q, listed as %+v", f.ID, listed)
	}
}
