package gitlab

import (
	"bytes"
	"context"
	"strconv"
	"sync"

	"github.com/tidwall/gjson"

	"mooring/backends/driver"
	"mooring/backends/rest"
)

// PullFiles implements driver.PullFiler. GraphQL tells the paths that many merge
// requests change at once. Whether a file is new shows in whether it was there before,
// which is a second question for all of them; its text comes along with its id. What
// may be a renamed file, of which GraphQL tells no old name, is compared one by one.
func (r *Repo) PullFiles(ctx context.Context, pulls []driver.Pull) ([][]driver.FileDiff, error) {
	files, err := r.queries.pullFiles(ctx, pulls)
	switch {
	case useREST(err):
		files = make([][]driver.FileDiff, len(pulls))
	case err != nil:
		return nil, err
	}
	err = rest.Together(ctx, len(pulls), func(ctx context.Context, i int) error {
		if files[i] != nil {
			return nil
		}
		c, err := r.Compare(ctx, pulls[i].Base, pulls[i].HeadCommit)
		files[i] = c.Files
		return err
	})
	if err != nil {
		return nil, err
	}
	return files, nil
}

// pullFiles lists what merge requests change: nil for one that has to be compared.
func (r graph) pullFiles(ctx context.Context, pulls []driver.Pull) ([][]driver.FileDiff, error) {
	files := make([][]driver.FileDiff, len(pulls))
	stats, err := r.stats(ctx, pulls)
	if err == nil {
		err = r.identify(ctx, stats, files)
	}
	return files, err
}

// pullStats are the paths that a merge request changes, and the commits between which.
// Without a head it is not known.
type pullStats struct {
	base, head string
	files      []pathStats
}

// pathStats is a path, and how many lines were added there.
type pathStats struct {
	path      string
	additions int
}

// listedFiles remembers what the last listing of merge requests told of their files,
// for whoever asks for those next. It tells each once.
type listedFiles struct {
	mu    sync.Mutex
	known map[int]pullStats // by number
}

func (l *listedFiles) note(p driver.Pull, stats pullStats) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil {
		l.known = map[int]pullStats{}
	}
	l.known[p.Number] = stats
}

func (l *listedFiles) take(p driver.Pull) (pullStats, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	stats, ok := l.known[p.Number]
	delete(l.known, p.Number)
	return stats, ok && stats.head == p.HeadCommit
}

// fileFields are what GraphQL tells of the files of a merge request.
const fileFields = "diffRefs{baseSha headSha}diffStats{path additions}"

// stats finds what each merge request changes.
func (r graph) stats(ctx context.Context, pulls []driver.Pull) ([]pullStats, error) {
	out := make([]pullStats, len(pulls))
	at := map[string]int{} // of those that are not known yet, by number
	var unknown []string
	for i, p := range pulls {
		var told bool
		if out[i], told = r.repo.listed.take(p); !told {
			iid := strconv.Itoa(p.Number)
			unknown, at[iid] = append(unknown, iid), i
		}
	}
	for from := 0; from < len(unknown); from += pageSize {
		iids := unknown[from:min(from+pageSize, len(unknown))]
		ask := func(o *operation) { o.raw("iids:").strs(iids) }
		err := r.eachMergeRequest(ctx, "PullFiles", ask, "iid "+fileFields, func(node gjson.Result) error {
			if i, ok := at[node.Get("iid").String()]; ok {
				out[i], _ = decodeDiffStats(node, pulls[i].HeadCommit)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// decodeDiffStats reads what a merge request changes; false where the answer is about
// another commit, or about so many files that they are better compared.
func decodeDiffStats(v gjson.Result, head string) (pullStats, bool) {
	s := pullStats{base: v.Get("diffRefs.baseSha").String(), head: v.Get("diffRefs.headSha").String()}
	paths := v.Get("diffStats")
	if s.base == "" || head == "" || s.head != head || !paths.IsArray() || len(paths.Array()) > pageSize {
		return pullStats{}, false
	}
	for _, f := range paths.Array() {
		s.files = append(s.files, pathStats{f.Get("path").String(), int(f.Get("additions").Int())})
	}
	return s, true
}

// identify turns paths into files, nil for a merge request that has to be compared.
func (r graph) identify(ctx context.Context, stats []pullStats, files [][]driver.FileDiff) error {
	var before, after []place
	for _, s := range stats {
		for _, f := range s.files {
			before, after = append(before, place{s.base, f.path}), append(after, place{s.head, f.path})
		}
	}
	var old, now []blob
	err := rest.Together(ctx, 2, func(ctx context.Context, i int) (err error) {
		if i == 0 {
			old, err = r.blobs(ctx, before, false)
			return err
		}
		now, err = r.blobs(ctx, after, true)
		return err
	})
	if err != nil {
		return err
	}
	for i, s := range stats {
		if n := len(s.files); s.head != "" {
			files[i] = r.diffs(s, old[:n], now[:n])
			old, now = old[n:], now[n:]
		}
	}
	return nil
}

// diffs are the files of one merge request, nil if one of them may be something else.
func (r graph) diffs(s pullStats, old, now []blob) []driver.FileDiff {
	files := []driver.FileDiff{}
	for i, f := range s.files {
		d := driver.FileDiff{Path: f.path, ID: now[i].id, OldID: old[i].id}
		switch {
		case d.ID == "" && d.OldID == "", d.OldID == "" && !isNew(now[i].text, f.additions):
			return nil
		case d.ID == "":
			d.Status = driver.Deleted
		case d.OldID == "":
			d.Status = driver.Added
		default:
			d.Status = driver.Modified
		}
		files = append(files, d)
	}
	for _, b := range now {
		if b.text != nil {
			r.repo.texts.note(b.id, b.text)
		}
	}
	driver.SortFiles(files)
	return files
}

// isNew says whether a file that was not there before surely has no older name: then
// every line of it was added.
func isNew(text []byte, additions int) bool {
	lines := bytes.Count(text, []byte("\n"))
	if len(text) > 0 && text[len(text)-1] != '\n' {
		lines++
	}
	return lines > 0 && lines == additions
}
