package rest

import (
	"net/url"
	"strings"
	"testing"
)

func TestEscape_WhatHostsDecode(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain-._~": "plain-._~", "a b": "a%20b", "#?%+&": "%23%3F%25%2B%26", "k/ä": "k%2F%C3%A4",
		"日本": "%E6%97%A5%E6%9C%AC", ".gitkeep": ".gitkeep", "...": "...", "a..b": "a..b", "%2e": "%252e",
		"\xff\x00\n": "%FF%00%0A", `a\b`: "a%5Cb", "@:;=!$'()*,": "%40%3A%3B%3D%21%24%27%28%29%2A%2C", "": "",
		".": "%252E", "..": "%252E%252E",
	} {
		if got := EscapeSegment(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	if got, want := EscapePath("k/a b/#/../é"), "k/a%20b/%23/%252E%252E/%C3%A9"; got != want {
		t.Errorf("path is %q, want %q", got, want)
	}
	if got, want := Path("repos", "o", "a/b", "c d"), "/repos/o/a%2Fb/c%20d"; got != want {
		t.Errorf("path is %q, want %q", got, want)
	}
	if got, want := Query("ref", "cms/a&b", "path", "", "per page", "1"), "?ref=cms/a%26b&per%20page=1"; got != want {
		t.Errorf("query is %q, want %q", got, want)
	}
	if got := Query("ref", ""); got != "" {
		t.Errorf("an empty query is %q", got)
	}
}

func FuzzEscape(f *testing.F) {
	f.Add("a b/#?%+&.é", "x=&")
	f.Add("..", "\xff")
	f.Fuzz(func(t *testing.T, path, value string) {
		u, err := url.Parse("https://h" + Path(path) + Query("q", value))
		if err != nil {
			t.Fatal(err)
		}
		if path != "." && path != ".." && u.Path != "/"+path {
			t.Fatalf("path %q came as %q", path, u.Path)
		}
		if got := u.Query().Get("q"); got != value {
			t.Fatalf("value %q came as %q", value, got)
		}
		if strings.Contains(EscapeSegment(path), "/") || u.Host != "h" {
			t.Fatalf("%q leaves its segment", path)
		}
	})
}

func TestResolve_AsBrowsersDo(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"https://h/a/b?x=1", "https://h", "https://h:8/a/?x=/y/", "http://h/a#f"} {
		for _, ref := range []string{"https://i/j?k", "//i/j", "/j?k=/l", "?page=2", "c", "c/d?e=f://g", "", "/", "/#top", "http://h"} {
			parsed, err := url.Parse(base)
			if err != nil {
				t.Fatal(err)
			}
			want, err := parsed.Parse(ref)
			if err != nil {
				t.Fatal(err)
			}
			want.Fragment = ""
			if got, ok := resolve(base, ref); !ok || got != want.String() {
				t.Errorf("%q on %q: got %q, %v; want %q", ref, base, got, ok, want)
			}
		}
	}
	for _, ref := range []string{`https:\\evil`, "https://a\tb", "https:evil", "javascript:x", " /x", "/x\n", `/\evil`} {
		if got, ok := resolve("https://h/a", ref); ok {
			t.Errorf("%q became %q", ref, got)
		}
	}
	if got, ok := resolve("/no/base", "/x"); ok {
		t.Errorf("without a base: %q", got)
	}
}

func TestSameOrigin_SeesThroughDisguises(t *testing.T) {
	t.Parallel()
	for _, same := range []string{"https://h", "https://h/", "HTTPS://H:443/x", "https://h?x", "https://u:p@h/x", "https://h#x"} {
		if !sameOrigin("https://h/api", same) {
			t.Errorf("%s is another origin", same)
		}
	}
	for _, other := range []string{"http://h/", "https://h:8443/", "https://h.evil/", "https://evil/h", "https://h@evil/",
		`https://evil\@h/`, "https://evil#@h/", "https://evil?@h/", "https://evil/@h", "h"} {
		if sameOrigin("https://h/api", other) {
			t.Errorf("%s is the same origin", other)
		}
	}
	if !sameOrigin("http://h:80", "http://h") {
		t.Error("port 80 is another origin")
	}
}

func TestSetQuery_InItsPlace(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://h/a": "https://h/a?page=2", "https://h/a?": "https://h/a?page=2",
		"https://h/a?x=1": "https://h/a?x=1&page=2", "https://h/a?page=1&x=1": "https://h/a?page=2&x=1",
		"https://h/a?per_page=1": "https://h/a?per_page=1&page=2",
	} {
		if got := setQuery(in, "page", "2"); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
		if got := getQuery(want, "page"); got != "2" {
			t.Errorf("%s: page is %q", want, got)
		}
	}
}

// A reference that passes as one to the same origin is one for a parser, too.
func FuzzResolve(f *testing.F) {
	for _, ref := range []string{"?page=2", "/x", "//h/x", "https://h@evil/", `https://evil\@h/`, "https://evil#@h/", "https:/evil", "HTTPS://H/"} {
		f.Add(ref)
	}
	f.Fuzz(func(t *testing.T, ref string) {
		got, ok := resolve("https://h/a?b", ref)
		if !ok || !sameOrigin("https://h", got) {
			return
		}
		u, err := url.Parse(got)
		if err == nil && (strings.TrimSuffix(strings.ToLower(u.Host), ":443") != "h" || u.Scheme != "https") {
			t.Fatalf("%q leads to %s at %s", ref, u.Scheme, u.Host)
		}
	})
}
