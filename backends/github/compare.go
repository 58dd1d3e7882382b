package github

import (
	"context"
	"time"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
)

// maxCompared is how many files GitHub tells of a comparison.
const maxCompared = 300

// Compare implements driver.Comparer. A comparison of more files than GitHub tells
// is made of the two trees.
// https://docs.github.com/en/rest/commits/commits#compare-two-commits
func (r *Repo) Compare(ctx context.Context, base, head string) (driver.Comparison, error) {
	v, err := r.compare(ctx, base, head)
	if err != nil {
		return driver.Comparison{}, err
	}
	c, err := decodeComparison(v)
	if err != nil || len(c.Files) < maxCompared {
		return c, err
	}
	c.Files, err = changeset.Diff(ctx, r, c.MergeBase, head)
	return c, err
}

// compare asks for one page of commits: all files come with it. Of a fork's commit the
// origin may not know for a moment.
func (r *Repo) compare(ctx context.Context, base, head string) (gjson.Result, error) {
	path := r.home().path("compare", rest.EscapeSegment(base)+"..."+rest.EscapeSegment(head)) + "?per_page=100"
	for pause := 500 * time.Millisecond; ; pause *= 2 {
		v, err := r.api.Get(ctx, path)
		if r.origin == nil || pause > 4*time.Second || !cmserr.Is(err, cmserr.NotFound) {
			return v, err
		}
		if err := r.api.clock.Sleep(ctx, pause); err != nil {
			return v, cmserr.From(err)
		}
	}
}

func decodeComparison(v gjson.Result) (driver.Comparison, error) {
	c := driver.Comparison{MergeBase: v.Get("merge_base_commit.sha").String()}
	if c.MergeBase == "" || !v.Get("files").IsArray() {
		return c, misshapen("comparison")
	}
	for _, item := range v.Get("files").Array() {
		files, err := decodeFile(item)
		if err != nil {
			return c, err
		}
		c.Files = append(c.Files, files...)
	}
	driver.SortFiles(c.Files)
	if commits := v.Get("commits").Array(); len(commits) == int(v.Get("total_commits").Int()) {
		for _, item := range commits {
			c.Authors = append(c.Authors, decodeChange(item.Get("commit.author"), item.Get("author.login")).Author)
		}
	}
	return c, nil
}

// decodeFile reads a file of a comparison or of a pull request. Its id is that of
// the newer blob, or of the older one if it was removed.
func decodeFile(v gjson.Result) ([]driver.FileDiff, error) {
	f := driver.FileDiff{Path: v.Get("filename").String(), ID: v.Get("sha").String()}
	if f.Path == "" {
		return nil, misshapen("file name")
	}
	switch v.Get("status").String() {
	case "added", "copied":
		f.Status = driver.Added
	case "removed":
		f.Status, f.ID, f.OldID = driver.Deleted, "", f.ID
	case "modified", "changed":
		f.Status = driver.Modified
	case "renamed":
		f.Status, f.OldPath = driver.Renamed, v.Get("previous_filename").String()
		if v.Get("changes").Int() == 0 {
			f.OldID = f.ID
		}
	case "unchanged":
		return nil, nil
	default:
		return nil, misshapen("status of “" + f.Path + "”")
	}
	return []driver.FileDiff{f}, nil
}
