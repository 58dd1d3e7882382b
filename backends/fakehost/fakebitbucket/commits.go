package fakebitbucket

import (
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// commitListing doesn't count, but for one file's history (see listCommits).
var commitListing = listing{usual: 30, most: 100, uncounted: true, opaque: true}

// listCommits: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/#api-repositories-workspace-repo-slug-commits-get
//
// Without a revision and without include it is the history of all branches.
func listCommits(c *call) (*answer, error) {
	from := c.params["include"]
	if revision := c.path["revision"]; revision != "" {
		from = append(slices.Clone(from), revision)
	}
	starts, err := c.commitsOf(from)
	if err != nil {
		return nil, err
	}
	if len(from) == 0 {
		for _, ref := range c.repo.SeenRefs(headsPrefix) {
			starts = append(starts, ref.ID)
		}
	}
	excluded, err := c.commitsOf(c.params["exclude"])
	if err != nil {
		return nil, err
	}
	path := c.param("path")
	list, err := c.history(starts, excluded, path)
	if err != nil {
		return nil, err
	}
	l := commitListing
	l.uncounted = path == ""
	return paged(c, list, l, c.commitJSON)
}

func (c *call) commitsOf(revisions []string) ([]plumbing.Hash, error) {
	var ids []plumbing.Hash
	for _, revision := range revisions {
		id, err := c.commitOf(revision)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// history are the commits that lead to some, and not to others, newest first.
func (c *call) history(starts, excluded []plumbing.Hash, path string) ([]*object.Commit, error) {
	seen := map[plumbing.Hash]bool{}
	for _, id := range excluded {
		if err := c.repo.Log(id, "", func(commit *object.Commit) bool { seen[commit.Hash] = true; return true }); err != nil {
			return nil, err
		}
	}
	var list []*object.Commit
	for _, id := range starts {
		err := c.repo.Log(id, path, func(commit *object.Commit) bool {
			if !seen[commit.Hash] {
				seen[commit.Hash] = true
				list = append(list, commit)
			}
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	if len(starts) > 1 {
		slices.SortStableFunc(list, func(a, b *object.Commit) int { return b.Committer.When.Compare(a.Committer.When) })
	}
	return list, nil
}

// fileHistory: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-source/#api-repositories-workspace-repo-slug-filehistory-commit-path-get
//
// It follows renames unless renames=false.
func fileHistory(c *call) (*answer, error) {
	from, err := c.commitOf(c.path["commit"])
	if err != nil {
		return nil, err
	}
	path := strings.Trim(c.path["path"], "/")
	root, err := c.repo.TreeOf(from)
	if err != nil {
		return nil, err
	}
	if _, found := c.repo.EntryAt(root, path); !found {
		return nil, noSuchFile(path)
	}
	list, err := c.versions(from, path)
	if err != nil {
		return nil, err
	}
	return paged(c, list, listing{usual: 50, most: 100, uncounted: true}, c.versionJSON)
}

// version is a file as a commit left it.
type version struct {
	commit *object.Commit
	entry  fakehost.Entry
}

func (c *call) versions(from plumbing.Hash, path string) ([]version, error) {
	var list []version
	for path != "" {
		var last *object.Commit
		err := c.repo.Log(from, path, func(commit *object.Commit) bool {
			if e, found := c.repo.EntryAt(commit.TreeHash, path); found {
				list, last = append(list, version{commit, e}), commit
			}
			return true
		})
		if err != nil || last == nil || c.param("renames") == "false" || len(last.ParentHashes) == 0 {
			return list, err
		}
		if path, err = c.previousPath(last.Hash, path); err != nil {
			return nil, err
		}
		from = last.ParentHashes[0]
	}
	return list, nil
}

// previousPath is where a file came from that a commit brought, "" from nowhere.
func (c *call) previousPath(commit plumbing.Hash, path string) (string, error) {
	changes, err := c.repo.Diff(commit)
	if i := slices.IndexFunc(changes, func(f fakehost.FileChange) bool { return f.Path == path }); i >= 0 {
		return changes[i].Previous, err
	}
	return "", err
}

func (c *call) versionJSON(v version) (obj, error) {
	id := v.commit.Hash.String()
	brief := c.commitBrief(c.repo, id)
	brief["date"] = extra(func() any { return commitTime(v.commit.Author.When) })
	brief["author"] = extra(func() any { return c.authorJSON(v.commit.Author) })
	brief["message"] = extra(func() any { return v.commit.Message })
	return obj{"type": "commit_file", "path": v.entry.Path, "escaped_path": escapedPath(v.entry.Path), "size": v.entry.Size,
		"attributes": c.attributes(v.entry), "mimetype": orNull(mimeType(v.entry.Path)), "commit": brief, "links": c.fileLinks(id, v.entry.Path)}, nil
}
