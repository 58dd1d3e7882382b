package fakegithub

import (
	"slices"
	"strings"
	"time"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// status is the combined status of a commit, null when there is none.
func (c *commitNode) status() any {
	contexts := c.contexts()
	if len(contexts) == 0 {
		return nil
	}
	return statusNode(c, contexts)
}

func statusNode(c *commitNode, contexts []fakehost.Status) graphql.Object {
	nodes, states := make([]graphql.Object, len(contexts)), []string{}
	for i, s := range contexts {
		nodes[i] = c.context(s)
		states = append(states, strings.ToUpper(s.State))
	}
	return graphql.Fields{Type: "Status", Values: map[string]any{
		"id": nodeID("Status", c.repo.Info().ID, c.id), "commit": c, "state": worst(states), "contexts": nodes,
		"combinedContexts": graphql.Connect(nodes),
	}}
}

// contexts are the newest statuses of each context, in order of their names.
func (c *commitNode) contexts() []fakehost.Status {
	var list []fakehost.Status
	for _, s := range c.repo.Statuses(c.id) { // newest first
		if !slices.ContainsFunc(list, func(newer fakehost.Status) bool { return newer.Context == s.Context }) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b fakehost.Status) int { return strings.Compare(a.Context, b.Context) })
	return list
}

func (c *commitNode) context(s fakehost.Status) graphql.Object {
	return graphql.Fields{Type: "StatusContext", Values: map[string]any{
		"id": nodeID("StatusContext", s.ID), "context": s.Context, "state": strings.ToUpper(s.State),
		"targetUrl": orNull(s.TargetURL), "description": orNull(s.Description), "createdAt": s.CreatedAt,
		"creator": c.actorOf(s.Creator), "commit": c, "isRequired": c.required(s.Context),
	}}
}

// required says whether the default branch's protection asks for a check.
func (c *commitNode) required(name string) bool {
	p, _ := c.repo.Protection(c.repo.Info().DefaultBranch)
	return slices.Contains(p.RequiredChecks, name)
}

// rollup is what statuses and check runs say together, null when there are none.
func (c *commitNode) rollup() any {
	var nodes []graphql.Object
	var states []string
	for _, r := range c.repo.CheckRuns(c.id) {
		nodes = append(nodes, c.checkRun(r))
		states = append(states, checkState(r))
	}
	for _, s := range c.contexts() {
		nodes = append(nodes, c.context(s))
		states = append(states, strings.ToUpper(s.State))
	}
	if len(nodes) == 0 {
		return nil
	}
	return graphql.Fields{Type: "StatusCheckRollup", Values: map[string]any{
		"id": nodeID("StatusCheckRollup", c.repo.Info().ID, c.id), "commit": c, "state": worst(states),
		"contexts": graphql.Connect(nodes),
	}}
}

// worst is the state that counts among several.
func worst(states []string) string {
	for _, state := range []string{"ERROR", "FAILURE", "PENDING"} {
		if slices.Contains(states, state) {
			return state
		}
	}
	return "SUCCESS"
}

// checkState is what a check run is worth as a status.
func checkState(r fakehost.CheckRun) string {
	switch r.Conclusion {
	case "success", "neutral", "skipped":
		return "SUCCESS"
	case "":
		return "PENDING"
	}
	return "FAILURE"
}

func (c *commitNode) checkRun(r fakehost.CheckRun) graphql.Object {
	return graphql.Fields{Type: "CheckRun", Values: map[string]any{
		"id": nodeID("CheckRun", r.ID), "databaseId": r.ID, "name": r.Name, "repository": c.repositoryNode,
		"status": strings.ToUpper(r.Status), "conclusion": orNull(strings.ToUpper(r.Conclusion)),
		"detailsUrl": orNull(r.DetailsURL), "startedAt": r.StartedAt, "completedAt": timeOrNull(r.CompletedAt),
		"url": c.web + "/" + c.repo.FullName() + "/runs/" + r.Name, "permalink": c.web + "/" + c.repo.FullName() + "/runs/" + r.Name,
		"isRequired": c.required(r.Name), "title": nil, "summary": nil, "text": nil, "externalId": nil,
	}}
}

func timeOrNull(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at
}

