package github

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

const refPrefix = "refs/heads/"

// Head implements driver.Driver.
// https://docs.github.com/en/rest/git/refs#get-a-reference
func (r *Repo) Head(ctx context.Context, branch string) (string, error) {
	return r.heads.Read(ctx, r.api.clock, branch, r.headNow)
}

// headNow asks GraphQL: browsers ask a host whether a page may read there before each
// new address (a preflight), but only once for GraphQL's. What that does not tell,
// REST may, or it says why not.
func (r *Repo) headNow(ctx context.Context, branch string) (string, error) {
	head, err := r.queries.head(ctx, branch)
	if err != nil && !errors.Is(err, graphql.ErrNone) && !cmserr.Is(err, cmserr.Network) {
		return "", err
	}
	if err == nil && head != "" {
		return head, nil
	}
	return r.headOverREST(ctx, branch)
}

// head is where a branch is, "" where GraphQL does not tell.
// https://docs.github.com/en/graphql/reference/objects#ref
func (r graph) head(ctx context.Context, branch string) (string, error) {
	q := query("Head", r.repo.fullName())
	q.Again, q.Halves = true, false
	q.Raw("ref(qualifiedName:").Quoted(refPrefix + branch)
	a, err := r.repo.api.graphQL.Ask(ctx, q.Raw("){target{oid}}}}"))
	return a.Data.Get("repository.ref.target.oid").String(), err
}

func (r *Repo) headOverREST(ctx context.Context, branch string) (string, error) {
	v, err := r.api.Get(ctx, r.path("git", "ref", "heads", rest.EscapePath(branch)), rest.Conditional)
	switch {
	case cmserr.Is(err, cmserr.NotFound):
		e := *cmserr.From(err)
		if e.Status != 409 {
			e.Msg = "There is no branch “" + branch + "”."
		}
		return "", &e
	case err != nil:
		return "", err
	}
	b, err := decodeRef(v)
	return b.Head, err
}

func decodeRef(v gjson.Result) (driver.Branch, error) {
	name, ok := strings.CutPrefix(v.Get("ref").String(), refPrefix)
	b := driver.Branch{Name: name, Head: v.Get("object.sha").String()}
	if !ok || b.Head == "" {
		return driver.Branch{}, misshapen("branch")
	}
	return b, nil
}

// Branches implements driver.BranchLister.
// https://docs.github.com/en/rest/git/refs#list-matching-references
func (r *Repo) Branches(ctx context.Context, prefix string) ([]driver.Branch, error) {
	var out []driver.Branch
	err := r.api.Each(ctx, r.path("git", "matching-refs", "heads", rest.EscapePath(prefix)),
		func(item gjson.Result) error {
			b, err := decodeRef(item)
			out = append(out, b)
			return err
		})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return out, r.markMerged(ctx, out)
}

// markMerged finds the pull requests that merged what branches hold now.
func (r *Repo) markMerged(ctx context.Context, branches []driver.Branch) error {
	merged, err := r.queries.mergedHeads(ctx, branches)
	if errors.Is(err, graphql.ErrNone) {
		merged, err = r.mergedHeadsOneByOne(ctx, branches)
	}
	if err != nil {
		return err
	}
	for i, heads := range merged {
		for _, head := range heads {
			branches[i].Merged = branches[i].Merged || head == branches[i].Head
		}
	}
	return nil
}

// mergedHeads lists for each branch where it stood when a pull request merged it.
func (r graph) mergedHeads(ctx context.Context, branches []driver.Branch) ([][]string, error) {
	return rest.Batches(ctx, branches, r.repo.api.batching(r.repo.api.pullSizes), r.someMergedHeads)
}

func (r graph) someMergedHeads(ctx context.Context, branches []driver.Branch) ([][]string, error) {
	q := query("MergedBranches", r.repo.home().fullName())
	for i, b := range branches {
		q.Raw("b" + strconv.Itoa(i) + ":pullRequests(states:MERGED,last:5,headRefName:").Quoted(b.Name).
			Raw("){nodes{headRefOid headRepository{nameWithOwner}}}")
	}
	q.Raw("}}")
	data, err := r.repo.api.graphQL.Read(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([][]string, len(branches))
	for i := range branches {
		for _, p := range data.Get("repository.b" + strconv.Itoa(i) + ".nodes").Array() {
			if strings.EqualFold(p.Get("headRepository.nameWithOwner").String(), r.repo.fullName()) {
				out[i] = append(out[i], p.Get("headRefOid").String())
			}
		}
	}
	return out, nil
}

func (r *Repo) mergedHeadsOneByOne(ctx context.Context, branches []driver.Branch) ([][]string, error) {
	out := make([][]string, len(branches))
	for i, b := range branches {
		path := r.home().path("pulls") + rest.Query("state", "closed", "per_page", "100", "head", r.owner()+":"+b.Name)
		err := r.api.Each(ctx, path, func(item gjson.Result) error {
			if item.Get("merged_at").String() != "" && r.isHeadOf(item, b.Name) {
				out[i] = append(out[i], item.Get("head.sha").String())
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// DeleteBranch implements driver.Brancher. GraphQL deletes a branch only where it
// was seen; REST, where it is.
// https://docs.github.com/en/graphql/reference/mutations#updaterefs
func (r *Repo) DeleteBranch(ctx context.Context, branch, expectedHead string) error {
	head, err := r.Head(ctx, branch)
	switch {
	case err != nil:
		return err
	case head != expectedHead:
		return changeset.BranchMoved(branch)
	}
	err = r.queries.swap(ctx, branch, expectedHead, noCommit)
	if !errors.Is(err, graphql.ErrNone) && !cmserr.Is(err, cmserr.Network) {
		return err
	}
	_, err = r.api.Send(ctx, "DELETE", r.path("git", "refs", "heads", rest.EscapePath(branch)), nil, rest.Repeatable)
	if cmserr.From(err).Status == 422 { // the answer to a request before this one was lost
		return nil
	}
	return err
}
