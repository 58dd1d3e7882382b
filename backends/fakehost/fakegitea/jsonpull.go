package fakegitea

import (
	"strconv"
	"strings"

	"mooring/backends/fakehost"
)

// sideJSON is one end of a pull request. A head whose branch is gone has the
// reference that the server keeps in place of its name.
func (c *call) sideJSON(s fakehost.Side, sha, fallback string) obj {
	ref := s.Branch
	if _, exists := s.Repo.Head(s.Branch); !exists && fallback != "" {
		ref = fallback
	}
	return obj{"label": s.Branch, "ref": ref, "sha": sha, "repo_id": s.Repo.Info().ID, "repo": c.repoJSON(s.Repo)}
}

func stateOf(p fakehost.PullRequest) string {
	if p.Open {
		return "open"
	}
	return "closed"
}

// pullJSON is a pull request of a list (services/convert/pull.go).
func (c *call) pullJSON(p fakehost.PullRequest) (obj, error) {
	n := strconv.Itoa(p.Number)
	web := c.repoWeb("pulls", n)
	base := p.Base.SHA
	if at, exists := c.repo.Head(p.Base.Branch); exists {
		base = at
	}
	comparison, err := c.repo.ComparePull(p)
	if err != nil {
		return nil, err
	}
	var merged any
	if p.Merged {
		merged = p.MergeCommit.String()
	}
	o := obj{"id": p.ID, "url": web, "number": p.Number, "user": c.loginJSON(p.Author), "title": p.Title,
		"body": p.Body, "labels": c.labelsJSON(p), "milestone": nil, "assignee": nil, "assignees": nil,
		"requested_reviewers": nil, "requested_reviewers_teams": nil, "state": stateOf(p), "draft": inProgress(p),
		"is_locked": false, "comments": 0, "html_url": web, "diff_url": web + ".diff", "patch_url": web + ".patch",
		"mergeable": c.mergeable(p) == "", "merged": p.Merged, "merged_at": orNull(p.MergedAt), "merge_commit_sha": merged,
		"merged_by": nil, "allow_maintainer_edit": p.MaintainerCanModify,
		"base": c.sideJSON(p.Base, base.String(), ""), "head": c.sideJSON(p.Head, p.Head.SHA.String(), "refs/pull/"+n+"/head"),
		"merge_base": comparison.MergeBase.String(), "due_date": nil, "created_at": timeText(p.CreatedAt),
		"updated_at": timeText(p.UpdatedAt), "closed_at": orNull(p.ClosedAt), "pin_order": 0}
	if c.offers.fields126 {
		o["content_version"] = 0
	}
	return o, nil
}

// fullPullJSON is a pull request that was asked for by itself.
func (c *call) fullPullJSON(p fakehost.PullRequest) (obj, error) {
	o, err := c.pullJSON(p)
	if err != nil {
		return nil, err
	}
	comparison, err := c.comparePull(p)
	if err != nil {
		return nil, err
	}
	counts, err := stats(comparison.Files)
	if err != nil {
		return nil, err
	}
	o["additions"], o["deletions"], o["changed_files"] = counts["additions"], counts["deletions"], len(comparison.Files)
	if p.Merged {
		o["merged_by"] = c.loginJSON(p.MergedBy)
	}
	o["assignees"], o["requested_reviewers"], o["requested_reviewers_teams"] = []obj{}, []obj{}, []obj{}
	return o, nil
}

// comparePull is what a pull request brings to its base as it is now.
func (c *call) comparePull(p fakehost.PullRequest) (fakehost.Comparison, error) {
	if at, exists := c.repo.Head(p.Base.Branch); exists && !p.Merged {
		return c.repo.Compare(at, p.Head.SHA)
	}
	return c.repo.ComparePull(p)
}

// changedFileJSON is a file of a pull request (ToChangedFile in
// services/convert/convert.go).
func (c *call) changedFileJSON(p fakehost.PullRequest, f fakehost.FileChange) (obj, error) {
	patch, err := f.Patch()
	if err != nil {
		return nil, err
	}
	status := map[string]string{"added": "added", "removed": "deleted", "renamed": "renamed"}[f.Status]
	switch {
	case status == "" && patch.Additions+patch.Deleted == 0:
		status = "unchanged" // but for its mode; a binary file's content may be another
	case status == "":
		status = "changed"
	}
	head := p.Head.SHA.String()
	o := obj{"filename": f.Path, "status": status, "additions": patch.Additions, "deletions": patch.Deleted,
		"changes":  patch.Additions + patch.Deleted,
		"html_url": c.repoWeb("src/commit", head, f.Path), "contents_url": c.repoAPI("contents", f.Path) + "?ref=" + head,
		"raw_url": c.repoWeb("raw/commit", head, f.Path)}
	if f.Previous != "" {
		o["previous_filename"] = f.Previous
	}
	return o, nil
}

// inProgress says whether a pull request is a draft: its title says so.
func inProgress(p fakehost.PullRequest) bool {
	title := strings.ToUpper(p.Title)
	return p.Draft || strings.HasPrefix(title, "WIP:") || strings.HasPrefix(title, "[WIP]")
}

func (c *call) reviewJSON(p fakehost.PullRequest, v fakehost.Review) obj {
	web := c.repoWeb("pulls", strconv.Itoa(p.Number))
	state := map[string]string{"COMMENTED": "COMMENT", "CHANGES_REQUESTED": "REQUEST_CHANGES"}[v.State]
	if state == "" {
		state = v.State
	}
	return obj{"id": v.ID, "user": c.loginJSON(v.Author), "team": nil, "state": state, "body": v.Body,
		"commit_id": v.SHA.String(), "stale": v.SHA != p.Head.SHA, "official": c.repo.Permission(v.Author) >= fakehost.Write,
		"dismissed": v.State == "DISMISSED", "comments_count": 0, "submitted_at": timeText(v.SubmittedAt),
		"updated_at": timeText(v.SubmittedAt), "html_url": web + "#issuecomment-" + digits(v.ID), "pull_request_url": web}
}
