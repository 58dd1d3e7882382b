package fakehost

import "time"

// Rate is where a user stands with a rate limit.
type Rate struct {
	Limit, Used int
	Reset       time.Time
}

// Remaining is how many requests are left until Reset.
func (r Rate) Remaining() int { return max(r.Limit-r.Used, 0) }

type limitKey struct{ user, resource string }

type limit struct {
	used  int
	reset time.Time
}

// Spend counts cost against a user's hour of a resource ("core", "graphql")
// and says where that leaves them. When nothing was left, ok is false and
// nothing is counted.
func (h *Host) Spend(user, resource string, cost int) (rate Rate, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := h.limit(user, resource)
	if ok = h.settings.HourlyLimit-l.used >= max(cost, 1) || cost == 0; ok {
		l.used += cost
	}
	return Rate{Limit: h.settings.HourlyLimit, Used: l.used, Reset: l.reset}, ok
}

// SetRemaining leaves a user that many requests until reset.
func (h *Host) SetRemaining(user, resource string, remaining int, reset time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := h.limit(user, resource)
	l.used, l.reset = h.settings.HourlyLimit-remaining, reset
}

func (h *Host) limit(user, resource string) *limit {
	k := limitKey{user, resource}
	l := h.limits[k]
	if l == nil || !h.Now().Before(l.reset) {
		l = &limit{reset: h.Now().Add(h.window())}
		h.limits[k] = l
	}
	return l
}

// Refund takes back what was counted, as for an answer that costs nothing.
func (h *Host) Refund(user, resource string, cost int) Rate {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := h.limit(user, resource)
	l.used = max(l.used-cost, 0)
	return Rate{Limit: h.settings.HourlyLimit, Used: l.used, Reset: l.reset}
}
