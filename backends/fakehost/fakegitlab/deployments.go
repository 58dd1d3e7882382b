package fakegitlab

import (
	"slices"
	"strconv"
	"strings"

	"mooring/backends/fakehost"
)

// deploymentState is GitLab's name for a deployment's state.
var deploymentState = map[string]string{"": "created", "queued": "created", "pending": "created", "in_progress": "running",
	"success": "success", "inactive": "success", "failure": "failed", "error": "failed", "canceled": "canceled", "running": "running",
	"failed": "failed", "created": "created", "blocked": "blocked"}

func stateOfDeployment(d fakehost.Deployment) string {
	if len(d.Statuses) == 0 {
		return "created"
	}
	return deploymentState[d.Statuses[0].State]
}

// environment is what deployments of one name add up to.
type environment struct {
	id          int64
	name, url   string
	deployments []fakehost.Deployment // newest first
}

// environments are all that something was deployed to, oldest first.
func (c *call) environments() []environment {
	var list []environment
	for _, d := range slices.Backward(c.repo.Deployments()) {
		i := slices.IndexFunc(list, func(e environment) bool { return e.name == d.Environment })
		if i < 0 {
			i = len(list)
			list = append(list, environment{id: d.ID, name: d.Environment})
		}
		list[i].deployments = slices.Insert(list[i].deployments, 0, d)
		if len(d.Statuses) > 0 && d.Statuses[0].EnvironmentURL != "" {
			list[i].url = d.Statuses[0].EnvironmentURL
		}
	}
	return list
}

func (c *call) environmentJSON(e environment) obj {
	at := e.deployments[len(e.deployments)-1].CreatedAt
	return obj{"id": e.id, "name": e.name, "slug": strings.ReplaceAll(strings.ToLower(e.name), "/", "-"), "description": nil,
		"external_url": orNull(e.url), "created_at": timestamp(at), "updated_at": timestamp(e.deployments[0].CreatedAt),
		"tier": "development", "state": "available", "auto_stop_at": nil}
}

// listEnvironments: https://docs.gitlab.com/api/environments/#list-environments
func listEnvironments(c *call) (*answer, error) {
	p := c.params
	list := slices.DeleteFunc(c.environments(), func(e environment) bool {
		return p.has("name") && e.name != p.text("name") || p.has("search") && !strings.Contains(e.name, p.text("search")) ||
			p.has("states") && p.text("states") != "available"
	})
	return paged(c, list, withTotals, nil, func(e environment) (obj, error) { return c.environmentJSON(e), nil })
}

// getEnvironment: https://docs.gitlab.com/api/environments/#get-a-specific-environment
func getEnvironment(c *call) (*answer, error) {
	for _, e := range c.environments() {
		if digits(e.id) == c.path["environment"] {
			o := c.environmentJSON(e)
			o["last_deployment"] = c.deploymentJSON(e.deployments[0])
			return ok(o)
		}
	}
	return nil, notFound("Environment")
}

// listDeployments: https://docs.gitlab.com/api/deployments/#list-project-deployments
func listDeployments(c *call) (*answer, error) {
	p := c.params
	if err := p.oneOf("order_by", "id", "iid", "created_at", "updated_at", "finished_at", "ref"); err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(c.repo.Deployments(), func(d fakehost.Deployment) bool {
		return p.has("environment") && d.Environment != p.text("environment") || p.has("status") && stateOfDeployment(d) != p.text("status")
	})
	if p.text("sort") != "desc" { // oldest first is the host's default
		slices.Reverse(list)
	}
	return paged(c, list, withTotals, nil, func(d fakehost.Deployment) (obj, error) { return c.deploymentJSON(d), nil })
}

// getDeployment: https://docs.gitlab.com/api/deployments/#get-a-specific-deployment
func getDeployment(c *call) (*answer, error) {
	id, _ := strconv.ParseInt(c.path["deployment"], 10, 64)
	for _, d := range c.repo.Deployments() {
		if d.ID == id {
			return ok(c.deploymentJSON(d))
		}
	}
	return nil, notFound("Deployment")
}

func (c *call) deploymentJSON(d fakehost.Deployment) obj {
	o := obj{"id": d.ID, "iid": d.ID, "ref": d.Ref, "sha": d.SHA.String(), "created_at": timestamp(d.CreatedAt), "updated_at": timestamp(d.CreatedAt),
		"status": stateOfDeployment(d), "user": c.userOf(d.Creator), "deployable": nil, "environment": nil}
	for _, e := range c.environments() {
		if e.name == d.Environment {
			o["environment"] = c.environmentJSON(e)
		}
	}
	if commit, err := c.commitByID(d.SHA); err == nil {
		o["deployable"] = obj{"id": d.ID, "name": "deploy", "ref": d.Ref, "status": stateOfDeployment(d), "stage": "deploy", "tag": false,
			"commit": commit, "created_at": timestamp(d.CreatedAt), "web_url": c.web(c.repo.FullName(), "-", "jobs", digits(d.ID))}
	}
	return o
}
