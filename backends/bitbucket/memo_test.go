package bitbucket

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
)

// TestDiffMemo_AsksOnce, however many want to know at the same time.
func TestDiffMemo_AsksOnce(t *testing.T) {
	t.Parallel()
	var m diffMemo
	var asked atomic.Int32
	release := make(chan struct{})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			files, err := m.get(t.Context(), "a..b", func() ([]driver.FileDiff, error) {
				asked.Add(1)
				<-release
				return []driver.FileDiff{{Path: "x"}}, nil
			})
			if err != nil || len(files) != 1 {
				t.Errorf("%v, %v", files, err)
			}
		})
	}
	close(release)
	all.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// TestDiffMemo_OneGivesUp: then the next one asks; what failed is asked again.
func TestDiffMemo_OneGivesUp(t *testing.T) {
	t.Parallel()
	var m diffMemo
	begun := make(chan struct{})
	gaveUp, cancel := context.WithCancel(t.Context())
	var first sync.WaitGroup
	first.Go(func() {
		_, err := m.get(gaveUp, "a..b", func() ([]driver.FileDiff, error) {
			close(begun)
			<-gaveUp.Done()
			return nil, cmserr.From(gaveUp.Err())
		})
		if !cmserr.Is(err, cmserr.Canceled) {
			t.Errorf("%v", err)
		}
	})
	<-begun
	var second sync.WaitGroup
	second.Go(func() {
		files, err := m.get(t.Context(), "a..b", func() ([]driver.FileDiff, error) { return []driver.FileDiff{{Path: "x"}}, nil })
		if err != nil || len(files) != 1 {
			t.Errorf("%v, %v", files, err)
		}
	})
	cancel()
	first.Wait()
	second.Wait()
	for _, want := range []error{errors.New("no"), nil} {
		if _, err := m.get(t.Context(), "c..d", func() ([]driver.FileDiff, error) { return nil, want }); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	for i := range 2 * keptDiffs {
		if _, err := m.get(t.Context(), fmt.Sprint(i), func() ([]driver.FileDiff, error) { return nil, nil }); err != nil {
			t.Error(err)
		}
	}
	if len(m.kept) != keptDiffs {
		t.Errorf("%d diffs are kept", len(m.kept))
	}
}

func TestLargeMemo_ForgetsTheOldest(t *testing.T) {
	t.Parallel()
	var m largeMemo
	for i := range keptLarge + 3 {
		m.note(fmt.Sprint(i), content.Bytes("x"))
	}
	if m.get("2") != nil || m.get("3") == nil || m.get(fmt.Sprint(keptLarge+2)) == nil {
		t.Error("not the oldest were forgotten")
	}
	m.note("enormous", content.Bytes(make([]byte, keptLargeBytes+1)))
	if m.get("enormous") != nil || len(m.kept) != 0 {
		t.Errorf("%d files are kept", len(m.kept))
	}
}

func TestBegunListings_ForgetTheOldest(t *testing.T) {
	t.Parallel()
	var m begunListings
	for i := range keptBegun + 1 {
		m.put(begunListing{commit: "c", dir: fmt.Sprint(i)})
	}
	if m.has("c", "0") || !m.has("c", "1") {
		t.Error("not the oldest was forgotten")
	}
}

// TestOwnCommits_KnowsItsOwn: only a commit that says the same on the same parent.
func TestOwnCommits_KnowsItsOwn(t *testing.T) {
	t.Parallel()
	f := form{branch: "main", message: "Edit", removed: []string{"b.md"}, files: []upload{{path: "a.md", data: []byte("a")}}}
	for name, c := range map[string]struct {
		seen tip
		own  bool
	}{
		"ours":    {tip{"c1", "c0", "Edit\n"}, true},
		"theirs":  {tip{"c1", "c0", "Another"}, false},
		"later":   {tip{"c2", "c1", "Edit"}, false},
		"nothing": {tip{"c0", "", "Start"}, false},
	} {
		var o ownCommits
		o.made("", "c0", f.kept())
		o.recognize("main", c.seen)
		o.recognize("other", c.seen)
		if _, own := o.file(c.seen.id, "a.md"); own != c.own {
			t.Errorf("%s: %v", name, own)
		}
		if files, own := o.diff(c.seen.id, "c0"); own != c.own || own && len(files) != 2 {
			t.Errorf("%s: %v, %v", name, files, own)
		}
	}
	var o ownCommits
	for i := range keptOwn + 1 {
		o.made(fmt.Sprint(i), "p", form{})
	}
	if _, ok := o.find("0"); ok || len(o.named) != keptOwn {
		t.Errorf("%d commits are kept", len(o.named))
	}
}

// TestEach_ListsThatNeverEnd are an error.
func TestEach_ListsThatNeverEnd(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"the same page":  `{"values":[],"next":"https://api.bitbucket.org/2.0/repositories/octo/site/x"}`,
		"no list":        `{"next":"x"}`,
		"another origin": `{"values":[],"next":"https://elsewhere.example/x"}`,
	} {
		r := answered(t, body)
		err := r.api.each(t.Context(), r.path("x"), func(gjson.Result) error { return nil })
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestExempts_WhoMayPush(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]bool{
		`{"users":[],"groups":[]}`:                          false,
		`{"users":[{"uuid":"{me}"}],"groups":[]}`:           true,
		`{"users":[{"uuid":"{other}"}],"groups":[]}`:        false,
		`{"users":[],"groups":[{"slug":"administrators"}]}`: true,
	} {
		if got := exempts(gjson.Parse(rule), "{me}"); got != want {
			t.Errorf("%s: %v", rule, got)
		}
	}
	for rule, want := range map[string]bool{
		`{"kind":"push","branch_match_kind":"glob","pattern":"ma*"}`:          true,
		`{"kind":"push","branch_match_kind":"branching_model","pattern":"*"}`: false,
		`{"kind":"force","branch_match_kind":"glob","pattern":"main"}`:        false,
		`{"kind":"push","branch_match_kind":"glob","pattern":"release/*"}`:    false,
	} {
		if got := restricts(gjson.Parse(rule), "main"); got != want {
			t.Errorf("%s: %v", rule, got)
		}
	}
}

func TestStrategyFor_WhatTheBranchAllows(t *testing.T) {
	t.Parallel()
	branch := `{"destination":{"branch":{"name":"main","merge_strategies":["squash","fast_forward"],"default_merge_strategy":"fast_forward"}}}`
	for _, c := range []struct {
		pull   string
		squash bool
		want   string
	}{
		{`{}`, false, "merge_commit"}, {`{}`, true, "squash"}, {branch, true, "squash"}, {branch, false, "fast_forward"},
	} {
		if got := strategyFor(gjson.Parse(c.pull), c.squash); got != c.want {
			t.Errorf("squash %v: %s, want %s", c.squash, got, c.want)
		}
	}
}

func TestServiceStatus_OfThePublicPage(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"components":[{"name":"API","status":"operational"},{"name":"Pipelines","status":"major_outage"}]}`: true,
		`{"components":[{"name":"API","status":"degraded_performance"}]}`:                                     true,
		`{"components":[{"name":"Git LFS","status":"partial_outage"}]}`:                                       false,
	} {
		if got, err := answered(t, body).ServiceStatus(t.Context()); err != nil || got.OK != want || got.Page != publicStatus {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
	if _, err := answered(t, `<html>`).ServiceStatus(t.Context()); !cmserr.Is(err, cmserr.Network) {
		t.Errorf("%v", err)
	}
}
