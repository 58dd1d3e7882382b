package rest

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mooring/backends/cmserr"
)

const secondary = `{"message":"You have exceeded a secondary rate limit. Please wait a few minutes."}`

func TestGovernor_SendsFewAtATimeInOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScript(status(200).slow(time.Second))
		g := NewGovernor(s, Options{})
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				if res, err := g.Do(t.Context(), get(strconv.Itoa(i))); err != nil || res.Status != 200 {
					t.Errorf("call %d: %v, %v", i, res, err)
				}
			})
			synctest.Wait() // it is queued now
		}
		all.Wait()
		if s.most != 6 || time.Since(s.begun) != 4*time.Second {
			t.Errorf("%d at a time, in %v; want 6, 4s", s.most, time.Since(s.begun))
		}
		// Those of one second were sent together, so only the seconds are in order.
		for i, req := range s.sent {
			if n, _ := strconv.Atoi(req.URL); n/6 != i/6 {
				t.Errorf("call %d was sent as number %d", n, i)
			}
		}
	})
}

func TestGovernor_CanceledInTheQueue(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScript(status(200).slow(time.Minute))
		g := NewGovernor(s, Options{Concurrency: 1})
		go func() { _, _ = g.Do(t.Context(), get("first")) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := g.Do(ctx, get("second")); !cmserr.Is(err, cmserr.Canceled) || time.Since(s.begun) != time.Second {
			t.Errorf("got %v after %v", err, time.Since(s.begun))
		}
		if _, err := g.Do(ctx, get("third")); !cmserr.Is(err, cmserr.Canceled) {
			t.Errorf("an ended context: %v", err)
		}
		if _, err := g.Do(t.Context(), get("fourth")); err != nil {
			t.Errorf("the queue does not go on: %v", err)
		}
		if len(s.sent) != 2 {
			t.Errorf("%d requests were sent, want 2", len(s.sent))
		}
	})
}

// bubbleStart is when every bubble begins.
var bubbleStart = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func epoch(d time.Duration) string { return strconv.FormatInt(bubbleStart.Add(d).Unix(), 10) }

func TestGovernor_WaitsAsLongAsItMust(t *testing.T) {
	t.Parallel()
	date := bubbleStart.Add(20 * time.Second).Format("Mon, 02 Jan 2006 15:04:05 GMT")
	for name, c := range map[string]struct {
		refusals []reply
		at       []time.Duration // when the request is sent for the second time, and on
	}{
		"seconds": {[]reply{status(429, "retry-after", "7")}, []time.Duration{7 * time.Second}},
		"now":     {[]reply{status(429, "retry-after", "0")}, []time.Duration{0}},
		"a date":  {[]reply{status(429, "retry-after", date)}, []time.Duration{20 * time.Second}},
		"GitHub, 403": {[]reply{status(403, "x-ratelimit-remaining", "0", "x-ratelimit-reset", epoch(30*time.Second))},
			[]time.Duration{30 * time.Second}},
		"GitHub, 429": {[]reply{status(429, "x-ratelimit-remaining", "0", "x-ratelimit-reset", epoch(30*time.Second))},
			[]time.Duration{30 * time.Second}},
		"GitLab": {[]reply{status(429, "ratelimit-remaining", "0", "ratelimit-reset", epoch(9*time.Second))},
			[]time.Duration{9 * time.Second}},
		"seconds from now": {[]reply{status(429, "ratelimit-reset", "12")}, []time.Duration{12 * time.Second}},
		"secondary":        {[]reply{status(403).body(secondary)}, []time.Duration{time.Minute}},
		"secondary, requests remain": {[]reply{status(429, "x-ratelimit-remaining", "4000", "x-ratelimit-reset",
			epoch(time.Hour)).body(secondary)}, []time.Duration{time.Minute}},
		"secondary, told": {[]reply{status(403, "retry-after", "3").body(secondary)}, []time.Duration{3 * time.Second}},
		"hidden header": {[]reply{status(403).body(`{"message":"API rate limit exceeded for user ID 1."}`)},
			[]time.Duration{time.Minute}},
		"nothing but 429": {[]reply{status(429), status(429)}, []time.Duration{time.Second, 3 * time.Second}},
		"already over": {[]reply{status(403, "x-ratelimit-remaining", "0", "x-ratelimit-reset", epoch(-time.Hour))},
			[]time.Duration{0}},
		"over by our clock alone": {[]reply{status(429, "retry-after", "0"), status(429, "retry-after", "0"),
			status(429, "retry-after", "0")}, []time.Duration{0, time.Second, 3 * time.Second}},
		"one after another": {[]reply{status(429, "retry-after", "7"), status(429, "retry-after", "5")},
			[]time.Duration{7 * time.Second, 12 * time.Second}},
		"Retry-After and a reset": {[]reply{status(403, "retry-after", "2", "x-ratelimit-remaining", "0",
			"x-ratelimit-reset", epoch(time.Hour))}, []time.Duration{2 * time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := newScript(append(c.refusals, status(201))...)
				res, err := NewGovernor(s, Options{}).Do(t.Context(), &Request{Method: "POST"})
				if err != nil || res.Status != 201 || !slices.Equal(s.at[1:], c.at) {
					t.Errorf("got %v, %v; sent again at %v, want %v", res, err, s.at[1:], c.at)
				}
			})
		})
	}
}

