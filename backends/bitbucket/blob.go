package bitbucket

import (
	"context"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// idOf names what a file holds: that of its path at a commit. One that is kept in Git LFS
// says so, for reading its path gives the large file.
func idOf(commit, path string, large bool) string {
	if large {
		return commit + largeMark + path
	}
	return commit + ":" + path
}

const largeMark = "+lfs:"

// place is where the content of a file can be read.
type place struct {
	commit, path string
	large        bool // Git has a pointer there
}

// placeOf is the place that an id tells, or else the reference beside it.
func placeOf(ref driver.BlobRef) place {
	commit, path, ok := strings.Cut(ref.ID, ":")
	if !ok || path == "" {
		return place{commit: ref.Commit, path: ref.Path}
	}
	commit, large := strings.CutSuffix(commit, strings.TrimSuffix(largeMark, ":"))
	return place{commit: commit, path: path, large: large}
}

// Blobs implements driver.Driver. Bitbucket gives one file at a time.
func (r *Repo) Blobs(ctx context.Context, refs []driver.BlobRef) ([][]byte, error) {
	out := make([][]byte, len(refs))
	err := rest.Together(ctx, len(refs), func(ctx context.Context, i int) (err error) {
		out[i], err = r.blob(ctx, placeOf(refs[i]))
		return at(err, refs[i].Path)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// blob reads what Git has at a place. Bitbucket gives of a file that Git LFS keeps the
// large file itself.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-source/#raw-file-contents
func (r *Repo) blob(ctx context.Context, p place) ([]byte, error) {
	if f, ok := r.own.file(p.commit, p.path); ok && (f.data != nil || f.size == 0) {
		return append([]byte{}, f.data...), ctx.Err()
	}
	switch {
	case p.commit == "" || p.path == "":
		return nil, noFile()
	case p.large:
		return r.pointer(ctx, p)
	}
	res, err := r.api.fetch(ctx, r.filePath(p), false)
	switch {
	case err != nil:
		return nil, r.named(err, noFile().Error())
	case res.Body == nil:
		return []byte{}, nil
	}
	return res.Body, nil
}

func (r *Repo) filePath(p place) string {
	return r.path("src", rest.EscapeSegment(p.commit), rest.EscapePath(p.path))
}

func noFile() error { return cmserr.New(cmserr.NotFound, "There is no such file.") }
