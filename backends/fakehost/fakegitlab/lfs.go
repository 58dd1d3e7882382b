package fakegitlab

import (
	"bytes"
	"fmt"
	"path"
	"strings"
)

// pointerHead is how a Git LFS pointer file begins
// (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
const pointerHead = "version https://git-lfs.github.com/spec/v1\n"

func isPointer(content []byte) bool {
	return len(content) < 1024 && bytes.HasPrefix(content, []byte(pointerHead)) && pointerOID(content) != ""
}

func pointerOID(content []byte) string {
	for line := range strings.SplitSeq(string(content), "\n") {
		if oid, ok := strings.CutPrefix(line, "oid sha256:"); ok {
			return oid
		}
	}
	return ""
}

func pointerFile(oid string, size int) []byte {
	return fmt.Appendf(nil, "%soid sha256:%s\nsize %d\n", pointerHead, oid, size)
}

// attribute is a line of a .gitattributes file.
type attribute struct {
	pattern string
	lfs     bool
}

// attributesAt reads the .gitattributes file of a branch: the host looks at no
// other than the one at the root.
func (c *call) attributesAt(branch string) []attribute {
	e, found := c.repo.Resolve(branch + ":.gitattributes")
	if !found {
		return nil
	}
	content, err := c.repo.Blob(e.ID)
	if err != nil {
		return nil
	}
	var list []attribute
	for line := range strings.SplitSeq(string(content), "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		a := attribute{pattern: "/" + strings.TrimPrefix(fields[0], "/")}
		for _, field := range fields[1:] {
			a.lfs = a.lfs || field == "filter=lfs"
		}
		list = append(list, a)
	}
	return list
}

// isLFS says whether a file is to be stored in LFS. Of the lines that match
// the last one counts alone (lib/gitlab/git/attributes_parser.rb).
func isLFS(attributes []attribute, name string) bool {
	for i := len(attributes) - 1; i >= 0; i-- {
		if fnmatch(attributes[i].pattern, "/"+name) {
			return attributes[i].lfs
		}
	}
	return false
}

// fnmatch is Ruby's File.fnmatch without flags: * and ? match a slash, too,
// but not a name's leading dot. That is why /*.png matches in all folders.
func fnmatch(pattern, name string) bool {
	// path.Match's * stops at a slash, so both get another letter for it.
	const slash = "\x01"
	matched, err := path.Match(strings.ReplaceAll(pattern, "/", slash), strings.ReplaceAll(name, "/", slash))
	return err == nil && matched
}
