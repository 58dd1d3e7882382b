package github

import (
	"context"
	"errors"
	"strconv"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

// Blobs implements driver.Driver. GraphQL gives the text of many blobs at once; it
// has none of binary ones and cuts off large ones, which are then read one by one.
func (r *Repo) Blobs(ctx context.Context, refs []driver.BlobRef) ([][]byte, error) {
	out := make([][]byte, len(refs))
	if len(refs) > 1 { // one alone is one request either way
		texts, err := r.queries.texts(ctx, refs)
		switch {
		case err == nil:
			copy(out, texts)
		case !errors.Is(err, graphql.ErrNone):
			return nil, err
		}
	}
	if err := r.fill(ctx, refs, out); err != nil {
		return nil, err
	}
	return out, nil
}

// texts reads what GraphQL has of blobs: nil for one that it can't give whole.
func (r graph) texts(ctx context.Context, refs []driver.BlobRef) ([][]byte, error) {
	return rest.Batches(ctx, refs, r.repo.api.batching(r.repo.api.blobSizes), r.someTexts)
}

// https://docs.github.com/en/graphql/reference/objects#blob
func (r graph) someTexts(ctx context.Context, refs []driver.BlobRef) ([][]byte, error) {
	q := query("Blobs", r.repo.fullName())
	for i, ref := range refs {
		q.Raw("b" + strconv.Itoa(i) + ":object(")
		if ref.ID != "" {
			q.Raw("oid:").Quoted(ref.ID)
		} else {
			q.Raw("expression:").Quoted(treeish(ref.Commit, ref.Path))
		}
		q.Raw("){...b}")
	}
	q.Raw("}}fragment b on Blob{byteSize isBinary isTruncated text}")
	data, err := r.repo.api.graphQL.Read(ctx, q)
	if err != nil {
		return nil, err
	}
	return decodeTexts(data.Get("repository"), refs)
}

func decodeTexts(repository gjson.Result, refs []driver.BlobRef) ([][]byte, error) {
	out := make([][]byte, 0, len(refs))
	var err error
	repository.ForEach(func(_, blob gjson.Result) bool {
		if len(out) == len(refs) {
			err = misshapen("text")
			return false
		}
		ref := refs[len(out)]
		if blob.Type == gjson.Null || !blob.Get("byteSize").Exists() {
			err = noBlob(ref)
			return false
		}
		out = append(out, decodeText(blob))
		return true
	})
	if err == nil && len(out) != len(refs) {
		err = misshapen("text")
	}
	return out, err
}

// decodeText is a blob's text if that is the whole blob, byte for byte: GitHub
// turns bytes that are no UTF-8 into others, and then the length differs.
func decodeText(blob gjson.Result) []byte {
	text := blob.Get("text")
	if text.Type != gjson.String || blob.Get("isTruncated").Bool() || blob.Get("isBinary").Bool() ||
		int64(len(text.Str)) != blob.Get("byteSize").Int() {
		return nil
	}
	return []byte(text.Str)
}

// fill reads the blobs that are still missing, one request each.
func (r *Repo) fill(ctx context.Context, refs []driver.BlobRef, out [][]byte) error {
	return rest.Together(ctx, len(refs), func(ctx context.Context, i int) (err error) {
		if out[i] == nil {
			out[i], err = r.raw(ctx, refs[i])
		}
		return err
	})
}

// raw reads one blob of up to 100 MB.
// https://docs.github.com/en/rest/git/blobs#get-a-blob
func (r *Repo) raw(ctx context.Context, ref driver.BlobRef) ([]byte, error) {
	path := r.path("git", "blobs", rest.EscapeSegment(ref.ID))
	if ref.ID == "" {
		path = r.path("contents", rest.EscapePath(ref.Path)) + rest.Query("ref", ref.Commit)
	}
	res, err := r.api.Do(ctx, &rest.Request{Method: "GET", URL: path, Header: rest.Header{"accept": typeRaw}})
	switch {
	case cmserr.Is(err, cmserr.NotFound), cmserr.From(err).Status == 422: // no blob can have that id
		return nil, noBlob(ref)
	case err != nil:
		return nil, at(err, ref.Path)
	case res.Body == nil:
		return []byte{}, nil
	}
	return res.Body, nil
}

func noBlob(ref driver.BlobRef) error {
	return at(cmserr.New(cmserr.NotFound, "There is no such file."), ref.Path)
}
