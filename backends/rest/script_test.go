package rest

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mooring/backends/cmserr"
)

// reply is one answer of a script. It comes after a while of the bubble's time.
type reply struct {
	res   *Response
	err   error
	after time.Duration
}

// script is a Doer that gives its replies in order, and then the last one again.
type script struct {
	mu      sync.Mutex
	replies []reply
	sent    []Request
	at      []time.Duration // when each was sent, since the script was made
	begun   time.Time
	now     int // requests under way
	most    int
}

func newScript(replies ...reply) *script { return &script{replies: replies, begun: time.Now()} }

func (s *script) Do(ctx context.Context, req *Request) (*Response, error) {
	r := s.begin(req)
	defer s.end()
	if err := RealClock().Sleep(ctx, r.after); err != nil {
		return nil, canceled(err)
	}
	return r.res, r.err
}

func (s *script) begin(req *Request) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.replies[min(len(s.sent), len(s.replies)-1)]
	s.sent = append(s.sent, *req)
	s.at = append(s.at, time.Since(s.begun))
	s.now++
	s.most = max(s.most, s.now)
	return r
}

func (s *script) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now--
}

// status is an answer with header fields, given as pairs.
func status(code int, pairs ...string) reply {
	h := Header{}
	for i := 0; i < len(pairs); i += 2 {
		h[pairs[i]] = pairs[i+1]
	}
	return reply{res: &Response{Status: code, Header: h}}
}

func (r reply) body(text string) reply {
	r.res.Body = []byte(text)
	return r
}

func (r reply) slow(d time.Duration) reply {
	r.after = d
	return r
}

func lost() reply { return reply{err: cmserr.New(cmserr.Network, "No answer came.")} }

// bubble runs a test in time of its own, which passes when everybody sleeps.
func bubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, test)
}

// half makes every backoff half of the longest.
func half() float64 { return 0.5 }

func get(url string) *Request { return &Request{Method: "GET", URL: url} }
