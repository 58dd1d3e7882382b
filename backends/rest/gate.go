package rest

import (
	"strconv"
	"sync"
	"time"
)

// maxStrikes bounds the growth of pauses: 2⁶ times the first one.
const maxStrikes = 6

// Why a gate is closed, as the rest of a sentence that begins with the host.
const (
	allowsNoMore = " allows no more requests"
	asksForPause = " asks for a pause after too many requests"
)

// gate is what a host's refusals mean for all calls: none is sent while it is
// closed. The zero value is open.
type gate struct {
	mu      sync.Mutex
	closed  closing
	round   int // counts refusals, those of one burst as one
	strikes int // refusals since a request was last allowed, likewise
}

// closing is until when the gate is closed, and why.
type closing struct {
	until time.Time
	why   string
}

// left is how long it still holds; zero or less: no longer.
func (c closing) left(now time.Time) time.Duration { return c.until.Sub(now) }

// text is a sentence for people, while it holds.
func (c closing) text(host string, now time.Time) string {
	return host + c.why + " until " + clockTime(c.until) + " (in " + inWords(c.left(now)) + ")."
}

// look answers what a call needs to know before it is sent.
func (g *gate) look() (round int, closed closing) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.round, g.closed
}

// refuse closes the gate after a refusal of a request that was sent in round. Of
// the requests that were under way together, only the first refused lengthens
// the pause that the host does not give a length for.
func (g *gate) refuse(l limit, round int, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	fresh := round == g.round || g.closed.left(now) <= 0
	if pause, known := l.pause(g.strikes); known || fresh {
		g.extend(now.Add(pause), l.why)
	}
	if fresh {
		g.round++
		g.strikes = min(g.strikes+1, maxStrikes)
	}
}

// allow ends the growing of pauses, after an answer to a request that was sent
// since the last refusal.
func (g *gate) allow(round int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if round == g.round {
		g.strikes = 0
	}
}

// close closes the gate for the calls that follow.
func (g *gate) close(until time.Time, why string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.extend(until, why)
}

func (g *gate) extend(until time.Time, why string) {
	if until.After(g.closed.until) {
		g.closed = closing{until, why}
	}
}

// clockTime is "15:04 UTC", rounded up to the minute, so that it is never early.
func clockTime(t time.Time) string {
	t = t.UTC().Add(time.Minute - 1).Truncate(time.Minute)
	return twoDigits(t.Hour()) + ":" + twoDigits(t.Minute()) + " UTC"
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// inWords is a length of time in the unit that fits, rounded up.
func inWords(d time.Duration) string {
	switch {
	case d <= 100*time.Second:
		return count(d, time.Second, "second")
	case d <= 100*time.Minute:
		return count(d, time.Minute, "minute")
	}
	return count(d, time.Hour, "hour")
}

func count(d, unit time.Duration, name string) string {
	n := int((d + unit - 1) / unit)
	if n == 1 {
		return "1 " + name
	}
	return strconv.Itoa(n) + " " + name + "s"
}
