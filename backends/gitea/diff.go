package gitea

import (
	"strconv"
	"strings"

	"mooring/backends/driver"
	"mooring/backends/gitid"
)

// delta is what a diff tells of one file.
// https://git-scm.com/docs/diff-format#generate_patch_text_with_p
type delta struct {
	status        driver.DiffStatus
	path, oldPath string
	oldID, newID  string // the first digits, "" where content is the same
	id            string // all of the new one, once it is known
	hunks         []hunk
}

// hunk replaces lines of the old text. Lines keep their ends.
type hunk struct {
	start int // the first line, from 1; with no old lines, the one before
	lines []hunkLine
}

type hunkLine struct {
	kind byte // ' ' stays, '-' goes, '+' comes
	text string
}

// diffReader reads line by line.
type diffReader struct {
	rest string
}

func (r *diffReader) peek() (string, bool) {
	if r.rest == "" {
		return "", false
	}
	line, _, _ := strings.Cut(r.rest, "\n")
	return line, true
}

func (r *diffReader) next() (string, bool) {
	line, ok := r.peek()
	r.rest = r.rest[min(len(line)+1, len(r.rest)):]
	return line, ok
}

// parseDiff reads what "git diff" writes; false if it is anything else.
func parseDiff(text string) ([]delta, bool) {
	r := &diffReader{text}
	deltas := []delta{}
	for {
		line, more := r.next()
		if !more {
			return deltas, true
		}
		names, ok := strings.CutPrefix(line, "diff --git ")
		if !ok {
			return nil, false
		}
		d := delta{status: driver.Modified}
		d.oldPath, d.path, ok = bothNames(names)
		if !d.readHeader(r) || !d.readHunks(r) || !ok && d.path == "" {
			return nil, false
		}
		deltas = append(deltas, d)
	}
}

// readHeader reads the lines up to the first hunk or the next file.
func (d *delta) readHeader(r *diffReader) bool {
	for {
		line, more := r.peek()
		if !more || strings.HasPrefix(line, "@@ ") || strings.HasPrefix(line, "diff --git ") {
			return true
		}
		r.next()
		key, value := headerOf(line)
		ok := true
		switch key {
		case "new file mode":
			d.status = driver.Added
		case "deleted file mode":
			d.status = driver.Deleted
		case "rename from":
			d.status = driver.Renamed
			d.oldPath, ok = unquoted(value)
		case "rename to", "copy to":
			d.path, ok = unquoted(value)
		case "copy from":
			d.status = driver.Added
			d.oldPath, ok = unquoted(value)
		case "index":
			ids, _, _ := strings.Cut(value, " ")
			d.oldID, d.newID, ok = strings.Cut(ids, "..")
		case "---":
			d.oldPath, ok = nameIn(value, "a/", d.oldPath)
		case "+++":
			d.path, ok = nameIn(value, "b/", d.path)
		case "GIT binary patch":
			return false // which nobody asked for
		}
		if !ok {
			return false
		}
	}
}

// headerOf splits a line before the hunks into what it is and what it says.
func headerOf(line string) (key, value string) {
	for _, key := range []string{"new file mode", "deleted file mode", "rename from", "rename to", "copy from", "copy to",
		"index", "---", "+++", "GIT binary patch"} {
		if value, ok := strings.CutPrefix(line, key+" "); ok {
			return key, value
		}
	}
	return line, ""
}

// readHunks reads the lines that differ.
func (d *delta) readHunks(r *diffReader) bool {
	for {
		line, more := r.peek()
		if !more || !strings.HasPrefix(line, "@@ ") {
			return true
		}
		r.next()
		h, oldLines, newLines, ok := hunkHeader(line)
		if !ok {
			return false
		}
		for oldLines > 0 || newLines > 0 {
			line, more := r.next()
			if !more || line == "" {
				return false
			}
			switch line[0] {
			case ' ':
				oldLines, newLines = oldLines-1, newLines-1
			case '-':
				oldLines--
			case '+':
				newLines--
			default:
				return false
			}
			h.lines = append(h.lines, hunkLine{line[0], line[1:] + "\n"})
			if after, _ := r.peek(); strings.HasPrefix(after, "\\") { // "\ No newline at end of file"
				r.next()
				h.lines[len(h.lines)-1].text = line[1:]
			}
		}
		d.hunks = append(d.hunks, h)
	}
}

// hunkHeader reads "@@ -1,2 +3,4 @@", in which a count of 1 is left out.
func hunkHeader(line string) (h hunk, oldLines, newLines int, ok bool) {
	parts := strings.SplitN(line, " ", 4)
	if len(parts) < 4 || !strings.HasPrefix(parts[3], "@@") {
		return h, 0, 0, false
	}
	var okOld, okNew bool
	h.start, oldLines, okOld = lineRange(parts[1], "-")
	_, newLines, okNew = lineRange(parts[2], "+")
	return h, oldLines, newLines, okOld && okNew
}

func lineRange(s, sign string) (start, count int, ok bool) {
	s, ok = strings.CutPrefix(s, sign)
	first, lines, counted := strings.Cut(s, ",")
	start, err := strconv.Atoi(first)
	count = 1
	if err == nil && counted {
		count, err = strconv.Atoi(lines)
	}
	return start, count, ok && err == nil && start >= 0 && count >= 0
}

// apply makes the new text of the old one; false if they don't fit.
func (d *delta) apply(old []byte) ([]byte, bool) {
	lines := strings.SplitAfter(string(old), "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	if len(d.hunks) == 0 && (len(old) > 0 || !isEmptyBlob(d.newID)) {
		return nil, false // binary, or another mode alone
	}
	out := make([]byte, 0, len(old))
	at := 0 // lines of the old text that are done with
	for _, h := range d.hunks {
		start := h.start - 1
		if len(h.lines) > 0 && onlyAdds(h.lines) {
			start = h.start
		}
		if start < at || start > len(lines) {
			return nil, false
		}
		for ; at < start; at++ {
			out = append(out, lines[at]...)
		}
		for _, l := range h.lines {
			if l.kind != '+' {
				if at >= len(lines) || lines[at] != l.text {
					return nil, false
				}
				at++
			}
			if l.kind != '-' {
				out = append(out, l.text...)
			}
		}
	}
	for ; at < len(lines); at++ {
		out = append(out, lines[at]...)
	}
	return out, true
}

func onlyAdds(lines []hunkLine) bool {
	for _, l := range lines {
		if l.kind != '+' {
			return false
		}
	}
	return true
}

// isEmptyBlob says whether an id begins as that of an empty file, in either hash.
func isEmptyBlob(id string) bool {
	const sha1Empty = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
	return id != "" && (strings.HasPrefix(sha1Empty, id) || strings.HasPrefix(gitid.Blob(nil, strings.Repeat("0", 64)), id))
}
