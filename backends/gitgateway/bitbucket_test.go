package gitgateway_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/drivertest/fakesite"
	"mooring/backends/fakehost/fakegateway"
)

// sources is a site at Bitbucket behind Netlify's gateway, which passes files alone.
func sources(t *testing.T) *site {
	t.Helper()
	return serve(t, "bitbucket", map[string]drivertest.File{
		"posts/a.md": {Data: []byte("a")}, "posts/b.md": {Data: []byte("b")}, "posts/page.html": {Data: []byte("<html>")},
	})
}

func TestBitbucket_SourcesAlone(t *testing.T) {
	t.Parallel()
	s := sources(t)
	d := s.signedIn()
	before := head(t, d)
	entries, err := d.Tree(t.Context(), before, "posts", false)
	if err != nil || len(entries) != 3 {
		t.Fatalf("lists %+v, %v", entries, err)
	}
	if err := d.(driver.PushChecker).MayPush(t.Context(), "main"); err != nil {
		t.Errorf("nobody may push: %v", err)
	}
	_, err = d.Commit(t.Context(), driver.Commit{Branch: "main", ExpectedHead: before, Message: "m",
		Changes: []driver.Change{fakesite.Put("posts/a.md", "a2"), {Op: driver.Delete, Path: "posts/b.md"}, fakesite.Put("new.bin", "\x00\xff")}})
	if err != nil {
		t.Fatal(err)
	}
	after := head(t, d)
	known := driver.Listing{Commit: before, Entries: entries}
	entries, err = d.(driver.TreeUpdater).UpdateTree(t.Context(), after, "posts", false, known)
	if err != nil || len(entries) != 2 {
		t.Errorf("the new listing is %+v, %v", entries, err)
	}
	blobs, err := d.Blobs(t.Context(), []driver.BlobRef{
		{Path: "posts/a.md", Commit: after}, {Path: "new.bin", Commit: after}, {Path: "posts/page.html", Commit: after},
	})
	if err != nil || fmt.Sprintf("%q", blobs) != `["a2" "\x00\xff" "<html>"]` {
		t.Errorf("reads %q, %v", blobs, err)
	}
	_, err = d.Head(t.Context(), "none")
	wantKind(t, err, cmserr.NotFound, "none")
}

// What others changed is found by comparing files: there are no diffs.
func TestBitbucket_SourcesAloneAndOthers(t *testing.T) {
	t.Parallel()
	s := sources(t)
	d := s.signedIn()
	seen := head(t, d)
	if err := edit(t, s.signedIn()); err != nil { // somebody else's
		t.Fatal(err)
	}
	commit := driver.Commit{Branch: "main", ExpectedHead: seen, Message: "m", Changes: []driver.Change{fakesite.Put("posts/b.md", "b2")}}
	if _, err := d.Commit(t.Context(), commit); err != nil {
		t.Errorf("a change elsewhere: %v", err)
	}
	commit.Changes = []driver.Change{fakesite.Put("posts/a.md", "mine")}
	_, err := d.Commit(t.Context(), commit)
	wantKind(t, err, cmserr.Conflict, "")
	if paths := cmserr.From(err).Paths; len(paths) != 1 || paths[0] != "posts/a.md" {
		t.Errorf("the conflict is about %q", paths)
	}
	if got := s.Text("main", "posts/a.md") + s.Text("main", "posts/b.md"); got != "bb2" {
		t.Errorf("Git holds %q", got)
	}
}

