package fakehost

import (
	"cmp"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rule makes some requests go wrong.
type Rule struct {
	Method    string // "" is any
	Path      string // decoded path, without the query; * stands for any text, "" is any path
	Operation string // GraphQL operation name; "" is any
	Skip      int    // that many matching requests go well first
	Count     int    // then that many go wrong; 0 is all
	Effect    Effect

	matched int
}

// Effect is what goes wrong. Several can be combined, and happen in the order
// of the fields.
type Effect struct {
	Latency   time.Duration // the answer takes longer
	CutBefore bool          // the connection ends before anything is done
	// Status refuses the request: 429, 500, 502, 503, 504. With 429 and 403 the
	// body is the host's own for a secondary limit.
	Status       int
	RetryAfter   time.Duration // sent with Status, when not zero
	PrimaryLimit time.Duration // refused: no requests are left for so long
	CutAfter     bool          // the request is done, and the answer gets lost
	StaleReads   int           // the next readers of each written reference see it as it was before
	NoCORS       bool          // the answer lacks CORS headers, as from a proxy in front of the host
}

// Refusal is the status of an answer to a request that is refused, where the rule has none:
// too many requests. When to try again goes into the header.
func (e Effect) Refusal(header http.Header) (status int) {
	if e.RetryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	}
	return cmp.Or(e.Status, http.StatusTooManyRequests)
}

// Fault adds a rule. Rules are tried in order; the first that matches counts.
func (h *Host) Fault(r Rule) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults = append(h.faults, &r)
}

// ClearFaults removes all rules.
func (h *Host) ClearFaults() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults = nil
}

// fault is the effect that a request gets.
func (h *Host) fault(q *Request) Effect {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, r := range h.faults {
		if !r.matches(q) {
			continue
		}
		if r.matched++; r.matched <= r.Skip {
			continue
		}
		if r.Count > 0 && r.matched-r.Skip >= r.Count {
			h.faults = slices.Delete(h.faults, i, i+1)
		}
		q.Faulty = true
		return r.Effect
	}
	return Effect{}
}

func (r *Rule) matches(q *Request) bool {
	return (r.Method == "" || strings.EqualFold(r.Method, q.Method)) &&
		(r.Operation == "" || r.Operation == q.Operation) &&
		(r.Path == "" || glob(r.Path, q.Path))
}

// glob matches text against a pattern in which * stands for any text.
func glob(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		_, after, ok := strings.Cut(text, part)
		if !ok {
			return false
		}
		text = after
	}
	return strings.HasSuffix(text, last)
}

// record notes reference writes while do runs, and shows the first readers
// what was there before.
func (h *Host) record(staleReads int, do func()) {
	if staleReads == 0 {
		do()
		return
	}
	h.mu.Lock()
	if h.journal == nil {
		h.journal = &journal{}
	}
	j := h.journal
	j.users++
	from := len(j.list)
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, w := range j.list[from:] {
			w.repo.stale[w.name] = &staleRef{before: w.before, reads: staleReads}
		}
		if j.users--; j.users == 0 && h.journal == j { // and not another one, after a Reset
			h.journal = nil
		}
	}()
	do()
}
