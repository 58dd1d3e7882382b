package gitea

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/gitid"
	"mooring/backends/rest"
)

// filesAtOnce is how many files Gitea gives in one answer unless it is told otherwise
// ([api] DEFAULT_PAGING_NUM).
const filesAtOnce = 30

// Blobs implements driver.Driver. Gitea gives many files of one commit at once, and
// Forgejo many blobs; older servers, and what these leave out, cost a request each.
func (r *Repo) Blobs(ctx context.Context, refs []driver.BlobRef) ([][]byte, error) {
	out := make([][]byte, len(refs))
	for i, ref := range refs {
		out[i] = r.texts.text(ref.ID)
	}
	ways := []func(context.Context, []driver.BlobRef, [][]byte) error{r.fileContents, r.manyBlobs, r.singly}
	for _, read := range ways {
		if err := read(ctx, refs, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// unread are the places of blobs that are still missing.
func unread(out [][]byte) []int {
	var places []int
	for i, data := range out {
		if data == nil {
			places = append(places, i)
		}
	}
	return places
}

// fileContents reads files by commit and path, as many of one commit at a time as the
// server gives. It leaves out those of a commit that has only one file to read: any way
// to read that is one request.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoGetFileContentsPost
func (r *Repo) fileContents(ctx context.Context, refs []driver.BlobRef, out [][]byte) error {
	byCommit := map[string][]int{}
	for _, i := range unread(out) {
		if ref := refs[i]; ref.Commit != "" && ref.Path != "" {
			byCommit[ref.Commit] = append(byCommit[ref.Commit], i)
		}
	}
	for commit, places := range byCommit {
		if len(places) == 1 {
			continue
		}
		found, err := inBatches(ctx, &r.api.files, r.api.fileSizes, places,
			func(ctx context.Context, places []int) ([][]byte, error) { return r.filesAt(ctx, commit, refs, places) })
		if err != nil {
			return err
		}
		for n, data := range found {
			out[places[n]] = data
		}
	}
	return nil
}

// inBatches asks for many things by something that not every server has: nothing comes
// from one that lacks it. As long as nobody knows, one batch goes ahead alone.
func inBatches[T any](ctx context.Context, o *offer, sizes *rest.Sizer, places []int,
	do func(context.Context, []int) ([]T, error)) ([]T, error) {
	var first []T
	if o.is(unknown) {
		var err error
		first, err = do(ctx, places[:min(sizes.Size(), len(places))])
		switch {
		case noRoute(err):
			o.note(lacking)
		case err != nil && !rest.TooBig(err):
			return nil, err
		case err == nil:
			o.note(offered)
		}
	}
	if o.is(lacking) {
		return nil, nil
	}
	others, err := rest.Batches(ctx, places[len(first):], rest.Batching{Sizer: sizes, AtOnce: atOnce}, do)
	return append(first, others...), err
}

// filesAt reads some files of a commit: nil for one that does not come whole. An
// answer is shorter than the question where that asks for too much at once.
func (r *Repo) filesAt(ctx context.Context, commit string, refs []driver.BlobRef, places []int) ([][]byte, error) {
	out := make([][]byte, 0, len(places))
	for len(out) < len(places) {
		var paths []string
		for _, i := range places[len(out):] {
			paths = append(paths, refs[i].Path)
		}
		files, err := r.postFiles(ctx, commit, paths)
		if cmserr.Is(err, cmserr.NotFound) || cmserr.Is(err, cmserr.Forbidden) {
			// The commit is unknown, or the token may not even seem to write.
			return make([][]byte, len(places)), nil
		}
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			out = append(out, decodeBlob(file, refs[places[len(out)]].ID))
		}
	}
	return out, nil
}

// postFiles asks for files of a commit, and answers with the first few of them.
func (r *Repo) postFiles(ctx context.Context, commit string, paths []string) ([]gjson.Result, error) {
	var j rest.JSON
	j.Object().Key("files").Array()
	for _, p := range paths {
		j.String(p)
	}
	j.EndArray().EndObject()
	v, err := r.api.Send(ctx, "POST", r.path("file-contents")+rest.Query("ref", commit), &j, rest.Repeatable, rest.Halves)
	if err != nil {
		return nil, err
	}
	files := v.Array()
	if len(files) == 0 || len(files) > len(paths) {
		return nil, misshapen("content")
	}
	return files, nil
}

// decodeBlob is a blob's content if all of it is there and it is the one with this id.
// A link's content is where it leads to.
func decodeBlob(v gjson.Result, id string) []byte {
	if id != "" && v.Get("sha").String() != id {
		return nil
	}
	data := []byte(v.Get("target").String())
	if v.Get("type").String() != "symlink" {
		var err error
		if data, err = base64.StdEncoding.DecodeString(v.Get("content").Str); err != nil || v.Get("encoding").Str != "base64" {
			return nil
		}
	}
	if data == nil {
		data = []byte{}
	}
	if !v.Get("size").Exists() || int64(len(data)) != v.Get("size").Int() {
		return nil
	}
	return data
}

// manyBlobs reads blobs by id, as Forgejo can.
// https://codeberg.org/api/swagger#/repository/GetBlobs
func (r *Repo) manyBlobs(ctx context.Context, refs []driver.BlobRef, out [][]byte) error {
	var places []int
	for _, i := range unread(out) {
		if refs[i].ID != "" {
			places = append(places, i)
		}
	}
	if len(places) < 2 {
		return nil
	}
	found, err := inBatches(ctx, &r.api.blobs, r.api.blobSizes, places,
		func(ctx context.Context, places []int) ([][]byte, error) { return r.blobsOf(ctx, refs, places) })
	for n, data := range found {
		out[places[n]] = data
	}
	return err
}

// blobsOf reads some blobs: nil for one that does not come whole. The server answers
// 400 for all of them if it lacks one.
func (r *Repo) blobsOf(ctx context.Context, refs []driver.BlobRef, places []int) ([][]byte, error) {
	out := make([][]byte, 0, len(places))
	for len(out) < len(places) {
		var ids []string
		for _, i := range places[len(out):] {
			ids = append(ids, refs[i].ID)
		}
		v, err := r.api.Get(ctx, r.path("git", "blobs")+"?shas="+strings.Join(ids, ","), rest.Halves)
		if cmserr.From(err).Status == 400 {
			return make([][]byte, len(places)), nil
		}
		if err != nil {
			return nil, err
		}
		blobs := v.Array()
		if len(blobs) == 0 || len(blobs) > len(ids) {
			return nil, misshapen("content")
		}
		for _, blob := range blobs {
			out = append(out, decodeBlob(blob, refs[places[len(out)]].ID))
		}
	}
	return out, nil
}

// singly reads the blobs that are still missing, one request each; the governor
// limits how many at once.
func (r *Repo) singly(ctx context.Context, refs []driver.BlobRef, out [][]byte) error {
	places := unread(out)
	return rest.Together(ctx, len(places), func(ctx context.Context, n int) (err error) {
		out[places[n]], err = r.blob(ctx, refs[places[n]])
		return err
	})
}

// blob reads one blob, by its id if it has one. Of what is larger than the server
// puts into JSON ([api] DEFAULT_MAX_BLOB_SIZE) there is the file itself.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/GetBlob
func (r *Repo) blob(ctx context.Context, ref driver.BlobRef) ([]byte, error) {
	if ref.ID == "" {
		return r.raw(ctx, "raw", ref)
	}
	v, err := r.api.Get(ctx, r.path("git", "blobs", rest.EscapeSegment(ref.ID)))
	switch {
	case cmserr.Is(err, cmserr.NotFound), cmserr.From(err).Status == 400:
		return nil, noBlob(ref)
	case err != nil:
		return nil, at(err, ref.Path)
	}
	if data := decodeBlob(v, ref.ID); data != nil {
		return data, nil
	}
	data, err := r.raw(ctx, "raw", ref)
	if err == nil && !gitid.IsBlob(ref.ID, data) {
		err = at(misshapen("whole file"), ref.Path)
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}

// raw reads a file at a commit: as Git holds it ("raw"), or what a pointer of Git LFS
// stands for ("media").
func (r *Repo) raw(ctx context.Context, kind string, ref driver.BlobRef) ([]byte, error) {
	file, err := r.file(ctx, kind, ref, false)
	if err != nil {
		return nil, err
	}
	return file.Bytes(ctx)
}

// file is raw's, by reference if refer is set.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoGetRawFile
func (r *Repo) file(ctx context.Context, kind string, ref driver.BlobRef, refer bool) (content.Content, error) {
	url := r.path(kind, rest.EscapePath(ref.Path)) + rest.Query("ref", ref.Commit)
	res, err := r.api.Do(ctx, &rest.Request{Method: "GET", URL: url, Header: rest.Header{"accept": "*/*"}, Refer: refer})
	switch {
	case cmserr.Is(err, cmserr.NotFound):
		return nil, noBlob(ref)
	case err != nil:
		return nil, at(err, ref.Path)
	}
	return res.Whole(), nil
}

func noBlob(ref driver.BlobRef) error {
	return at(cmserr.New(cmserr.NotFound, "There is no such file."), ref.Path)
}
