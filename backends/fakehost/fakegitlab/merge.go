package fakegitlab

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// mayMerge says whether the caller may merge a merge request.
func (c *call) mayMerge(p fakehost.PullRequest) bool {
	permission := c.repo.Permission(c.user.Login)
	if !c.signedIn() || permission < fakehost.Write || c.repo.Info().Archived {
		return false
	}
	protection, protected := c.repo.Protection(p.Base.Branch)
	return !protected || levelOf(permission, c.owns()) >= mergeLevel(protection)
}

// mergeStatus is what stands in the way of a merge, "mergeable" when nothing
// does, and the older merge_status
// (https://docs.gitlab.com/api/merge_requests/#merge-status).
func (c *call) mergeStatus(p fakehost.PullRequest) (detailed, coarse string) {
	if p.Open && c.repo.Mergeability(p.Number) == "unknown" {
		return "checking", "checking"
	}
	git := c.gitState(p)
	coarse = "can_be_merged"
	if git == "conflict" || git == "broken_status" || git == "commits_status" {
		coarse = "cannot_be_merged"
	}
	return cmp.Or(c.state(p), git, c.pipelineState(p), "mergeable"), coarse
}

// state are the reasons that have nothing to do with Git and pipelines: "" when
// there is none.
func (c *call) state(p fakehost.PullRequest) string {
	switch {
	case !p.Open:
		return "not_open"
	case isDraft(p):
		return "draft_status"
	case p.Unresolved > 0 && c.repo.Info().MustResolve:
		return "discussions_not_resolved"
	case p.Approvals() < c.approvalsNeeded(p):
		return "not_approved"
	}
	return ""
}

func (c *call) approvalsNeeded(p fakehost.PullRequest) int {
	protection, _ := c.repo.Protection(p.Base.Branch)
	return protection.RequiredReviews
}

// gitState are the reasons that lie in the commits.
func (c *call) gitState(p fakehost.PullRequest) string {
	base, hasBase := c.repo.Head(p.Base.Branch)
	_, hasHead := p.Head.Repo.Head(p.Head.Branch)
	switch {
	case p.Merged:
		return ""
	case !hasBase || !hasHead && p.Open:
		return "broken_status"
	case c.repo.IsAncestor(p.Head.SHA, base):
		return "commits_status"
	}
	if _, err := c.repo.MergedTree(base, p.Head.SHA); err != nil {
		return "conflict"
	}
	if c.repo.Info().OnlyRebased && !c.repo.IsAncestor(base, p.Head.SHA) {
		return "need_rebase"
	}
	return ""
}

// pipelineState are the reasons that lie in the pipeline.
func (c *call) pipelineState(p fakehost.PullRequest) string {
	protection, _ := c.repo.Protection(p.Base.Branch)
	if !c.repo.Info().MustPass && len(protection.RequiredChecks) == 0 {
		return ""
	}
	pipe, found := c.pipelineOf(p.Head.SHA)
	switch {
	case found && pipe.status == "success":
		return ""
	case found && (pipe.status == "running" || pipe.status == "pending"):
		return "ci_still_running"
	}
	return "ci_must_pass"
}

// mergePull: https://docs.gitlab.com/api/merge_requests/#merge-a-merge-request.
// The refusals come in the real host's order.
func mergePull(c *call) (*answer, error) {
	if err := c.signIn(); err != nil {
		return nil, err
	}
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	if !c.mayMerge(p) {
		return nil, errUnauthorized
	}
	later := c.params.flag("merge_when_pipeline_succeeds") || c.params.flag("auto_merge")
	waits := later && c.state(p) == "" && c.isRunning(p)
	if !waits && (c.state(p) != "" || c.pipelineState(p) != "") {
		return nil, refused(http.StatusMethodNotAllowed, "405 Method Not Allowed")
	}
	if !waits && (c.repo.Mergeability(p.Number) == "unknown" || c.gitState(p) != "") {
		return nil, refused(c.cannotMerge(), "Branch cannot be merged")
	}
	if sha := c.params.text("sha"); sha != "" && sha != p.Head.SHA.String() {
		return nil, refused(http.StatusConflict, "SHA does not match HEAD of source branch: "+p.Head.SHA.String())
	}
	if p, err = c.prepareMerge(p, waits); err != nil {
		return nil, err
	}
	if !waits {
		if err := c.merge(p, c.params.text("merge_commit_message"), c.params.text("squash_commit_message")); err != nil {
			return nil, refused(c.cannotMerge(), "Branch cannot be merged")
		}
	}
	p, _ = c.repo.Pull(p.Number)
	o, err := c.pullDetail(p)
	if err != nil {
		return nil, err
	}
	return ok(o)
}

// cannotMerge is the status of "Branch cannot be merged": servers before 15
// answered 406.
func (c *call) cannotMerge() int {
	major, _ := strconv.Atoi(strings.Split(c.options.Version, ".")[0])
	if major < 15 {
		return http.StatusNotAcceptable
	}
	return http.StatusUnprocessableEntity
}

