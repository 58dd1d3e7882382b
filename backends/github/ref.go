package github

import (
	"context"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
)

// noCommit is where a branch points that is to be deleted.
const noCommit = "0000000000000000000000000000000000000000"

// createRef makes a branch; one that exists is a Conflict. Without an answer it is
// looked at, and tried once more if it is not there.
// https://docs.github.com/en/rest/git/refs#create-a-reference
func (r *Repo) createRef(ctx context.Context, branch, commit string) error {
	err := r.postRef(ctx, branch, commit)
	if !cmserr.Is(err, cmserr.Network) {
		return err
	}
	head, headErr := r.headNow(ctx, branch)
	switch {
	case headErr == nil && head == commit:
		return nil
	case cmserr.Is(headErr, cmserr.NotFound):
		return r.postRef(ctx, branch, commit)
	}
	return err
}

func (r *Repo) postRef(ctx context.Context, branch, commit string) error {
	var j rest.JSON
	j.Object().Field("ref", refPrefix+branch).Field("sha", commit).EndObject()
	_, err := r.api.Send(ctx, "POST", r.path("git", "refs"), &j)
	e := cmserr.From(err)
	switch {
	case err == nil:
		return nil
	case e.Status == 422 && strings.Contains(e.Msg, "already exists"):
		return cmserr.Wrap(cmserr.Conflict, err, "The branch “"+branch+"” exists already.")
	case e.Status == 422 && strings.Contains(e.Msg, "Object does not exist"):
		return cmserr.Wrap(cmserr.NotFound, err, "There is no commit “"+commit+"”.")
	}
	return err
}

// forward moves a branch to a commit that follows where it is: errMoved if it
// doesn't. It is repeated safely: the second time there is nothing to move.
// https://docs.github.com/en/rest/git/refs#update-a-reference
func (r *Repo) forward(ctx context.Context, branch, commit string) error {
	err := r.patch(ctx, branch, commit, false)
	e := cmserr.From(err)
	switch {
	case err == nil:
		return nil
	case e.Status == 422 && strings.Contains(e.Msg, "does not exist"):
		return cmserr.Wrap(cmserr.NotFound, err, "There is no branch “"+branch+"”.")
	case e.Kind != cmserr.Network && !strings.Contains(e.Msg, "fast forward"):
		return err
	}
	// An answer may have been lost, and others have gone on from there.
	done, reachErr := r.reaches(ctx, branch, commit)
	switch {
	case reachErr != nil:
		return reachErr
	case done:
		return nil
	case e.Kind == cmserr.Network:
		return err
	}
	return errMoved
}

func (r *Repo) patch(ctx context.Context, branch, commit string, force bool) error {
	var j rest.JSON
	j.Object().Field("sha", commit).Key("force").Bool(force).EndObject()
	_, err := r.api.Send(ctx, "PATCH", r.path("git", "refs", "heads", rest.EscapePath(branch)), &j, rest.Repeatable)
	return err
}

// reaches says whether a commit is among the last of a branch.
func (r *Repo) reaches(ctx context.Context, branch, commit string) (bool, error) {
	v, err := r.api.Get(ctx, r.path("commits")+rest.Query("sha", branch, "per_page", "50"))
	if err != nil {
		return false, err
	}
	for _, c := range v.Array() {
		if c.Get("sha").String() == commit {
			return true, nil
		}
	}
	return false, nil
}

// swap moves a branch from one commit to another, or to noCommit to delete it; a
// Conflict if it is somewhere else. graphql.ErrNone where only REST is to be had.
// https://docs.github.com/en/graphql/reference/mutations#updaterefs
func (r graph) swap(ctx context.Context, branch, from, to string) error {
	if r.repo.api.graphQL.Off.Load() {
		return graphql.ErrNone
	}
	f, err := r.repo.known(ctx)
	if err != nil {
		return err
	}
	q := &graphql.Query{Again: true, Vars: func(j *rest.JSON) {
		j.Key("input").Object().Field("repositoryId", f.nodeID).Key("refUpdates").Array()
		j.Object().Field("name", refPrefix+branch).Field("beforeOid", from).Field("afterOid", to)
		j.Key("force").Bool(true).EndObject().EndArray().EndObject()
	}}
	q.Raw("mutation Swap($input:UpdateRefsInput!){updateRefs(input:$input){clientMutationId}}")
	a, err := r.repo.api.graphQL.Ask(ctx, q)
	switch {
	case err != nil:
		return err
	case len(a.Errors) == 0:
		return nil
	case unknown(a):
		return graphql.ErrNone
	}
	return r.swapped(ctx, branch, from, to, refusedQuery(a))
}

// swapped finds out whether a swap that failed was done by a request before it,
// whose answer was lost.
func (r graph) swapped(ctx context.Context, branch, from, to string, cause error) error {
	head, err := r.repo.headNow(ctx, branch)
	switch {
	case cmserr.Is(err, cmserr.NotFound) && to == noCommit, head == to:
		return nil
	case err != nil:
		return err
	case head != from:
		return changeset.BranchMoved(branch)
	}
	return cause
}

// force moves a branch of our own over REST, which can't say from where: it is
// looked at right before.
func (r *Repo) force(ctx context.Context, branch, from, to string) error {
	head, err := r.headNow(ctx, branch)
	switch {
	case err != nil:
		return err
	case head != from:
		return changeset.BranchMoved(branch)
	}
	return r.patch(ctx, branch, to, true)
}
