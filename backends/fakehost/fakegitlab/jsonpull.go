package fakegitlab

import (
	"slices"
	"strconv"

	"mooring/backends/fakehost"
)

// pullJSON is a merge request in a list.
func (c *call) pullJSON(p fakehost.PullRequest) (obj, error) {
	o, err := c.pullSimple(p)
	if err != nil {
		return nil, err
	}
	full, ref := p.Base.Repo.FullName(), "!"+strconv.Itoa(p.Number)
	detailed, coarse := c.mergeStatus(p)
	mergedBy := c.userOf(p.MergedBy)
	more := obj{
		"merged_by": mergedBy, "merge_user": mergedBy, "merged_at": timestamp(p.MergedAt), "closed_by": nil, "closed_at": nil,
		"target_branch": p.Base.Branch, "source_branch": p.Head.Branch, "user_notes_count": 0, "upvotes": 0, "downvotes": 0,
		"author": c.userOf(p.Author), "assignees": []obj{}, "assignee": nil, "reviewers": []obj{},
		"source_project_id": p.Head.Repo.Info().ID, "target_project_id": p.Base.Repo.Info().ID, "labels": c.labelsJSON(p),
		"draft": isDraft(p), "imported": false, "imported_from": "none", "work_in_progress": isDraft(p), "milestone": nil,
		"merge_when_pipeline_succeeds": p.AutoMerge, "merge_status": coarse, "detailed_merge_status": detailed, "merge_after": nil,
		"sha": p.Head.SHA.String(), "merge_commit_sha": orZero(p.MergeCommit), "squash_commit_sha": orZero(p.SquashCommit),
		"discussion_locked": nil, "should_remove_source_branch": nil, "force_remove_source_branch": p.RemoveBranch,
		"prepared_at": timestamp(p.CreatedAt), "reference": ref, "references": obj{"short": ref, "relative": ref, "full": full + ref},
		"time_stats":             obj{"time_estimate": 0, "total_time_spent": 0, "human_time_estimate": nil, "human_total_time_spent": nil},
		"squash":                 p.Squash,
		"squash_on_merge":        c.squashes(p),
		"task_completion_status": obj{"count": 0, "completed_count": 0},
		"has_conflicts":          coarse == "cannot_be_merged", "blocking_discussions_resolved": p.Unresolved == 0, "approvals_before_merge": nil,
	}
	if !p.Open && !p.Merged {
		more["closed_by"], more["closed_at"] = c.userOf(p.ClosedBy), timestamp(p.ClosedAt)
	}
	for name, value := range more {
		o[name] = value
	}
	return o, nil
}

// pullSimple is what view=simple shows of a merge request.
func (c *call) pullSimple(p fakehost.PullRequest) (obj, error) {
	return obj{"id": p.ID, "iid": p.Number, "project_id": p.Base.Repo.Info().ID, "title": p.Title, "description": p.Body,
		"state": pullState(p), "created_at": timestamp(p.CreatedAt), "updated_at": timestamp(p.UpdatedAt),
		"web_url": c.web(p.Base.Repo.FullName(), "-", "merge_requests", strconv.Itoa(p.Number))}, nil
}

// labelsJSON are names, or with with_labels_details objects; by name.
func (c *call) labelsJSON(p fakehost.PullRequest) any {
	names := slices.Sorted(slices.Values(p.Labels))
	if !c.params.flag("with_labels_details") {
		return append([]string{}, names...)
	}
	list := []obj{}
	for _, name := range names {
		if l, found := c.repo.Label(name); found {
			list = append(list, labelJSON(l))
		}
	}
	return list
}

// orZero is an object's id, null for the zero one.
func orZero(id interface {
	IsZero() bool
	String() string
}) any {
	if id.IsZero() {
		return nil
	}
	return id.String()
}

// pullDetail is a single merge request.
func (c *call) pullDetail(p fakehost.PullRequest) (obj, error) {
	o, err := c.pullJSON(p)
	if err != nil {
		return nil, err
	}
	files := c.changesOf(p)
	count := strconv.Itoa(len(files))
	if len(files) > gitlabLimits.files {
		count = strconv.Itoa(gitlabLimits.files) + "+"
	}
	o["subscribed"], o["changes_count"], o["merge_error"] = p.Author == c.user.Login, count, orNull(p.MergeError)
	o["latest_build_started_at"], o["latest_build_finished_at"], o["first_deployed_to_production_at"] = nil, nil, nil
	o["pipeline"], o["head_pipeline"] = nil, nil
	if pipe, found := c.pipelineOf(p.Head.SHA); found {
		o["pipeline"], o["head_pipeline"] = c.pipelineJSON(pipe), c.pipelineJSON(pipe)
	}
	o["diff_refs"] = c.diffRefs(p)
	o["user"] = obj{"can_merge": c.mayMerge(p)}
	return o, nil
}

// diffRefs are the commits between which a merge request's changes are.
func (c *call) diffRefs(p fakehost.PullRequest) any {
	base, found, err := c.repo.MergeBase(p.Base.SHA, p.Head.SHA)
	if err != nil || !found {
		return nil
	}
	return obj{"base_sha": base.String(), "head_sha": p.Head.SHA.String(), "start_sha": p.Base.SHA.String()}
}
