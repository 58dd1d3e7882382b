package fakebitbucket

import (
	"slices"

	"mooring/backends/fakehost"
)

// pullState is a pull request's state in the API's words.
func pullState(p fakehost.PullRequest) string {
	switch {
	case p.Open:
		return "OPEN"
	case p.Merged:
		return "MERGED"
	}
	return "DECLINED"
}

// short is how pull requests abbreviate the ids of commits.
func short(id interface{ String() string }) string { return id.String()[:12] }

// pullJSON is a pull request. A list leaves out who takes part in it, and what is
// rendered, unless it is asked for.
func (c *call) pullJSON(p fakehost.PullRequest) obj {
	o := obj{
		"type": "pullrequest", "id": p.Number, "title": p.Title, "description": p.Body, "summary": rendered(p.Body), "state": pullState(p),
		"draft": p.Draft, "queued": false, "author": c.userOf(p.Author), "source": c.sideJSON(p.Head), "destination": c.sideJSON(p.Base),
		"comment_count": p.CommentCount(), "task_count": 0, "close_source_branch": p.RemoveBranch, "reason": p.Reason,
		"merge_commit": nil, "closed_by": nil, "created_on": timestamp(p.CreatedAt, p.ID), "updated_on": updatedOn(p), "links": c.pullLinks(p),
	}
	if !p.Open {
		o["closed_by"], o["closed_on"] = c.userOf(p.ClosedBy), timestamp(p.ClosedAt, p.ID)
	}
	if p.Merged {
		o["closed_by"], o["merge_commit"] = c.userOf(p.MergedBy), obj{"type": "commit", "hash": short(p.MergeCommit),
			"links": c.commitBrief(p.Base.Repo, short(p.MergeCommit))["links"]}
	}
	o["participants"] = extra(func() any { return c.participants(p) })
	o["reviewers"] = extra(func() any { return []obj{} })
	o["rendered"] = extra(func() any {
		return obj{"title": rendered(p.Title), "description": rendered(p.Body), "reason": rendered(p.Reason)}
	})
	return o
}

// pullDetail is a single pull request.
func (c *call) pullDetail(p fakehost.PullRequest) obj {
	o := c.pullJSON(p)
	for _, name := range []string{"participants", "reviewers", "rendered"} {
		o[name] = o[name].(extra)()
	}
	return o
}

// updatedOn tells changes of one second apart: comments are what changes often.
func updatedOn(p fakehost.PullRequest) string {
	nth := p.ID
	for _, comment := range p.Comments() {
		if comment.UpdatedAt.Equal(p.UpdatedAt) {
			nth = max(nth, comment.ID)
		}
	}
	return timestamp(p.UpdatedAt, nth)
}

func (c *call) sideJSON(s fakehost.Side) obj {
	return obj{"repository": c.repositoryBrief(s.Repo), "commit": c.commitBrief(s.Repo, short(s.SHA)), "branch": obj{"name": s.Branch,
		"merge_strategies":       extra(func() any { return strategies }),
		"default_merge_strategy": extra(func() any { return "merge_commit" }),
	}}
}

func (c *call) pullLinks(p fakehost.PullRequest) obj {
	r, id := p.Base.Repo, digits(p.Number)
	links := obj{"self": href(c.of(r, "pullrequests", id)), "html": href(c.web(r.FullName(), "pull-requests", id)),
		"diff": href(c.pullSpan(p, "diff")), "diffstat": href(c.pullSpan(p, "diffstat"))}
	for _, name := range []string{"decline", "commits", "comments", "merge", "activity", "approve", "request-changes", "statuses"} {
		links[name] = href(c.of(r, "pullrequests", id, name))
	}
	return links
}

// pullSpan is where a pull request's diff is.
func (c *call) pullSpan(p fakehost.PullRequest, kind string) string {
	r := p.Base.Repo
	return c.of(r, kind, r.FullName()+":"+short(p.Head.SHA)+"\r"+short(p.Base.SHA)) + "?from_pullrequest_id=" + digits(p.Number) + "&topic=true"
}

// participants are those who commented or reviewed.
func (c *call) participants(p fakehost.PullRequest) []obj {
	list := []obj{}
	var logins []string
	add := func(login string, at string, approved bool) {
		i := slices.Index(logins, login)
		if i < 0 {
			i = len(logins)
			logins = append(logins, login)
			list = append(list, obj{"type": "participant", "role": "PARTICIPANT", "user": c.userOf(login), "approved": false, "state": nil})
		}
		list[i]["participated_on"] = at
		if approved {
			list[i]["approved"], list[i]["state"] = true, "approved"
		}
	}
	for _, comment := range p.Comments() {
		add(comment.Author, timestamp(comment.UpdatedAt, comment.ID), false)
	}
	for _, review := range p.Reviews {
		add(review.Author, timestamp(review.SubmittedAt, review.ID), review.State == "APPROVED")
	}
	return list
}
