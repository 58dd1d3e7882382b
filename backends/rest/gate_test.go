package rest

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mooring/backends/cmserr"
)

func TestGovernor_EveryCallWaits(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScript(status(429, "retry-after", "30"), status(200))
		g := NewGovernor(s, Options{})
		var all sync.WaitGroup
		do := func() {
			if _, err := g.Do(t.Context(), get("u")); err != nil {
				t.Error(err)
			}
		}
		all.Go(do)
		time.Sleep(5 * time.Second)
		all.Go(do)
		all.Wait()
		if want := []time.Duration{0, 30 * time.Second, 30 * time.Second}; !slices.Equal(s.at, want) {
			t.Errorf("sent at %v, want %v", s.at, want)
		}
	})
}

func TestGovernor_QueuedCallMeetsClosedGate(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScript(status(429, "retry-after", "10").slow(time.Second), status(200))
		g := NewGovernor(s, Options{Concurrency: 1})
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				if _, err := g.Do(t.Context(), get("u")); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if want := []time.Duration{0, 11 * time.Second, 11 * time.Second}; !slices.Equal(s.at, want) {
			t.Errorf("sent at %v, want %v", s.at, want)
		}
	})
}

// Six requests under way are refused together: that is one refusal, not six.
func TestGovernor_BurstIsOneRefusal(t *testing.T) {
	bubble(t, func(t *testing.T) {
		refused := status(403).body(secondary).slow(time.Second)
		s := newScript(refused, refused, refused, refused, refused, refused, status(200))
		g := NewGovernor(s, Options{})
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				if _, err := g.Do(t.Context(), get("u")); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if last := s.at[len(s.at)-1]; len(s.at) != 12 || last != 61*time.Second {
			t.Errorf("sent at %v", s.at)
		}
	})
}

func TestGovernor_PausesGrowUntilARequestIsAllowed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		refused := status(403).body(secondary)
		s := newScript(refused, refused, status(200), refused, status(200))
		g := NewGovernor(s, Options{MaxWait: 10 * time.Minute})
		for range 2 {
			if _, err := g.Do(t.Context(), get("u")); err != nil {
				t.Fatal(err)
			}
		}
		want := []time.Duration{0, time.Minute, 3 * time.Minute, 3 * time.Minute, 4 * time.Minute}
		if !slices.Equal(s.at, want) {
			t.Errorf("sent at %v, want %v", s.at, want)
		}
	})
}

// together sends two requests, one right after the other, and waits for both.
func together(t *testing.T, g *Governor) {
	t.Helper()
	var all sync.WaitGroup
	for _, url := range []string{"first", "second"} {
		all.Go(func() {
			if _, err := g.Do(t.Context(), get(url)); err != nil {
				t.Errorf("%s: %v", url, err)
			}
		})
		synctest.Wait()
	}
	all.Wait()
}

func TestGovernor_OldAnswer_DoesNotEndTheGrowing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		refused := status(403).body(secondary)
		s := newScript(status(200).slow(time.Second), refused, refused, status(200))
		together(t, NewGovernor(s, Options{MaxWait: 10 * time.Minute}))
		if want := []time.Duration{0, 0, time.Minute, 3 * time.Minute}; !slices.Equal(s.at, want) {
			t.Errorf("sent at %v, want %v", s.at, want)
		}
	})
}

func TestGovernor_OldRefusal_CountsOnceTheGateIsOpen(t *testing.T) {
	bubble(t, func(t *testing.T) {
		refused := status(403).body(secondary)
		s := newScript(status(403).body(secondary).slow(100*time.Second), refused, status(200))
		together(t, NewGovernor(s, Options{}))
		if want := []time.Duration{0, 0, time.Minute, 160 * time.Second}; !slices.Equal(s.at, want) {
			t.Errorf("sent at %v, want %v", s.at, want)
		}
	})
}

func TestGovernor_LastAllowedRequest_StopsTheNext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		last := status(200, "x-ratelimit-remaining", "0", "x-ratelimit-reset", epoch(20*time.Second))
		s := newScript(last, status(200, "x-ratelimit-remaining", "0", "x-ratelimit-reset", epoch(time.Hour)), status(200))
		g := NewGovernor(s, Options{})
		if res, err := g.Do(t.Context(), get("u")); err != nil || res != last.res || time.Since(s.begun) != 0 {
			t.Errorf("got %v, %v after %v", res, err, time.Since(s.begun))
		}
		if _, err := g.Do(t.Context(), get("u")); err != nil || time.Since(s.begun) != 20*time.Second {
			t.Errorf("the second: %v after %v", err, time.Since(s.begun))
		}
		if _, err := g.Do(t.Context(), get("u")); !cmserr.Is(err, cmserr.RateLimited) || len(s.sent) != 2 {
			t.Errorf("the third: %v after %d requests", err, len(s.sent))
		}
	})
}

func TestGovernor_Limited_RecognisesTheHostsOwn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		told  time.Duration
		reply reply
		want  time.Duration
	}{
		"told":        {8 * time.Second, status(200), 8 * time.Second},
		"header":      {0, status(200, "x-ratelimit-remaining", "0", "x-ratelimit-reset", epoch(15*time.Second)), 15 * time.Second},
		"unknown":     {0, status(200), time.Minute},
		"Retry-After": {0, status(200, "retry-after", "4"), 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := newScript(c.reply.body("RATE_LIMITED"), status(200))
				g := NewGovernor(s, Options{Limited: func(res *Response) (time.Duration, bool) {
					return c.told, string(res.Body) == "RATE_LIMITED"
				}})
				res, err := g.Do(t.Context(), &Request{Method: "POST"})
				if err != nil || len(res.Body) != 0 || len(s.at) != 2 || s.at[1] != c.want {
					t.Errorf("got %v, %v; sent at %v, want %v", res, err, s.at, c.want)
				}
			})
		})
	}
}
