package drivertest

import (
	"fmt"
	"sync"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

func raceCases(t *testing.T, h Harness) {
	each(t, h, map[string]func(*testing.T, Harness){
		"Apart":    raceApart,
		"SamePath": raceSamePath,
		"Create":   raceCreate,
		"Readers":  raceReaders,
	})
}

// writers are as many as may meet at one repository.
const writers = 6

// race runs commits at once and returns how each ended.
func (r *repo) race(commits ...driver.Commit) []error {
	errs := make([]error, len(commits))
	var done sync.WaitGroup
	for i, c := range commits {
		done.Go(func() { _, errs[i] = r.Commit(r.t.Context(), c) })
	}
	done.Wait()
	return errs
}

// winner asserts that one commit succeeded and all others are Conflicts.
func winner(t *testing.T, errs []error) int {
	t.Helper()
	won := -1
	for i, err := range errs {
		switch {
		case err != nil:
			wantKind(t, err, cmserr.Conflict)
		case won >= 0:
			t.Fatalf("both %d and %d succeeded", won, i)
		default:
			won = i
		}
	}
	if won < 0 {
		t.Fatal("nobody succeeded")
	}
	return won
}

// raceApart: each commit is redone until it is in, and none is lost.
func raceApart(t *testing.T, h Harness) {
	r := h.open(t, nil)
	seen := r.head("")
	want := map[string]string{}
	var commits []driver.Commit
	for i := range writers {
		path := fmt.Sprintf("posts/%d.md", i)
		want[path] = fmt.Sprint("by ", i)
		commits = append(commits, driver.Commit{
			Branch: r.branch, ExpectedHead: seen, Message: "Add " + path,
			Changes: []driver.Change{put(path, want[path])},
		})
	}
	for _, err := range r.race(commits...) {
		r.ok(err, "Commit")
	}
	r.holds(r.head(""), want)
}

func raceSamePath(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	seen := r.head("")
	var commits []driver.Commit
	for i := range writers {
		commits = append(commits, driver.Commit{
			Branch: r.branch, ExpectedHead: seen, Message: "Edit",
			Changes: []driver.Change{put("a.md", fmt.Sprint("by ", i))},
		})
	}
	won := winner(t, r.race(commits...))
	r.holds(r.head(""), map[string]string{"a.md": fmt.Sprint("by ", won)})
}

func raceCreate(t *testing.T, h Harness) {
	r := h.open(t, nil)
	base := r.head("")
	var commits []driver.Commit
	for i := range writers {
		commits = append(commits, driver.Commit{
			Branch: "cms/posts/a", Base: base, Message: "Start",
			Changes: []driver.Change{put("a.md", fmt.Sprint("by ", i))},
		})
	}
	won := winner(t, r.race(commits...))
	r.holds(r.head("cms/posts/a"), map[string]string{"a.md": fmt.Sprint("by ", won)})
}

// raceReaders reads one commit while the branch moves on.
func raceReaders(t *testing.T, h Harness) {
	r := h.open(t, map[string]string{"a.md": "a"})
	seen := r.head("")
	ref := driver.BlobRef{ID: r.entry(seen, "a.md").ID, Path: "a.md", Commit: seen}
	var done sync.WaitGroup
	for range writers {
		done.Go(func() {
			for range 3 {
				blobs, err := r.Blobs(t.Context(), []driver.BlobRef{ref})
				if err != nil || string(blobs[0]) != "a" {
					t.Errorf("Blobs: %q, %v", blobs, err)
				}
				entries, err := r.Tree(t.Context(), seen, "", true)
				if err != nil || len(entries) != 2 {
					t.Errorf("Tree: %v, %v", paths(entries), err)
				}
				if _, err := r.Head(t.Context(), r.branch); err != nil {
					t.Errorf("Head: %v", err)
				}
			}
		})
	}
	for i := range 3 {
		r.commit(put("a.md", fmt.Sprint(i)), put(fmt.Sprint(i), "new"))
	}
	done.Wait()
}
