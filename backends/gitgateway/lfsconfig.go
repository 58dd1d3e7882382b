package gitgateway

import "strings"

// lfsConfig says where a repository keeps its large files, as a Git configuration.
// https://git-scm.com/docs/git-config#_syntax
const lfsConfig = ".lfsconfig"

// lfsURL is the address in such a file, "" if it has none. The last one counts.
func lfsURL(text string) string {
	section, url := "", ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if name, after, ok := strings.Cut(line, "]"); ok && strings.HasPrefix(name, "[") {
			section, line = strings.ToLower(strings.TrimSpace(name[1:])), strings.TrimSpace(after)
		}
		key, value, ok := strings.Cut(line, "=")
		if ok && section == "lfs" && strings.EqualFold(strings.TrimSpace(key), "url") {
			url = configValue(value)
		}
	}
	return url
}

// configValue takes quotes and a comment off a value. An address has no backslashes.
func configValue(s string) string {
	var b strings.Builder
	quoted := false
	for _, c := range strings.TrimSpace(s) {
		switch {
		case c == '"':
			quoted = !quoted
		case !quoted && (c == '#' || c == ';'):
			return strings.TrimSpace(b.String())
		default:
			b.WriteRune(c)
		}
	}
	return strings.TrimSpace(b.String())
}
