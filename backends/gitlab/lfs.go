package gitlab

import (
	"context"
	"errors"
	"slices"
	"unicode/utf8"

	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// hasAttributes says whether files that changes write may be kept in Git LFS: whether
// a commit has a .gitattributes. GitLab looks at the one in the root. For texts, which
// are rarely kept there, only what is known already counts.
// https://docs.gitlab.com/topics/git/lfs/
func (r *Repo) hasAttributes(ctx context.Context, commit string, changes []driver.Change) (bool, error) {
	entries, err := r.trees.Tree(commit, "", false, func() ([]driver.TreeEntry, error) { return nil, errUnknown })
	if err != nil {
		if !slices.ContainsFunc(changes, func(c driver.Change) bool { return !utf8.Valid(c.Data) }) {
			return false, nil
		}
		if entries, err = r.Tree(ctx, commit, "", false); err != nil {
			return false, err
		}
	}
	return slices.ContainsFunc(entries, func(e driver.TreeEntry) bool { return e.Path == ".gitattributes" }), nil
}

// errUnknown says that a listing is not remembered. It never leaves here.
var errUnknown = errors.New("not listed yet")

// DownloadLFS implements driver.LFSReader. GitLab itself stores what .gitattributes says
// to keep in Git LFS, in every commit that is made through its API.
// https://docs.gitlab.com/api/repository_files/#get-raw-file-from-repository
func (r *Repo) DownloadLFS(ctx context.Context, p driver.LFSPointer, from driver.BlobRef) (content.Content, error) {
	res, err := r.api.Do(ctx, &rest.Request{Method: "GET", URL: r.filePath(from) + rest.Query("ref", from.Commit, "lfs", "true"), Refer: true})
	if err != nil {
		return nil, at(r.named(err, "There is no such file in the project's Git LFS storage."), from.Path)
	}
	file := res.Whole()
	right, err := p.Matches(ctx, file)
	switch {
	case err != nil:
		return nil, at(err, from.Path)
	case !right:
		return nil, at(cmserr.New(cmserr.NotFound, "GitLab's LFS storage has not the file that was asked for. "+
			"It may never have been pushed there: push it with `git lfs push --all`."), from.Path)
	}
	return file, nil
}
