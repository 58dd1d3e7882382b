package gitlab

import (
	"context"
	"sort"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
)

// Head implements driver.Driver.
func (r *Repo) Head(ctx context.Context, branch string) (string, error) {
	return r.heads.Read(ctx, r.api.clock, branch, r.headNow)
}

// headNow asks for the newest commit of a branch: what is then saved there is sent to the
// same address, and browsers ask a host whether a page may write there (a preflight) but
// once for each. Where there is no such commit, the branch's description says why.
// https://docs.gitlab.com/api/commits/#list-repository-commits
func (r *Repo) headNow(ctx context.Context, branch string) (string, error) {
	v, err := r.api.Get(ctx, r.commitsPath(branch), rest.Conditional, rest.Validated)
	if kind := cmserr.KindOf(err); err != nil && kind != cmserr.NotFound && kind != cmserr.Invalid {
		return "", err
	}
	if head := v.Get("0.id").String(); err == nil && head != "" {
		return head, nil
	}
	if v, err = r.branch(ctx, branch); err != nil {
		return "", err
	}
	b, err := decodeBranch(v)
	return b.Head, err
}

// commitsPath is where a branch's newest commit is, and where new ones are sent: that
// takes no notice of the query.
func (r *Repo) commitsPath(branch string) string {
	return r.path("repository", "commits") + rest.Query("ref_name", "refs/heads/"+branch, "per_page", "1")
}

// branch is GitLab's description of a branch.
// https://docs.gitlab.com/api/branches/#get-single-repository-branch
func (r *Repo) branch(ctx context.Context, branch string) (gjson.Result, error) {
	v, err := r.api.Get(ctx, r.branchPath(branch), rest.Conditional, rest.Validated)
	if cmserr.Is(err, cmserr.NotFound) {
		return v, r.named(err, "There is no branch “"+branch+"”.")
	}
	return v, err
}

func (r *Repo) branchPath(branch string) string {
	return r.path("repository", "branches", rest.EscapeSegment(branch))
}

func decodeBranch(v gjson.Result) (driver.Branch, error) {
	b := driver.Branch{Name: v.Get("name").String(), Head: v.Get("commit.id").String()}
	if b.Name == "" || b.Head == "" {
		return driver.Branch{}, misshapen("branch")
	}
	return b, nil
}

// Branches implements driver.BranchLister. GitLab's search ignores case.
// https://docs.gitlab.com/api/branches/#list-repository-branches
func (r *Repo) Branches(ctx context.Context, prefix string) ([]driver.Branch, error) {
	search := strings.TrimRight(prefix, "$") // which would end the search's pattern
	if search != "" {
		search = "^" + search
	}
	var out []driver.Branch
	path := r.path("repository", "branches") + rest.Query("search", search, "per_page", strconv.Itoa(pageSize))
	err := r.api.Each(ctx, path, func(item gjson.Result) error {
		b, err := decodeBranch(item)
		if strings.HasPrefix(b.Name, prefix) {
			out = append(out, b)
		}
		return err
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out, r.markMerged(ctx, out)
}

// markMerged finds the merge requests that merged what branches hold now.
func (r *Repo) markMerged(ctx context.Context, branches []driver.Branch) error {
	merged, err := r.queries.mergedHeads(ctx, branches)
	if useREST(err) {
		merged, err = r.mergedHeadsOneByOne(ctx, branches)
	}
	for i, b := range branches {
		branches[i].Merged = merged[b]
	}
	return err
}

// mergedHeads lists where branches stood when they were merged.
// https://docs.gitlab.com/api/graphql/reference/#projectmergerequests
func (r graph) mergedHeads(ctx context.Context, branches []driver.Branch) (map[driver.Branch]bool, error) {
	merged := map[driver.Branch]bool{}
	for from := 0; from < len(branches); from += pageSize {
		var names []string
		for _, b := range branches[from:min(from+pageSize, len(branches))] {
			names = append(names, b.Name)
		}
		ask := func(o *operation) { o.raw("state:merged,sourceBranches:").strs(names) }
		err := r.eachMergeRequest(ctx, "MergedBranches", ask, "sourceBranch diffHeadSha sourceProjectId targetProjectId",
			func(node gjson.Result) error {
				if node.Get("sourceProjectId").Int() == node.Get("targetProjectId").Int() {
					merged[driver.Branch{Name: node.Get("sourceBranch").String(), Head: node.Get("diffHeadSha").String()}] = true
				}
				return nil
			})
		if err != nil {
			return nil, err
		}
	}
	return merged, nil
}

// https://docs.gitlab.com/api/merge_requests/#list-project-merge-requests
func (r *Repo) mergedHeadsOneByOne(ctx context.Context, branches []driver.Branch) (map[driver.Branch]bool, error) {
	merged := map[driver.Branch]bool{}
	for _, b := range branches {
		path := r.path("merge_requests") + rest.Query("state", "merged", "source_branch", b.Name, "per_page", strconv.Itoa(pageSize))
		err := r.api.Each(ctx, path, func(item gjson.Result) error {
			if item.Get("source_project_id").Int() == item.Get("target_project_id").Int() {
				merged[driver.Branch{Name: b.Name, Head: item.Get("sha").String()}] = true
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return merged, nil
}

// DeleteBranch implements driver.Brancher. GitLab can't be told from where, so the
// branch is looked at right before.
// https://docs.gitlab.com/api/branches/#delete-repository-branch
func (r *Repo) DeleteBranch(ctx context.Context, branch, expectedHead string) error {
	head, err := r.Head(ctx, branch)
	switch {
	case err != nil:
		return err
	case head != expectedHead:
		return changeset.BranchMoved(branch)
	}
	_, err = r.api.Send(ctx, "DELETE", r.branchPath(branch), nil, rest.Repeatable)
	if err != nil && !cmserr.Is(err, cmserr.NotFound) { // that the answer to a request before this one was lost
		return err
	}
	r.heads.Wrote(branch, head, "", r.api.clock.Now())
	return nil
}

// createBranch makes a branch; one that exists is a Conflict. Without an answer it is
// looked at, and tried once more if it is not there.
// https://docs.gitlab.com/api/branches/#create-repository-branch
func (r *Repo) createBranch(ctx context.Context, branch, commit string) error {
	err := r.postBranch(ctx, branch, commit)
	if !cmserr.Is(err, cmserr.Network) {
		return err
	}
	head, headErr := r.headNow(ctx, branch)
	switch {
	case headErr == nil && head == commit:
		return nil
	case cmserr.Is(headErr, cmserr.NotFound):
		return r.postBranch(ctx, branch, commit)
	}
	return err
}

func (r *Repo) postBranch(ctx context.Context, branch, commit string) error {
	var j rest.JSON
	j.Object().Field("branch", branch).Field("ref", commit).EndObject()
	_, err := r.api.Send(ctx, "POST", r.path("repository", "branches"), &j)
	e := cmserr.From(err)
	switch {
	case err == nil:
		return nil
	case e.Status == 400 && strings.Contains(e.Msg, "already exists"):
		return cmserr.Wrap(cmserr.Conflict, err, "The branch “"+branch+"” exists already.")
	case e.Status == 400 && strings.Contains(strings.ToLower(e.Msg), "invalid reference"):
		return cmserr.Wrap(cmserr.NotFound, err, "There is no commit “"+commit+"”.")
	}
	return err
}
