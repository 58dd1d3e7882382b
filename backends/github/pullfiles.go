package github

import (
	"context"
	"errors"
	"strconv"
	"sync"

	"github.com/tidwall/gjson"

	"mooring/backends/driver"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

// PullFiles implements driver.PullFiler. GraphQL lists the files of many pull
// requests at once, without the ids of their blobs: those take a second request. It
// does not tell a renamed file's old name, nor more than 100 files: such pull
// requests are compared one by one.
func (r *Repo) PullFiles(ctx context.Context, pulls []driver.Pull) ([][]driver.FileDiff, error) {
	files, err := r.queries.pullFiles(ctx, pulls)
	switch {
	case errors.Is(err, graphql.ErrNone):
		files = make([][]driver.FileDiff, len(pulls))
	case err != nil:
		return nil, err
	}
	for i, p := range pulls {
		if files[i] != nil {
			continue
		}
		c, err := r.Compare(ctx, p.Base, p.HeadCommit)
		if err != nil {
			return nil, err
		}
		files[i] = c.Files
	}
	return files, nil
}

// pullFiles lists what pull requests change: nil for one that has to be compared.
func (r graph) pullFiles(ctx context.Context, pulls []driver.Pull) ([][]driver.FileDiff, error) {
	files, err := r.paths(ctx, pulls)
	if err == nil {
		err = r.identify(ctx, pulls, files)
	}
	return files, err
}

// listedPaths remembers what the last listing of pull requests told of their files,
// for whoever asks for those next. It tells each once.
type listedPaths struct {
	mu    sync.Mutex
	known map[int]pathsAt // by number
}

type pathsAt struct {
	head  string
	files []driver.FileDiff
}

func (l *listedPaths) note(p driver.Pull, files []driver.FileDiff) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil {
		l.known = map[int]pathsAt{}
	}
	l.known[p.Number] = pathsAt{p.HeadCommit, files}
}

func (l *listedPaths) take(p driver.Pull) ([]driver.FileDiff, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, ok := l.known[p.Number]
	delete(l.known, p.Number)
	return at.files, ok && at.head == p.HeadCommit
}

// paths lists what pull requests change, without ids: nil for one that has to be
// compared.
func (r graph) paths(ctx context.Context, pulls []driver.Pull) ([][]driver.FileDiff, error) {
	out := make([][]driver.FileDiff, len(pulls))
	var unknown []driver.Pull
	var at []int
	for i, p := range pulls {
		var told bool
		if out[i], told = r.repo.home().listed.take(p); !told {
			unknown, at = append(unknown, p), append(at, i)
		}
	}
	found, err := rest.Batches(ctx, unknown, r.repo.api.batching(r.repo.api.pullSizes), r.pullPaths)
	if err != nil {
		return nil, err
	}
	for n, i := range at {
		out[i] = found[n]
	}
	return out, nil
}

// fileFields are what GraphQL tells of the files of a pull request.
const fileFields = "files(first:100){pageInfo{hasNextPage}nodes{path changeType}}"

// pullPaths asks what pull requests change.
// https://docs.github.com/en/graphql/reference/objects#pullrequest
func (r graph) pullPaths(ctx context.Context, pulls []driver.Pull) ([][]driver.FileDiff, error) {
	q := query("PullFiles", r.repo.home().fullName())
	for i, p := range pulls {
		q.Raw("p" + strconv.Itoa(i) + ":pullRequest(number:" + strconv.Itoa(p.Number) + "){...f}")
	}
	q.Raw("}}fragment f on PullRequest{headRefOid " + fileFields + "}")
	data, err := r.repo.api.graphQL.Read(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([][]driver.FileDiff, len(pulls))
	for i, p := range pulls {
		out[i] = decodePullPaths(data.Get("repository.p"+strconv.Itoa(i)), p.HeadCommit)
	}
	return out, nil
}

// decodePullPaths is nil when the answer is not the whole story, or is already
// about another commit.
func decodePullPaths(v gjson.Result, head string) []driver.FileDiff {
	if v.Get("headRefOid").String() != head || !v.Get("files.nodes").IsArray() ||
		v.Get("files.pageInfo.hasNextPage").Bool() {
		return nil
	}
	files := []driver.FileDiff{}
	for _, n := range v.Get("files.nodes").Array() {
		f := driver.FileDiff{Path: n.Get("path").String()}
		switch n.Get("changeType").String() {
		case "ADDED", "COPIED":
			f.Status = driver.Added
		case "MODIFIED", "CHANGED":
			f.Status = driver.Modified
		default: // RENAMED has no old name, DELETED no old id
			return nil
		}
		if f.Path == "" {
			return nil
		}
		files = append(files, f)
	}
	driver.SortFiles(files)
	return files
}

// place is one file of one pull request.
type place struct{ pull, file int }

// identify fills in the ids of blobs. A pull request with a file that is no blob
// (a submodule), or is not there, is left to be compared.
func (r graph) identify(ctx context.Context, pulls []driver.Pull, files [][]driver.FileDiff) error {
	var places []place
	var refs []driver.BlobRef
	for i, list := range files {
		for k, f := range list {
			places = append(places, place{i, k})
			refs = append(refs, driver.BlobRef{Path: f.Path, Commit: pulls[i].HeadCommit})
		}
	}
	ids, err := rest.Batches(ctx, refs, r.repo.api.batching(r.repo.api.blobSizes), r.blobIDs)
	if err != nil {
		return err
	}
	for n, id := range ids {
		at := places[n]
		switch {
		case files[at.pull] == nil:
		case id == "":
			files[at.pull] = nil
		default:
			files[at.pull][at.file].ID = id
		}
	}
	return nil
}

// blobIDs looks up blobs by path at a commit: "" for what is none.
func (r graph) blobIDs(ctx context.Context, refs []driver.BlobRef) ([]string, error) {
	q := query("BlobIDs", r.repo.home().fullName())
	for i, ref := range refs {
		q.Raw("b" + strconv.Itoa(i) + ":object(expression:").Quoted(treeish(ref.Commit, ref.Path)).Raw("){...b}")
	}
	q.Raw("}}fragment b on Blob{oid}")
	data, err := r.repo.api.graphQL.Read(ctx, q)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(refs))
	data.Get("repository").ForEach(func(_, blob gjson.Result) bool {
		ids = append(ids, blob.Get("oid").String())
		return true
	})
	if len(ids) != len(refs) {
		return nil, misshapen("id")
	}
	return ids, nil
}
