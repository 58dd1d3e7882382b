package fakegitea

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// pointer is a Git LFS pointer file
// (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
type pointer struct {
	oid  string
	size int64
}

const pointerHead = "version https://git-lfs.github.com/spec/v1\n"

func pointerTo(content []byte) pointer {
	sum := sha256.Sum256(content)
	return pointer{hex.EncodeToString(sum[:]), int64(len(content))}
}

func (p pointer) String() string {
	return fmt.Sprintf("%soid sha256:%s\nsize %d\n", pointerHead, p.oid, p.size)
}

// readPointer reads a pointer file, if the content is one.
func readPointer(content []byte) (pointer, bool) {
	if len(content) > 1024 || !bytes.HasPrefix(content, []byte(pointerHead)) {
		return pointer{}, false
	}
	var p pointer
	for line := range strings.SplitSeq(string(content), "\n") {
		if oid, ok := strings.CutPrefix(line, "oid sha256:"); ok {
			p.oid = oid
		}
		if size, ok := strings.CutPrefix(line, "size "); ok {
			p.size, _ = strconv.ParseInt(size, 10, 64) // 0 is no size of a pointer: then it is none
		}
	}
	return p, len(p.oid) == sha256.Size*2 && p.size > 0
}

// isLFS says whether the .gitattributes of a tree and of the folders above a
// path give it filter=lfs. Patterns are a path, or a name when they have no
// slash, with * ? and [], and ** for any folders.
func (c *call) isLFS(root plumbing.Hash, file string) bool {
	if c.options.NoLFS {
		return false
	}
	lfs, folder := false, ""
	for {
		e, found := c.repo.EntryAt(root, path.Join(folder, ".gitattributes"))
		if content, err := c.repo.Blob(e.ID); found && err == nil {
			lfs = attributed(string(content), strings.TrimPrefix(file, folder+"/"), lfs)
		}
		rest := strings.TrimPrefix(strings.TrimPrefix(file, folder), "/")
		next, _, more := strings.Cut(rest, "/")
		if !more {
			return lfs
		}
		folder = path.Join(folder, next)
	}
}

// attributed reads one .gitattributes; the last line that fits counts.
func attributed(text, file string, lfs bool) bool {
	for line := range strings.SplitSeq(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) < 2 || strings.HasPrefix(fields[0], "#") || !fits(fields[0], file) {
			continue
		}
		for _, attribute := range fields[1:] {
			switch attribute {
			case "filter=lfs":
				lfs = true
			case "-filter", "!filter":
				lfs = false
			}
		}
	}
	return lfs
}

func fits(pattern, file string) bool {
	if !strings.Contains(pattern, "/") {
		matched, err := path.Match(pattern, path.Base(file))
		return err == nil && matched
	}
	pattern = strings.TrimPrefix(pattern, "/")
	if before, after, ok := strings.Cut(pattern, "**"); ok {
		return strings.HasPrefix(file, before) && (strings.Trim(after, "/") == "" || fits(strings.Trim(after, "/"), path.Base(file)))
	}
	matched, err := path.Match(pattern, file)
	return err == nil && matched
}