func TestGovernor_Refusals_NotMeantAsLimits(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]reply{
		"403":                   status(403, "x-ratelimit-remaining", "4999", "x-ratelimit-reset", epoch(time.Hour)),
		"403 with a text":       status(403).body(`{"message":"Resource not accessible by integration"}`),
		"403, not JSON":         status(403).body(`<p>rate limit exceeded</p>`),
		"404":                   status(404, "retry-after", "5"),
		"401 with the sentence": status(401).body(secondary),
		"500":                   status(500),
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := newScript(r)
				res, err := NewGovernor(s, Options{}).Do(t.Context(), get("u"))
				if err != nil || res != r.res || len(s.sent) != 1 || time.Since(s.begun) != 0 {
					t.Errorf("got %v, %v after %d requests and %v", res, err, len(s.sent), time.Since(s.begun))
				}
			})
		})
	}
}

func TestGovernor_TooLong_FailsAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScript(status(403, "x-ratelimit-remaining", "0", "x-ratelimit-reset", epoch(42*time.Minute)))
		g := NewGovernor(s, Options{Host: "GitHub"})
		for i, wantStatus := range []int{403, 0} { // the second one is not even sent
			_, err := g.Do(t.Context(), get("u"))
			e := cmserr.From(err)
			want := "GitHub allows no more requests until 00:42 UTC (in 42 minutes). Try again then."
			if e.Kind != cmserr.RateLimited || e.RetryAfter != 42*time.Minute || e.Msg != want {
				t.Errorf("call %d: got %v, %v, %q", i, e.Kind, e.RetryAfter, e.Msg)
			}
			if e.Status != wantStatus {
				t.Errorf("call %d: got status %d, want %d", i, e.Status, wantStatus)
			}
		}
		if len(s.sent) != 1 || time.Since(s.begun) != 0 {
			t.Errorf("%d requests in %v", len(s.sent), time.Since(s.begun))
		}
		time.Sleep(42 * time.Minute)
		s.replies = []reply{status(200)}
		if _, err := g.Do(t.Context(), get("u")); err != nil {
			t.Errorf("after the limit: %v", err)
		}
	})
}

func TestGovernor_MaxWait_CountsAllPauses(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScript(status(429, "retry-after", "60"))
		_, err := NewGovernor(s, Options{}).Do(t.Context(), get("u"))
		if !cmserr.Is(err, cmserr.RateLimited) || len(s.sent) != 2 || time.Since(s.begun) != time.Minute {
			t.Errorf("got %v after %d requests and %v", err, len(s.sent), time.Since(s.begun))
		}
	})
}

func TestGovernor_Attempts_EndWithTheLimit(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScript(status(429, "retry-after", "2"))
		_, err := NewGovernor(s, Options{}).Do(t.Context(), get("u"))
		e := cmserr.From(err)
		if e.Kind != cmserr.RateLimited || e.Status != 429 || e.RetryAfter != 2*time.Second || len(s.sent) != 4 {
			t.Errorf("got %+v after %d requests", e, len(s.sent))
		}
	})
}

// By the host's clock the limit holds, by ours it is over: no moment can be named.
func TestGovernor_Attempts_EndWithoutATime(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScript(status(429, "retry-after", "0"))
		_, err := NewGovernor(s, Options{Host: "Gitea", Attempts: 1}).Do(t.Context(), get("u"))
		e := cmserr.From(err)
		want := "Gitea allows no more requests at the moment. Try again in a while."
		if e.Kind != cmserr.RateLimited || e.RetryAfter != 0 || e.Msg != want || len(s.sent) != 1 {
			t.Errorf("got %+v after %d requests", e, len(s.sent))
		}
	})
}

func TestGovernor_CanceledAtTheGate(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScript(status(429, "retry-after", "60"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := NewGovernor(s, Options{}).Do(ctx, get("u"))
		if !cmserr.Is(err, cmserr.Canceled) || time.Since(s.begun) != time.Second || len(s.sent) != 1 {
			t.Errorf("got %v after %v", err, time.Since(s.begun))
		}
	})
}

// stepClock is a Clock that nobody waits for.
type stepClock struct{ now time.Time }

func (c *stepClock) Now() time.Time { return c.now }

func (c *stepClock) Sleep(_ context.Context, d time.Duration) error {
	c.now = c.now.Add(d)
	return nil
}

func TestGovernor_Clock_IsTheOneGiven(t *testing.T) {
	t.Parallel()
	at := time.Date(2024, 5, 6, 7, 59, 31, 0, time.UTC)
	clock := &stepClock{now: at}
	s := newScript(status(429, "retry-after", "30"), status(429, "retry-after", "3600"))
	_, err := NewGovernor(s, Options{Clock: clock}).Do(t.Context(), get("u"))
	if want := "The host allows no more requests until 09:01 UTC (in 60 minutes). Try again then."; cmserr.From(err).Msg != want {
		t.Errorf("got %v, want %q", err, want)
	}
	if waited := clock.now.Sub(at); waited != 30*time.Second {
		t.Errorf("waited %v, want 30s", waited)
	}
}

func TestGovernor_PanicFreesItsSlot(t *testing.T) {
	t.Parallel()
	broken := true
	g := NewGovernor(doerFunc(func(context.Context, *Request) (*Response, error) {
		if broken {
			panic("broken")
		}
		return &Response{Status: 200}, nil
	}), Options{Concurrency: 1})
	func() {
		defer func() { _ = recover() }()
		_, _ = g.Do(t.Context(), get("u"))
	}()
	broken = false
	if _, err := g.Do(t.Context(), get("u")); err != nil {
		t.Error(err)
	}
}

type doerFunc func(context.Context, *Request) (*Response, error)

func (f doerFunc) Do(ctx context.Context, req *Request) (*Response, error) { return f(ctx, req) }

func TestGovernor_ErrorsTellNoSecret(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScript(status(429, "retry-after", "3600").body(`{"message":"hush"}`))
		req := &Request{Method: "GET", URL: "https://h/p?token=hush", Header: Header{"authorization": "hush"}}
		if _, err := NewGovernor(s, Options{}).Do(t.Context(), req); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("got %v", err)
		}
	})
}
