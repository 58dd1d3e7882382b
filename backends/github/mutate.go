package github

import (
	"context"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

// maxMutation is how many bytes of content go into one mutation. GitHub takes 40 MB
// of base64 at most, and gives up on a request after ten seconds.
const maxMutation = 16 << 20

// canMutate says whether createCommitOnBranch can say a change: it knows additions
// with content and deletions, and makes every file it writes a regular one.
func (r *Repo) canMutate(c driver.Commit, at changeset.Places) bool {
	if c.Author != nil || r.api.graphQL.Off.Load() || r.api.noCommits.Load() || changeset.Reshapes(c.Changes, at) {
		return false
	}
	total := 0
	for _, ch := range c.Changes {
		total += len(ch.Data)
		was := at[ch.Path]
		switch {
		case ch.Op == driver.Delete:
			continue
		case ch.Op == driver.Move && ch.Data == nil:
			return false
		case ch.Op == driver.Move:
			was = at[ch.From]
		}
		if was.Taken() && was.Entry.Mode != driver.ModeRegular {
			return false
		}
	}
	return total <= maxMutation
}

// lostAnswer is a failure of the network after which nobody knows whether a commit
// was made.
type lostAnswer struct{ error }

func (e lostAnswer) Unwrap() error { return e.error }

// mutate makes the commit if the branch is at parent: errMoved if it is not,
// lostAnswer if nobody knows.
// https://docs.github.com/en/graphql/reference/mutations#createcommitonbranch
func (r graph) mutate(ctx context.Context, c driver.Commit, parent string) (string, error) {
	q := &graphql.Query{Vars: func(j *rest.JSON) { r.commitInput(j, c, parent) }}
	q.Raw("mutation Commit($input:CreateCommitOnBranchInput!){createCommitOnBranch(input:$input){commit{oid}}}")
	a, err := r.repo.api.graphQL.Ask(ctx, q)
	switch {
	case cmserr.Is(err, cmserr.Network):
		return "", lostAnswer{err}
	case err != nil:
		return "", err
	case unknown(a):
		r.repo.api.noCommits.Store(true)
		return "", graphql.ErrNone
	case len(a.Errors) > 0:
		return "", r.notCommitted(ctx, c.Branch, a)
	}
	head := a.Data.Get("createCommitOnBranch.commit.oid").String()
	if head == "" {
		return "", misshapen("commit")
	}
	return head, nil
}

func (r graph) commitInput(j *rest.JSON, c driver.Commit, parent string) {
	headline, body, _ := strings.Cut(c.Message, "\n")
	j.Key("input").Object()
	j.Key("branch").Object().Field("repositoryNameWithOwner", r.repo.fullName()).Field("branchName", c.Branch).EndObject()
	j.Key("message").Object().Field("headline", headline).FieldIf("body", strings.TrimLeft(body, "\n")).EndObject()
	j.Field("expectedHeadOid", parent)
	size := 0
	for _, ch := range c.Changes {
		size += len(ch.Data)/3*4 + len(ch.Path) + 64
	}
	j.Grow(size)
	j.Key("fileChanges").Object().Key("additions").Array()
	for _, ch := range c.Changes {
		if ch.Op != driver.Delete {
			j.Object().Field("path", ch.Path).Key("contents").Base64(ch.Data).EndObject()
		}
	}
	j.EndArray().Key("deletions").Array()
	for _, ch := range c.Changes {
		switch ch.Op {
		case driver.Delete:
			j.Object().Field("path", ch.Path).EndObject()
		case driver.Move:
			j.Object().Field("path", ch.From).EndObject()
		}
	}
	j.EndArray().EndObject().EndObject()
}

// notCommitted is why a mutation made no commit.
func (r graph) notCommitted(ctx context.Context, branch string, a graphql.Answer) error {
	kind, said := a.Errors[0].Get("type").String(), a.Errors[0].Get("message").String()
	if kind == "STALE_DATA" || strings.Contains(said, "Expected branch to point to") {
		return errMoved
	}
	if kind != "NOT_FOUND" {
		return refusedQuery(a)
	}
	if _, err := r.repo.headNow(ctx, branch); err != nil {
		return err
	}
	return cmserr.New(cmserr.Forbidden, "This account may not write to “"+r.repo.name+
		"”, or its token may not. Ask the owner for write access, or sign in with another token.")
}

// contains looks in a branch's history for a commit whose answer was lost: the one
// on parent, with the same message and content.
// https://docs.github.com/en/rest/commits/commits#list-commits
func (r *Repo) contains(ctx context.Context, head, parent string, c driver.Commit) (bool, error) {
	v, err := r.api.Get(ctx, r.path("commits")+rest.Query("sha", head, "per_page", "50"))
	if err != nil {
		return false, err
	}
	for _, made := range v.Array() {
		if made.Get("parents.0.sha").String() == parent &&
			strings.TrimSpace(made.Get("commit.message").String()) == strings.TrimSpace(c.Message) {
			return changeset.Made(ctx, r, made.Get("sha").String(), c.Changes)
		}
	}
	return false, nil
}
