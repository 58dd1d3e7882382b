package fakebitbucket

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"

	"mooring/backends/fakehost"
)

// merges are those under way.
type merges struct {
	mu    sync.Mutex
	tasks []*mergeTask
}

// mergeTask is a merge that a client has to wait for.
type mergeTask struct {
	id     string
	repo   *fakehost.Repository
	number int
	polls  int // how many more clients are told that it isn't done
	do     func() error
	done   bool
	err    error
}

type mergeIn struct {
	Message           string
	Strategy          string `json:"merge_strategy"`
	CloseSourceBranch *bool  `json:"close_source_branch"`
}

// mergePull: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-merge-post
//
// With Settings.MergePolls it takes so long that the answer is a task's address.
func mergePull(c *call) (*answer, error) {
	var in mergeIn
	if len(c.body) > 0 {
		if err := c.decode(&in); err != nil {
			return nil, err
		}
	}
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	in.Strategy = cmp.Or(in.Strategy, "merge_commit")
	if !slices.Contains(allStrategies, in.Strategy) {
		return nil, badField("merge_strategy", `"`+in.Strategy+`" is not a valid choice.`)
	}
	if !p.Open {
		return nil, errClosed
	}
	if polls := c.host.Settings().MergePolls; polls > 0 || c.param("async") == "true" {
		return c.startMerge(p.Number, in, max(polls, 1)), nil
	}
	if err := c.merge(p.Number, in); err != nil {
		return nil, err
	}
	p, _ = c.repo.Pull(p.Number)
	return c.merged(p)
}

// merged is a merged pull request with its whole commit.
func (c *call) merged(p fakehost.PullRequest) (*answer, error) {
	commit, err := c.repo.CommitByID(p.MergeCommit)
	if err != nil {
		return nil, err
	}
	o, brief := c.pullDetail(p), c.commitBrief(c.repo, commit.Hash.String())
	brief["author"], brief["summary"] = c.authorJSON(commit.Author), rendered(commit.Message)
	brief["date"], brief["message"] = commitTime(commit.Author.When), commit.Message
	o["merge_commit"] = brief
	return ok(o)
}

// merge merges a pull request, or says why it can't be.
func (c *call) merge(number int, in mergeIn) error {
	p, found := c.repo.Pull(number)
	if !found || !p.Open {
		return errClosed
	}
	if err := c.mayMerge(p); err != nil {
		return err
	}
	if in.CloseSourceBranch != nil {
		p.RemoveBranch = *in.CloseSourceBranch
	}
	if err := c.mergeAs(p, in); err != nil {
		return mergeError(err)
	}
	if _, exists := p.Head.Repo.Head(p.Head.Branch); exists && p.RemoveBranch {
		return p.Head.Repo.DeleteRef("", headsPrefix+p.Head.Branch)
	}
	return nil
}

func mergeError(err error) error {
	switch fakehost.KindOf(err) {
	case fakehost.Conflict:
		return badRequest("You can't merge until you resolve all merge conflicts.")
	case fakehost.Moved:
		return &apiError{status: http.StatusConflict, message: "The refs changed during the merge."} // the text isn't known
	}
	return err
}

// mayMerge refuses what the destination's restrictions forbid.
func (c *call) mayMerge(p fakehost.PullRequest) error {
	rules, restricted := c.repo.Protection(p.Base.Branch)
	permission := c.repo.Permission(c.user.Login)
	if permission < fakehost.Write {
		return forbidden("Access denied. You must have write or admin access.")
	}
	if !restricted || permission == fakehost.Admin && !rules.EnforceAdmins {
		return nil
	}
	if rules.RestrictMerges && permission < fakehost.Admin {
		return forbidden("You do not have permission to merge into branch " + p.Base.Branch + ".")
	}
	failed := p.Approvals() < rules.RequiredReviews
	for _, name := range rules.RequiredChecks {
		failed = failed || c.stateOf(p.Head.SHA, name) != "SUCCESSFUL"
	}
	if failed {
		return badRequest("The source branch has failed merge checks that need to be resolved.")
	}
	return nil
}

