package backends

import (
	"strconv"
	"strings"
	"time"

	"mooring/backends/cms"
)

// branchPrefix begins the branches that are drafts: cms/<collection>/<slug>.
const branchPrefix = "cms/"

// branchOf is the branch of a draft. What Git forbids in a branch's name, such as
// the dots of "wait...what", is escaped like in a URL; any other key is as it is,
// so that drafts of the CMS's own backends are found.
func branchOf(key cms.Key) string { return branchPrefix + escapeBranch(key.String()) }

// forkBranchOf is the branch of a draft on a fork, which the CMS's own backends call
// after the fork: cms/<owner>/<name>/<collection>/<slug>.
func forkBranchOf(fork string, key cms.Key) string {
	return branchPrefix + escapeBranch(fork+"/"+key.String())
}

// asideOf is where a branch that was left behind is kept, as the CMS's own backends
// call it: cms_<milliseconds>/<collection>/<slug>. It is no draft any more.
func asideOf(branch string, now time.Time) string {
	name, _ := strings.CutPrefix(branch, branchPrefix)
	return "cms_" + strconv.FormatInt(now.UnixMilli(), 10) + "/" + name
}

func escapeBranch(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if forbidden(name, i) {
			const hex = "0123456789ABCDEF"
			b.WriteByte('%')
			b.WriteByte(hex[name[i]>>4])
			b.WriteByte(hex[name[i]&15])
		} else {
			b.WriteByte(name[i])
		}
	}
	return b.String()
}

// keyOf is the draft that a branch holds.
func keyOf(branch string) (cms.Key, bool) {
	name, ok := strings.CutPrefix(branch, branchPrefix)
	if !ok {
		return cms.Key{}, false
	}
	key, ok := cms.ParseKey(unescapeBranch(name))
	return key, ok && branchOf(key) == branch
}

// keyOnFork is the draft that a branch of a fork holds, called after the fork or not.
func keyOnFork(fork, branch string) (cms.Key, bool) {
	if rest, ok := strings.CutPrefix(branch, branchPrefix+escapeBranch(fork)+"/"); ok {
		if key, ok := cms.ParseKey(unescapeBranch(rest)); ok && forkBranchOf(fork, key) == branch {
			return key, true
		}
	}
	return keyOf(branch)
}

func unescapeBranch(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if c, ok := escaped(name[i:]); ok {
			b.WriteByte(c)
			i += 2
		} else {
			b.WriteByte(name[i])
		}
	}
	return b.String()
}

// forbidden says whether Git takes no branch with this byte at this place, or
// whether it would be taken for an escape.
func forbidden(name string, i int) bool {
	before, after := byte('/'), byte('/') // the ends are like those of a part
	if i > 0 {
		before = name[i-1]
	}
	if i+1 < len(name) {
		after = name[i+1]
	}
	switch c := name[i]; c {
	case '.':
		lock, _, _ := strings.Cut(name[i:], "/")
		return before == '/' || before == '.' || after == '/' || lock == ".lock"
	case '/':
		return before == '/' || i+1 == len(name)
	case '{':
		return before == '@'
	case '%':
		_, ok := escaped(name[i:])
		return ok
	default:
		return c <= ' ' || c == 0x7f || strings.IndexByte(`~^:?*[\`, c) >= 0
	}
}

// escaped reads an escape like %2E at the start of s.
func escaped(s string) (byte, bool) {
	if len(s) < 3 || s[0] != '%' {
		return 0, false
	}
	high, low := hexDigit(s[1]), hexDigit(s[2])
	return byte(high<<4 | low&15), high >= 0 && low >= 0
}

// hexDigit is the value of an upper-case hexadecimal digit, -1 for anything else.
func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
