package gitea

import (
	"strconv"
	"strings"
)

// bothNames are the names in "a/x b/x", which stand there without quotes if they are
// not unusual, spaces or not. Where they differ, other lines tell them.
func bothNames(s string) (oldPath, path string, ok bool) {
	if strings.HasPrefix(s, `"`) {
		old, rest, ok := cutQuoted(s)
		if !ok {
			return "", "", false
		}
		now, ok := unquoted(strings.TrimPrefix(rest, " "))
		return strings.TrimPrefix(old, "a/"), strings.TrimPrefix(now, "b/"), ok
	}
	half := (len(s) - len("a/ b/")) / 2
	if half <= 0 || len(s) != 2*half+len("a/ b/") {
		return "", "", false
	}
	old, now := s[len("a/"):len("a/")+half], s[len(s)-half:]
	return old, now, old == now
}

// nameIn is the name in a "---" or "+++" line. After one with a space there is a tab.
func nameIn(value, prefix, known string) (string, bool) {
	if value == "/dev/null" {
		return known, true
	}
	name, ok := unquoted(strings.TrimSuffix(value, "\t"))
	return strings.TrimPrefix(name, prefix), ok && strings.HasPrefix(name, prefix)
}

func unquoted(s string) (string, bool) {
	if !strings.HasPrefix(s, `"`) {
		return s, true
	}
	name, rest, ok := cutQuoted(s)
	return name, ok && rest == ""
}

// cutQuoted reads a name in quotes, as C writes strings.
func cutQuoted(s string) (name, rest string, ok bool) {
	const letters, bytes = `abtnvfr"\`, "\a\b\t\n\v\f\r\"\\"
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:], true
		case s[i] != '\\':
			b.WriteByte(s[i])
			continue
		}
		i++
		if i == len(s) {
			break
		}
		if n := strings.IndexByte(letters, s[i]); n >= 0 {
			b.WriteByte(bytes[n])
			continue
		}
		if i+3 > len(s) {
			break
		}
		code, err := strconv.ParseUint(s[i:i+3], 8, 8)
		if err != nil {
			return "", "", false
		}
		b.WriteByte(byte(code))
		i += 2
	}
	return "", "", false
}
