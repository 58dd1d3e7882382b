package testrepo

import (
	"fmt"
	"maps"
	"sync"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// told collects what OnChange is told, nil as "(deleted)".
type told struct {
	mu    sync.Mutex
	calls []map[string]string
}

func (o *told) hear(changed map[string][]byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	call := map[string]string{}
	for path, data := range changed {
		call[path] = string(data)
		if data == nil {
			call[path] = "(deleted)"
		}
	}
	o.calls = append(o.calls, call)
}

func (o *told) want(t *testing.T, want ...map[string]string) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	same := len(o.calls) == len(want)
	for i := range min(len(o.calls), len(want)) {
		same = same && maps.Equal(o.calls[i], want[i])
	}
	if !same {
		t.Errorf("told %v, want %v", o.calls, want)
	}
}

func TestOnChange_Commit(t *testing.T) {
	t.Parallel()
	var o told
	r := Open(Options{OnChange: o.hear, Files: map[string][]byte{"a": []byte("1"), "b": []byte("2"), "c": []byte("3"), "stay": nil}})
	edit(t, r, put("a", "new"), drop("b"), put("empty", ""), driver.Change{Op: driver.Move, From: "c", Path: "d"})
	edit(t, r, put("a", "newer"))
	o.want(t,
		map[string]string{"a": "new", "b": "(deleted)", "empty": "", "c": "(deleted)", "d": "3"},
		map[string]string{"a": "newer"})
}

func TestOnChange_OtherBranch(t *testing.T) {
	t.Parallel()
	var o told
	r := Open(Options{OnChange: o.hear})
	made := mustCommit(t, r, "cms/a", "", head(t, r, "main"), put("a", "1"))
	made = mustCommit(t, r, "cms/a", made, "", put("a", "2"))
	if err := r.DeleteBranch(t.Context(), "cms/a", made); err != nil {
		t.Fatal(err)
	}
	o.want(t)
}

func TestOnChange_Refused(t *testing.T) {
	t.Parallel()
	var o told
	r := Open(Options{OnChange: o.hear})
	_, err := r.Commit(t.Context(), driver.Commit{
		Branch: "main", ExpectedHead: head(t, r, "main"), Changes: []driver.Change{put("a", "1"), drop("none")},
	})
	wantKind(t, err, cmserr.NotFound)
	o.want(t)
}

// TestOnChange_Redone tells what this commit changed, not what lay before it.
func TestOnChange_Redone(t *testing.T) {
	t.Parallel()
	var o told
	r := Open(Options{OnChange: o.hear})
	seen := head(t, r, "main")
	edit(t, r, put("a", "1"))
	mustCommit(t, r, "main", seen, "", put("b", "2"))
	o.want(t, map[string]string{"a": "1"}, map[string]string{"b": "2"})
}

func TestOnChange_Merge(t *testing.T) {
	t.Parallel()
	var o told
	r := Open(Options{OnChange: o.hear, Files: map[string][]byte{"a": []byte("1"), "b": []byte("2")}})
	made, number := draft(t, r, "cms/a", put("a", "new"), drop("b"))
	edit(t, r, put("c", "3"))
	if err := r.MergePull(t.Context(), number, driver.Merge{ExpectedHead: made}); err != nil {
		t.Fatal(err)
	}
	o.want(t, map[string]string{"c": "3"}, map[string]string{"a": "new", "b": "(deleted)"})
}

// TestOnChange_Keeps: what OnChange gets is its own.
func TestOnChange_Keeps(t *testing.T) {
	t.Parallel()
	r := Open(Options{OnChange: func(changed map[string][]byte) { changed["a"][0] = 'X' }})
	edit(t, r, put("a", "1"))
	if got := texts(t, r, "main")["a"]; got != "1" {
		t.Errorf("the file reads %q", got)
	}
}

// TestOnChange_Reenters: OnChange may itself commit, and hears of that next.
func TestOnChange_Reenters(t *testing.T) {
	t.Parallel()
	var o told
	var r *Repo
	r = Open(Options{OnChange: func(changed map[string][]byte) {
		o.hear(changed)
		if _, first := changed["a"]; first {
			edit(t, r, put("b", "2"))
		}
	}})
	edit(t, r, put("a", "1"))
	o.want(t, map[string]string{"a": "1"}, map[string]string{"b": "2"})
}

func TestOnChange_Panics(t *testing.T) {
	t.Parallel()
	var o told
	r := Open(Options{OnChange: func(changed map[string][]byte) {
		o.hear(changed)
		if _, first := changed["a"]; first {
			panic("a defect of the listener")
		}
	}})
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		edit(t, r, put("a", "1"))
	}()
	edit(t, r, put("b", "2"))
	o.want(t, map[string]string{"a": "1"}, map[string]string{"b": "2"})
}

// TestOnChange_Concurrent: applied in the order in which they come, the changes
// add up to the branch.
func TestOnChange_Concurrent(t *testing.T) {
	t.Parallel()
	state := map[string]string{}
	var calls sync.WaitGroup
	calls.Add(40)
	r := Open(Options{OnChange: func(changed map[string][]byte) {
		for path, data := range changed { // no lock: calls come one at a time
			state[path] = string(data)
		}
		calls.Done()
	}})
	var writers sync.WaitGroup
	for i := range 40 {
		writers.Go(func() {
			for {
				seen, err := r.Head(t.Context(), "main")
				if err != nil {
					t.Error(err)
				}
				_, err = r.Commit(t.Context(), driver.Commit{
					Branch: "main", ExpectedHead: seen, Changes: []driver.Change{put("shared", fmt.Sprint(i)), put(fmt.Sprint(i), "own")},
				})
				if !cmserr.Is(err, cmserr.Conflict) {
					return
				}
			}
		})
	}
	writers.Wait()
	calls.Wait()
	if got := texts(t, r, "main"); !maps.Equal(got, state) {
		t.Errorf("the changes add up to %v, the branch is %v", state, got)
	}
}
