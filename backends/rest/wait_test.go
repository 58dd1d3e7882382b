package rest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// heard collects what OnWait is told, with the time since the bubble's start.
type heard struct {
	waits []Wait
	at    []time.Duration
}

func (h *heard) tell(w Wait) {
	w.Until = w.Until.UTC().Round(0) // comparable
	h.waits = append(h.waits, w)
	h.at = append(h.at, time.Since(bubbleStart))
}

func TestGovernor_OnWait_TellsOfManyCallsAsOfOne(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var h heard
		s := newScript(status(429, "retry-after", "30"), status(200))
		g := NewGovernor(s, Options{Host: "GitHub", OnWait: h.tell})
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() { _, _ = g.Do(t.Context(), get("u")) })
			time.Sleep(time.Second)
		}
		all.Wait()
		first := Wait{"GitHub", "GitHub allows no more requests until 00:01 UTC (in 30 seconds).",
			bubbleStart.Add(30 * time.Second), 30 * time.Second}
		// The later ones wait for the same moment, and the end comes once.
		if want := []Wait{first, {Host: "GitHub"}}; !slices.Equal(h.waits, want) {
			t.Errorf("told %+v, want %+v", h.waits, want)
		}
		if want := []time.Duration{0, 30 * time.Second}; !slices.Equal(h.at, want) {
			t.Errorf("told at %v, want %v", h.at, want)
		}
	})
}

func TestGovernor_OnWait_ShortPausesAreNotTold(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var h heard
		s := newScript(lost(), status(429, "retry-after", "1"), status(200))
		if _, err := NewGovernor(s, Options{OnWait: h.tell}).Do(t.Context(), get("u")); err != nil || len(h.waits) > 0 {
			t.Errorf("got %v, told %+v", err, h.waits)
		}
	})
}

func TestGovernor_OnWait_LongBackoffIsTold(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var h heard
		s := newScript(status(503, "retry-after", "4"), status(200))
		_, err := NewGovernor(s, Options{Host: "GitLab", OnWait: h.tell}).Do(t.Context(), get("u"))
		if err != nil || len(h.waits) != 2 || !strings.HasPrefix(h.waits[0].Reason, "GitLab does not answer") {
			t.Errorf("got %v, told %+v", err, h.waits)
		}
	})
}

func TestGovernor_OnWait_LongerLimitIsToldAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var h heard
		slow := status(429, "retry-after", "60").slow(5 * time.Second)
		s := newScript(slow, status(429, "retry-after", "10"), status(200))
		g := NewGovernor(s, Options{OnWait: h.tell})
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() { _, _ = g.Do(t.Context(), get("u")) })
			time.Sleep(time.Second)
		}
		all.Wait()
		var until []time.Duration
		for _, w := range h.waits {
			if !w.Until.IsZero() {
				until = append(until, w.Until.Sub(bubbleStart))
			}
		}
		if want := []time.Duration{11 * time.Second, 65 * time.Second}; !slices.Equal(until, want) || !h.waits[len(h.waits)-1].Until.IsZero() {
			t.Errorf("told of %v, want %v and an end: %+v", until, want, h.waits)
		}
	})
}

func TestGovernor_OnWait_WhoGivesUpHearsTheEnd(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var h heard
		g := NewGovernor(newScript(status(429, "retry-after", "30")), Options{OnWait: h.tell})
		for range 2 { // the second one is told of the same moment anew
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			_, _ = g.Do(ctx, get("u"))
		}
		if want := []time.Duration{0, 3 * time.Second, 3 * time.Second, 6 * time.Second}; !slices.Equal(h.at, want) {
			t.Errorf("told at %v, want %v", h.at, want)
		}
	})
}

func TestInWords_FitsTheLength(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{time.Millisecond, "1 second"}, {1500 * time.Millisecond, "2 seconds"}, {100 * time.Second, "100 seconds"},
		{101 * time.Second, "2 minutes"}, {42 * time.Minute, "42 minutes"}, {41*time.Minute + 1, "42 minutes"},
		{101 * time.Minute, "2 hours"}, {25 * time.Hour, "25 hours"},
	} {
		if got := inWords(c.d); got != c.want {
			t.Errorf("%v is %q, want %q", c.d, got, c.want)
		}
	}
}

func TestClockTime_IsNeverEarly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ at, want string }{
		{"2024-01-02T15:04:00Z", "15:04 UTC"}, {"2024-01-02T15:04:01Z", "15:05 UTC"},
		{"2024-01-02T23:59:30Z", "00:00 UTC"}, {"2024-01-02T01:02:00+02:00", "23:02 UTC"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := clockTime(at); got != c.want {
			t.Errorf("%s is %q, want %q", c.at, got, c.want)
		}
	}
}
