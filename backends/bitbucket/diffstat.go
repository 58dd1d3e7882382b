package bitbucket

import (
	"context"
	"sync"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// How two commits are compared. Bitbucket names the newer one first.
const (
	// plainly compares the two ends, and calls no file renamed.
	plainly = "topic=false&renames=false"
	// sinceTheyParted lists what the newer one has done since the two had a commit in
	// common.
	sinceTheyParted = "topic=true"
)

// mostChanged is how many files a diff may have that spares listings: with more, listings
// are cheaper.
const mostChanged = 2000

// errMuchChanged says that there are more.
var errMuchChanged = cmserr.New(cmserr.Unsupported, "Too many files differ to go through them one by one.")

// diffstat lists the files in which two commits differ, sorted by path: most of them at
// most, or errMuchChanged; 0 is any number. IDs are left out.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/#api-repositories-workspace-repo-slug-diffstat-spec-get
func (r *Repo) diffstat(ctx context.Context, head, base, how string, most int) ([]driver.FileDiff, error) {
	var files []driver.FileDiff
	spec := rest.EscapeSegment(head) + ".." + rest.EscapeSegment(base)
	err := r.api.each(ctx, r.path("diffstat", spec)+"?"+how+"&fields=next,values.old.path,values.new.path",
		func(item gjson.Result) error {
			f, err := decodeDiff(item)
			files = append(files, f)
			if most > 0 && len(files) > most {
				return errMuchChanged
			}
			return err
		})
	driver.SortFiles(files)
	return files, err
}

// decodeDiff reads a file of a diff. On which sides it lies says what became of it.
func decodeDiff(v gjson.Result) (driver.FileDiff, error) {
	was, is := v.Get("old.path").String(), v.Get("new.path").String()
	switch {
	case was == "" && is == "":
		return driver.FileDiff{}, misshapen("path of a file")
	case was == "":
		return driver.FileDiff{Status: driver.Added, Path: is}, nil
	case is == "":
		return driver.FileDiff{Status: driver.Deleted, Path: was}, nil
	case was != is:
		return driver.FileDiff{Status: driver.Renamed, Path: is, OldPath: was}, nil
	}
	return driver.FileDiff{Status: driver.Modified, Path: is}, nil
}

// changed lists the files in which two commits differ, without finding renames. Many ask
// for the same at the same time, one for each folder: only one of them is sent.
func (r *Repo) changed(ctx context.Context, head, base string) ([]driver.FileDiff, error) {
	if head == base {
		return nil, nil
	}
	if files, ok := r.own.diff(head, base); ok {
		return files, nil
	}
	return r.diffs.get(ctx, base+".."+head, func() ([]driver.FileDiff, error) {
		return r.diffstat(ctx, head, base, plainly, mostChanged)
	})
}

// cannotDiff says whether commits can't be compared here though they may be read: the
// history was rewritten, there is too much, or a door does not pass the question.
func cannotDiff(err error) bool {
	switch cmserr.KindOf(err) {
	case cmserr.Canceled, cmserr.Unauthenticated, cmserr.RateLimited:
		return false
	}
	return err != nil && (cmserr.From(err).Status != 0 || cmserr.Is(err, cmserr.Unsupported))
}

// keptDiffs is how many diffs are remembered.
const keptDiffs = 8

// diffMemo remembers diffs of commits, which never change.
type diffMemo struct {
	mu   sync.Mutex
	kept []*diff // oldest first
}

// diff is one that is known, or is on its way.
type diff struct {
	key   string
	files []driver.FileDiff
	err   error
	done  chan struct{}
}

// get answers what is remembered, or else what ask answers. Of several who want the same
// the first one asks; if it gives up, another one does.
func (m *diffMemo) get(ctx context.Context, key string, ask func() ([]driver.FileDiff, error)) ([]driver.FileDiff, error) {
	for {
		d, mine := m.find(key)
		if mine {
			d.files, d.err = ask()
			if d.err != nil && d.err != errMuchChanged {
				m.drop(d)
			}
			close(d.done)
			return d.files, d.err
		}
		select {
		case <-d.done:
		case <-ctx.Done():
			return nil, cmserr.From(ctx.Err())
		}
		if !cmserr.Is(d.err, cmserr.Canceled) {
			return d.files, d.err
		}
	}
}

// find is the diff of a key; mine says that it is not known yet and the caller is to ask.
func (m *diffMemo) find(key string) (d *diff, mine bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, d := range m.kept {
		if d.key == key {
			return d, false
		}
	}
	d = &diff{key: key, done: make(chan struct{})}
	if len(m.kept) == keptDiffs {
		m.kept = append(m.kept[:0:0], m.kept[1:]...)
	}
	m.kept = append(m.kept, d)
	return d, true
}

func (m *diffMemo) drop(gone *diff) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, d := range m.kept {
		if d == gone {
			m.kept = append(m.kept[:i:i], m.kept[i+1:]...)
			return
		}
	}
}
