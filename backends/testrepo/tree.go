package testrepo

import (
	"context"
	"hash"
	"hash/fnv"
	"slices"
	"sort"
	"strconv"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// tree is all files of a commit by their full path. Directories are derived: as
// in Git, one exists for as long as a file lies below it.
type tree map[string]file

type file struct {
	id   string // of the blob
	mode driver.Mode
}

// Tree implements driver.Driver.
func (r *Repo) Tree(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	var entries []driver.TreeEntry
	err := r.reading(ctx, func() error {
		c, err := r.find(commit)
		if err != nil {
			return err
		}
		entries = r.list(c.files, dir, recursive)
		if dir != "" && len(entries) == 0 {
			return failAt(cmserr.NotFound, dir, "There is no folder '"+dir+"'.")
		}
		return nil
	})
	return entries, err
}

// list derives the entries below dir from the flat paths.
func (r *Repo) list(files tree, dir string, recursive bool) []driver.TreeEntry {
	prefix := ""
	if dir != "" {
		prefix = dir + "/"
	}
	entries := []driver.TreeEntry{}
	dirs := map[string]hash.Hash{}
	for _, path := range sortedPaths(files) {
		rest, below := strings.CutPrefix(path, prefix)
		if !below {
			continue
		}
		f := files[path]
		for i := 0; i < len(rest); i++ {
			if rest[i] != '/' {
				continue
			}
			addToDir(dirs, path[:len(prefix)+i], rest[i+1:], f)
			if !recursive {
				break
			}
		}
		if recursive || !strings.Contains(rest, "/") {
			entries = append(entries, driver.TreeEntry{
				Path: path, Mode: f.mode, ID: f.id, Size: int64(len(r.blobs[f.id])),
			})
		}
	}
	for path, sum := range dirs {
		entries = append(entries, driver.TreeEntry{
			Path: path, Mode: driver.ModeDir, ID: hexSum(sum), Size: -1,
		})
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Path < entries[j].Path })
	return entries
}

// addToDir works a file into the id of a directory above it.
func addToDir(dirs map[string]hash.Hash, dir, rest string, f file) {
	sum, ok := dirs[dir]
	if !ok {
		sum = fnv.New128a()
		dirs[dir] = sum
	}
	sum.Write(f.line(rest))
}

// line is a file as it goes into the id of what holds it.
func (f file) line(path string) []byte {
	line := strconv.AppendUint(nil, uint64(f.mode), 8)
	line = append(line, ' ')
	line = append(line, f.id...)
	line = append(line, ' ')
	line = append(line, path...)
	return append(line, 0)
}

// isDir says whether a file lies below path.
func (t tree) isDir(path string) bool {
	for other := range t {
		if len(other) > len(path) && other[len(path)] == '/' && strings.HasPrefix(other, path) {
			return true
		}
	}
	return false
}

// fileAbove is the file that stands where path needs a directory, or "".
func (t tree) fileAbove(path string) string {
	for i := range len(path) {
		if path[i] != '/' {
			continue
		}
		if _, ok := t[path[:i]]; ok {
			return path[:i]
		}
	}
	return ""
}

// Blobs implements driver.Driver.
func (r *Repo) Blobs(ctx context.Context, refs []driver.BlobRef) ([][]byte, error) {
	blobs := make([][]byte, len(refs))
	err := r.reading(ctx, func() error {
		for i, ref := range refs {
			data, ok := r.blobs[r.blobID(ref)]
			if !ok {
				return failAt(cmserr.NotFound, ref.Path, "There is no file '"+ref.Path+"'.")
			}
			blobs[i] = slices.Clone(data)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return blobs, nil
}

// blobID finds the id of a ref that has none by its path.
func (r *Repo) blobID(ref driver.BlobRef) string {
	if ref.ID != "" {
		return ref.ID
	}
	if c, ok := r.commits[ref.Commit]; ok {
		return c.files[ref.Path].id
	}
	return ""
}

// store keeps a copy of data and returns its id.
func (r *Repo) store(data []byte) string {
	id := blobID(data)
	if _, known := r.blobs[id]; !known {
		r.blobs[id] = append([]byte{}, data...) // an empty file is not nil
	}
	return id
}

// blobID derives an id from the content alone, so that it means the same bytes in
// every session and may be cached beyond one. It is FNV because that is a few
// hundred bytes of wasm, where SHA-1 is many thousand, and nobody attacks a
// repository that only its own user can see.
func blobID(data []byte) string {
	sum := fnv.New128a()
	sum.Write(data)
	return hexSum(sum)
}

// hexSum spells a hash. encoding/hex would bring package fmt along.
func hexSum(sum hash.Hash) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for _, c := range sum.Sum(nil) {
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}
