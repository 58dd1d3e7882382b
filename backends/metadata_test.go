package backends_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

var withDates = cms.FolderQuery{Folder: "posts", Extension: "md", Metadata: true}

// slow has each method of a host take its time.
func (h *shared) slow(times map[string]time.Duration) {
	h.Before = func(method string) error { time.Sleep(times[method]); return nil }
}

// list reads a folder, and how long that took.
func (s *site) list(q cms.FolderQuery) ([]cms.Entry, time.Duration) {
	s.t.Helper()
	start := time.Now()
	page, err := s.EntriesByFolder(context.Background(), q)
	s.must(err)
	return page.Entries, time.Since(start)
}

func TestEntriesByFolder_Metadata(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openShared(t, posts)
		m := h.maintainer()
		time.Sleep(time.Hour)
		m.must(m.save("posts/b.md", "b2"))
		h.slow(map[string]time.Duration{"Head": 10 * time.Millisecond, "LastChanges": 5 * time.Millisecond})
		entries, _ := m.list(withDates)
		a, b := entries[0], entries[1]
		if a.Author != "test" || b.Author != "owner" || b.UpdatedOn != "2000-01-01T01:00:00Z" || a.UpdatedOn == "" {
			t.Errorf("entries are %+v and %+v", a.File, b.File)
		}
		h.Reset()
		again, _ := m.list(withDates)
		if h.Calls("LastChanges") != 0 || again[1].File != b.File {
			t.Errorf("asked again, and heard %+v", again[1].File)
		}
		m.must(m.save("posts/a.md", "a2"))
		entries, _ = m.list(withDates)
		if entries[0].Author != "owner" || h.Calls("LastChanges") != 1 {
			t.Errorf("after a commit the entry is %+v", entries[0].File)
		}
		m.must(m.Logout(context.Background()))
		if _, _ = m.list(withDates); h.Calls("LastChanges") != 2 {
			t.Error("the next person hears what the last one asked for")
		}
		h.Reset()
		plain := withDates
		plain.Metadata = false
		if entries, _ := m.list(plain); h.Calls("LastChanges") != 0 || entries[0].Author != "" {
			t.Errorf("nobody asked, and heard %+v", entries[0].File)
		}
	})
}

func TestEntriesByFiles_Metadata(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openShared(t, posts)
		m := h.maintainer()
		h.slow(map[string]time.Duration{"Head": time.Millisecond})
		entries, err := m.EntriesByFiles(context.Background(), []cms.File{
			{Path: "README.md", Metadata: true}, {Path: "posts/a.md"}, {Path: "gone.md", Metadata: true},
		})
		m.must(err)
		if len(entries) != 2 || entries[0].Author != "test" || entries[1].Author != "" || entries[0].Metadata {
			t.Errorf("entries are %+v", entries)
		}
	})
}

func TestEntriesByFolder_MetadataIsNotWaitedForLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openShared(t, posts)
		m := h.maintainer()
		h.slow(map[string]time.Duration{
			"Head": 20 * time.Millisecond, "Tree": 30 * time.Millisecond, "Blobs": 50 * time.Millisecond,
			"LastChanges": time.Second,
		})
		entries, took := m.list(withDates)
		if took != 200*time.Millisecond || entries[0].Author != "" || entries[0].Data != "a" {
			t.Errorf("after %v: %+v; want twice the 100 ms of the listing", took, entries[0])
		}
		var both sync.WaitGroup // while the first request is still under way
		for range 2 {
			both.Go(func() { m.list(withDates) })
		}
		both.Wait()
		time.Sleep(time.Second)
		entries, took = m.list(withDates)
		if took >= 200*time.Millisecond || entries[0].Author != "test" {
			t.Errorf("after %v: %+v; want what came meanwhile", took, entries[0])
		}
		if h.Calls("LastChanges") != 1 {
			t.Errorf("asked %d times", h.Calls("LastChanges"))
		}
		h.slow(map[string]time.Duration{"Head": 100 * time.Millisecond, "LastChanges": 60 * time.Millisecond})
		m.must(m.save("posts/a.md", "a2"))
		if entries, took = m.list(withDates); took != 160*time.Millisecond || entries[0].Author != "owner" {
			t.Errorf("after %v: %+v; want it as soon as it is there", took, entries[0])
		}
	})
}

func TestEntriesByFolder_MetadataFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openShared(t, posts)
		m := h.maintainer()
		fail := func(err error) {
			h.Before = func(method string) error {
				if time.Sleep(time.Millisecond); method == "LastChanges" {
					return err
				}
				return nil
			}
		}
		fail(cmserr.New(cmserr.Forbidden, "no history for you"))
		entries, _ := m.list(withDates)
		if entries[0].Author != "" || entries[0].UpdatedOn != "" || len(m.reports()) != 0 {
			t.Errorf("entry is %+v, reports %v", entries[0].File, m.reports())
		}
		fail(cmserr.New(cmserr.Canceled, "given up"))
		_, err := m.EntriesByFolder(context.Background(), withDates)
		m.wantKind(err, cmserr.Canceled)
		fail(nil)
		if entries, _ = m.list(withDates); entries[0].Author != "test" {
			t.Errorf("entry is %+v; want that it is asked for again", entries[0].File)
		}
		h.failing("Blobs", cmserr.New(cmserr.Network, "down"))
		_, err = m.EntriesByFolder(context.Background(), withDates)
		m.wantKind(err, cmserr.Network)
	})
}

func TestEntriesByFolder_MetadataCanceled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openShared(t, posts)
		m := h.maintainer()
		h.slow(map[string]time.Duration{"Head": time.Minute, "LastChanges": 2 * time.Minute})
		ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
		defer cancel()
		start := time.Now()
		_, err := m.EntriesByFolder(ctx, withDates)
		m.wantKind(err, cmserr.Canceled)
		if took := time.Since(start); took != 90*time.Second {
			t.Errorf("gave up after %v", took)
		}
		time.Sleep(time.Hour) // what was asked for comes in its time
	})
}

// historian has a defect where it reads history.
type historian struct{ *spy }

func (historian) LastChanges(context.Context, string, []string) ([]driver.LastChange, error) {
	panic("defect")
}

func TestEntriesByFolder_MetadataPanics(t *testing.T) {
	t.Parallel()
	s := openWith(t, setup{files: posts, wrap: func(s *spy) driver.Driver { return historian{s} }})
	if entries, _ := s.list(withDates); len(entries) != 2 || entries[0].Data != "a" {
		t.Errorf("entries are %+v", entries)
	}
}
