package fakegitea

import (
	"fmt"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

// shortID is how many digits of an id a diff has; more in large repositories.
const shortID = 7

var emptyBlob = plumbing.ComputeHash(plumbing.BlobObject, nil)

// pullDiff: GET …/pulls/{index}.diff: what "git diff -p" writes of what the pull
// request changes since its merge base
// (https://git-scm.com/docs/diff-format#generate_patch_text_with_p).
func pullDiff(c *call) (*answer, error) {
	p, err := c.seenPull()
	if err != nil {
		return nil, err
	}
	comparison, err := c.comparePull(p)
	if err != nil {
		return nil, err
	}
	text := &strings.Builder{}
	for _, f := range comparison.Files {
		if err := writeDiff(text, f); err != nil {
			return nil, err
		}
	}
	return &answer{raw: append([]byte{}, text.String()...), mime: "text/plain; charset=utf-8"}, nil
}

// writeDiff writes one file.
func writeDiff(b *strings.Builder, f fakehost.FileChange) error {
	patch, err := f.Patch()
	if err != nil {
		return err
	}
	before, after := diffName("a/"+f.OldPath()), diffName("b/"+f.Path)
	fmt.Fprintf(b, "diff --git %s %s\n", before, after)
	switch {
	case f.Status == "added":
		fmt.Fprintf(b, "new file mode %o\n", uint32(f.Mode))
		before = "/dev/null"
	case f.Status == "removed":
		fmt.Fprintf(b, "deleted file mode %o\n", uint32(f.OldMode))
		after = "/dev/null"
	case f.Mode != f.OldMode:
		fmt.Fprintf(b, "old mode %o\nnew mode %o\n", uint32(f.OldMode), uint32(f.Mode))
	}
	if f.Status == "renamed" {
		fmt.Fprintf(b, "similarity index %d%%\nrename from %s\nrename to %s\n", similarity(f), diffName(f.Previous), diffName(f.Path))
	}
	if f.ID == f.OldID && f.Status != "removed" {
		return nil
	}
	b.WriteString("index " + diffIDs(f) + "\n")
	switch {
	case f.ID == emptyBlob:
	case patch.Binary:
		fmt.Fprintf(b, "Binary files %s and %s differ\n", before, after)
	case patch.Hunks != "":
		fmt.Fprintf(b, "--- %s\n+++ %s\n%s\n", withTab(before), withTab(after), patch.Hunks)
	}
	return nil
}

// similarity is all or not all: nobody reads how much it is.
func similarity(f fakehost.FileChange) int {
	if f.ID == f.OldID {
		return 100
	}
	return 80
}

func diffIDs(f fakehost.FileChange) string {
	none := strings.Repeat("0", shortID)
	old, now, mode := f.OldID.String()[:shortID], f.ID.String()[:shortID], ""
	switch {
	case f.Status == "added":
		old = none
	case f.Status == "removed":
		now = none
	case f.Mode == f.OldMode:
		mode = fmt.Sprintf(" %o", uint32(f.Mode))
	}
	return old + ".." + now + mode
}

// diffName puts a name in quotes that has unusual bytes; letters of other alphabets
// are none, as the server sets core.quotePath to false.
func diffName(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		switch {
		case c == '"' || c == '\\':
			b.Write([]byte{'\\', c})
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	if b.String() == name {
		return name
	}
	return `"` + b.String() + `"`
}

// withTab ends a name that has a space with a tab, so that its end can be told.
func withTab(name string) string {
	if strings.Contains(name, " ") {
		return name + "\t"
	}
	return name
}
