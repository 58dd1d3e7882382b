package fakegithub

import (
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

const commitDocs = docsRoot + "/commits/commits#"

// listCommits: https://docs.github.com/rest/commits/commits#list-commits
func listCommits(c *call) (*answer, error) {
	if err := c.nonEmpty(); err != nil {
		return nil, err
	}
	q := c.r.URL.Query()
	rev := q.Get("sha")
	if rev == "" {
		rev = "HEAD"
	}
	from, found := c.repo.ResolveCommit(rev)
	if !found {
		return nil, notFound(commitDocs + "list-commits")
	}
	var list []*object.Commit
	err := c.repo.Log(from, q.Get("path"), func(commit *object.Commit) bool {
		list = append(list, commit)
		return true
	})
	if err != nil {
		return nil, err
	}
	return paged(c, list, func(commit *object.Commit) (obj, error) { return c.commitJSON(commit), nil })
}

// commitOf finds the commit that the path's ref parameter names.
func (c *call) commitOf(docs string) (plumbing.Hash, error) {
	if err := c.nonEmpty(); err != nil {
		return plumbing.ZeroHash, err
	}
	id, found := c.repo.ResolveCommit(c.params["ref"])
	if !found {
		return id, &apiError{status: 422, message: "No commit found for SHA: " + c.params["ref"], docs: docs}
	}
	return id, nil
}

// filesPerPage and maxFiles are the limits of a commit's and a pull request's
// files.
const (
	filesPerPage = 300
	maxFiles     = 3000
)

// getCommit: https://docs.github.com/rest/commits/commits#get-a-commit
func getCommit(c *call) (*answer, error) {
	id, err := c.commitOf(commitDocs + "get-a-commit")
	if err != nil {
		return nil, err
	}
	if mime := c.media("sha"); mime != "" {
		return &answer{raw: []byte(id.String()), mime: mime}, nil
	}
	o, err := c.commitByID(id)
	if err != nil {
		return nil, err
	}
	files, err := c.repo.Diff(id)
	if err != nil {
		return nil, err
	}
	all, err := c.filesJSON(files[:min(len(files), maxFiles)], id)
	if err != nil {
		return nil, err
	}
	additions, deletions := 0, 0
	for _, f := range all {
		additions, deletions = additions+f["additions"].(int), deletions+f["deletions"].(int)
	}
	p := c.page(filesPerPage)
	from, to := p.part(len(all))
	o["stats"] = obj{"total": additions + deletions, "additions": additions, "deletions": deletions}
	o["files"] = all[from:to]
	return &answer{body: o, links: c.links(p, len(all))}, nil
}

// compareCommits is how many commits a comparison has when no page is asked for.
const compareCommits = 250

// compare: https://docs.github.com/rest/commits/commits#compare-two-commits.
// At most 300 files, on the first page alone.
func compare(c *call) (*answer, error) {
	missing := notFound(commitDocs + "compare-two-commits")
	base, head, found := strings.Cut(c.params["basehead"], "...")
	if !found {
		return nil, missing
	}
	baseSide, okBase := c.side(base)
	headSide, okHead := c.side(head)
	if !okBase || !okHead {
		return nil, missing
	}
	cmp, err := c.repo.Compare(baseSide.SHA, headSide.SHA)
	if err != nil {
		return nil, missing
	}
	p := c.page(compareCommits)
	from, to := p.part(len(cmp.Ahead))
	o, err := c.compareJSON(cmp, from, to)
	if err != nil {
		return nil, err
	}
	o["url"] = c.repoAPI("compare", base+"..."+head)
	web := c.repoWeb("compare", base+"..."+head)
	o["html_url"], o["diff_url"], o["patch_url"] = web, web+".diff", web+".patch"
	o["permalink_url"] = c.repoWeb("compare", shortName(baseSide)+"..."+shortName(headSide))
	if p.number > 1 {
		o["files"] = []obj{}
	}
	return &answer{body: o, links: c.links(p, len(cmp.Ahead))}, nil
}

func shortName(s fakehost.Side) string { return s.Repo.Info().Owner + ":" + s.SHA.String()[:7] }

func (c *call) compareJSON(cmp fakehost.Comparison, from, to int) (obj, error) {
	base, err := c.commitByID(cmp.Base)
	if err != nil {
		return nil, err
	}
	mergeBase, err := c.commitByID(cmp.MergeBase)
	if err != nil {
		return nil, err
	}
	commits, err := c.commitsByID(cmp.Ahead[from:to])
	if err != nil {
		return nil, err
	}
	files, err := c.filesJSON(cmp.Files[:min(len(cmp.Files), filesPerPage)], cmp.Head)
	if err != nil {
		return nil, err
	}
	return obj{
		"base_commit": base, "merge_base_commit": mergeBase, "status": cmp.Status(), "ahead_by": len(cmp.Ahead),
		"behind_by": cmp.Behind, "total_commits": len(cmp.Ahead), "commits": commits, "files": files,
	}, nil
}

// side finds what branch, commit, owner:branch or owner:repo:branch names in
// the repository's family.
func (c *call) side(text string) (fakehost.Side, bool) {
	repo, rev := c.repo, text
	if owner, rest, ok := strings.Cut(text, ":"); ok {
		name, inner, named := strings.Cut(rest, ":")
		if rev = rest; named {
			rev = inner
		} else {
			name = ""
		}
		if repo = c.relative(owner, name); repo == nil || !c.mayRead(repo) {
			return fakehost.Side{}, false
		}
	}
	id, found := repo.ResolveCommit(rev)
	return fakehost.Side{Repo: repo, Branch: rev, SHA: id}, found
}

// relative is the owner's repository of the same family: itself, its origin or
// a fork.
func (c *call) relative(owner, name string) *fakehost.Repository {
	for _, r := range c.host.Repositories() {
		info := r.Info()
		if strings.EqualFold(info.Owner, owner) && (name == "" || strings.EqualFold(info.Name, name)) && r.Source() == c.repo.Source() {
			return r
		}
	}
	return nil
}

// number is the path's pull request number.
func (c *call) number() int {
	n, err := strconv.Atoi(c.params["number"])
	if err != nil {
		return 0
	}
	return n
}
