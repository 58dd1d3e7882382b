package fakegitlab

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// mergeRequestNode is the type MergeRequest.
type mergeRequestNode struct {
	*projectNode
	pr fakehost.PullRequest
}

func (p *projectNode) mergeRequest(iid string) any {
	number, _ := strconv.Atoi(iid)
	p.at().autoMerge(number)
	pr, found := p.project.SeenPull(number)
	if !found {
		return nil
	}
	return &mergeRequestNode{p, pr}
}

// mergeRequests are those that the arguments ask for.
func (p *projectNode) mergeRequests(args graphql.Args) graphql.Connection {
	for _, pr := range p.project.Pulls() {
		p.at().autoMerge(pr.Number)
	}
	among := func(name, value string) bool {
		return !args.Has(name) || slices.Contains(args.Strings(name), value)
	}
	list := slices.DeleteFunc(p.project.SeenPulls(), func(pr fakehost.PullRequest) bool {
		state := args.String("state")
		return !((state == "" || state == "all" || state == pullState(pr)) && among("sourceBranches", pr.Head.Branch) &&
			among("targetBranches", pr.Base.Branch) && among("iids", strconv.Itoa(pr.Number)) && hasLabels(pr, args.Strings("labels")) &&
			(!args.Has("authorUsername") || pr.Author == args.String("authorUsername")))
	})
	field, direction, _ := strings.Cut(strings.ToLower(args.String("sort")), "_")
	direction = strings.TrimPrefix(direction, "at_")
	key := func(pr fakehost.PullRequest) cursor { return cursorOf(pr, field) }
	order := func(a, b cursor) int {
		if direction == "asc" {
			a, b = b, a
		}
		return cmp.Or(strings.Compare(b.At, a.At), cmp.Compare(b.ID, a.ID))
	}
	slices.SortFunc(list, func(a, b fakehost.PullRequest) int { return order(key(a), key(b)) })
	nodes := make([]*mergeRequestNode, len(list))
	for i, pr := range list {
		nodes[i] = &mergeRequestNode{p, pr}
	}
	return graphql.Connect(nodes).With("count", len(nodes)).By(graphql.Cursors{
		Of: func(i int) string { return encodeCursor(string(encode(key(list[i])))) },
		Next: func(text string) (int, bool) {
			var after cursor
			plain, ok := decodeCursor(text)
			if !ok || json.Unmarshal([]byte(plain), &after) != nil {
				return 0, false
			}
			i := slices.IndexFunc(list, func(pr fakehost.PullRequest) bool { return order(key(pr), after) > 0 })
			if i < 0 {
				i = len(list)
			}
			return i, true
		},
	})
}

// cursor is the place of a merge request in an order: it holds even when others
// come and go.
type cursor struct {
	At string `json:"at"`
	ID int64  `json:"id,string"`
}

func cursorOf(pr fakehost.PullRequest, field string) cursor {
	at := pr.CreatedAt
	switch field {
	case "updated":
		at = pr.UpdatedAt
	case "merged":
		at = pr.MergedAt
	}
	return cursor{at.UTC().Format(time.RFC3339Nano), pr.ID}
}

func (*mergeRequestNode) TypeName() string { return "MergeRequest" }

func (m *mergeRequestNode) Field(_ context.Context, name string, args graphql.Args) (any, error) {
	c := m.at()
	switch name {
	case "author":
		return m.userNodeOf(m.pr.Author), nil
	case "labels":
		return m.labels(), nil
	case "diffRefs":
		return m.diffRefs(), nil
	case "diffStats":
		return m.diffStats(args.String("path"))
	case "diffStatsSummary":
		return m.summary()
	case "commitCount":
		comparison, err := m.project.ComparePull(m.pr)
		return len(comparison.Ahead), err
	case "conflicts":
		_, coarse := c.mergeStatus(m.pr)
		return coarse == "cannot_be_merged", nil
	case "detailedMergeStatus":
		detailed, _ := c.mergeStatus(m.pr)
		return strings.ToUpper(detailed), nil
	case "headPipeline":
		return m.pipeline(), nil
	case "rebaseInProgress":
		return m.project.Rebasing(m.pr.Number), nil
	case "sourceBranchExists":
		_, exists := m.pr.Head.Repo.Head(m.pr.Head.Branch)
		return exists, nil
	case "project", "targetProject":
		return m.projectNode, nil
	case "sourceProject":
		return &projectNode{m.session, m.pr.Head.Repo}, nil
	case "userPermissions":
		return m.permissions(c), nil
	}
	return m.plain(name)
}

