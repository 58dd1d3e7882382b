package bitbucket

import (
	"context"
	"sort"
	"strings"
	"sync"
	"time"

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

func (r *Repo) headNow(ctx context.Context, branch string) (string, error) {
	t, err := r.tip(ctx, branch)
	return t.id, err
}

// tip is the newest commit of a branch.
type tip struct{ id, parent, message string }

// tip asks for a branch, or where a gateway passes no branches, for what lies there.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/#api-repositories-workspace-repo-slug-refs-branches-name-get
func (r *Repo) tip(ctx context.Context, branch string) (tip, error) {
	path, commit := r.branchPath(branch)+"?fields=target.hash,target.message,target.parents.hash", "target"
	sourceOnly := r.sourceOnly.Load()
	if sourceOnly {
		path, commit = r.path("src", rest.EscapeSegment(branch))+"/?format=meta&fields=commit.hash", "commit"
	}
	v, err := r.api.Get(ctx, path)
	switch {
	case cmserr.Is(err, cmserr.Unsupported) && !sourceOnly:
		r.sourceOnly.Store(true)
		return r.tip(ctx, branch)
	case err != nil:
		return tip{}, r.named(err, "There is no branch “"+branch+"”.")
	}
	t := tip{v.Get(commit + ".hash").String(), v.Get(commit + ".parents.0.hash").String(), v.Get(commit + ".message").String()}
	if t.id == "" {
		return tip{}, misshapen("branch")
	}
	r.seen.note(branch, t.id, r.api.clock.Now())
	r.own.recognize(branch, t)
	return t, nil
}

func (r *Repo) branchPath(branch string) string {
	return r.path("refs", "branches", rest.EscapePath(branch))
}

// Branches implements driver.BranchLister. Bitbucket finds names that hold a text
// somewhere, whatever the case.
func (r *Repo) Branches(ctx context.Context, prefix string) ([]driver.Branch, error) {
	list, err := r.branchList(ctx, prefix)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	out := make([]driver.Branch, len(list))
	for i, b := range list {
		out[i] = b.Branch
	}
	return out, r.markMerged(ctx, out)
}

// listedBranch is a branch, and the first parent of its newest commit.
type listedBranch struct {
	driver.Branch
	parent string
}

// branchList lists branches without saying which were merged.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/#api-repositories-workspace-repo-slug-refs-branches-get
func (r *Repo) branchList(ctx context.Context, prefix string) ([]listedBranch, error) {
	q := ""
	if plainPart(prefix) != "" {
		q = has("name", prefix)
	}
	var out []listedBranch
	list := r.path("refs", "branches") +
		rest.Query("q", q, "pagelen", pageSize, "fields", "next,values.name,values.target.hash,values.target.parents.hash")
	err := r.api.each(ctx, list, func(item gjson.Result) error {
		b, err := decodeBranch(item)
		if strings.HasPrefix(b.Name, prefix) {
			out = append(out, b)
			r.seen.note(b.Name, b.Head, r.api.clock.Now())
		}
		return err
	})
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out, r.named(err, r.missing().Error())
}

func decodeBranch(v gjson.Result) (listedBranch, error) {
	b := listedBranch{parent: v.Get("target.parents.0.hash").String()}
	b.Name, b.Head = v.Get("name").String(), v.Get("target.hash").String()
	if b.Name == "" || b.Head == "" {
		return listedBranch{}, misshapen("branch")
	}
	return b, nil
}

// mergedAtOnce is how many branches are asked about in one request.
const mergedAtOnce = 20

// markMerged finds the pull requests that merged what branches hold now.
func (r *Repo) markMerged(ctx context.Context, branches []driver.Branch) error {
	for from := 0; from < len(branches); from += mergedAtOnce {
		some := branches[from:min(from+mergedAtOnce, len(branches))]
		var names []string
		for _, b := range some {
			names = append(names, is("source.branch.name", b.Name))
		}
		list := r.pullList(`state = "MERGED"`, anyOf(names...))
		err := r.api.each(ctx, list, func(item gjson.Result) error {
			commit := item.Get("source.commit.hash").String()
			for i, b := range some {
				if commit != "" && b.Name == item.Get("source.branch.name").String() && isOurs(item) {
					some[i].Merged = b.Merged || strings.HasPrefix(b.Head, commit)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// DeleteBranch implements driver.Brancher. Bitbucket can't be told from where, so the
// branch is looked at right before.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/#api-repositories-workspace-repo-slug-refs-branches-name-delete
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
	r.seen.forget(branch)
	return nil
}

// createBranch makes a branch; one that exists is a Conflict. Without an answer it is
// looked at, and tried once more if it is not there.
func (r *Repo) createBranch(ctx context.Context, branch, commit string) error {
	err := r.postBranch(ctx, branch, commit)
	if err == nil || !lost(err) {
		return err
	}
	head, headErr := r.headAfter(ctx, branch, "", 0, err)
	switch {
	case headErr != nil:
		return headErr
	case head == commit:
		return nil
	case head != "":
		return branchExists(branch, err)
	}
	return r.postBranch(ctx, branch, commit)
}

// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/#api-repositories-workspace-repo-slug-refs-branches-post
func (r *Repo) postBranch(ctx context.Context, branch, commit string) error {
	var j rest.JSON
	j.Object().Field("name", branch).Key("target").Object().Field("hash", commit).EndObject().EndObject()
	_, err := r.api.Send(ctx, "POST", r.path("refs", "branches"), &j)
	said := strings.ToLower(cmserr.From(err).Msg)
	switch {
	case err == nil:
		return nil
	case cmserr.Is(err, cmserr.Conflict), strings.Contains(said, "already exists"):
		return branchExists(branch, err)
	case cmserr.Is(err, cmserr.Invalid) && (strings.Contains(said, "target") || strings.Contains(said, "hash")):
		return cmserr.Wrap(cmserr.NotFound, err, "There is no commit “"+commit+"”.")
	}
	return err
}

func branchExists(branch string, cause error) error {
	return cmserr.Wrap(cmserr.Conflict, cause, "The branch “"+branch+"” exists already, or one whose name is in its way.")
}

// sure is how long a branch that was seen is still taken to be there.
const sure = 10 * time.Second

// seenHeads remembers where branches were seen last: Bitbucket makes a branch anew that a
// commit is for and that is gone.
type seenHeads struct {
	mu    sync.Mutex
	heads map[string]seenHead // by branch
}

type seenHead struct {
	commit string
	at     time.Time
}

func (s *seenHeads) note(branch, commit string, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.heads == nil {
		s.heads = map[string]seenHead{}
	}
	s.heads[branch] = seenHead{commit, now}
}

func (s *seenHeads) forget(branch string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.heads, branch)
}

// just says whether a branch was seen at a commit a moment ago.
func (s *seenHeads) just(branch, commit string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := s.heads[branch]
	return ok && h.commit == commit && now.Sub(h.at) < sure
}

// whole is the full id of a commit of which the beginning is known, "" if none such was
// seen: pull requests tell but twelve digits.
func (s *seenHeads) whole(beginning string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.heads {
		if strings.HasPrefix(h.commit, beginning) {
			return h.commit
		}
	}
	return ""
}