// isRunning says whether there is a pipeline to wait for.
func (c *call) isRunning(p fakehost.PullRequest) bool {
	pipe, found := c.pipelineOf(p.Head.SHA)
	return found && (pipe.status == "running" || pipe.status == "pending")
}

// prepareMerge notes what the request says of the merge.
func (c *call) prepareMerge(p fakehost.PullRequest, waits bool) (fakehost.PullRequest, error) {
	edit := fakehost.PullEdit{}
	if c.params.flag("squash") {
		squash := true
		edit.Squash = &squash
	}
	if c.params.has("should_remove_source_branch") {
		remove := c.params.flag("should_remove_source_branch")
		edit.RemoveBranch = &remove
	}
	if waits {
		edit.AutoMerge = &waits
	}
	return c.repo.EditPull(p.Number, edit)
}

// autoMerge merges what waited for its pipeline, if that has passed.
func (c *call) autoMerge(number int) {
	p, found := c.repo.Pull(number)
	if found && p.Open && p.AutoMerge && c.state(p) == "" && c.pipelineState(p) == "" && !c.isRunning(p) && c.gitState(p) == "" {
		_ = c.merge(p, "", "") // when its base moves just now, the next reader merges it
	}
}

// squashes says whether a merge request is merged as one commit.
func (c *call) squashes(p fakehost.PullRequest) bool {
	i := c.repo.Info()
	return !i.NoSquash && (i.OnlySquash || p.Squash)
}

// merge merges as the project does: with a merge commit or without, squashed or
// not (app/services/merge_requests/merge_strategies).
func (c *call) merge(p fakehost.PullRequest, message, squashMessage string) error {
	base, found := c.repo.Head(p.Base.Branch)
	if !found {
		return notFound("Branch")
	}
	by := c.host.Signature(c.user)
	landing := fakehost.Landing{By: c.user.Login, Before: base, After: p.Head.SHA, Remove: p.RemoveBranch}
	if c.squashes(p) {
		id, err := c.squash(p, base, by, cmp.Or(squashMessage, p.Title))
		if err != nil {
			return err
		}
		landing.After, landing.Squash = id, id
	}
	if mergeMethod(c.repo.Info()) != "ff" {
		root, err := c.repo.MergedTree(base, landing.After)
		if err != nil {
			return err
		}
		if message == "" {
			message = fmt.Sprintf("Merge branch '%s' into '%s'\n\n%s\n\nSee merge request %s!%d",
				p.Head.Branch, p.Base.Branch, p.Title, c.repo.FullName(), p.Number)
		}
		id, err := c.repo.WriteCommit(object.Commit{TreeHash: root, ParentHashes: []plumbing.Hash{base, landing.After},
			Message: message, Author: by, Committer: by})
		if err != nil {
			return err
		}
		landing.After, landing.Merge = id, id
	}
	return c.repo.Land(p.Number, landing)
}

// squash makes one commit of a merge request's.
func (c *call) squash(p fakehost.PullRequest, base plumbing.Hash, by object.Signature, message string) (plumbing.Hash, error) {
	root, err := c.repo.MergedTree(base, p.Head.SHA)
	if err != nil {
		return root, err
	}
	author := by
	if u, found := c.host.User(p.Author); found {
		author = c.host.Signature(u)
	}
	return c.repo.WriteCommit(object.Commit{TreeHash: root, ParentHashes: []plumbing.Hash{base},
		Message: message, Author: author, Committer: by})
}

// rebaseFailed is what a merge request says of a rebase that failed.
const rebaseFailed = "Rebase failed: Rebase locally, resolve all conflicts, then push the branch."

// rebasePull: https://docs.gitlab.com/api/merge_requests/#rebase-a-merge-request.
// It only starts a rebase.
func rebasePull(c *call) (*answer, error) {
	if err := c.signIn(); err != nil {
		return nil, err
	}
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	source := &call{Server: c.Server, r: c.r, user: c.user, repo: p.Head.Repo}
	switch _, exists := p.Head.Repo.Head(p.Head.Branch); {
	case !exists:
		return nil, forbidden("Source branch does not exist")
	case !source.mayPush(p.Head.Branch):
		return nil, forbidden("Cannot push to source branch")
	}
	if _, protected := p.Head.Repo.Protection(p.Head.Branch); protected {
		return nil, forbidden("Source branch is protected from force push")
	}
	if err := c.repo.RebasePull(p.Number, c.user.Login, rebaseFailed); err != nil {
		return nil, err
	}
	return &answer{status: http.StatusAccepted, body: obj{"rebase_in_progress": true}}, nil
}

// approvePull: https://docs.gitlab.com/api/merge_request_approvals/#approve-merge-request
func approvePull(c *call) (*answer, error) {
	if err := c.need(fakehost.Write); err != nil {
		return nil, errUnauthorized
	}
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	if _, err := c.repo.AddReview(p.Number, fakehost.Review{Author: c.user.Login, State: "APPROVED"}); err != nil {
		return nil, err
	}
	p, _ = c.repo.Pull(p.Number)
	return created(obj{"user_has_approved": true, "user_can_approve": false, "approved": p.Approvals() >= c.approvalsNeeded(p)})
}
