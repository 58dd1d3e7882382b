package rest

import (
	"net/http"
	"strconv"
	"testing"
	"time"
)

func TestParseRetryAfter_Forms(t *testing.T) {
	t.Parallel()
	now := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	for in, want := range map[string]time.Duration{
		"0": 0, "1": time.Second, "120": 2 * time.Minute,
		"Mon, 06 May 2024 07:09:09 GMT": time.Minute,
		"Mon, 06 May 2024 07:08:08 GMT": -time.Second,
		"99999999999999999":             longestLimit,
		"Fri, 06 May 9999 07:08:09 GMT": longestLimit,
	} {
		if got, ok := parseRetryAfter(in, now); !ok || got != want {
			t.Errorf("%q: got %v, %v; want %v", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "-1", "1.5", "soon", "99999999999999999999", "Mon, 06 May 2024 07:08:09", "Mon, 06 Mai 2024 07:08:09 GMT"} {
		if got, ok := parseRetryAfter(in, now); ok {
			t.Errorf("%q: got %v", in, got)
		}
	}
}

func TestParseReset_Forms(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	for in, want := range map[string]time.Time{
		"1700000042": now.Add(42 * time.Second), "1600000000": time.Unix(1_600_000_000, 0),
		"42": now.Add(42 * time.Second), "9223372036854775807": now.Add(longestLimit),
	} {
		if got, ok := parseReset(in, now); !ok || !got.Equal(want) {
			t.Errorf("%q: got %v, %v; want %v", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "-5", "never", "92233720368547758070"} {
		if got, ok := parseReset(in, now); ok {
			t.Errorf("%q: got %v", in, got)
		}
	}
}

func FuzzParseRetryAfter(f *testing.F) {
	now := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	for _, s := range []string{"120", "-1", "Mon, 06 May 2024 07:09:09 GMT", "Sun, 29 Feb 2023 07:09:09 GMT",
		"Mon, 06 May 2024 07:09:60 GMT", "99999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := parseRetryAfter(s, now)
		if ok && got > longestLimit {
			t.Fatalf("%q: %v is longer than any limit", s, got)
		}
		// What net/http writes and reads is read to the same moment.
		if at, err := time.Parse(http.TimeFormat, s); err == nil && at.UTC().Format(http.TimeFormat) == s {
			if want := min(at.Sub(now), longestLimit); !ok || got != want {
				t.Fatalf("%q: got %v, %v; want %v", s, got, ok, want)
			}
		}
		if n, err := strconv.Atoi(s); err == nil && n >= 0 && !ok {
			t.Fatalf("%q is not read", s)
		}
	})
}
