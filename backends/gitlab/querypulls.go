package gitlab

import (
	"context"
	"strconv"

	"github.com/tidwall/gjson"

	"mooring/backends/driver"
	"mooring/backends/rest"
)

// pullFields are what driver.Pull has, and its author's name besides.
const pullFields = "iid title sourceBranch targetBranch diffHeadSha updatedAt webUrl sourceProjectId targetProjectId" +
	" sourceProject{fullPath}labels(first:100){nodes{title}}author{username name}"

// pulls lists open merge requests into base, of branches called head if that is
// given.
func (r graph) pulls(ctx context.Context, base, head string) ([]driver.Pull, error) {
	var out []driver.Pull
	fields := pullFields
	if head == "" { // who lists them all asks for their files next
		fields += " " + fileFields
	}
	ask := func(o *operation) {
		o.raw("state:opened,targetBranches:").strs([]string{base})
		if head != "" {
			o.raw(",sourceBranches:").strs([]string{head})
		}
	}
	err := r.eachMergeRequest(ctx, "Pulls", ask, fields, func(node gjson.Result) error {
		p, err := decodePullNode(node)
		if err == nil {
			err = r.repo.complete(ctx, &p)
		}
		if err != nil {
			return err
		}
		r.repo.api.people.Note(p.Author, node.Get("author.name").String())
		if files, ok := decodeDiffStats(node, p.HeadCommit); ok {
			r.repo.listed.note(p, files)
		}
		out = append(out, p)
		return nil
	})
	return out, err
}

// eachMergeRequest lists merge requests, oldest first, to the end.
// https://docs.gitlab.com/api/graphql/reference/#projectmergerequests
func (r graph) eachMergeRequest(ctx context.Context, name string, ask func(*operation), fields string,
	do func(gjson.Result) error) error {
	for after, size := "", pageSize; ; {
		o := &operation{halves: size > 1}
		o.raw("mergeRequests(")
		ask(o)
		o.raw(",sort:CREATED_ASC,first:" + strconv.Itoa(size))
		if after != "" {
			o.raw(",after:").str(after)
		}
		project, err := r.read(ctx, name, o.raw("){pageInfo{endCursor hasNextPage}nodes{"+fields+"}}"), "")
		if tooMuch(err) && size > 1 {
			size /= 2
			continue
		}
		if err != nil {
			return err
		}
		page := project.Get("mergeRequests")
		if !page.Get("nodes").IsArray() {
			return misshapen("list of merge requests")
		}
		for _, node := range page.Get("nodes").Array() {
			if err := do(node); err != nil {
				return err
			}
		}
		next := page.Get("pageInfo.endCursor").String()
		if !page.Get("pageInfo.hasNextPage").Bool() || next == after {
			return nil
		}
		after = next
	}
}

// decodePullNode reads a merge request of GitLab's GraphQL API.
func decodePullNode(v gjson.Result) (driver.Pull, error) {
	if !rest.Has(v, "iid", "sourceBranch", "targetBranch") {
		return driver.Pull{}, misshapen("merge request")
	}
	p := driver.Pull{
		Number: int(v.Get("iid").Int()), Title: v.Get("title").String(),
		Head: v.Get("sourceBranch").String(), HeadCommit: v.Get("diffHeadSha").String(),
		Base: v.Get("targetBranch").String(), Author: v.Get("author.username").String(), URL: v.Get("webUrl").String(),
	}
	for _, l := range v.Get("labels.nodes.#.title").Array() {
		p.Labels = append(p.Labels, l.String())
	}
	p.UpdatedAt, _ = rest.ParseTime(v.Get("updatedAt").String())
	if source := v.Get("sourceProjectId"); source.String() != v.Get("targetProjectId").String() {
		p.Fork = forkName(v.Get("sourceProject.fullPath").String(), source)
	}
	if v.Get("diffRefs.headSha").String() == p.HeadCommit {
		p.MergeBase = v.Get("diffRefs.baseSha").String()
	}
	return p, nil
}