func (c *call) mergeAs(p fakehost.PullRequest, in mergeIn) error {
	base, _ := c.repo.Head(p.Base.Branch)
	message := in.Message
	if message == "" {
		message = "Merged in " + p.Head.Branch + " (pull request #" + digits(p.Number) + ")\n\n" + p.Title
	}
	if !strings.HasSuffix(message, "\n") {
		message += "\n"
	}
	o := fakehost.MergeOptions{By: c.user.Login, Text: message, Unprotected: true, KeepBranch: true}
	switch in.Strategy {
	case "fast_forward":
		if !c.repo.IsAncestor(base, p.Head.SHA) {
			return badRequest("Unable to fast forward due to changes in the destination branch.")
		}
		return c.repo.Land(p.Number, fakehost.Landing{By: c.user.Login, Before: base, After: p.Head.SHA, Merge: p.Head.SHA})
	case "squash", "squash_fast_forward":
		o.Method = "squash"
	case "rebase_fast_forward", "rebase_merge":
		o.Method = "rebase"
	}
	_, err := c.repo.MergePull(p.Number, o)
	return err
}

// startMerge leaves a merge for later.
func (c *call) startMerge(number int, in mergeIn, polls int) *answer {
	c.merges.mu.Lock()
	defer c.merges.mu.Unlock()
	task := &mergeTask{id: strings.Trim(uuid("merge", int64(len(c.merges.tasks))), "{}"), repo: c.repo, number: number, polls: polls,
		do: func() error { return c.merge(number, in) }}
	c.merges.tasks = append(c.merges.tasks, task)
	return &answer{status: http.StatusAccepted, body: "", header: map[string]string{
		"Location": c.inRepo("pullrequests", digits(number), "merge", "task-status", task.id)}}
}

// advance brings the merges of a pull request nearer to their end: whoever looks
// at it may be waiting for that.
func (c *call) advance(number int) {
	c.merges.mu.Lock()
	defer c.merges.mu.Unlock()
	for _, task := range c.merges.tasks {
		if task.repo != c.repo || task.number != number || task.done {
			continue
		}
		if task.polls--; task.polls < 0 {
			task.done, task.err = true, task.do()
		}
	}
}

// mergeStatus: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-merge-task-status-task-id-get
//
// An unknown task is pending for ever.
func mergeStatus(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	c.merges.mu.Lock()
	defer c.merges.mu.Unlock()
	o := obj{"task_status": "PENDING", "links": obj{"self": href(c.inRepo("pullrequests", digits(p.Number), "merge", "task-status", c.path["task"]))}}
	i := slices.IndexFunc(c.merges.tasks, func(t *mergeTask) bool { return t.id == c.path["task"] })
	if i < 0 || !c.merges.tasks[i].done {
		return ok(o)
	}
	if err := c.merges.tasks[i].err; err != nil {
		return nil, err
	}
	o["task_status"], o["merge_result"] = "SUCCESS", c.pullDetail(p)
	return ok(o)
}

// mergeChecks says what stands in the way of a merge: whether it is open, Git,
// and the caller's permission.
func mergeChecks(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	base, _ := c.repo.Head(p.Base.Branch)
	reason := "clean"
	if _, err := c.repo.MergedTree(base, p.Head.SHA); err != nil {
		reason = "conflicts"
	}
	check := func(kind string, passed bool, reason any) obj {
		status := "PASSED"
		if !passed {
			status = "FAILED"
		}
		return obj{"type": kind, "status": status, "required": true, "blocking": !passed, "reason": reason}
	}
	list := []obj{check("pullrequest_state_check", p.Open, nil),
		check("current_user_permission_check", c.repo.Permission(c.user.Login) >= fakehost.Write, nil),
		check("git_mergeability_check", reason == "clean", reason)}
	return ok(obj{"size": len(list), "values": list})
}
