package rest

import (
	"testing"
	"time"
)

func TestParseTime_Forms(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2024-05-06T07:08:09Z":          "2024-05-06T07:08:09Z",
		"2024-02-29T23:59:59.123+02:00": "2024-02-29T21:59:59Z",
		"2024-05-06T07:08:09-03:30":     "2024-05-06T10:38:09Z",
		"2024-05-06 07:08:09 +0200":     "", // Git's own form has a space before the zone
		"2024-05-06T07:08:09+0200":      "2024-05-06T05:08:09Z",
		"2016-12-31T23:59:60Z":          "2017-01-01T00:00:00Z",
		"2023-02-29T00:00:00Z":          "", "2024-13-01T00:00:00Z": "", "2024-00-01T00:00:00Z": "",
		"2024-05-06T24:00:00Z": "", "2024-05-06T07:60:00Z": "", "2024-05-06T07:08:61Z": "",
		"2024-05-06T07:08:09": "", "2024-05-06": "", "": "", "2024-05-06T07:08:09+24:00": "",
		"2024-05-06T07:08:09+02:60": "", "2024-05-06T07-08-09Z": "", "+024-05-06T07:08:09Z": "",
	} {
		got, ok := ParseTime(in)
		if ok != (want != "") || ok && got.Format(time.RFC3339Nano) != want {
			t.Errorf("%q: got %v, %v; want %q", in, got, ok, want)
		}
	}
}

func FuzzParseTime(f *testing.F) {
	f.Add("2024-05-06T07:08:09Z", int64(0), 0)
	f.Add("2024-02-29T23:59:59.123+02:00", int64(1_700_000_000), 7200)
	f.Add("0000-01-01T00:00:00-23:59", int64(-1), -86340)
	f.Add("2024-05-06T07:08:09.5.Z", int64(253402300799), 0)
	f.Fuzz(func(t *testing.T, s string, seconds int64, zone int) {
		// What both read is the same; time.Parse takes some forms that JSON has not.
		got, ok := ParseTime(s)
		want, err := time.Parse(time.RFC3339, s)
		if err == nil && ok && !got.Equal(want.Truncate(time.Second)) {
			t.Fatalf("%q: got %v, want %v", s, got, want)
		}
		want = time.Unix(seconds%200_000_000_000, 0).In(time.FixedZone("", zone%1440*60))
		if want.Year() < 0 || want.Year() > 9999 {
			return
		}
		s = want.Format(time.RFC3339)
		if got, ok := ParseTime(s); !ok || !got.Equal(want) {
			t.Fatalf("%q: got %v, %v; want %v", s, got, ok, want)
		}
	})
}
