package backends

import (
	"path"
	"strings"
)

// attributesFile says how Git treats the files of its directory and those below.
// https://git-scm.com/docs/gitattributes
const attributesFile = ".gitattributes"

// attributePaths are the attribute files that speak of a path, the root's first.
func attributePaths(p string) []string {
	out := []string{attributesFile}
	for i := range len(p) {
		if p[i] == '/' {
			out = append(out, p[:i+1]+attributesFile)
		}
	}
	return out
}

// attributeRule is a line of an attribute file that sets or unsets the filter.
type attributeRule struct {
	pattern string
	lfs     bool
}

// attributes are the rules of each attribute file, by its path.
type attributes map[string][]attributeRule

// lfs says whether a file is to be kept in Git LFS. The last line that matches it
// counts; files further down count as later.
func (a attributes) lfs(p string) bool {
	tracked := false
	for _, file := range attributePaths(p) {
		for _, rule := range a[file] {
			if matches(rule.pattern, strings.TrimPrefix(p, parent(file)+"/")) {
				tracked = rule.lfs
			}
		}
	}
	return tracked
}

// parseAttributes reads an attribute file. What it does not understand it passes
// over, as Git does: patterns that begin with "!", and macros.
func parseAttributes(text string) []attributeRule {
	var rules []attributeRule
	for _, line := range strings.Split(text, "\n") {
		line = strings.Trim(line, " \t\r")
		if line == "" || line[0] == '#' || line[0] == '!' || strings.HasPrefix(line, "[attr]") {
			continue
		}
		pattern, rest, ok := cutPattern(line)
		if !ok || strings.HasSuffix(pattern, "/") { // a directory; that says nothing of its files
			continue
		}
		mentioned, lfs := false, false
		for _, a := range strings.Fields(rest) {
			name, value, _ := strings.Cut(a, "=")
			if strings.TrimLeft(name, "-!") == "filter" {
				mentioned, lfs = true, name == "filter" && value == "lfs"
			}
		}
		if mentioned {
			rules = append(rules, attributeRule{pattern, lfs})
		}
	}
	return rules
}

// cutPattern takes the pattern off a line. One with spaces in it is quoted as in C.
func cutPattern(line string) (pattern, rest string, ok bool) {
	if line[0] != '"' {
		end := strings.IndexAny(line, " \t")
		if end < 0 {
			return "", "", false
		}
		return line[:end], line[end:], true
	}
	var b strings.Builder
	for i := 1; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"':
			return b.String(), line[i+1:], true
		case c == '\\' && i+1 < len(line):
			plain, n := unquote(line[i+1:])
			b.WriteByte(plain)
			i += n
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}

// unquote is the byte that follows a backslash, and how many bytes that takes.
func unquote(s string) (byte, int) {
	if len(s) >= 3 && s[0] >= '0' && s[0] <= '3' && isOctal(s[1]) && isOctal(s[2]) {
		return (s[0]-'0')<<6 | (s[1]-'0')<<3 | (s[2] - '0'), 3
	}
	if i := strings.IndexByte("abfnrtv", s[0]); i >= 0 {
		return "\a\b\f\n\r\t\v"[i], 1
	}
	return s[0], 1
}

func isOctal(c byte) bool { return c >= '0' && c <= '7' }

// matches says whether a pattern of an attribute file matches a path below the
// file's directory. One without a slash matches names at any depth.
// https://git-scm.com/docs/gitignore#_pattern_format
func matches(pattern, p string) bool {
	if !strings.Contains(pattern, "/") {
		return matchesName(pattern, path.Base(p))
	}
	return matchesParts(strings.Split(strings.TrimPrefix(pattern, "/"), "/"), strings.Split(p, "/"))
}

func matchesParts(pattern, parts []string) bool {
	switch {
	case len(pattern) == 0:
		return len(parts) == 0
	case pattern[0] == "**" && len(pattern) == 1:
		return len(parts) > 0
	case pattern[0] == "**":
		return matchesParts(pattern[1:], parts) || len(parts) > 0 && matchesParts(pattern, parts[1:])
	}
	return len(parts) > 0 && matchesName(pattern[0], parts[0]) && matchesParts(pattern[1:], parts[1:])
}

// matchesName matches one part of a path. Git negates a class with "!" as well.
func matchesName(pattern, name string) bool {
	ok, err := path.Match(strings.ReplaceAll(pattern, "[!", "[^"), name)
	return ok && err == nil
}
