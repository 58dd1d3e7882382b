package rest

import (
	"strconv"
	"strings"
	"time"
)

// time.Parse understands any layout, for 15 kB of brotli; hosts use two.

// ParseTime reads a moment as JSON has it (RFC 3339), e.g. "2024-05-06T07:08:09Z" or
// "2024-05-06T07:08:09.123+02:00", and answers it in UTC. Fractions of a second
// are left out.
func ParseTime(s string) (time.Time, bool) {
	if len(s) < len("2006-01-02T15:04:05Z") || s[4] != '-' || s[7] != '-' || (s[10] != 'T' && s[10] != ' ') {
		return time.Time{}, false
	}
	zone := strings.TrimLeft(s[19:], ".0123456789")
	offset, ok := parseZone(zone)
	year, month, day := digits(s[:4]), digits(s[5:7]), digits(s[8:10])
	t, valid := moment(year, month, day, s[11:19])
	if !ok || !valid {
		return time.Time{}, false
	}
	return t.Add(-offset), true
}

// parseZone reads "Z", "+02:00" or, as Git writes it, "+0200".
func parseZone(s string) (time.Duration, bool) {
	if s == "Z" || s == "z" {
		return 0, true
	}
	if len(s) == 6 && s[3] == ':' {
		s = s[:3] + s[4:]
	}
	if len(s) != 5 || (s[0] != '+' && s[0] != '-') {
		return 0, false
	}
	hours, minutes := digits(s[1:3]), digits(s[3:5])
	if hours < 0 || hours > 23 || minutes < 0 || minutes > 59 {
		return 0, false
	}
	offset := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if s[0] == '-' {
		offset = -offset
	}
	return offset, true
}

// parseHTTPDate reads "Sun, 06 Nov 1994 08:49:37 GMT", the one form of RFC 9110,
// 5.6.7, that servers may still write.
func parseHTTPDate(s string) (time.Time, bool) {
	const months = "JanFebMarAprMayJunJulAugSepOctNovDec"
	f := strings.Fields(s)
	if len(f) != 6 || len(f[0]) != 4 || len(f[1]) != 2 || len(f[2]) != 3 || len(f[3]) != 4 || f[5] != "GMT" {
		return time.Time{}, false
	}
	month := strings.Index(months, f[2])
	if month%3 != 0 {
		return time.Time{}, false
	}
	return moment(digits(f[3]), month/3+1, digits(f[1]), f[4])
}

// moment is a date and "15:04:05" in UTC; false if there is no such moment. A leap
// second is the one after it.
func moment(year, month, day int, clock string) (time.Time, bool) {
	if len(clock) != 8 || clock[2] != ':' || clock[5] != ':' {
		return time.Time{}, false
	}
	h, m, s := digits(clock[:2]), digits(clock[3:5]), digits(clock[6:])
	if year < 0 || h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 60 {
		return time.Time{}, false
	}
	date := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if date.Day() != day || date.Month() != time.Month(month) { // the 31st of April
		return time.Time{}, false
	}
	return date.Add(time.Duration(h*3600+m*60+s) * time.Second), true
}

// digits reads a number of digits alone; anything else is -1.
func digits(s string) int {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return -1
		}
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}
