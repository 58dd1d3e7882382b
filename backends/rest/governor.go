package rest

import (
	"context"
	"math/rand/v2"
	"time"

	"mooring/backends/cmserr"
)

// Options say how a Governor treats its host. The zero value is usable.
type Options struct {
	Host        string        // the host's name for people, e.g. "GitHub"; default "The host"
	Concurrency int           // requests at the same time; default 6
	Attempts    int           // times that one request is sent, at most; default 4
	MaxWait     time.Duration // that one call waits, all its pauses together; default 90 s

	// OnWait is told of a pause of more than a second when it begins, and when all
	// of them are over, then with a Wait that holds no more than the Host. The calls
	// come one after another; it returns soon and makes no request. nil: nobody.
	OnWait func(Wait)

	// Limited recognises a refusal for too many requests that HTTP does not show,
	// e.g. GraphQL's RATE_LIMITED in a 200 answer, and how long it holds from now; 0
	// if only the header can tell. It must be sure that nothing was applied. nil:
	// there is none.
	Limited func(*Response) (time.Duration, bool)

	Clock Clock          // default: the real time
	Rand  func() float64 // from 0 up to 1, the share of a backoff that is slept; default: random
}

func (o Options) withDefaults() Options {
	if o.Host == "" {
		o.Host = "The host"
	}
	if o.Concurrency <= 0 {
		o.Concurrency = 6
	}
	if o.Attempts <= 0 {
		o.Attempts = 4
	}
	if o.MaxWait <= 0 {
		o.MaxWait = 90 * time.Second
	}
	if o.Clock == nil {
		o.Clock = RealClock()
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	return o
}

// Governor is a Doer that treats one host well, for everybody who asks it: there
// is one for each origin, below an ETags and above the Doer of the platform.
//
// It sends a few requests at a time, in the order in which they came. When the
// host refuses one for being too many, all of them wait until the host allows
// more, whatever their method, since nothing was applied. A request without an
// answer, or with a 502, 503 or 504, is sent again after a moment if it is safe
// to repeat: see Request.
//
// It returns the last answer, or its Doer's error, unchanged, but for Canceled when
// ctx ends during a pause, and RateLimited, with RetryAfter, when a call would wait
// longer than MaxWait or was refused at its last attempt.
type Governor struct {
	next  Doer
	o     Options
	slots chan struct{} // one element for each request under way; Go serves senders in order
	gate  gate
	waits waits
}

// NewGovernor makes a Governor around next.
func NewGovernor(next Doer, o Options) *Governor {
	o = o.withDefaults()
	return &Governor{next: next, o: o, slots: make(chan struct{}, o.Concurrency), waits: waits{tell: o.OnWait}}
}

// call is how one call of Do has fared so far.
type call struct {
	waited time.Duration
	status int // of the last refusal, 0 if there was none
}

// Do implements Doer.
func (g *Governor) Do(ctx context.Context, req *Request) (*Response, error) {
	var c call
	for attempt := 1; ; attempt++ {
		round, err := g.enter(ctx, &c)
		if err != nil {
			return nil, err
		}
		res, refused, err := g.send(ctx, req, round)
		last := attempt >= g.o.Attempts
		if refused {
			c.status = res.Status
		}
		switch {
		case refused && last:
			return nil, g.refusal(c)
		case refused:
			continue // the gate knows how long
		case last || !worthRepeating(req, res, err):
			return res, err
		}
		pause := g.backoff(attempt, res)
		if c.waited+pause > g.o.MaxWait {
			return res, err
		}
		c.waited += pause
		if err := g.sleep(ctx, pause, g.o.Host+" does not answer as it should. Trying again."); err != nil {
			return nil, err
		}
	}
}

// enter waits until the host allows a request and takes one of the slots. round
// is the gate's, for what the answer will say of it.
func (g *Governor) enter(ctx context.Context, c *call) (round int, err error) {
	for {
		if err := g.waitAtGate(ctx, c); err != nil {
			return 0, err
		}
		select {
		case g.slots <- struct{}{}:
		case <-ctx.Done():
			return 0, canceled(ctx.Err())
		}
		// While this call queued, another's answer may have closed the gate.
		round, closed := g.gate.look()
		if closed.left(g.o.Clock.Now()) <= 0 {
			return round, nil
		}
		<-g.slots
	}
}

// waitAtGate waits outside the slots, so that what a call has waited is known.
func (g *Governor) waitAtGate(ctx context.Context, c *call) error {
	for {
		if err := ctx.Err(); err != nil {
			return canceled(err)
		}
		_, closed := g.gate.look()
		now := g.o.Clock.Now()
		left := closed.left(now)
		switch {
		case left <= 0:
			return nil
		case c.waited+left > g.o.MaxWait:
			return g.refusal(*c)
		}
		c.waited += left
		if err := g.sleep(ctx, left, closed.text(g.o.Host, now)); err != nil {
			return err
		}
	}
}

// send carries the request in a slot that enter took, and learns from the answer.
// The slot is free only when the gate knows, or the next call would slip through.
func (g *Governor) send(ctx context.Context, req *Request, round int) (res *Response, refused bool, err error) {
	defer func() { <-g.slots }()
	res, err = g.next.Do(ctx, req)
	if err != nil {
		return nil, false, err
	}
	now := g.o.Clock.Now()
	if l, ok := g.limitOf(res, now); ok {
		g.gate.refuse(l, round, now)
		return res, true, nil
	}
	g.gate.allow(round)
	if until := exhausted(res, now); !until.IsZero() {
		g.gate.close(until, allowsNoMore)
	}
	return res, false, nil
}

// limitOf is the refusal that an answer is, by HTTP's signs or by the host's own.
func (g *Governor) limitOf(res *Response, now time.Time) (limit, bool) {
	if g.o.Limited != nil {
		if d, ok := g.o.Limited(res); ok {
			return ownLimit(res, d, now), true
		}
	}
	return refusalOf(res, now)
}

// sleep pauses a call, and tells of it when a person would notice.
func (g *Governor) sleep(ctx context.Context, d time.Duration, reason string) error {
	if d <= 0 {
		return nil
	}
	if d > noticeable {
		g.waits.begin(Wait{Host: g.o.Host, Reason: reason, Until: g.o.Clock.Now().Add(d), For: d})
		defer g.waits.end(g.o.Host)
	}
	if err := g.o.Clock.Sleep(ctx, d); err != nil {
		return canceled(err)
	}
	return nil
}

// refusal is the error of a call that may not wait for the gate.
func (g *Governor) refusal(c call) error {
	_, closed := g.gate.look()
	now := g.o.Clock.Now()
	e := &cmserr.Error{Kind: cmserr.RateLimited, Status: c.status, RetryAfter: max(closed.left(now), 0)}
	e.Msg = closed.text(g.o.Host, now) + " Try again then."
	if e.RetryAfter == 0 {
		e.Msg = g.o.Host + allowsNoMore + " at the moment. Try again in a while."
	}
	return e
}

func canceled(err error) error {
	return cmserr.Wrap(cmserr.Canceled, err, "The request was cancelled.")
}
