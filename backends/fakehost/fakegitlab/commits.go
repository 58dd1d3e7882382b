package fakegitlab

import (
	"net/http"
	"slices"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// listCommits: https://docs.gitlab.com/api/commits/#list-repository-commits.
// It never says how many there are: a full page is all that hints at another.
func listCommits(c *call) (*answer, error) {
	since, err := c.time("since")
	if err != nil {
		return nil, err
	}
	until, err := c.time("until")
	if err != nil {
		return nil, err
	}
	p := c.page()
	list, err := c.log(p.number*p.size, since, until)
	if err != nil {
		return nil, err
	}
	list = list[min((p.number-1)*p.size, len(list)):]
	out := make([]obj, len(list))
	for i, commit := range list {
		if out[i], err = c.commitJSON(commit); err != nil {
			return nil, err
		}
		if c.params.flag("with_stats") {
			if out[i]["stats"], err = c.stats(commit.Hash); err != nil {
				return nil, err
			}
		}
	}
	known := (p.number-1)*p.size + len(list) + 1
	return &answer{body: out, header: c.pageHeader(p, known, withoutTotals, map[string]string{"order": "default"})}, nil
}

// time is a parameter that is a time; zero when it wasn't given.
func (c *call) time(name string) (time.Time, error) {
	text := c.params.text(name)
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, &apiError{status: http.StatusBadRequest, body: obj{"error": name + " is invalid"}}
}

// log is the first n commits that a list asks for. A ref that isn't there has
// none.
func (c *call) log(n int, since, until time.Time) ([]*object.Commit, error) {
	from, found := c.commitAt(c.params.text("ref_name"))
	if !found {
		return nil, nil
	}
	var list []*object.Commit
	err := c.repo.Log(from, c.params.text("path"), func(commit *object.Commit) bool {
		when := commit.Committer.When
		if !until.IsZero() && when.After(until) {
			return true
		}
		if !since.IsZero() && when.Before(since) {
			return false
		}
		list = append(list, commit)
		return len(list) < n
	})
	return list, err
}

// pathCommit is the commit that the path names, by id, branch or tag.
func (c *call) pathCommit() (plumbing.Hash, error) {
	id, found := c.commitAt(c.path["sha"])
	if !found {
		return id, notFound("Commit")
	}
	return id, nil
}

// getCommit: https://docs.gitlab.com/api/commits/#get-a-single-commit
func getCommit(c *call) (*answer, error) {
	id, err := c.pathCommit()
	if err != nil {
		return nil, err
	}
	o, err := c.commitDetail(id, c.params.text("stats") != "false")
	if err != nil {
		return nil, err
	}
	return ok(o)
}

// commitDiff: https://docs.gitlab.com/api/commits/#get-the-diff-of-a-commit
func commitDiff(c *call) (*answer, error) {
	id, err := c.pathCommit()
	if err != nil {
		return nil, err
	}
	changes, err := c.repo.Diff(id)
	if err != nil {
		return nil, err
	}
	list, _, err := diffs(changes, expanded())
	if err != nil {
		return nil, err
	}
	return paged(c, list, withTotals, nil, func(o obj) (obj, error) { return o, nil })
}

// commitRefs: https://docs.gitlab.com/api/commits/#get-references-a-commit-is-pushed-to
func commitRefs(c *call) (*answer, error) {
	id, err := c.pathCommit()
	if err != nil {
		return nil, err
	}
	list := []obj{}
	for prefix, kind := range map[string]string{headsPrefix: "branch", "refs/tags/": "tag"} {
		if want := c.params.text("type"); want != "" && want != "all" && want != kind {
			continue
		}
		for _, ref := range c.repo.SeenRefs(prefix) {
			if c.repo.IsAncestor(id, ref.ID) {
				list = append(list, obj{"type": kind, "name": ref.Name[len(prefix):]})
			}
		}
	}
	slices.SortFunc(list, func(a, b obj) int { return compare(a["type"], b["type"]) })
	return paged(c, list, withTotals, nil, func(o obj) (obj, error) { return o, nil })
}

func compare(a, b any) int {
	x, y := a.(string), b.(string)
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// commitPulls: https://docs.gitlab.com/api/commits/#list-merge-requests-associated-with-a-commit
func commitPulls(c *call) (*answer, error) {
	id, err := c.pathCommit()
	if err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(c.repo.Pulls(), func(p fakehost.PullRequest) bool {
		return p.Head.SHA != id && p.MergeCommit != id && !(c.repo.IsAncestor(id, p.Head.SHA) && !c.repo.IsAncestor(id, p.Base.SHA))
	})
	return paged(c, list, withTotals, nil, c.pullJSON)
}
