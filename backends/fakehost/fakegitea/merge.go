package fakegitea

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"mooring/backends/fakehost"
)

// tryAgain is what the server says while it looks for conflicts in the
// background, which it does after each push, and for good once it found some.
const tryAgain = "Please try again later"

// mergeable is why a pull request can't be merged, as far as its own state goes;
// "" when it can. (Settings.MergeabilityPolls says how often the server doesn't
// know yet.)
func (c *call) mergeable(p fakehost.PullRequest) string {
	if !p.Open {
		return "closed"
	}
	state := c.repo.Mergeability(p.Number)
	if inProgress(p) {
		return "Work in progress PRs cannot be merged"
	}
	if state == "unknown" || state == "dirty" {
		return tryAgain
	}
	return ""
}

// isMerged: GET …/pulls/{index}/merge
func isMerged(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	if !p.Merged {
		return nil, notFound()
	}
	return noContent()
}

// mergeForm is the body of a merge. Only newer versions know the names with
// underscores (services/forms/repo_form.go).
type mergeForm struct {
	Do           string
	NewTitle     string `json:"merge_title_field"`
	NewMessage   string `json:"merge_message_field"`
	Title        string `json:"MergeTitleField"`
	Message      string `json:"MergeMessageField"`
	Head         string `json:"head_commit_id"`
	DeleteBranch *bool  `json:"delete_branch_after_merge"`
	Force        bool   `json:"force_merge"`
}

var mergeStyles = []string{"merge", "rebase", "rebase-merge", "squash", "fast-forward-only", "manually-merged"}

// mergePull: POST …/pulls/{index}/merge, which answers nothing but 200. The
// order of checks is the server's.
func mergePull(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	var in mergeForm
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if c.offers.fields126 {
		in.Title, in.Message = cmp.Or(in.NewTitle, in.Title), cmp.Or(in.NewMessage, in.Message)
	}
	if err := required("Do", in.Do); err != nil {
		return nil, err
	}
	if !slices.Contains(mergeStyles, in.Do) {
		return nil, invalid("[Do]: In")
	}
	if err := c.mayMergeNow(p, in); err != nil {
		return nil, err
	}
	if in.Head != "" && in.Head != p.Head.SHA.String() {
		return nil, conflict("head out of date")
	}
	if !styleOn(c.repo.Info(), in.Do) {
		return nil, refused(http.StatusMethodNotAllowed, in.Do+" is not allowed an allowed merge style for this repository")
	}
	_, err = c.repo.MergePull(p.Number, fakehost.MergeOptions{By: c.user.Login, Method: in.Do, Head: p.Head.SHA,
		Text: mergeText(p, in), KeepBranch: true, Unprotected: true})
	switch fakehost.KindOf(err) {
	case 0:
	case fakehost.Conflict:
		return nil, conflict("merge failed because of conflict")
	case fakehost.Moved:
		return nil, conflict("head out of date")
	default:
		return nil, internal()
	}
	if err != nil {
		return nil, err
	}
	c.deleteMerged(p, in)
	return done()
}

func styleOn(info fakehost.Info, style string) bool {
	return style == "merge" && !info.NoMergeCommits || style == "squash" && !info.NoSquash || style == "rebase" && !info.NoRebase
}

// mayMergeNow is CheckPullMergeable in services/pull/check.go.
func (c *call) mayMergeNow(p fakehost.PullRequest, in mergeForm) error {
	refusal := ""
	switch {
	case p.Merged:
		refusal = "The PR is already merged"
	case !p.Open:
		return notFound()
	case !c.mayMerge(p.Base.Branch):
		refusal = "User not allowed to merge PR"
	default:
		refusal = c.mergeable(p)
	}
	rule, protected := c.repo.Protection(p.Base.Branch)
	overrides := in.Force && c.permission() >= fakehost.Admin && !rule.EnforceAdmins
	if refusal == "" && protected && !overrides {
		refusal = c.missingFor(p, rule)
	}
	if refusal == "" {
		return nil
	}
	return refused(http.StatusMethodNotAllowed, refusal)
}

// missingFor is what a rule still asks of a pull request.
func (c *call) missingFor(p fakehost.PullRequest, rule fakehost.Protection) string {
	statuses := c.repo.Statuses(p.Head.SHA) // newest first
	for _, name := range rule.RequiredChecks {
		i := slices.IndexFunc(statuses, func(s fakehost.Status) bool { return s.Context == name })
		if i < 0 || statuses[i].State != "success" {
			return "Not all required status checks successful"
		}
	}
	last := map[string]string{}
	for _, v := range p.Reviews {
		if v.State != "COMMENTED" {
			last[strings.ToLower(v.Author)] = v.State
		}
	}
	approvals := 0
	for login, state := range last {
		if state == "APPROVED" && c.repo.Permission(login) >= fakehost.Write {
			approvals++
		}
	}
	if approvals < rule.RequiredReviews {
		return "Does not have enough approvals"
	}
	return ""
}

// mergeText is the commit's message.
func mergeText(p fakehost.PullRequest, in mergeForm) string {
	text := strings.TrimSpace(in.Title)
	switch {
	case text != "":
	case in.Do == "squash":
		text = fmt.Sprintf("%s (#%d)", p.Title, p.Number)
	default:
		text = fmt.Sprintf("Merge pull request '%s' (#%d) from %s into %s", p.Title, p.Number, p.Head.Branch, p.Base.Branch)
	}
	if message := strings.TrimSpace(in.Message); message != "" {
		text += "\n\n" + message
	}
	return text + "\n"
}

// deleteMerged deletes the head's branch when the request says so or, without a
// word of it, the repository. One that another pull request needs stays.
func (c *call) deleteMerged(p fakehost.PullRequest, in mergeForm) {
	wanted := c.repo.Info().DeleteBranchOnMerge && c.offers.deletesByDefault
	if in.DeleteBranch != nil {
		wanted = *in.DeleteBranch
	}
	_, protected := p.Head.Repo.Protection(p.Head.Branch)
	if !wanted || protected || p.Head.Repo.Permission(c.user.Login) < fakehost.Write {
		return
	}
	for _, other := range c.repo.Pulls() {
		if other.Open && other.Head.Repo == p.Head.Repo && other.Head.Branch == p.Head.Branch {
			return
		}
	}
	_ = p.Head.Repo.DeleteRef("", "refs/heads/"+p.Head.Branch) // one that is gone already is fine
}

// updatePull: POST …/pulls/{index}/update?style=rebase|merge
func updatePull(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	if !p.Open {
		return nil, invalid("%!s(<nil>)") // that is what it says
	}
	if p.Head.Repo.Permission(c.user.Login) < fakehost.Write {
		return nil, &apiError{status: http.StatusForbidden, form: noBody}
	}
	rebase := c.r.URL.Query().Get("style") == "rebase"
	message := "Merge branch '" + p.Base.Branch + "' into " + p.Head.Branch
	switch err := c.repo.UpdatePull(p.Number, c.user.Login, message, rebase); {
	case err == nil:
		return done()
	case fakehost.KindOf(err) == fakehost.Conflict && rebase:
		return nil, conflict("rebase failed because of conflict")
	case fakehost.KindOf(err) == fakehost.Conflict:
		return nil, conflict("merge failed because of conflict")
	}
	return nil, internal() // also when there is nothing to do
}
