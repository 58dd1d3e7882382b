package rest

import (
	"slices"
	"testing"
	"time"

	"mooring/backends/cmserr"
)

func TestGovernor_SendsAgain_WhatIsSafe(t *testing.T) {
	t.Parallel()
	safe := []time.Duration{0, 150 * time.Millisecond, 450 * time.Millisecond, 1050 * time.Millisecond}
	once := safe[:1]
	for name, c := range map[string]struct {
		req   Request
		reply reply
		at    []time.Duration
	}{
		"GET, lost":             {Request{Method: "GET"}, lost(), safe},
		"GET, 502":              {Request{Method: "GET"}, status(502), safe},
		"GET, 503":              {Request{Method: "GET"}, status(503), safe},
		"GET, 504":              {Request{Method: "GET"}, status(504), safe},
		"HEAD, lost":            {Request{Method: "HEAD"}, lost(), safe},
		"GET, 500":              {Request{Method: "GET"}, status(500), once},
		"GET, 200":              {Request{Method: "GET"}, status(200), once},
		"GET, canceled":         {Request{Method: "GET"}, reply{err: cmserr.New(cmserr.Canceled, "")}, once},
		"GET, wrong":            {Request{Method: "GET"}, reply{err: cmserr.New(cmserr.Invalid, "")}, once},
		"POST, lost":            {Request{Method: "POST"}, lost(), once},
		"POST, 503":             {Request{Method: "POST"}, status(503), once},
		"repeatable POST, lost": {Request{Method: "POST", Repeatable: true}, lost(), safe},
		"repeatable POST, 502":  {Request{Method: "POST", Repeatable: true}, status(502), safe},
		"halving POST, 502":     {Request{Method: "POST", Repeatable: true, Halves: true}, status(502), once},
		"halving POST, 504":     {Request{Method: "POST", Repeatable: true, Halves: true}, status(504), once},
		"halving POST, 503":     {Request{Method: "POST", Repeatable: true, Halves: true}, status(503), safe},
		"halving POST, lost":    {Request{Method: "POST", Repeatable: true, Halves: true}, lost(), safe},
		"503 that says when": {Request{Method: "GET"}, status(503, "retry-after", "3"),
			[]time.Duration{0, 3 * time.Second, 6 * time.Second, 9 * time.Second}},
		"503 that says: now":        {Request{Method: "GET"}, status(503, "retry-after", "0"), safe},
		"503 that says: much later": {Request{Method: "GET"}, status(503, "retry-after", "100"), once},
		"503 that puts off for longer than MaxWait": {Request{Method: "GET"}, status(503, "retry-after", "40"),
			[]time.Duration{0, 40 * time.Second, 80 * time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := newScript(c.reply)
				res, err := NewGovernor(s, Options{Rand: half}).Do(t.Context(), &c.req)
				if res != c.reply.res || err != c.reply.err {
					t.Errorf("got %v, %v; want the last answer", res, err)
				}
				if !slices.Equal(s.at, c.at) {
					t.Errorf("sent at %v, want %v", s.at, c.at)
				}
			})
		})
	}
}

func TestGovernor_SendsAgain_UntilItSucceeds(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScript(lost(), status(503), status(200))
		res, err := NewGovernor(s, Options{}).Do(t.Context(), get("u"))
		if err != nil || res.Status != 200 || len(s.sent) != 3 {
			t.Errorf("got %v, %v after %d requests", res, err, len(s.sent))
		}
		if waited := time.Since(s.begun); waited > 900*time.Millisecond {
			t.Errorf("waited %v; the longest backoffs are 300 and 600 ms", waited)
		}
	})
}

func TestBackoff_HasACap(t *testing.T) {
	t.Parallel()
	g := NewGovernor(nil, Options{Rand: func() float64 { return 1 }})
	want := []time.Duration{300, 600, 1200, 2400, 4800, 5000, 5000}
	for i, ms := range want {
		if got := g.backoff(i+1, nil); got != ms*time.Millisecond {
			t.Errorf("after attempt %d: %v, want %v", i+1, got, ms*time.Millisecond)
		}
	}
	if got := g.backoff(1000, nil); got != maxBackoff {
		t.Errorf("after attempt 1000: %v", got)
	}
}

// A backoff frees its slot for others.
func TestGovernor_BackoffKeepsNoSlot(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScript(lost(), status(200))
		g := NewGovernor(s, Options{Concurrency: 1, Rand: half})
		done := make(chan error)
		go func() {
			_, err := g.Do(t.Context(), get("first"))
			done <- err
		}()
		time.Sleep(100 * time.Millisecond)
		if _, err := g.Do(t.Context(), get("second")); err != nil || time.Since(s.begun) != 100*time.Millisecond {
			t.Errorf("got %v after %v", err, time.Since(s.begun))
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