func TestBitbucket_WhatIsNotPassedSaysSo(t *testing.T) {
	t.Parallel()
	s := sources(t)
	d := s.signedIn()
	at := head(t, d)
	calls := map[string]func() error{
		"Pulls": func() error {
			_, err := d.(driver.PullRequester).Pulls(t.Context(), "main", "cms/")
			return err
		},
		"Compare": func() error {
			_, err := d.(driver.Comparer).Compare(t.Context(), at, at)
			return err
		},
		"Relabel": func() error { return d.(driver.Labeler).Relabel(t.Context(), 1, drivertest.Labels[:1], nil) },
		"a branch with a slash": func() error {
			_, err := d.Head(t.Context(), "cms/posts/a")
			return err
		},
		"LastChanges": func() error {
			_, err := d.(driver.MetadataReader).LastChanges(t.Context(), at, []string{"posts/a.md"})
			return err
		},
	}
	for name, call := range calls {
		if err := call(); err == nil || !cmserr.Is(err, cmserr.Unsupported) || !strings.Contains(err.Error(), "publish_mode: simple") {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.Host.ClearRequests()
	for name, call := range calls {
		if err := call(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, asked := range s.Host.Requests() {
		// Of the two questions of a comparison, which go out at once, the first that is
		// refused cancels the other, whose answer then nobody knows.
		if !strings.Contains(asked.Path, "/merge-base/") {
			t.Errorf("asked again for %s", asked.Path)
		}
	}
}

func TestBitbucket_SaysAtSignInThatThereIsNoWorkflow(t *testing.T) {
	t.Parallel()
	s := sources(t)
	cfg := s.config()
	if _, err := s.open(s.session(time.Hour), cfg).Access(t.Context()); err != nil {
		t.Errorf("without the workflow: %v", err)
	}
	cfg.UseWorkflow = true
	_, err := s.open(s.session(time.Hour), cfg).Access(t.Context())
	wantKind(t, err, cmserr.Unsupported, "publish_mode: simple")
	s.gateway.Set(func(o *fakegateway.Settings) { o.Edge = true })
	a, err := s.open(s.session(time.Hour), cfg).Access(t.Context())
	if err != nil || !a.Write {
		t.Errorf("a gateway that passes more: %+v, %v", a, err)
	}
}

// Of many who want the same at first, one finds out that it is not passed.
func TestBitbucket_TriesOnce(t *testing.T) {
	t.Parallel()
	s := sources(t)
	d := s.signedIn()
	at := head(t, d)
	s.Host.ClearRequests()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, err := d.(driver.MetadataReader).LastChanges(t.Context(), at, []string{"posts/a.md", "posts/b.md"})
			if !cmserr.Is(err, cmserr.Unsupported) {
				t.Errorf("got %v", err)
			}
		})
	}
	all.Wait()
	if n := len(s.Host.Requests()); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

// Netlify's gateway takes JSON files for answers of Bitbucket's.
func TestBitbucket_JSONFiles(t *testing.T) {
	t.Parallel()
	s := serve(t, "bitbucket", map[string]drivertest.File{
		"same.json": {Data: []byte(`{"a":1,"b":2}`)}, "spaced.json": {Data: []byte(`{"b": 1}`)}, "list.json": {Data: []byte(`[1,2]`)},
		"next.json": {Data: []byte(`{"next":"https://example.com/?page=2"}`)},
	})
	d := s.signedIn()
	at := head(t, d)
	for path, want := range map[string]string{"same.json": `{"a":1,"b":2}`, "spaced.json": "", "list.json": "", "none.json": ""} {
		blobs, err := d.Blobs(t.Context(), []driver.BlobRef{{Path: path, Commit: at}})
		switch {
		case want != "" && (err != nil || string(blobs[0]) != want):
			t.Errorf("%s reads %q, %v", path, blobs, err)
		case path == "none.json":
			wantKind(t, err, cmserr.NotFound, "")
		case want == "":
			wantKind(t, err, cmserr.Unsupported, "changes JSON files")
		}
	}
	if _, err := d.Blobs(t.Context(), []driver.BlobRef{{Path: "next.json", Commit: at}}); err != nil {
		t.Errorf("a file that looks like a page: %v", err)
	}
	s.gateway.Set(func(o *fakegateway.Settings) { o.Absence = fakegateway.NoConfig })
	_, err := d.Blobs(t.Context(), []driver.BlobRef{{Path: "same.json", Commit: at}})
	wantKind(t, err, cmserr.Invalid, "enabled for the site")
}
