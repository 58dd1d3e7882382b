package gitea

import (
	"context"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
)

// Compare implements driver.Comparer. The server tells which commits one side has that
// the other lacks, and what each of them touched; where they begin is the merge base.
// What has come of the files that were touched, the folders that they are in tell.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoCompareDiff
func (r *Repo) Compare(ctx context.Context, base, head string) (driver.Comparison, error) {
	commits, err := r.missing(ctx, base, head)
	if err != nil {
		return driver.Comparison{}, err
	}
	if len(commits) == 0 {
		return driver.Comparison{MergeBase: head}, nil
	}
	roots := rootsOf(commits)
	if len(roots) == 0 {
		return driver.Comparison{}, cmserr.New(cmserr.Invalid, "The two have no history in common, so they can't be compared.")
	}
	if len(roots) == 1 {
		c := driver.Comparison{MergeBase: roots[0], Authors: authorsOf(commits)}
		c.Files, err = r.compareAt(ctx, roots[0], head, touched(commits))
		return c, err
	}
	// The base was merged in: what that brought along counts as touched, but not all
	// that it might have hidden.
	newest, err := r.newest(ctx, roots)
	if err != nil {
		return driver.Comparison{}, err
	}
	files, err := changeset.Diff(ctx, r, newest, head)
	return driver.Comparison{MergeBase: newest, Files: files, Authors: authorsOf(commits)}, err
}

func authorsOf(commits []gjson.Result) []string {
	authors := make([]string, len(commits))
	for i, c := range commits {
		authors[i] = decodeChange(c).Author
	}
	return authors
}

// missing lists the commits of head that base lacks.
func (r *Repo) missing(ctx context.Context, base, head string) ([]gjson.Result, error) {
	between := rest.EscapeSegment(base) + "..." + rest.EscapeSegment(head)
	v, err := r.api.Get(ctx, r.path("compare", between))
	if err != nil {
		return nil, err
	}
	if !rest.Has(v, "total_commits") || len(v.Get("commits").Array()) != int(v.Get("total_commits").Int()) {
		return nil, misshapen("comparison")
	}
	return v.Get("commits").Array(), nil
}

// rootsOf are the commits that a list of commits begins at, without being in it.
func rootsOf(commits []gjson.Result) []string {
	listed := map[string]bool{}
	for _, c := range commits {
		listed[c.Get("sha").String()] = true
	}
	var roots []string
	for _, c := range commits {
		for _, parent := range c.Get("parents.#.sha").Array() {
			if id := parent.String(); !listed[id] {
				roots, listed[id] = append(roots, id), true
			}
		}
	}
	return roots
}

// touched are the paths that commits changed.
func touched(commits []gjson.Result) []string {
	seen := map[string]bool{}
	var paths []string
	for _, c := range commits {
		for _, name := range c.Get("files.#.filename").Array() {
			if p := name.String(); p != "" && !seen[p] {
				paths, seen[p] = append(paths, p), true
			}
		}
	}
	return paths
}

// newest is the one of some commits that has all others in its history, as far as there
// is one.
func (r *Repo) newest(ctx context.Context, commits []string) (string, error) {
	best := commits[0]
	for _, c := range commits[1:] {
		older, err := r.onTop(ctx, best, c)
		if err != nil {
			return "", err
		}
		if older {
			best = c
		}
	}
	return best, nil
}

// compareAt lists those of some paths at which two commits differ.
func (r *Repo) compareAt(ctx context.Context, base, head string, paths []string) ([]driver.FileDiff, error) {
	then, err := changeset.Look(ctx, r, base, paths)
	if err != nil {
		return nil, err
	}
	now, err := changeset.Look(ctx, r, head, paths)
	if err != nil {
		return nil, err
	}
	var files []driver.FileDiff
	for _, p := range paths {
		was, is := then[p], now[p]
		switch {
		case was.IsFile() && is.IsFile() && was.Entry.ID == is.Entry.ID && was.Entry.Mode == is.Entry.Mode:
		case was.IsFile() && is.IsFile():
			files = append(files, driver.FileDiff{Status: driver.Modified, Path: p, ID: is.Entry.ID, OldID: was.Entry.ID})
		case is.IsFile():
			files = append(files, driver.FileDiff{Status: driver.Added, Path: p, ID: is.Entry.ID})
		case was.IsFile():
			files = append(files, driver.FileDiff{Status: driver.Deleted, Path: p, OldID: was.Entry.ID})
		}
	}
	driver.SortFiles(files)
	return files, nil
}
