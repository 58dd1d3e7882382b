package rest

import (
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

const (
	// firstPause follows a 429 that says nothing more.
	firstPause = time.Second
	// secondaryPause is what GitHub asks for when a secondary limit comes without a
	// Retry-After: at least a minute, growing. See
	// https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
	secondaryPause = time.Minute
	// longestLimit keeps absurd numbers from overflowing a Duration.
	longestLimit = 365 * 24 * time.Hour
	// firstEpoch tells moments from lengths: a smaller number of seconds is from
	// now on, as in IETF's draft of the RateLimit fields.
	firstEpoch = 100_000_000
)

// limit is what a refusal says: how long the host gives for it, or which pause to
// begin with where it gives none.
type limit struct {
	wait  time.Duration
	known bool
	first time.Duration
	why   string
}

// pause is how long to wait after some refusals in a row, and whether the host
// said so. A limit that is over needs no pause, but a host that goes on refusing
// then has another clock than we.
func (l limit) pause(strikes int) (d time.Duration, known bool) {
	switch {
	case l.known && (l.wait > 0 || strikes == 0):
		return max(l.wait, 0), true
	case l.known:
		strikes--
	}
	return l.first << strikes, false
}

// refusalOf recognises an answer that refuses a request for being too many: 429,
// and a 403 that says so, as GitHub's limits do. Such a request was not applied.
func refusalOf(res *Response, now time.Time) (limit, bool) {
	told := res.Header.Get("retry-after") != "" || remaining(res) == "0"
	switch {
	case res.Status != 429 && res.Status != 403:
		return limit{}, false
	case saysSecondary(res):
		return newLimit(res, now, secondaryPause, asksForPause), true
	case saysLimit(res):
		return newLimit(res, now, secondaryPause, allowsNoMore), true
	case res.Status == 429 || told:
		return newLimit(res, now, firstPause, allowsNoMore), true
	}
	return limit{}, false
}

// ownLimit is a refusal that the host's own hook recognised.
func ownLimit(res *Response, d time.Duration, now time.Time) limit {
	if d > 0 {
		return limit{wait: min(d, longestLimit), known: true, first: firstPause, why: allowsNoMore}
	}
	return newLimit(res, now, secondaryPause, allowsNoMore)
}

// newLimit reads how long the limit holds. Retry-After comes first; a reset counts
// unless the host says that requests remain, because then it is another limit's.
func newLimit(res *Response, now time.Time, first time.Duration, why string) limit {
	if d, ok := parseRetryAfter(res.Header.Get("retry-after"), now); ok {
		return limit{wait: d, known: true, first: firstPause, why: why}
	}
	if left := remaining(res); left == "" || left == "0" {
		if until, ok := parseReset(resetOf(res), now); ok {
			return limit{wait: until.Sub(now), known: true, first: firstPause, why: why}
		}
	}
	return limit{first: first, why: why}
}

// exhausted is until when no more requests are allowed after a good answer that
// used up the last one; zero if some remain.
func exhausted(res *Response, now time.Time) time.Time {
	if remaining(res) != "0" {
		return time.Time{}
	}
	until, ok := parseReset(resetOf(res), now)
	if !ok || !until.After(now) {
		return time.Time{}
	}
	return until
}

// remaining and resetOf read the fields of GitHub, which have a prefix, and of GitLab.
func remaining(res *Response) string { return either(res, "ratelimit-remaining") }
func resetOf(res *Response) string   { return either(res, "ratelimit-reset") }

func either(res *Response, name string) string {
	if v := res.Header.Get("x-" + name); v != "" {
		return v
	}
	return res.Header.Get(name)
}

// parseReset reads epoch seconds, or seconds from now when there are few.
func parseReset(s string, now time.Time) (time.Time, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return time.Time{}, false
	}
	if n < firstEpoch {
		return now.Add(time.Duration(n) * time.Second), true
	}
	until, last := time.Unix(n, 0), now.Add(longestLimit)
	if n > last.Unix() {
		until = last
	}
	return until, true
}

// parseRetryAfter reads seconds or an HTTP date (RFC 9110, 10.2.3). A date in the
// past answers a negative length.
func parseRetryAfter(s string, now time.Time) (time.Duration, bool) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return min(time.Duration(min(n, int64(longestLimit/time.Second)))*time.Second, longestLimit), n >= 0
	}
	at, ok := parseHTTPDate(s)
	if !ok {
		return 0, false
	}
	return min(at.Sub(now), longestLimit), true
}

// saysSecondary and saysLimit look for GitHub's sentences. The fields of the
// header may be hidden from the browser, by a gateway for instance.
func saysSecondary(res *Response) bool {
	msg := message(res)
	return strings.Contains(msg, "secondary rate limit") || strings.Contains(msg, "abuse detection")
}

func saysLimit(res *Response) bool { return strings.Contains(message(res), "rate limit exceeded") }

func message(res *Response) string {
	if !gjson.ValidBytes(res.Body) {
		return ""
	}
	return strings.ToLower(gjson.GetBytes(res.Body, "message").String())
}
