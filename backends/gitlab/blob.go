package gitlab

import (
	"context"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// Blobs implements driver.Driver. GraphQL gives the text of many blobs at once; binary
// and very large ones are then read one by one.
func (r *Repo) Blobs(ctx context.Context, refs []driver.BlobRef) ([][]byte, error) {
	out := make([][]byte, len(refs))
	r.texts.take(refs, out)
	if err := r.readTexts(ctx, refs, out); err != nil {
		return nil, err
	}
	err := rest.Together(ctx, len(refs), func(ctx context.Context, i int) (err error) {
		if out[i] == nil {
			out[i], err = r.raw(ctx, refs[i])
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// readTexts reads what GraphQL has of the blobs that are missing.
func (r *Repo) readTexts(ctx context.Context, refs []driver.BlobRef, out [][]byte) error {
	var places []place
	var at []int
	for i, ref := range refs {
		if out[i] == nil && ref.Commit != "" && ref.Path != "" {
			places, at = append(places, place{ref.Commit, ref.Path}), append(at, i)
		}
	}
	if len(places) < 2 { // one alone is one request either way
		return nil
	}
	found, err := r.queries.blobs(ctx, places, true)
	switch {
	case useREST(err):
		return nil
	case err != nil:
		return err
	}
	for n, i := range at {
		if id := refs[i].ID; id == "" || id == found[n].id {
			out[i] = found[n].text
		}
	}
	return nil
}

// raw reads one blob, of whatever size. A gateway passes no blobs, but files.
// https://docs.gitlab.com/api/repositories/#raw-blob-content and
// https://docs.gitlab.com/api/repository_files/#get-raw-file-from-repository
func (r *Repo) raw(ctx context.Context, ref driver.BlobRef) ([]byte, error) {
	path := r.path("repository", "blobs", rest.EscapeSegment(ref.ID), "raw")
	if ref.ID == "" {
		path = r.filePath(ref) + rest.Query("ref", ref.Commit)
	}
	res, err := r.api.Do(ctx, &rest.Request{Method: "GET", URL: path})
	switch {
	case cmserr.Is(err, cmserr.Unsupported) && ref.ID != "" && ref.Path != "" && ref.Commit != "":
		ref.ID = ""
		return r.raw(ctx, ref)
	case cmserr.Is(err, cmserr.NotFound), cmserr.From(err).Status == 400: // no blob can have that id
		return nil, noBlob(ref)
	case err != nil:
		return nil, at(err, ref.Path)
	case res.Body == nil:
		return []byte{}, nil
	}
	return res.Body, nil
}

// filePath is where the content of a file is.
func (r *Repo) filePath(ref driver.BlobRef) string {
	return r.path("repository", "files", rest.EscapeSegment(ref.Path), "raw")
}

func noBlob(ref driver.BlobRef) error {
	return at(cmserr.New(cmserr.NotFound, "There is no such file."), ref.Path)
}
