package fakegithub

import (
	"slices"
	"strconv"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

const statusDocs = docsRoot + "/commits/statuses#"

func (c *call) statusJSON(s fakehost.Status, id plumbing.Hash) obj {
	var avatar any
	if u, found := c.host.User(s.Creator); found {
		avatar = c.userJSON(u)["avatar_url"]
	}
	return obj{"url": c.repoAPI("statuses", id.String()), "avatar_url": avatar, "id": s.ID,
		"node_id": nodeID("StatusContext", s.ID), "state": s.State, "description": nullable(s.Description),
		"target_url": nullable(s.TargetURL), "context": s.Context, "created_at": timeText(s.CreatedAt),
		"updated_at": timeText(s.CreatedAt)}
}

// combinedStatus: https://docs.github.com/rest/commits/statuses#get-the-combined-status-for-a-specific-reference
func combinedStatus(c *call) (*answer, error) {
	id, err := c.commitOf(statusDocs + "get-the-combined-status-for-a-specific-reference")
	if err != nil {
		return nil, err
	}
	var latest []fakehost.Status
	state := "success"
	for _, s := range c.repo.Statuses(id) {
		if slices.ContainsFunc(latest, func(l fakehost.Status) bool { return l.Context == s.Context }) {
			continue
		}
		latest = append(latest, s)
		switch {
		case s.State == "error" || s.State == "failure":
			state = "failure"
		case s.State == "pending" && state == "success":
			state = "pending"
		}
	}
	if len(latest) == 0 {
		state = "pending"
	}
	p := c.page(defaultPerPage)
	from, to := p.part(len(latest))
	list := []obj{}
	for _, s := range latest[from:to] {
		list = append(list, c.statusJSON(s, id))
	}
	commit := c.repoAPI("commits", id.String())
	return &answer{links: c.links(p, len(latest)), body: obj{
		"state": state, "statuses": list, "sha": id.String(), "total_count": len(latest),
		"repository": c.minimalRepoJSON(c.repo), "commit_url": commit, "url": commit + "/status"}}, nil
}

// listStatuses: https://docs.github.com/rest/commits/statuses#list-commit-statuses-for-a-reference
func listStatuses(c *call) (*answer, error) {
	id, err := c.commitOf(statusDocs + "list-commit-statuses-for-a-reference")
	if err != nil {
		return nil, err
	}
	return paged(c, c.repo.Statuses(id), func(s fakehost.Status) (obj, error) {
		o := c.statusJSON(s, id)
		o["creator"] = c.loginJSON(s.Creator)
		return o, nil
	})
}

// createStatus: https://docs.github.com/rest/commits/statuses#create-a-commit-status
func createStatus(c *call) (*answer, error) {
	if err := c.mayPush(); err != nil {
		return nil, err
	}
	var in struct {
		State, Description, Context string
		TargetURL                   string `json:"target_url"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id := plumbing.NewHash(c.params["sha"])
	if c.repo.TypeOf(id) != plumbing.CommitObject {
		return nil, &apiError{status: 422, message: "No commit found for SHA: " + c.params["sha"]}
	}
	if in.Context == "" {
		in.Context = "default"
	}
	s := c.repo.AddStatus(id, fakehost.Status{Context: in.Context, State: in.State, TargetURL: in.TargetURL,
		Description: in.Description, Creator: c.user.Login})
	o := c.statusJSON(s, id)
	o["creator"] = c.loginJSON(s.Creator)
	return created(o["url"].(string), o)
}

// checkRuns: https://docs.github.com/rest/checks/runs#list-check-runs-for-a-git-reference
func checkRuns(c *call) (*answer, error) {
	id, err := c.commitOf(docsRoot + "/checks/runs#list-check-runs-for-a-git-reference")
	if err != nil {
		return nil, err
	}
	q := c.r.URL.Query()
	var runs []fakehost.CheckRun
	for _, r := range c.repo.CheckRuns(id) {
		again := slices.ContainsFunc(runs, func(o fakehost.CheckRun) bool { return o.Name == r.Name && o.App == r.App })
		if q.Get("check_name") != "" && q.Get("check_name") != r.Name || q.Get("status") != "" && q.Get("status") != r.Status ||
			again && q.Get("filter") != "all" {
			continue
		}
		runs = append(runs, r)
	}
	p := c.page(defaultPerPage)
	from, to := p.part(len(runs))
	list := []obj{}
	for _, r := range runs[from:to] {
		list = append(list, c.checkRunJSON(r, id))
	}
	return &answer{body: obj{"total_count": len(runs), "check_runs": list}, links: c.links(p, len(runs))}, nil
}

func (c *call) checkRunJSON(r fakehost.CheckRun, id plumbing.Hash) obj {
	api := c.repoAPI("check-runs", digits(r.ID))
	return obj{
		"id": r.ID, "name": r.Name, "node_id": nodeID("CheckRun", r.ID), "head_sha": id.String(), "external_id": "",
		"url": api, "html_url": c.repoWeb("runs", digits(r.ID)), "details_url": nullable(r.DetailsURL), "status": r.Status,
		"conclusion": nullable(r.Conclusion), "started_at": timeText(r.StartedAt), "completed_at": timeText(r.CompletedAt),
		"output": obj{"title": nil, "summary": nil, "text": nil, "annotations_count": 0, "annotations_url": api + "/annotations"},
		"app":    obj{"id": 1, "slug": r.App, "name": r.App}, "check_suite": obj{"id": r.ID}, "pull_requests": []obj{},
	}
}

// listDeployments: https://docs.github.com/rest/deployments/deployments#list-deployments
func listDeployments(c *call) (*answer, error) {
	q := c.r.URL.Query()
	list := slices.DeleteFunc(c.repo.Deployments(), func(d fakehost.Deployment) bool {
		return q.Get("sha") != "" && q.Get("sha") != d.SHA.String() || q.Get("ref") != "" && q.Get("ref") != d.Ref ||
			q.Get("environment") != "" && q.Get("environment") != d.Environment
	})
	return paged(c, list, func(d fakehost.Deployment) (obj, error) {
		api := c.repoAPI("deployments", digits(d.ID))
		return obj{"url": api, "id": d.ID, "node_id": nodeID("Deployment", d.ID), "sha": d.SHA.String(), "ref": d.Ref,
			"task": "deploy", "payload": obj{}, "original_environment": d.Environment, "environment": d.Environment,
			"description": nullable(d.Description), "creator": c.loginJSON(d.Creator), "created_at": timeText(d.CreatedAt),
			"updated_at": timeText(d.CreatedAt), "statuses_url": api + "/statuses", "repository_url": c.repoAPI()}, nil
	})
}

// deploymentStatuses: https://docs.github.com/rest/deployments/statuses#list-deployment-statuses
func deploymentStatuses(c *call) (*answer, error) {
	for _, d := range c.repo.Deployments() {
		if strconv.FormatInt(d.ID, 10) == c.params["id"] {
			return paged(c, d.Statuses, func(s fakehost.DeploymentStatus) (obj, error) {
				return c.deploymentStatusJSON(d, s), nil
			})
		}
	}
	return nil, notFound(docsRoot + "/deployments/statuses#list-deployment-statuses")
}

func (c *call) deploymentStatusJSON(d fakehost.Deployment, s fakehost.DeploymentStatus) obj {
	api := c.repoAPI("deployments", digits(d.ID))
	return obj{"url": api + "/statuses/" + digits(s.ID), "id": s.ID, "node_id": nodeID("DeploymentStatus", s.ID),
		"state": s.State, "creator": c.loginJSON(s.Creator), "description": s.Description, "environment": d.Environment,
		"target_url": s.LogURL, "log_url": s.LogURL, "environment_url": s.EnvironmentURL,
		"created_at": timeText(s.CreatedAt), "updated_at": timeText(s.CreatedAt), "deployment_url": api,
		"repository_url": c.repoAPI()}
}
