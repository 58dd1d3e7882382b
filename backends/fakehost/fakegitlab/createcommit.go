package fakegitlab

import (
	"fmt"
	"net/http"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// newCommit is a commit to be made (app/services/commits/create_service.rb).
type newCommit struct {
	branch, message       string
	startBranch, startSHA string
	start                 *fakehost.Repository // where startBranch is
	force                 bool
	authorName, email     string
	actions               []action
	changed               string // what to say of a file that was changed; default names it
}

// newCommit reads the parameters that the endpoints have in common.
func (c *call) newCommit(actions []action) newCommit {
	p := c.params
	n := newCommit{branch: p.text("branch"), message: p.text("commit_message"), startBranch: p.text("start_branch"),
		startSHA: p.text("start_sha"), force: p.flag("force"), authorName: p.text("author_name"), email: p.text("author_email"),
		start: c.repo, actions: actions}
	if n.startBranch == "" && n.startSHA == "" {
		n.startBranch = n.branch
	}
	return n
}

// createCommit: https://docs.gitlab.com/api/commits/#create-a-commit-with-multiple-files-and-actions
func createCommit(c *call) (*answer, error) {
	if err := c.signIn(); err != nil {
		return nil, err
	}
	p := c.params
	if !c.mayPush(p.text("branch")) {
		return nil, forbidden("You are not allowed to push into this branch")
	}
	for _, name := range []string{"branch", "commit_message", "actions"} {
		if list, isList := p[name].([]any); isList && len(list) > 0 || p.text(name) != "" {
			continue
		}
		return nil, badRequest(name + " is required")
	}
	if p.has("start_sha") && p.has("start_branch") {
		return nil, badRequest("start_branch, start_sha are mutually exclusive")
	}
	actions, err := actionsIn(p)
	if err != nil {
		return nil, err
	}
	n := c.newCommit(actions)
	if p.has("start_project") {
		if n.start, err = c.startProject(p.text("start_project")); err != nil {
			return nil, err
		}
	}
	id, err := c.commit(n)
	if err != nil {
		return nil, err
	}
	o, err := c.commitDetail(id, p.text("stats") != "false")
	if err != nil {
		return nil, err
	}
	return created(o)
}

// startProject is the project that this one was forked from.
func (c *call) startProject(id string) (*fakehost.Repository, error) {
	repo, found := c.findProject(id)
	if !found {
		return nil, notFound("Project")
	}
	if repo != c.repo && c.repo.Source() != repo.Source() {
		return nil, forbidden("Project is not included in the fork network for " + repo.FullName())
	}
	return repo, nil
}

// commit makes a commit in one step.
func (c *call) commit(n newCommit) (plumbing.Hash, error) {
	parent, err := c.validate(n)
	if err != nil {
		return parent, err
	}
	var root plumbing.Hash
	var parents []plumbing.Hash
	if !parent.IsZero() {
		parents = []plumbing.Hash{parent}
		if root, err = c.repo.TreeOf(parent); err != nil {
			return root, err
		}
	}
	attributes := c.attributesAt(firstOf(n.startBranch, n.branch))
	for _, a := range n.actions {
		if a, err = c.toLFS(attributes, a); err != nil {
			return root, err
		}
		if root, err = c.apply(root, a); err != nil {
			return root, err
		}
	}
	by := c.host.Signature(c.user)
	author := object.Signature{Name: firstOf(n.authorName, by.Name), Email: firstOf(n.email, by.Email), When: by.When}
	id, err := c.repo.WriteCommit(object.Commit{TreeHash: root, ParentHashes: parents, Message: n.message, Author: author, Committer: by})
	if err != nil {
		return id, err
	}
	return id, c.moveBranch(n, parent, id)
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// moveBranch points the branch to its new commit if it is still where it was.
func (c *call) moveBranch(n newCommit, parent, id plumbing.Hash) error {
	name := headsPrefix + n.branch
	before, exists := c.repo.Head(n.branch)
	if exists && !n.force {
		before = parent
	}
	err := c.repo.UpdateRefs("", fakehost.RefUpdate{Name: name, After: id, Force: n.force, Before: &before})
	switch fakehost.KindOf(err) {
	case fakehost.Moved, fakehost.Exists, fakehost.Conflict, fakehost.NotFastForward:
		return refused(http.StatusBadRequest, "9:Could not update "+name+". Please refresh and try again.")
	}
	return err
}

// validate does what validations do, in their order, and finds the commit to
// start at: zero in an empty repository.
func (c *call) validate(n newCommit) (plumbing.Hash, error) {
	if !c.mayPush(n.branch) {
		return plumbing.ZeroHash, refused(http.StatusBadRequest, "You are not allowed to push into this branch")
	}
	parent, err := c.parent(n)
	if err != nil {
		return parent, err
	}
	_, exists := c.repo.Head(n.branch)
	other := n.start != c.repo || n.startBranch != n.branch
	if other && exists && !n.force {
		return parent, refused(http.StatusBadRequest, fmt.Sprintf(
			"A branch called '%s' already exists. Switch to that branch in order to make changes", n.branch))
	}
	if plumbing.ReferenceName(headsPrefix+n.branch).Validate() != nil {
		return parent, refused(http.StatusBadRequest, fmt.Sprintf(
			"Something went wrong when we tried to create '%s' for you: Branch name is invalid", n.branch))
	}
	return parent, c.checkUnchanged(n)
}

func (c *call) parent(n newCommit) (plumbing.Hash, error) {
	if n.startSHA != "" {
		id := plumbing.NewHash(n.startSHA)
		if !plumbing.IsHash(n.startSHA) {
			return id, refused(http.StatusBadRequest, fmt.Sprintf("Invalid start_sha '%s'", n.startSHA))
		}
		if n.start.TypeOf(id) != plumbing.CommitObject {
			return id, refused(http.StatusBadRequest, fmt.Sprintf("Cannot find start_sha '%s'", n.startSHA))
		}
		return id, nil
	}
	parent, found := n.start.Head(n.startBranch)
	if !found && len(n.start.Refs(headsPrefix)) > 0 {
		return parent, refused(http.StatusBadRequest, "You can only create or edit files when you are on a branch")
	}
	return parent, nil
}

// checkUnchanged refuses to change a file that was changed after the commit
// that the client knows: the last commit of the file on the branch must be the last one
// at that commit, or on older servers that commit itself. A file that one of them does
// not have is none of its business. Without start_branch the real host looks at the
// default branch, whatever start_sha is (app/services/files/base_service.rb).
func (c *call) checkUnchanged(n newCommit) error {
	from, found := n.start.Head(firstOf(n.startBranch, n.start.Info().DefaultBranch))
	if !found {
		return nil
	}
	for _, a := range n.actions {
		name := firstOf(a.previous, a.path)
		if a.do == "create" || a.lastCommit == "" {
			continue
		}
		last, known := c.lastCommit(from, name), a.lastCommit
		if !c.options.ExactLastCommit {
			known = c.lastCommit(plumbing.NewHash(a.lastCommit), name)
		}
		if last != "" && known != "" && last != known {
			return refused(http.StatusBadRequest, firstOf(n.changed, "The file has changed since you started editing it: "+name))
		}
	}
	return nil
}
