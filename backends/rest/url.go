package rest

import "strings"

// net/url would add some 80 kB to the browser module for what these few lines do.

// Path is "/" and the parts, each escaped as a segment, with slashes between.
func Path(parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		b.WriteByte('/')
		b.WriteString(EscapeSegment(part))
	}
	return b.String()
}

// Query is "?" and pairs of a name and a value, escaped. Pairs with an empty value
// are left out; without any pair it is empty.
func Query(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if b.Len() == 0 {
			b.WriteByte('?')
		} else {
			b.WriteByte('&')
		}
		b.WriteString(EscapeQuery(pairs[i]) + "=" + EscapeQuery(pairs[i+1]))
	}
	return b.String()
}

// EscapeSegment escapes one segment of a path, slashes included. A URL cannot
// carry the segments "." and "..": every browser resolves them, also as "%2e", so
// that they would name another endpoint. They are escaped twice, which a host
// takes for the name "%2E" or "%2E%2E", and finds nothing.
func EscapeSegment(s string) string {
	if s == "." || s == ".." {
		return strings.Repeat("%252E", len(s))
	}
	return escape(s, "")
}

// EscapePath escapes the segments of a path and keeps its slashes.
func EscapePath(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = EscapeSegment(s)
	}
	return strings.Join(segments, "/")
}

// EscapeQuery escapes a name or a value of a query. Slashes stay, for they mean
// nothing there.
func EscapeQuery(s string) string { return escape(s, "/") }

// escape keeps what RFC 3986 calls unreserved and the bytes of keep.
func escape(s, keep string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			strings.IndexByte("-._~", c) >= 0, strings.IndexByte(keep, c) >= 0:
			b.WriteByte(c)
		default:
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// sameOrigin says whether two URLs lead to the same scheme, host and port.
func sameOrigin(a, b string) bool { return normalOrigin(a) == normalOrigin(b) }

func normalOrigin(url string) string {
	origin := strings.ToLower(Origin(url))
	if strings.HasPrefix(origin, "https:") {
		return strings.TrimSuffix(origin, ":443")
	}
	return strings.TrimSuffix(origin, ":80")
}

// resolve makes a reference that was found in the answer of base absolute, as RFC
// 3986 does; what dots in it mean is left to whoever fetches it. Characters that a
// browser would not take as they are, among them what could hide another host, end
// in false.
func resolve(base, ref string) (string, bool) {
	for _, c := range []byte(ref) {
		if c <= ' ' || c == '\\' || c == 0x7f {
			return "", false
		}
	}
	ref, _, _ = strings.Cut(ref, "#")
	base, _, _ = strings.Cut(base, "#")
	scheme, rest, ok := strings.Cut(base, "://")
	if !ok {
		return "", false
	}
	path, _, _ := strings.Cut(rest, "?")
	host, _, _ := strings.Cut(path, "/")
	switch {
	case hasScheme(ref):
		return ref, strings.Contains(ref, "://")
	case strings.HasPrefix(ref, "//"):
		return scheme + ":" + ref, true
	case strings.HasPrefix(ref, "/"):
		return scheme + "://" + host + ref, true
	case ref == "":
		return base, true
	case strings.HasPrefix(ref, "?"):
		return scheme + "://" + path + ref, true
	case path == host:
		return scheme + "://" + host + "/" + ref, true
	}
	return scheme + "://" + path[:strings.LastIndexByte(path, '/')+1] + ref, true
}

// hasScheme says whether a reference is absolute: its first colon stands before
// any slash or question mark.
func hasScheme(ref string) bool {
	end := strings.IndexAny(ref, ":/?")
	return end > 0 && ref[end] == ':'
}

// setQuery sets one parameter of a URL, in its place if it is there.
func setQuery(url, name, value string) string {
	path, query, ok := strings.Cut(url, "?")
	if !ok || query == "" {
		return path + "?" + name + "=" + value
	}
	params := strings.Split(query, "&")
	for i, p := range params {
		if strings.HasPrefix(p, name+"=") {
			params[i] = name + "=" + value
			return path + "?" + strings.Join(params, "&")
		}
	}
	return url + "&" + name + "=" + value
}

// getQuery is one parameter of a URL, escaped as it stands there.
func getQuery(url, name string) string {
	_, query, _ := strings.Cut(url, "?")
	for p := range strings.SplitSeq(query, "&") {
		if value, ok := strings.CutPrefix(p, name+"="); ok {
			return value
		}
	}
	return ""
}
