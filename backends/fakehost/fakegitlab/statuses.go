package fakegitlab

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

// states are GitLab's names for the model's states.
var states = map[string]string{"error": "failed", "failure": "failed"}

func stateOf(s fakehost.Status) string { return cmp.Or(states[s.State], s.State) }

// listStatuses: https://docs.gitlab.com/api/commits/#list-the-statuses-of-a-commit.
// Of one name and branch only the newest status is listed, unless all are asked
// for. The oldest comes first.
func listStatuses(c *call) (*answer, error) {
	id, err := c.pathCommit()
	if err != nil {
		return nil, err
	}
	all := c.repo.Statuses(id)
	seen := map[string]bool{}
	var list []fakehost.Status
	for _, s := range all {
		again := seen[s.Context+"\n"+s.Ref]
		seen[s.Context+"\n"+s.Ref] = true
		ref, name, stage := c.params.text("ref"), c.params.text("name"), c.params.text("stage")
		wanted := (ref == "" || s.Ref == "" || s.Ref == ref) && (name == "" || s.Context == name) && (stage == "" || stage == "external")
		if wanted && (!again || c.params.flag("all")) {
			list = append(list, s)
		}
	}
	slices.Reverse(list)
	return paged(c, list, withTotals, nil, func(s fakehost.Status) (obj, error) { return c.statusJSON(id, s), nil })
}

// createStatus: https://docs.gitlab.com/api/commits/#set-the-pipeline-status-of-a-commit
func createStatus(c *call) (*answer, error) {
	if err := c.need(fakehost.Write); err != nil {
		return nil, err
	}
	if err := c.params.require("state"); err != nil {
		return nil, err
	}
	if err := c.params.oneOf("state", "pending", "running", "success", "failed", "canceled", "skipped"); err != nil {
		return nil, err
	}
	if !plumbing.IsHash(c.path["sha"]) {
		return nil, notFound("Commit")
	}
	id, err := c.pathCommit()
	if err != nil {
		return nil, err
	}
	p := c.params
	s := c.repo.AddStatus(id, fakehost.Status{Context: cmp.Or(p.text("name"), p.text("context"), "default"), State: p.text("state"),
		Ref: cmp.Or(p.text("ref"), c.branchAt(id)), TargetURL: p.text("target_url"), Description: p.text("description"), Creator: c.user.Login})
	return created(c.statusJSON(id, s))
}

// branchAt is the first branch that has a commit.
func (c *call) branchAt(id plumbing.Hash) string {
	for _, ref := range c.repo.Refs(headsPrefix) {
		if c.repo.IsAncestor(id, ref.ID) {
			return ref.Branch()
		}
	}
	return ""
}

func (c *call) statusJSON(id plumbing.Hash, s fakehost.Status) obj {
	o := obj{"id": s.ID, "sha": id.String(), "ref": cmp.Or(s.Ref, c.branchAt(id)), "status": stateOf(s), "name": s.Context,
		"target_url": orNull(s.TargetURL), "description": orNull(s.Description), "created_at": timestamp(s.CreatedAt),
		"started_at": nil, "finished_at": nil, "allow_failure": false, "coverage": nil, "pipeline_id": nil, "author": c.userOf(s.Creator)}
	if p, found := c.pipelineOf(id); found {
		o["pipeline_id"] = p.id
	}
	if stateOf(s) == "success" || stateOf(s) == "failed" {
		o["finished_at"] = timestamp(s.CreatedAt)
	}
	return o
}

// pipeline is what the statuses of a commit add up to.
type pipeline struct {
	id     int64
	sha    plumbing.Hash
	status string
	ref    string
	of     []fakehost.Status // newest first
}

// pipelineOf is a commit's pipeline; it has none without statuses.
func (c *call) pipelineOf(id plumbing.Hash) (pipeline, bool) {
	all := c.repo.Statuses(id)
	if len(all) == 0 {
		return pipeline{}, false
	}
	first := all[len(all)-1]
	p := pipeline{id: first.ID, sha: id, ref: cmp.Or(first.Ref, c.branchAt(id)), of: all}
	seen := map[string]bool{}
	got := map[string]bool{}
	for _, s := range all {
		if !seen[s.Context] {
			got[stateOf(s)] = true
		}
		seen[s.Context] = true
	}
	for _, state := range []string{"running", "pending", "failed", "canceled", "success", "skipped"} {
		if got[state] {
			p.status = state
			break
		}
	}
	return p, true
}

func (c *call) pipelineJSON(p pipeline) obj {
	created, updated := p.of[len(p.of)-1].CreatedAt, p.of[0].CreatedAt
	return obj{"id": p.id, "iid": p.id, "project_id": c.repo.Info().ID, "sha": p.sha.String(), "ref": p.ref,
		"status": p.status, "source": "external", "created_at": timestamp(created), "updated_at": timestamp(updated), "web_url": c.web(c.repo.FullName(), "-", "pipelines", digits(p.id))}
}

// listPipelines: https://docs.gitlab.com/api/pipelines/#list-project-pipelines
func listPipelines(c *call) (*answer, error) {
	sha := c.params.text("sha")
	if sha == "" {
		return nil, refused(http.StatusBadRequest, "the fake lists the pipelines of one sha only")
	}
	list := []obj{}
	if p, found := c.pipelineOf(plumbing.NewHash(sha)); found {
		list = append(list, c.pipelineJSON(p))
	}
	return paged(c, list, withTotals, nil, func(o obj) (obj, error) { return o, nil })
}

// pullPipelines: https://docs.gitlab.com/api/merge_requests/#list-merge-request-pipelines
func pullPipelines(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	list := []obj{}
	if p, found := c.pipelineOf(p.Head.SHA); found {
		list = append(list, c.pipelineJSON(p))
	}
	return paged(c, list, withTotals, nil, func(o obj) (obj, error) { return o, nil })
}
