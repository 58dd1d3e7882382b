package github

import (
	"context"

	"github.com/tidwall/gjson"

	"mooring/backends/driver"
	"mooring/backends/rest"
)

// pullFields are what driver.Pull has. GraphQL tells a tenth of what REST does of a
// pull request, and its author's name besides.
const pullFields = "number title headRefName headRefOid baseRefName updatedAt url" +
	" headRepository{nameWithOwner}headRepositoryOwner{login}labels(first:100){nodes{name}}" +
	"author{login ...on User{name}}"

// pulls lists open pull requests into base, oldest first, of branches called
// head if that is given.
// https://docs.github.com/en/graphql/reference/objects#pullrequestconnection
func (r graph) pulls(ctx context.Context, base, head string) ([]driver.Pull, error) {
	var out []driver.Pull
	for after := ""; ; {
		q := query("Pulls", r.repo.fullName())
		q.Raw("pullRequests(states:OPEN,first:100,orderBy:{field:CREATED_AT,direction:ASC},baseRefName:").Quoted(base)
		if head != "" {
			q.Raw(",headRefName:").Quoted(head)
		}
		if after != "" {
			q.Raw(",after:").Quoted(after)
		}
		q.Raw("){pageInfo{hasNextPage endCursor}nodes{" + pullFields)
		if head == "" { // who lists them all asks for their files next
			q.Raw(" " + fileFields)
		}
		data, err := r.repo.api.graphQL.Read(ctx, q.Raw("}}}}"))
		if err != nil {
			return nil, err
		}
		page := data.Get("repository.pullRequests")
		if out, err = r.repo.appendPulls(out, page); err != nil {
			return nil, err
		}
		next := page.Get("pageInfo.endCursor").String()
		if !page.Get("pageInfo.hasNextPage").Bool() || next == after {
			return out, nil
		}
		after = next
	}
}

func (r *Repo) appendPulls(out []driver.Pull, page gjson.Result) ([]driver.Pull, error) {
	if !page.Get("nodes").IsArray() {
		return nil, misshapen("list of pull requests")
	}
	for _, node := range page.Get("nodes").Array() {
		p, err := r.decodePullNode(node)
		if err != nil {
			return nil, err
		}
		r.api.people.Note(p.Author, node.Get("author.name").String())
		if node.Get("files").Exists() {
			r.listed.note(p, decodePullPaths(node, p.HeadCommit))
		}
		out = append(out, p)
	}
	return out, nil
}

// decodePullNode reads a pull request of GitHub's GraphQL API.
func (r *Repo) decodePullNode(v gjson.Result) (driver.Pull, error) {
	if !rest.Has(v, "number", "headRefName", "headRefOid", "baseRefName") {
		return driver.Pull{}, misshapen("pull request")
	}
	p := driver.Pull{
		Number: int(v.Get("number").Int()), Title: v.Get("title").String(),
		Head: v.Get("headRefName").String(), HeadCommit: v.Get("headRefOid").String(),
		Base: v.Get("baseRefName").String(), Author: v.Get("author.login").String(), URL: v.Get("url").String(),
		Fork: forkName(v.Get("headRepository.nameWithOwner").String(), v.Get("headRepositoryOwner.login").String(), r.fullName()),
	}
	for _, l := range v.Get("labels.nodes.#.name").Array() {
		p.Labels = append(p.Labels, l.String())
	}
	p.UpdatedAt, _ = rest.ParseTime(v.Get("updatedAt").String())
	return p, nil
}
