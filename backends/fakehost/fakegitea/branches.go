package fakegitea

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

// listBranches: GET …/branches: newest commit first; null when there are none.
func listBranches(c *call) (*answer, error) {
	refs := c.repo.SeenRefs("refs/heads/")
	if len(refs) == 0 {
		a := &answer{raw: []byte("null\n"), mime: jsonMIME}
		c.links(a, c.page(), 0)
		return a, nil
	}
	slices.SortStableFunc(refs, func(a, b fakehost.Ref) int { return c.committed(b).Compare(c.committed(a)) })
	return paged(c, refs, c.branchJSON)
}

// committed is when a branch's last commit was made.
func (c *call) committed(ref fakehost.Ref) time.Time {
	commit, err := c.repo.CommitByID(ref.ID)
	if err != nil {
		return time.Time{}
	}
	return commit.Committer.When
}

// branchJSON is a branch, with what the caller may do to it (ToBranch in
// services/convert/convert.go).
func (c *call) branchJSON(ref fakehost.Ref) (obj, error) {
	commit, err := c.repo.CommitByID(ref.ID)
	if err != nil {
		return nil, err
	}
	name := ref.Branch()
	rule, protected := c.repo.Protection(name)
	contexts, ruleName := []string{}, ""
	if protected {
		contexts = rule.RequiredChecks
	}
	if protected && c.permission() >= fakehost.Admin {
		ruleName = name
	}
	return obj{"name": name, "commit": c.payloadCommitJSON(commit), "protected": protected,
		"required_approvals": rule.RequiredReviews, "enable_status_check": len(rule.RequiredChecks) > 0,
		"status_check_contexts": contexts, "user_can_push": c.mayPush(name), "user_can_merge": c.mayMerge(name),
		"effective_branch_protection_name": ruleName}, nil
}

// mayMerge says whether the caller may merge into a branch.
func (c *call) mayMerge(branch string) bool {
	rule, protected := c.repo.Protection(branch)
	least := fakehost.Write
	if protected && rule.RestrictMerges {
		least = fakehost.Admin
	}
	return c.permission() >= least
}

// getBranch: GET …/branches/{branch}
func getBranch(c *call) (*answer, error) {
	ref, found := c.repo.SeenRef("refs/heads/" + c.params["branch"])
	if !found {
		return nil, notFound()
	}
	o, err := c.branchJSON(ref)
	if err != nil {
		return nil, err
	}
	return ok(o)
}

// notEmpty refuses what needs a branch to be there.
func (c *call) notEmpty() error {
	if len(c.repo.Refs("refs/heads/")) == 0 {
		return refused(http.StatusNotFound, "Git Repository is empty.")
	}
	return nil
}

// createBranch: POST …/branches. An unknown old_ref_name is a 500.
func createBranch(c *call) (*answer, error) {
	if err := c.notEmpty(); err != nil {
		return nil, err
	}
	var in struct {
		Name      string `json:"new_branch_name"`
		OldBranch string `json:"old_branch_name"`
		OldRef    string `json:"old_ref_name"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := cmp.Or(required("BranchName", in.Name), branchName("BranchName", in.Name)); err != nil {
		return nil, err
	}
	id, err := c.startOf(in.OldRef, in.OldBranch)
	if err != nil {
		return nil, err
	}
	err = c.repo.CreateRef("", "refs/heads/"+in.Name, id)
	switch fakehost.KindOf(err) {
	case fakehost.Exists:
		return nil, conflict("The branch already exists.")
	case fakehost.Conflict:
		return nil, conflict("The branch with the same name already exists.")
	}
	if err != nil {
		return nil, err
	}
	o, err := c.branchJSON(fakehost.Ref{Name: "refs/heads/" + in.Name, ID: id})
	if err != nil {
		return nil, err
	}
	return created(o)
}

// startOf is the commit that a new branch starts at.
func (c *call) startOf(ref, branch string) (plumbing.Hash, error) {
	if ref != "" {
		id, found := c.repo.ResolveCommit(ref)
		if !found {
			return id, internal()
		}
		return id, nil
	}
	id, found := c.repo.Head(cmp.Or(branch, c.repo.Info().DefaultBranch))
	if !found {
		return id, refused(http.StatusNotFound, "The old branch does not exist")
	}
	return id, nil
}

// deleteBranch: DELETE …/branches/{branch}
func deleteBranch(c *call) (*answer, error) {
	if err := c.notEmpty(); err != nil {
		return nil, err
	}
	name := c.params["branch"]
	_, exists := c.repo.Head(name)
	_, protected := c.repo.Protection(name)
	switch {
	case name == c.repo.Info().DefaultBranch:
		return nil, forbidden("can not delete default or pull request target branch")
	case !exists:
		return nil, notFound("branch does not exist [name: " + name + "]")
	case protected:
		return nil, forbidden("branch protected")
	}
	if err := c.repo.DeleteRef("", "refs/heads/"+name); err != nil {
		return nil, err
	}
	return noContent()
}

// moveBranch: PUT …/branches/{branch}: old_commit_id, when it is given, must be
// where the branch is.
func moveBranch(c *call) (*answer, error) {
	if err := c.notEmpty(); err != nil {
		return nil, err
	}
	var in struct {
		New   string `json:"new_commit_id"`
		Old   string `json:"old_commit_id"`
		Force bool
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := required("NewCommitID", in.New); err != nil {
		return nil, err
	}
	name := c.params["branch"]
	at, exists := c.repo.Head(name)
	id, known := c.repo.ResolveCommit(in.New)
	switch {
	case !exists:
		return nil, notFound("branch does not exist [repo_id: " + digits(c.repo.Info().ID) + " name: " + name + "]")
	case !known:
		return nil, internal()
	case in.Old != "" && in.Old != at.String():
		return nil, invalid("branch commit does not match [expected: " + in.Old + ", given: " + at.String() + "]")
	case !c.mayPush(name):
		return nil, forbidden("Not allowed to push to protected branch " + name)
	}
	err := c.repo.UpdateRefs("", fakehost.RefUpdate{Name: "refs/heads/" + name, After: id, Force: in.Force, Before: &at})
	if fakehost.KindOf(err) == fakehost.NotFastForward {
		return nil, invalid("Force push " + name + " need a confirm force parameter")
	}
	if err != nil {
		return nil, err
	}
	return noContent()
}

// renameBranch: PATCH …/branches/{branch}
func renameBranch(c *call) (*answer, error) {
	if err := c.notEmpty(); err != nil {
		return nil, err
	}
	var in struct{ Name string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := cmp.Or(required("Name", in.Name), branchName("Name", in.Name)); err != nil {
		return nil, err
	}
	old := c.params["branch"]
	_, protected := c.repo.Protection(old)
	if (protected || old == c.repo.Info().DefaultBranch) && c.permission() < fakehost.Admin {
		return nil, forbidden("User must be a repo or site admin to rename default or protected branches.")
	}
	if _, taken := c.repo.Head(in.Name); taken {
		return nil, invalid("Cannot rename a branch using the same name or rename to a branch that already exists.")
	}
	at, exists := c.repo.Head(old)
	if !exists {
		return nil, refused(http.StatusNotFound, "Branch doesn't exist.")
	}
	if err := c.repo.RenameBranch(old, in.Name, at); err != nil {
		return nil, err
	}
	return noContent()
}
