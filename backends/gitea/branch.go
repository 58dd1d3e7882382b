package gitea

import (
	"context"
	"sort"
	"strings"
	"sync"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
)

const refPrefix = "refs/heads/"

// Head implements driver.Driver.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoGetBranch
func (r *Repo) Head(ctx context.Context, branch string) (string, error) {
	return r.heads.Read(ctx, r.api.clock, branch, r.headNow)
}

func (r *Repo) headNow(ctx context.Context, branch string) (string, error) {
	b, err := r.branch(ctx, branch)
	return b.head, err
}

// branchState is what the server tells of a branch.
type branchState struct {
	head               string
	protected, mayPush bool
}

func (r *Repo) branch(ctx context.Context, branch string) (branchState, error) {
	v, err := r.api.Get(ctx, r.path("branches", rest.EscapePath(branch)), rest.Validated)
	switch {
	case cmserr.Is(err, cmserr.NotFound):
		e := *cmserr.From(err)
		e.Msg = "There is no branch “" + branch + "”."
		return branchState{}, &e
	case err != nil:
		return branchState{}, err
	}
	b, err := decodeBranch(v)
	if err == nil {
		r.seen.note(branch, b.head)
	}
	return b, err
}

func decodeBranch(v gjson.Result) (branchState, error) {
	b := branchState{
		head: v.Get("commit.id").String(), protected: v.Get("protected").Bool(), mayPush: v.Get("user_can_push").Bool(),
	}
	if b.head == "" {
		return b, misshapen("branch")
	}
	return b, nil
}

// MayPush implements driver.PushChecker.
func (r *Repo) MayPush(ctx context.Context, branch string) error {
	b, err := r.branch(ctx, branch)
	if err == nil && b.protected && !b.mayPush {
		return cmserr.New(cmserr.Forbidden, "The branch “"+branch+"” is protected, and this account may not commit to it.")
	}
	return err
}

// Branches implements driver.BranchLister. The server finds refs by their folder; a
// folder without any is a 404, as is a repository without the address.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoListGitRefs
func (r *Repo) Branches(ctx context.Context, prefix string) ([]driver.Branch, error) {
	url := r.path("git", "refs", "heads")
	if folder, _, below := cutLast(prefix, "/"); below {
		url += "/" + rest.EscapePath(folder)
	}
	v, err := r.api.Get(ctx, url)
	if cmserr.Is(err, cmserr.NotFound) {
		_, err := r.describe(ctx)
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	out, err := decodeRefs(v, prefix)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return out, r.markMerged(ctx, out)
}

// cutLast cuts s around the last sep.
func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+len(sep):], true
}

// decodeRefs reads the branches that begin with prefix, sorted by name.
func decodeRefs(v gjson.Result, prefix string) ([]driver.Branch, error) {
	refs := v.Array() // one alone comes without an array
	var out []driver.Branch
	for _, ref := range refs {
		name, ok := strings.CutPrefix(ref.Get("ref").String(), refPrefix)
		head := ref.Get("object.sha").String()
		if !ok || head == "" {
			return nil, misshapen("branch")
		}
		if strings.HasPrefix(name, prefix) {
			out = append(out, driver.Branch{Name: name, Head: head})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out, nil
}

// markMerged finds the pull requests that merged what branches hold now.
func (r *Repo) markMerged(ctx context.Context, branches []driver.Branch) error {
	merged := map[driver.Branch]bool{}
	err := r.api.each(ctx, r.path("pulls")+"?state=closed&sort=recentupdate", func(item gjson.Result) error {
		if item.Get("merged").Bool() && r.isOurs(item) {
			merged[driver.Branch{Name: headBranch(item), Head: item.Get("head.sha").String()}] = true
		}
		return nil
	})
	for i, b := range branches {
		branches[i].Merged = merged[b]
	}
	return err
}

// DeleteBranch implements driver.Brancher. The server can't say where it deletes a
// branch from: it is looked at right before.
// https://docs.gitea.com/api/1.26/#tag/repository/operation/repoDeleteBranch
func (r *Repo) DeleteBranch(ctx context.Context, branch, expectedHead string) error {
	head, err := r.Head(ctx, branch)
	switch {
	case err != nil:
		return err
	case head != expectedHead:
		return changeset.BranchMoved(branch)
	}
	return r.dropBranch(ctx, branch)
}

// dropBranch deletes a branch wherever it is. One that is not there is what a lost
// answer to an earlier try leaves.
func (r *Repo) dropBranch(ctx context.Context, branch string) error {
	_, err := r.api.Send(ctx, "DELETE", r.path("branches", rest.EscapePath(branch)), nil, rest.Repeatable)
	if err != nil && !cmserr.Is(err, cmserr.NotFound) {
		return err
	}
	r.seen.forget(branch)
	return nil
}

// seenHeads remembers where branches were seen last: a new branch that is to start
// there needs no request of its own.
type seenHeads struct {
	mu    sync.Mutex
	heads map[string]string // by branch
}

func (s *seenHeads) note(branch, head string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.heads == nil {
		s.heads = map[string]string{}
	}
	s.heads[branch] = head
}

func (s *seenHeads) forget(branch string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.heads, branch)
}

// at is a branch that was seen at a commit, "" if none was.
func (s *seenHeads) at(commit string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := ""
	for branch, head := range s.heads {
		if head == commit && (found == "" || branch < found) {
			found = branch
		}
	}
	return found
}
