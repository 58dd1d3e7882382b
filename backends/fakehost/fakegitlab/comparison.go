package fakegitlab

import (
	"net/http"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

// compareCommits: https://docs.gitlab.com/api/repositories/#compare-branches-tags-or-commits
func compareCommits(c *call) (*answer, error) {
	if err := c.params.require("from", "to"); err != nil {
		return nil, err
	}
	from, known := c.commitAt(c.params.text("from"))
	to, found := c.commitAt(c.params.text("to"))
	if !known || !found {
		return nil, notFound("Ref")
	}
	comparison, err := c.repo.Compare(from, to)
	if err != nil {
		return nil, notFound("Ref")
	}
	if c.params.flag("straight") {
		if comparison.Files, err = c.repo.DiffTrees(from, to); err != nil {
			return nil, err
		}
	}
	list, overflow, err := diffs(comparison.Files, gitlabLimits)
	if err != nil {
		return nil, err
	}
	commits, err := c.commitList(comparison.Ahead)
	if err != nil {
		return nil, err
	}
	var last any
	if len(commits) > 0 {
		last = commits[len(commits)-1]
	}
	return ok(obj{"commit": last, "commits": commits, "diffs": list, "compare_timeout": overflow, "compare_same_ref": from == to,
		"web_url": c.web(c.repo.FullName(), "-", "compare", from.String()+"..."+to.String())})
}

func (c *call) commitList(ids []plumbing.Hash) ([]obj, error) {
	list := make([]obj, len(ids))
	for i, id := range ids {
		var err error
		if list[i], err = c.commitByID(id); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// mergeBase: https://docs.gitlab.com/api/repositories/#merge-base
func mergeBase(c *call) (*answer, error) {
	refs := c.params.list("refs")
	if len(refs) < 2 {
		return nil, refused(http.StatusBadRequest, "Provide at least 2 refs")
	}
	var at []plumbing.Hash
	for _, ref := range refs {
		id, found := c.commitAt(ref)
		if !found {
			return nil, refused(http.StatusBadRequest, "Could not find ref: "+ref)
		}
		at = append(at, id)
	}
	base := at[0]
	for _, id := range at[1:] {
		var found bool
		var err error
		if base, found, err = c.repo.MergeBase(base, id); err != nil || !found {
			return nil, notFound("Merge Base")
		}
	}
	o, err := c.commitByID(base)
	if err != nil {
		return nil, err
	}
	return ok(o)
}

// changesOf are the files that a merge request changes. It has none when its
// histories have nothing in common.
func (c *call) changesOf(p fakehost.PullRequest) []fakehost.FileChange {
	comparison, err := c.repo.ComparePull(p)
	if err != nil {
		return nil
	}
	return comparison.Files
}

// pullDiffs: https://docs.gitlab.com/api/merge_requests/#list-merge-request-diffs
func pullDiffs(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	list, _, err := diffs(c.changesOf(p), expanded())
	if err != nil {
		return nil, err
	}
	return paged(c, list, withTotals, nil, func(o obj) (obj, error) { return o, nil })
}

// pullChanges: https://docs.gitlab.com/api/merge_requests/#get-single-merge-request-changes
func pullChanges(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	l := gitlabLimits
	if c.params.flag("access_raw_diffs") {
		l = expanded()
	}
	list, overflow, err := diffs(c.changesOf(p), l)
	if err != nil {
		return nil, err
	}
	o, err := c.pullDetail(p)
	if err != nil {
		return nil, err
	}
	o["changes"], o["overflow"] = list, overflow
	return ok(o)
}

// pullCommits: https://docs.gitlab.com/api/merge_requests/#get-single-merge-request-commits
func pullCommits(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	comparison, err := c.repo.ComparePull(p)
	if err != nil {
		return ok([]obj{})
	}
	slices.Reverse(comparison.Ahead) // newest first
	return paged(c, comparison.Ahead, withTotals, nil, c.commitByID)
}
