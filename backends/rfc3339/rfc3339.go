// Package rfc3339 writes moments as JSON has them. time.Format knows any layout,
// for some 15 kB of brotli in the browser module. Package rest reads them.
package rfc3339

import "time"

// Format is t in UTC, to the second: "2024-05-06T07:08:09Z". The zero time is "".
func Format(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	out := make([]byte, 0, len("2006-01-02T15:04:05Z"))
	out = digits(out, year, 4)
	for _, part := range [...]struct {
		before byte
		value  int
	}{{'-', int(month)}, {'-', day}, {'T', hour}, {':', minute}, {':', second}} {
		out = digits(append(out, part.before), part.value, 2)
	}
	return string(append(out, 'Z'))
}

// digits appends the last n digits of v.
func digits(out []byte, v, n int) []byte {
	if n > 1 {
		out = digits(out, v/10, n-1)
	}
	return append(out, byte('0'+v%10))
}
