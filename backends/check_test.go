package backends_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mooring/backends"
	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func TestBackend_RefusesBadPaths(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	ctx := context.Background()
	calls := map[string]func(p string) error{
		"getEntry":       func(p string) error { _, err := s.Entry(ctx, p); return err },
		"entriesByFiles": func(p string) error { _, err := s.EntriesByFiles(ctx, []cms.File{{Path: p}}); return err },
		"getMediaFile":   func(p string) error { _, err := s.MediaFile(ctx, p); return err },
		"persistMedia": func(p string) error {
			_, err := s.PersistMedia(ctx, cms.Asset{Path: p}, "")
			return err
		},
		"deleteFiles":  func(p string) error { return s.DeleteFiles(ctx, []string{p}, "") },
		"persistEntry": func(p string) error { return s.save(p, "x") },
		"unpublishedEntryDataFile": func(p string) error {
			_, err := s.DraftData(ctx, helloKey, p, "")
			return err
		},
		"unpublishedEntryMediaFile": func(p string) error {
			_, err := s.DraftMedia(ctx, helloKey, p, "")
			return err
		},
	}
	for op, call := range calls {
		for _, path := range []string{"", "/", ".", "..", "../x", "a/../../x", "/../x", "a\x00b"} {
			e := s.wantKind(call(path), cmserr.Invalid)
			if e.Op != op || e.Host != "mem" || !strings.Contains(e.Message(), op) {
				t.Errorf("%s %q: %v", op, path, e)
			}
		}
	}
	if len(s.spy.calls) != 0 {
		t.Errorf("the host was asked: %v", s.spy.calls)
	}
	e, err := s.Entry(ctx, "//posts/./sub/../a.md/")
	s.must(err)
	if e.Path != "posts/a.md" {
		t.Errorf("path is %q", e.Path)
	}
	s.must(s.save(`back\slash.md`, "x"))
	s.wantFile("main", `back\slash.md`, "x")
}

func TestEntriesByFolder_RefusesBadQueries(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	for _, q := range []cms.FolderQuery{
		{Folder: "../x"}, {Folder: "posts", Extension: ".md"}, {Folder: "posts", Extension: "a/b"},
		{Folder: "posts", Depth: -1}, {Folder: "posts", Offset: -1}, {Folder: "posts", Limit: -1},
	} {
		_, err := s.EntriesByFolder(context.Background(), q)
		if e := s.wantKind(err, cmserr.Invalid); e.Op != "entriesByFolder" {
			t.Errorf("%+v: %v", q, e)
		}
	}
	_, err := s.Media(context.Background(), cms.MediaQuery{Folder: "../x"})
	s.wantKind(err, cmserr.Invalid)
}

func TestPersistEntry_RefusesBadDrafts(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	a := cms.DataFile{Path: "a.md", Slug: "a", Raw: "x"}
	for name, e := range map[string]cms.EntryDraft{
		"no file":       {},
		"newPath":       {Files: []cms.DataFile{{Path: "a.md", NewPath: "../a.md"}}},
		"twice":         {Files: []cms.DataFile{a, {Path: "/a.md"}}},
		"chain":         {Files: []cms.DataFile{{Path: "b.md", NewPath: "c.md"}, {Path: "a.md", NewPath: "b.md"}}},
		"asset path":    {Files: []cms.DataFile{a}, Assets: []cms.Asset{{Path: ""}}},
		"asset on file": {Files: []cms.DataFile{a}, Assets: []cms.Asset{{Path: "a.md"}}},
	} {
		if err := s.PersistEntry(context.Background(), e, cms.PersistOptions{}); !cmserr.Is(err, cmserr.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, o := range map[string]cms.PersistOptions{
		"collection": {UseWorkflow: true},
		"slashes":    {UseWorkflow: true, Collection: "a/b"},
		"status":     {UseWorkflow: true, Collection: "c", Status: "done"},
	} {
		err := s.PersistEntry(context.Background(), cms.EntryDraft{Files: []cms.DataFile{a}}, o)
		if !cmserr.Is(err, cmserr.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDraft_RefusesBadKeys(t *testing.T) {
	t.Parallel()
	s := open(t, posts)
	for _, key := range []cms.Key{{}, {Collection: "c"}, {Slug: "s"}, {Collection: "a/b", Slug: "s"},
		{Collection: "c", Slug: "/"}, {Collection: "c", Slug: "a\x00"}} {
		_, err := s.Draft(context.Background(), key)
		s.wantKind(err, cmserr.Invalid)
		s.wantKind(s.PublishDraft(context.Background(), key), cmserr.Invalid)
	}
}

func TestRegistry_Opens(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	r := backends.New(
		backends.Git("git", func(backends.Config, backends.Env) (driver.Driver, error) {
			return nil, cmserr.New(cmserr.Invalid, "repo is missing")
		}),
		backends.Direct("direct", func(_ backends.Config, env backends.Env) (cms.Service, error) {
			env.Report(broken) // nobody listens, and nobody minds
			return backends.NewRepository(nil, backends.Config{}, backends.Env{}), nil
		}),
	)
	if !slices.Equal(r.Names(), []string{"git", "direct"}) {
		t.Errorf("names are %v", r.Names())
	}
	for name, cfg := range map[string]backends.Config{
		"nobody": {}, "git": {}, "direct": {InitialStatus: "done"},
	} {
		_, err := r.Open(name, cfg, backends.Env{})
		if e := cmserr.From(err); e.Kind != cmserr.Invalid || e.Op != "open" || e.Host != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Open("direct", backends.Config{MediaFolder: "../x"}, backends.Env{}); !cmserr.Is(err, cmserr.Invalid) {
		t.Errorf("media folder outside: %v", err)
	}
}

func TestRegistry_NamesWhoIsWaitedFor(t *testing.T) {
	t.Parallel()
	until := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	r := backends.New(backends.Direct("slow", func(_ backends.Config, env backends.Env) (cms.Service, error) {
		env.Wait(backends.Waiting{Reason: "Too many requests.", Until: until})
		env.Wait(backends.Waiting{})
		return backends.NewRepository(nil, backends.Config{}, backends.Env{}), nil
	}))
	var told []backends.Waiting
	for _, wait := range []func(backends.Waiting){nil, func(w backends.Waiting) { told = append(told, w) }} {
		if _, err := r.Open("slow", backends.Config{}, backends.Env{Wait: wait}); err != nil {
			t.Fatal(err)
		}
	}
	want := []backends.Waiting{{Host: "slow", Reason: "Too many requests.", Until: until}, {Host: "slow"}}
	if !slices.Equal(told, want) {
		t.Errorf("told %+v; want %+v", told, want)
	}
}
