package fakebitbucket

import (
	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

var diffstatListing = listing{usual: 500, most: 500}

// getDiffstat: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/#api-repositories-workspace-repo-slug-diffstat-spec-get
func getDiffstat(c *call) (*answer, error) {
	s, err := c.span(c.path["spec"])
	if err != nil {
		return nil, err
	}
	return c.diffstat(s)
}

func (c *call) diffstat(s span) (*answer, error) {
	return paged(c, s.files, diffstatListing, func(f fakehost.FileChange) (obj, error) { return c.diffstatJSON(s, f) })
}

func (c *call) diffstatJSON(s span, f fakehost.FileChange) (obj, error) {
	p, err := f.Patch()
	o := obj{"type": "diffstat", "status": f.Status, "lines_added": p.Additions, "lines_removed": p.Deleted, "old": nil, "new": nil}
	if f.Status != "added" {
		o["old"] = c.diffSide(s.from, f.OldPath())
	}
	if f.Status != "removed" {
		o["new"] = c.diffSide(s.to, f.Path)
	}
	return o, err
}

func (c *call) diffSide(commit plumbing.Hash, path string) obj {
	return obj{"type": "commit_file", "path": path, "escaped_path": escapedPath(path),
		"links": obj{"self": href(c.inRepo("src", commit.String(), path))}}
}
