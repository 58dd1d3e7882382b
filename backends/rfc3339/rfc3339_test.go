package rfc3339_test

import (
	"testing"
	"time"

	"mooring/backends/rfc3339"
)

func TestFormat_IsTheStandardLibrarys(t *testing.T) {
	t.Parallel()
	start := time.Date(1999, 12, 31, 23, 59, 58, 999, time.FixedZone("x", -5*3600))
	for i := range 500 {
		at := start.Add(time.Duration(i) * 1234567 * time.Second)
		if got, want := rfc3339.Format(at), at.UTC().Format(time.RFC3339); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	}
	if got := rfc3339.Format(time.Time{}); got != "" {
		t.Errorf("the zero time is %q", got)
	}
}