// checkSuites has a suite for each app that ran checks.
func (c *commitNode) checkSuites() graphql.Connection {
	byApp := map[string][]fakehost.CheckRun{}
	var apps []string
	for _, r := range c.repo.CheckRuns(c.id) {
		if byApp[r.App] == nil {
			apps = append(apps, r.App)
		}
		byApp[r.App] = append(byApp[r.App], r)
	}
	suites := make([]graphql.Object, len(apps))
	for i, app := range apps {
		suites[i] = c.checkSuite(app, byApp[app])
	}
	return graphql.Connect(suites)
}

func (c *commitNode) checkSuite(app string, runs []fakehost.CheckRun) graphql.Object {
	nodes, status := make([]graphql.Object, len(runs)), "COMPLETED"
	var states []string
	for i, r := range runs {
		nodes[i] = c.checkRun(r)
		states = append(states, checkState(r))
		if r.Status != "completed" {
			status = "IN_PROGRESS"
		}
	}
	var conclusion any
	if status == "COMPLETED" {
		conclusion = worst(states)
	}
	slug := strings.ReplaceAll(strings.ToLower(app), " ", "-")
	return graphql.Fields{Type: "CheckSuite", Values: map[string]any{
		"id": nodeID("CheckSuite", runs[0].ID), "commit": c, "repository": c.repositoryNode,
		"status": status, "conclusion": conclusion, "checkRuns": graphql.Connect(nodes),
		"app":       graphql.Fields{Type: "App", Values: map[string]any{"name": app, "slug": slug, "id": nodeID("App", runs[0].ID)}},
		"createdAt": runs[0].StartedAt, "updatedAt": runs[0].StartedAt,
	}}
}

// deployments are those that belong, oldest first, of some environments if these
// are asked for.
func (r *repositoryNode) deployments(args graphql.Args, belongs func(fakehost.Deployment) bool) graphql.Connection {
	environments := args.Strings("environments")
	var list []graphql.Object
	for _, d := range slices.Backward(r.repo.Deployments()) {
		if belongs(d) && (len(environments) == 0 || slices.Contains(environments, d.Environment)) {
			list = append(list, r.deployment(d))
		}
	}
	if args.Object("orderBy").String("direction") == "DESC" {
		slices.Reverse(list)
	}
	return graphql.Connect(list)
}

func (r *repositoryNode) deployment(d fakehost.Deployment) graphql.Object {
	values := map[string]any{
		"id": nodeID("Deployment", d.ID), "databaseId": d.ID, "environment": d.Environment,
		"originalEnvironment": d.Environment, "latestEnvironment": d.Environment, "description": orNull(d.Description),
		"creator": r.creator(d.Creator), "createdAt": d.CreatedAt, "updatedAt": d.CreatedAt, "task": "deploy",
		"commitOid": d.SHA.String(), "commit": r.objectByID(d.SHA, ""), "ref": func() any { return r.ref(d.Ref) }, "repository": r,
		"state": "PENDING", "latestStatus": nil, "payload": nil,
	}
	o := graphql.Fields{Type: "Deployment", Values: values}
	statuses := make([]graphql.Object, len(d.Statuses))
	for i, s := range d.Statuses {
		statuses[i] = graphql.Fields{Type: "DeploymentStatus", Values: map[string]any{
			"id": nodeID("DeploymentStatus", s.ID), "state": strings.ToUpper(s.State), "deployment": o,
			"environment": d.Environment, "environmentUrl": orNull(s.EnvironmentURL), "logUrl": orNull(s.LogURL),
			"description": orNull(s.Description), "creator": r.creator(s.Creator),
			"createdAt": s.CreatedAt, "updatedAt": s.CreatedAt,
		}}
	}
	values["statuses"] = graphql.Connect(statuses)
	if len(statuses) > 0 {
		values["latestStatus"], values["state"] = statuses[0], deploymentState(d.Statuses[0].State)
	}
	return o
}

// creator is never null: who nobody knows is the owner.
func (r *repositoryNode) creator(login string) any {
	if u := r.actorOf(login); u != nil {
		return u
	}
	return r.actorOf(r.repo.Info().Owner)
}

// deploymentState is a deployment's state when its newest status is this.
func deploymentState(status string) string {
	if status == "success" {
		return "ACTIVE"
	}
	return strings.ToUpper(status)
}