// plain answers the fields that the merge request itself has.
func (m *mergeRequestNode) plain(name string) (any, error) {
	pr := m.pr
	values := map[string]any{"id": globalID("MergeRequest", pr.ID), "iid": strconv.Itoa(pr.Number), "title": pr.Title,
		"description": orNull(pr.Body),
		"state":       pullState(pr), "draft": isDraft(pr), "createdAt": pr.CreatedAt, "updatedAt": pr.UpdatedAt, "mergedAt": nil,
		"diffHeadSha": pr.Head.SHA.String(), "sourceBranch": pr.Head.Branch, "targetBranch": pr.Base.Branch, "squash": pr.Squash,
		"mergeCommitSha": orZero(pr.MergeCommit), "mergeError": orNull(pr.MergeError), "autoMergeEnabled": pr.AutoMerge,
		"forceRemoveSourceBranch": pr.RemoveBranch, "sourceProjectId": pr.Head.Repo.Info().ID, "targetProjectId": pr.Base.Repo.Info().ID,
		"projectId": pr.Base.Repo.Info().ID, "webUrl": m.web(m.project.FullName(), "-", "merge_requests", strconv.Itoa(pr.Number))}
	if !pr.MergedAt.IsZero() {
		values["mergedAt"] = pr.MergedAt
	}
	if value, known := values[name]; known {
		return value, nil
	}
	return nil, graphql.ErrNoField
}

func (m *mergeRequestNode) labels() graphql.Connection {
	var list []graphql.Object
	for _, name := range slices.Sorted(slices.Values(m.pr.Labels)) {
		if l, found := m.project.Label(name); found {
			list = append(list, graphql.Fields{Type: "Label", Values: map[string]any{"id": globalID("ProjectLabel", l.ID), "title": l.Name,
				"color": "#" + l.Color, "description": orNull(l.Description)}})
		}
	}
	return graphql.Connect(list).With("count", len(list))
}

func (m *mergeRequestNode) diffRefs() any {
	refs, found := m.at().diffRefs(m.pr).(obj)
	if !found {
		return nil
	}
	return graphql.Fields{Type: "DiffRefs", Values: map[string]any{
		"baseSha": refs["base_sha"], "headSha": refs["head_sha"], "startSha": refs["start_sha"]}}
}

// diffStats are the changed files; with a path only that one.
func (m *mergeRequestNode) diffStats(only string) (any, error) {
	list := []graphql.Object{}
	for _, f := range m.at().changesOf(m.pr) {
		if only != "" && f.Path != only {
			continue
		}
		p, err := f.Patch()
		if err != nil {
			return nil, err
		}
		list = append(list, graphql.Fields{Type: "DiffStats", Values: map[string]any{
			"path": f.Path, "additions": p.Additions, "deletions": p.Deleted}})
	}
	return list, nil
}

func (m *mergeRequestNode) summary() (any, error) {
	files := m.at().changesOf(m.pr)
	added, removed := 0, 0
	for _, f := range files {
		p, err := f.Patch()
		if err != nil {
			return nil, err
		}
		added, removed = added+p.Additions, removed+p.Deleted
	}
	return graphql.Fields{Type: "DiffStatsSummary", Values: map[string]any{
		"additions": added, "deletions": removed, "changes": added + removed, "fileCount": len(files)}}, nil
}

func (m *mergeRequestNode) pipeline() any {
	p, found := m.at().pipelineOf(m.pr.Head.SHA)
	if !found {
		return nil
	}
	active := p.status == "running" || p.status == "pending"
	return graphql.Fields{Type: "Pipeline", Values: map[string]any{
		"id": globalID("Ci::Pipeline", p.id), "iid": digits(p.id), "sha": p.sha.String(),
		"status": strings.ToUpper(p.status), "active": active, "complete": !active}}
}

func (m *mergeRequestNode) permissions(c *call) graphql.Object {
	writes := c.signedIn() && m.project.Permission(c.user.Login) >= fakehost.Write && !m.project.Info().Archived
	source := *c
	source.repo = m.pr.Head.Repo
	pushes := source.mayPush(m.pr.Head.Branch)
	return graphql.Fields{Type: "MergeRequestPermissions", Values: map[string]any{"readMergeRequest": true, "canMerge": c.mayMerge(m.pr),
		"adminMergeRequest": writes, "updateMergeRequest": writes || c.signedIn() && m.pr.Author == c.user.Login,
		"pushToSourceBranch": pushes, "removeSourceBranch": pushes}}
}
