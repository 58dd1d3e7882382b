package fakegitea

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// getCommit: GET …/git/commits/{sha}, which may be a branch too.
func getCommit(c *call) (*answer, error) {
	sha := c.params["sha"]
	if strings.Contains(sha, "..") || strings.ContainsAny(sha, " ~^:?*[\\") {
		return nil, invalid("no valid ref or sha: " + sha)
	}
	id, found := c.resolve(sha)
	if !found {
		return nil, notFoundAs("commit doesn't exist: " + sha)
	}
	commit, err := c.repo.CommitByID(id)
	if err != nil {
		return nil, err
	}
	o, err := c.commitJSON(commit, c.commitParts())
	if err != nil {
		return nil, err
	}
	return ok(o)
}

// commitsPage is how many commits a page has when they are those of a path,
// whatever limit says: COMMITS_RANGE_SIZE.
const commitsPage = 50

// listCommits: GET …/commits?sha=…&path=…
func listCommits(c *call) (*answer, error) {
	if len(c.repo.Refs("refs/heads/")) == 0 {
		return nil, conflict("Git Repository is empty.")
	}
	q := c.r.URL.Query()
	file := strings.Trim(q.Get("path"), "/")
	rev := q.Get("sha")
	if rev == "" {
		rev = c.repo.Info().DefaultBranch
	}
	from, found := c.resolve(rev)
	switch {
	case !found && file != "":
		return nil, internal()
	case !found:
		return nil, &apiError{status: http.StatusNotFound, form: jsonNull}
	}
	var list []*object.Commit
	err := c.repo.Log(from, file, func(commit *object.Commit) bool {
		list = append(list, commit)
		return true
	})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, notFoundAs("FileCommitsCount")
	}
	return c.commitPage(list, file != "")
}

func (c *call) commitPage(list []*object.Commit, ofPath bool) (*answer, error) {
	p := c.page()
	part := p
	if ofPath {
		part.size = commitsPage
	}
	from, to := part.part(len(list))
	out := []obj{}
	for _, commit := range list[from:to] {
		o, err := c.commitJSON(commit, c.commitParts())
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	a := &answer{body: out}
	c.links(a, p, len(list))
	a.more(p, len(list))
	a.set("X-Total", strconv.Itoa(len(list)))
	return a, nil
}

// compare: GET …/compare/{base}...{head}: all commits of head that base lacks,
// newest first, and nothing else.
func compare(c *call) (*answer, error) {
	text := c.params["basehead"]
	base, head, found := strings.Cut(text, "...")
	if !found {
		if base, head, found = strings.Cut(text, ".."); !found {
			base, head = c.repo.Info().DefaultBranch, text
		}
	}
	from, okBase := c.side(base)
	to, okHead := c.side(head)
	if !okBase || !okHead {
		return nil, notFound()
	}
	cmp, err := c.repo.Compare(from.SHA, to.SHA)
	if err != nil {
		return nil, internal()
	}
	parts := c.commitParts()
	parts.stat = true
	list, err := c.commitsJSON(cmp.Ahead, parts)
	if err != nil {
		return nil, err
	}
	return ok(obj{"total_commits": len(list), "commits": list})
}

// commitsJSON turns commits round: newest first.
func (c *call) commitsJSON(ids []plumbing.Hash, parts commitParts) ([]obj, error) {
	list := []obj{}
	for _, id := range slices.Backward(ids) {
		commit, err := c.repo.CommitByID(id)
		if err != nil {
			return nil, err
		}
		o, err := c.commitJSON(commit, parts)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}
