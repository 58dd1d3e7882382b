package rest

import (
	"time"

	"mooring/backends/cmserr"
)

const (
	firstBackoff = 300 * time.Millisecond
	maxBackoff   = 5 * time.Second
)

// worthRepeating says whether a request should be sent again after this answer or
// error: the host may do better next time, and twice is no more than once.
func worthRepeating(req *Request, res *Response, err error) bool {
	if req.Method != "GET" && req.Method != "HEAD" && !req.Repeatable {
		return false
	}
	if err != nil {
		return cmserr.Is(err, cmserr.Network)
	}
	switch res.Status {
	case 502, 504:
		return !req.Halves
	case 503:
		return true
	}
	return false
}

// backoff is the pause after an attempt, counted from 1: a random part of a length
// that doubles (full jitter), so that many callers don't come back together; but
// no less than the host asks for. res is nil when there was no answer.
func (g *Governor) backoff(attempt int, res *Response) time.Duration {
	// The shift stays small: past it the cap counts anyway.
	longest := min(firstBackoff<<min(attempt-1, 10), maxBackoff)
	pause := time.Duration(g.o.Rand() * float64(longest))
	if res != nil {
		if d, ok := parseRetryAfter(res.Header.Get("retry-after"), g.o.Clock.Now()); ok {
			pause = max(pause, d)
		}
	}
	return pause
}
