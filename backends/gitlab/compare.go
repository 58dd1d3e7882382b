package gitlab

import (
	"context"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
)

// GitLab leaves files out of a comparison that is too large, by limits that a server's
// administrator sets, without saying so. These are below the least that can be set.
// https://docs.gitlab.com/administration/diff_limits/
const (
	maxCompared      = 100
	maxComparedLines = 5_000
	maxComparedBytes = 200_000
)

// Compare implements driver.Comparer. A comparison that may not be whole is made of
// the two trees.
func (r *Repo) Compare(ctx context.Context, base, head string) (driver.Comparison, error) {
	var c driver.Comparison
	var v gjson.Result
	err := rest.Together(ctx, 2, func(ctx context.Context, i int) (err error) {
		if i == 0 {
			c.MergeBase, err = r.mergeBase(ctx, base, head)
			return err
		}
		v, err = r.compare(ctx, base, head)
		return err
	})
	if err == nil && c.MergeBase == "" {
		c.MergeBase, err = r.branchedOff(ctx, v, head)
	}
	if err != nil {
		return driver.Comparison{}, err
	}
	var whole bool
	if c.Files, whole, err = decodeComparison(v); err != nil {
		return driver.Comparison{}, err
	}
	if whole {
		err = r.fillIDs(ctx, c, head)
	} else {
		c.Files, err = changeset.Diff(ctx, r, c.MergeBase, head)
	}
	return c, err
}

// mergeBase is "" behind a gateway, which passes no such question.
// https://docs.gitlab.com/api/repositories/#merge-base
func (r *Repo) mergeBase(ctx context.Context, base, head string) (string, error) {
	v, err := r.api.Get(ctx, r.path("repository", "merge_base")+rest.Query("refs[]", base)+
		strings.Replace(rest.Query("refs[]", head), "?", "&", 1))
	switch {
	case cmserr.Is(err, cmserr.Unsupported):
		return "", nil
	case err != nil:
		return "", r.noCommit(err)
	}
	if !rest.Has(v, "id") {
		return "", misshapen("commit")
	}
	return v.Get("id").String(), nil
}

// noCommit says that one of two commits is not there, which GitLab also answers with
// 400.
func (r *Repo) noCommit(err error) error {
	if e := cmserr.From(err); e.Status == 400 && strings.Contains(e.Msg, "ref") {
		return cmserr.Wrap(cmserr.NotFound, err, noHistory)
	}
	return r.named(err, noHistory)
}

const noHistory = "There is no such commit, or the two have no history in common."

// compare asks for what head changed since it branched off.
// https://docs.gitlab.com/api/repositories/#compare-branches-tags-or-commits
func (r *Repo) compare(ctx context.Context, base, head string) (gjson.Result, error) {
	v, err := r.api.Get(ctx, r.path("repository", "compare")+rest.Query("from", base, "to", head, "straight", "false"))
	if err != nil {
		return v, r.noCommit(err)
	}
	return v, nil
}

// branchedOff finds the merge base in what head was compared with: the newest commit that
// is there besides, of those that the commits of head alone follow.
func (r *Repo) branchedOff(ctx context.Context, compared gjson.Result, head string) (string, error) {
	both, err := decodeParents(compared)
	switch {
	case err != nil:
		return "", err
	case len(compared.Get("commits").Array()) == 0:
		return head, nil
	case len(both) == 0:
		return "", cmserr.New(cmserr.NotFound, noHistory)
	}
	newest := both[0]
	for _, other := range both[1:] {
		v, err := r.compare(ctx, other, newest)
		if err != nil {
			return "", err
		}
		if len(v.Get("commits").Array()) == 0 {
			newest = other
		}
	}
	return newest, nil
}

// decodeParents lists the parents of the commits of a comparison that are none of them.
func decodeParents(compared gjson.Result) ([]string, error) {
	commits := compared.Get("commits")
	if !commits.IsArray() {
		return nil, misshapen("comparison")
	}
	seen := map[string]bool{}
	for _, c := range commits.Array() {
		seen[c.Get("id").String()] = true
	}
	var out []string
	for _, c := range commits.Array() {
		for _, parent := range c.Get("parent_ids").Array() {
			if id := parent.String(); !seen[id] {
				seen[id] = true
				out = append(out, id)
			}
		}
	}
	return out, nil
}

func decodeComparison(v gjson.Result) (files []driver.FileDiff, whole bool, err error) {
	if !v.Get("diffs").IsArray() {
		return nil, false, misshapen("comparison")
	}
	lines, bytes := 0, 0
	whole = !v.Get("compare_timeout").Bool()
	for _, item := range v.Get("diffs").Array() {
		f, err := decodeDiff(item)
		if err != nil {
			return nil, false, err
		}
		files = append(files, f)
		text := item.Get("diff").String()
		lines, bytes = lines+strings.Count(text, "\n"), bytes+len(text)
		if item.Get("collapsed").Bool() || item.Get("too_large").Bool() {
			whole = false
		}
	}
	driver.SortFiles(files)
	return files, whole && len(files) < maxCompared && lines < maxComparedLines && bytes < maxComparedBytes, nil
}

// decodeDiff reads a file of a comparison. Its ids are not told.
func decodeDiff(v gjson.Result) (driver.FileDiff, error) {
	f := driver.FileDiff{Path: v.Get("new_path").String()}
	if f.Path == "" {
		return f, misshapen("file name")
	}
	switch {
	case v.Get("new_file").Bool():
		f.Status = driver.Added
	case v.Get("deleted_file").Bool():
		f.Status, f.Path = driver.Deleted, v.Get("old_path").String()
	case v.Get("renamed_file").Bool():
		f.Status, f.OldPath = driver.Renamed, v.Get("old_path").String()
	default:
		f.Status = driver.Modified
	}
	return f, nil
}

// fillIDs finds the blobs on either side.
func (r *Repo) fillIDs(ctx context.Context, c driver.Comparison, head string) error {
	if len(c.Files) == 0 {
		return nil
	}
	var places []place
	for _, f := range c.Files {
		if before, ok := olderPath(f); ok {
			places = append(places, place{c.MergeBase, before})
		}
		if f.Status != driver.Deleted {
			places = append(places, place{head, f.Path})
		}
	}
	ids, err := r.ids(ctx, places)
	if err != nil {
		return err
	}
	for i, f := range c.Files {
		if before, ok := olderPath(f); ok {
			c.Files[i].OldID = ids[place{c.MergeBase, before}]
		}
		if f.Status != driver.Deleted {
			c.Files[i].ID = ids[place{head, f.Path}]
		}
	}
	return nil
}

// olderPath is where a file lay at the older commit; false if it is new.
func olderPath(f driver.FileDiff) (string, bool) {
	switch f.Status {
	case driver.Added:
		return "", false
	case driver.Renamed:
		return f.OldPath, true
	}
	return f.Path, true
}
