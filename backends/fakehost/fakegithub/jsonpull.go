package fakegithub

import (
	"strconv"

	"mooring/backends/fakehost"
)

func digits(n int64) string { return strconv.FormatInt(n, 10) }

func (c *call) labelJSON(l fakehost.Label) obj {
	return obj{"id": l.ID, "node_id": nodeID("Label", l.ID), "url": c.repoAPI("labels", l.Name), "name": l.Name,
		"color": l.Color, "default": l.Default, "description": nullable(l.Description)}
}

func (c *call) labelsJSON(names []string) []obj {
	list := []obj{}
	for _, name := range names {
		if l, ok := c.repo.Label(name); ok {
			list = append(list, c.labelJSON(l))
		}
	}
	return list
}

func (c *call) sideJSON(s fakehost.Side) obj {
	return obj{"label": s.Label(), "ref": s.Branch, "sha": s.SHA.String(),
		"user": c.loginJSON(s.Repo.Info().Owner), "repo": c.repoJSON(s.Repo)}
}

// association says what a user is to the repository.
func (c *call) association(login string) string {
	switch p := c.repo.Permission(login); {
	case login == c.repo.Info().Owner:
		return "OWNER"
	case p >= fakehost.Write:
		return "COLLABORATOR"
	}
	return "NONE"
}

func openOrClosed(p fakehost.PullRequest) string {
	if p.Open {
		return "open"
	}
	return "closed"
}

// pullJSON is a pull request of a list.
func (c *call) pullJSON(p fakehost.PullRequest) obj {
	n := strconv.Itoa(p.Number)
	api, issue, web := c.repoAPI("pulls", n), c.repoAPI("issues", n), c.repoWeb("pull", n)
	links := map[string]string{
		"commits": api + "/commits", "review_comments": api + "/comments",
		"review_comment": c.repoAPI("pulls/comments") + "{/number}", "comments": issue + "/comments",
		"statuses": c.repoAPI("statuses", p.Head.SHA.String()),
	}
	o := obj{
		"url": api, "id": p.ID, "node_id": nodeID("PullRequest", p.ID), "html_url": web, "diff_url": web + ".diff",
		"patch_url": web + ".patch", "issue_url": issue, "number": p.Number, "state": openOrClosed(p), "locked": false,
		"title": p.Title, "user": c.loginJSON(p.Author), "body": nullable(p.Body), "created_at": timeText(p.CreatedAt),
		"updated_at": timeText(p.UpdatedAt), "closed_at": timeText(p.ClosedAt), "merged_at": timeText(p.MergedAt),
		"merge_commit_sha": nil, "assignee": nil, "assignees": []obj{}, "requested_reviewers": []obj{},
		"requested_teams": []obj{}, "labels": c.labelsJSON(p.Labels), "milestone": nil, "draft": p.Draft,
		"head": c.sideJSON(p.Head), "base": c.sideJSON(p.Base), "author_association": c.association(p.Author),
	}
	if !p.MergeCommit.IsZero() {
		o["merge_commit_sha"] = p.MergeCommit.String()
	}
	hrefs := obj{"self": obj{"href": api}, "html": obj{"href": web}, "issue": obj{"href": issue}}
	for name, href := range links {
		o[name+"_url"], hrefs[name] = href, obj{"href": href}
	}
	o["_links"] = hrefs
	return o
}

// fullPullJSON is the answer of pulls/{number}.
func (c *call) fullPullJSON(p fakehost.PullRequest) (obj, error) {
	o := c.pullJSON(p)
	state := c.repo.Mergeability(p.Number)
	var mergeable any
	if state != "unknown" {
		mergeable = state != "dirty"
	}
	o["merged"], o["mergeable"], o["rebaseable"], o["mergeable_state"] = p.Merged, mergeable, mergeable, state
	o["merged_by"], o["comments"], o["review_comments"] = c.loginJSON(p.MergedBy), 0, 0
	o["maintainer_can_modify"] = p.MaintainerCanModify
	cmp, err := c.repo.ComparePull(p)
	if err != nil {
		return nil, err
	}
	additions, deletions := 0, 0
	for _, f := range cmp.Files {
		patch, err := f.Patch()
		if err != nil {
			return nil, err
		}
		additions, deletions = additions+patch.Additions, deletions+patch.Deleted
	}
	o["commits"], o["changed_files"] = len(cmp.Ahead), len(cmp.Files)
	o["additions"], o["deletions"] = additions, deletions
	return o, nil
}
