package gitea_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/fakehost"
	"mooring/backends/fakehost/fakegitea"
)

// drafted is a site with pull requests that change files in every way.
func drafted(t *testing.T, server fakegitea.Options) *site {
	text := "---\ntitle: A\n---\n\nSome text,\nof several lines,\nwith spaces at an end  \nand none behind"
	seed := files("edit.md", text, "edited by both.md", text, "drop.md", text+"1", "from.md", text+"2", "no end.md", "x", "empty.md", "")
	seed["run.sh"] = drivertest.File{Data: []byte("#!/bin/sh\n")}
	s := serve(t, server, seed)
	for i, changes := range [][]fakehost.Change{
		{{Path: "posts/new ünï.md", Content: []byte("new\r\n\ntext")}, {Path: "void.md", Content: []byte{}}},
		{{Path: "edit.md", Content: []byte("first\n" + text + "\n")}, {Path: "empty.md", Content: []byte("no more\n")}},
		{{Path: "edited by both.md", Content: []byte(text + "!")}},
		{{Path: "drop.md", Delete: true}, {Path: "no end.md", Content: []byte("x\n")}},
		{{Path: "from.md", Delete: true}, {Path: "sub/to.md", Content: []byte(text + "2")}},
		{{Path: "picture.png", Content: []byte("\x89PNG\x00\xff")}, {Path: "odd \"name\\.md", Content: []byte("odd\n")}},
		{{Path: "run.sh", Content: []byte("#!/bin/sh\n"), Mode: filemode.Executable}},
		{{Path: "edit.md", Content: []byte("all new\n")}, {Path: "edit.md.orig", Content: []byte(text)}},
	} {
		s.openDraft(i, changes...)
	}
	s.theirs(put("edited by both.md", "published meanwhile"))
	return s
}

// TestPullFiles_OfManyDrafts: what diffs tell is what comparing each tells, and the texts
// that they brought along are right.
func TestPullFiles_OfManyDrafts(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := drafted(t, server)
		r, comparing := s.signedIn(), s.signedIn()
		pulls, err := r.Pulls(t.Context(), "main", "cms/")
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.PullFiles(t.Context(), pulls)
		if err != nil {
			t.Fatal(err)
		}
		if n := s.Asked("GET", ".diff"); n != len(pulls) {
			t.Errorf("%d diffs, want %d", n, len(pulls))
		}
		for i, p := range pulls {
			want, err := comparing.Compare(t.Context(), p.Base, p.HeadCommit)
			if err != nil {
				t.Fatal(err)
			}
			if ids(got[i]) != ids(want.Files) {
				t.Errorf("%s:\n got %s\nwant %s", p.Head, ids(got[i]), ids(want.Files))
			}
			s.sameTexts(r, p, got[i])
		}
	})
}

// ids lists what a head has, and what it lacks: a rename as both.
func ids(files []driver.FileDiff) string {
	var all []string
	for _, f := range files {
		switch f.Status {
		case driver.Deleted:
			all = append(all, "- "+f.Path)
		case driver.Renamed:
			all = append(all, "- "+f.OldPath, "+ "+f.Path+" "+f.ID)
		default:
			all = append(all, "+ "+f.Path+" "+f.ID)
		}
	}
	slices.Sort(all)
	return fmt.Sprintf("%q", all)
}

func (s *site) sameTexts(r driver.Driver, p driver.Pull, files []driver.FileDiff) {
	s.T.Helper()
	held, err := s.Repo.Files(p.Head)
	if err != nil {
		s.T.Fatal(err)
	}
	for _, f := range files {
		if f.Status == driver.Deleted {
			continue
		}
		texts, err := r.Blobs(s.T.Context(), []driver.BlobRef{{ID: f.ID, Path: f.Path, Commit: p.HeadCommit}})
		if err != nil || !bytes.Equal(texts[0], held[f.Path].Content) {
			s.T.Errorf("%s: %q, %v", f.Path, texts, err)
		}
	}
}

// TestPullFiles_Requests: a hundred new entries cost a request each, and their texts none.
func TestPullFiles_Requests(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		for i := range 100 {
			s.openDraft(i, fakehost.Change{Path: fmt.Sprintf("posts/%03d.md", i), Content: fmt.Appendf(nil, "text %d\n", i)})
		}
		s.Host.ClearRequests()
		r := s.signedIn()
		pulls, err := r.Pulls(t.Context(), "main", "cms/")
		if err != nil {
			t.Fatal(err)
		}
		files, err := r.PullFiles(t.Context(), pulls)
		if err != nil {
			t.Fatal(err)
		}
		var refs []driver.BlobRef
		for i, p := range pulls {
			refs = append(refs, driver.BlobRef{ID: files[i][0].ID, Path: files[i][0].Path, Commit: p.HeadCommit})
		}
		texts, err := r.Blobs(t.Context(), refs)
		if err != nil || string(texts[99]) != "text 99\n" {
			t.Fatalf("%q, %v", texts, err)
		}
		if n := len(s.Host.Requests()); n != 2+1+100 {
			t.Errorf("%d requests", n)
		}
	})
}

// TestPullFiles_HeadsLag: the server's copies of branches follow a push a moment later. A
// diff of an old one is nobody's.
func TestPullFiles_HeadsLag(t *testing.T) {
	each(t, func(t *testing.T, server fakegitea.Options) {
		s := serve(t, server, files("a.md", "a"))
		for i := range 4 {
			s.openDraft(i, fakehost.Change{Path: "posts/x.md", Content: []byte("old\n")})
		}
		s.Host.Set(func(o *fakehost.Settings) { o.HeadLag = 1000 })
		if _, err := s.Repo.Commit("cms/posts/0002", s.Author(), "More", fakehost.Change{Path: "posts/x.md", Content: []byte("new\n")}); err != nil {
			t.Fatal(err)
		}
		r := s.signedIn()
		pulls, err := r.Pulls(t.Context(), "main", "cms/")
		if err != nil {
			t.Fatal(err)
		}
		if pulls[2].HeadCommit != s.Head("cms/posts/0002") {
			t.Fatal("the list lags, too")
		}
		files, err := r.PullFiles(t.Context(), pulls)
		if err != nil {
			t.Fatal(err)
		}
		s.sameTexts(r, pulls[2], files[2])
	})
}
