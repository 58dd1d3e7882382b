package fakegithub

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// pullNode is the type PullRequest. Its repository is the base.
type pullNode struct {
	*repositoryNode
	pull fakehost.PullRequest
}

func (*pullNode) TypeName() string { return "PullRequest" }

func (p *pullNode) Field(_ context.Context, name string, args graphql.Args) (any, error) {
	switch name {
	case "repository", "baseRepository":
		return p.repositoryNode, nil
	case "headRepository":
		return &repositoryNode{p.session, p.pull.Head.Repo}, nil
	case "headRepositoryOwner":
		return p.actorOf(p.pull.Head.Repo.Info().Owner), nil
	case "baseRef":
		return p.ref(headsPrefix + p.pull.Base.Branch), nil
	case "headRef":
		return (&repositoryNode{p.session, p.pull.Head.Repo}).ref(headsPrefix + p.pull.Head.Branch), nil
	case "labels":
		return p.ownLabels(args), nil
	case "mergeable", "mergeStateStatus":
		return p.mergeable(name), nil
	case "mergeCommit":
		return p.objectByID(p.pull.MergeCommit, ""), nil
	case "statusCheckRollup":
		return p.headRollup(), nil
	case "reviews", "latestReviews":
		return p.reviews(args.Strings("states")), nil
	case "reviewDecision":
		return p.reviewDecision(), nil
	case "files", "commits", "additions", "deletions", "changedFiles":
		return p.changes(name)
	}
	return p.own(name)
}

// own answers what the pull request itself says.
func (p *pullNode) own(name string) (any, error) {
	q := p.pull
	mayWrite := p.repo.Permission(p.viewer.Login) >= fakehost.Write
	isAuthor := strings.EqualFold(q.Author, p.viewer.Login)
	values := map[string]any{
		"id": nodeID("PullRequest", q.ID), "databaseId": q.ID, "fullDatabaseId": strconv.FormatInt(q.ID, 10),
		"number": q.Number, "title": q.Title, "body": q.Body, "bodyText": q.Body,
		"state": pullState(q), "closed": !q.Open, "merged": q.Merged, "isDraft": q.Draft, "locked": false,
		"author": p.actorOf(q.Author), "mergedBy": p.actorOf(q.MergedBy),
		"baseRefName": q.Base.Branch, "baseRefOid": q.Base.SHA.String(),
		"headRefName": q.Head.Branch, "headRefOid": q.Head.SHA.String(),
		"isCrossRepository": q.CrossRepository(), "maintainerCanModify": q.MaintainerCanModify,
		"createdAt": q.CreatedAt, "publishedAt": q.CreatedAt, "updatedAt": q.UpdatedAt,
		"closedAt": timeOrNull(q.ClosedAt), "mergedAt": timeOrNull(q.MergedAt),
		"url": p.web + p.path(), "permalink": p.web + p.path(), "resourcePath": p.path(),
		"viewerDidAuthor": isAuthor, "viewerCanUpdate": isAuthor || mayWrite, "viewerCanLabel": mayWrite,
	}
	if value, ok := values[name]; ok {
		return value, nil
	}
	return nil, graphql.ErrNoField
}

func (p *pullNode) path() string {
	return "/" + p.repo.FullName() + "/pull/" + strconv.Itoa(p.pull.Number)
}

func pullState(p fakehost.PullRequest) string {
	switch {
	case p.Open:
		return "OPEN"
	case p.Merged:
		return "MERGED"
	}
	return "CLOSED"
}

func (p *pullNode) mergeable(name string) string {
	status := p.repo.Mergeability(p.pull.Number)
	if name == "mergeStateStatus" {
		return strings.ToUpper(status)
	}
	switch status {
	case "dirty":
		return "CONFLICTING"
	case "unknown":
		return "UNKNOWN"
	}
	return "MERGEABLE"
}

func (p *pullNode) ownLabels(args graphql.Args) graphql.Connection {
	var list []*labelNode
	for _, name := range p.pull.Labels {
		if l, ok := p.repo.Label(name); ok {
			list = append(list, &labelNode{p.repositoryNode, l})
		}
	}
	slices.SortFunc(list, func(a, b *labelNode) int { return int(a.ID - b.ID) })
	sortLabels(list, args.Object("orderBy"))
	return graphql.Connect(list)
}

func (p *pullNode) headRollup() any {
	if c, ok := p.objectByID(p.pull.Head.SHA, "").(*commitNode); ok {
		return c.rollup()
	}
	return nil
}

func (p *pullNode) reviews(states []string) graphql.Connection {
	var list []graphql.Object
	for _, v := range p.pull.Reviews {
		if len(states) > 0 && !slices.Contains(states, v.State) {
			continue
		}
		list = append(list, graphql.Fields{Type: "PullRequestReview", Values: map[string]any{
			"id": nodeID("PullRequestReview", v.ID), "databaseId": v.ID, "author": p.actorOf(v.Author), "state": v.State,
			"body": v.Body, "bodyText": v.Body, "submittedAt": v.SubmittedAt, "createdAt": v.SubmittedAt,
			"updatedAt": v.SubmittedAt, "commit": p.objectByID(v.SHA, ""), "pullRequest": p, "repository": p.repositoryNode,
		}})
	}
	return graphql.Connect(list)
}

// reviewDecision is null where the base asks for no reviews.
func (p *pullNode) reviewDecision() any {
	protection, _ := p.repo.Protection(p.pull.Base.Branch)
	if protection.RequiredReviews == 0 {
		return nil
	}
	last := map[string]string{}
	for _, v := range p.pull.Reviews {
		if v.State != "COMMENTED" {
			last[v.Author] = v.State
		}
	}
	approvals := 0
	for _, state := range last {
		switch state {
		case "CHANGES_REQUESTED":
			return state
		case "APPROVED":
			approvals++
		}
	}
	if approvals >= protection.RequiredReviews {
		return "APPROVED"
	}
	return "REVIEW_REQUIRED"
}

// changes answers what the head has that the base has not.
func (p *pullNode) changes(name string) (any, error) {
	c, err := p.repo.Compare(p.pull.Base.SHA, p.pull.Head.SHA)
	if err != nil {
		return nil, err
	}
	switch name {
	case "changedFiles":
		return len(c.Files), nil
	case "additions":
		n, _, err := lines(c.Files)
		return n, err
	case "deletions":
		_, n, err := lines(c.Files)
		return n, err
	case "files":
		list := make([]*changedFileNode, len(c.Files))
		for i, f := range c.Files {
			list[i] = &changedFileNode{f}
		}
		return graphql.Connect(list), nil
	}
	var list []graphql.Object
	for _, commit := range p.commits(c.Ahead) {
		path := p.path() + "/commits/" + commit.id.String()
		list = append(list, graphql.Fields{Type: "PullRequestCommit", Values: map[string]any{
			"id": nodeID("PullRequestCommit", p.pull.ID, commit.id), "commit": commit, "pullRequest": p,
			"url": p.web + path, "resourcePath": path,
		}})
	}
	return graphql.Connect(list), nil
}

// changedFileNode is the type PullRequestChangedFile.
type changedFileNode struct{ fakehost.FileChange }

func (*changedFileNode) TypeName() string { return "PullRequestChangedFile" }

func (f *changedFileNode) Field(_ context.Context, name string, _ graphql.Args) (any, error) {
	switch name {
	case "path":
		return f.Path, nil
	case "changeType":
		return map[string]string{"added": "ADDED", "removed": "DELETED", "modified": "MODIFIED", "renamed": "RENAMED"}[f.Status], nil
	case "viewerViewedState":
		return "UNVIEWED", nil
	case "additions", "deletions":
		patch, err := f.Patch()
		if name == "deletions" {
			return patch.Deleted, err
		}
		return patch.Additions, err
	}
	return nil, graphql.ErrNoField
}

func (r *repositoryNode) pullRequest(args graphql.Args) (any, error) {
	number, _ := args.Int("number")
	p, ok := r.repo.Pull(number)
	if !ok {
		return nil, graphql.Errorf("NOT_FOUND", "Could not resolve to a PullRequest with the number of %d.", number)
	}
	return &pullNode{r, p}, nil
}

// pulls filters and orders pull requests, which come oldest first.
func (r *repositoryNode) pulls(all []fakehost.PullRequest, args graphql.Args) graphql.Connection {
	states, labels := args.Strings("states"), args.Strings("labels")
	base, head := args.String("baseRefName"), args.String("headRefName")
	var list []*pullNode
	for _, p := range all {
		labelled := len(labels) == 0 || slices.ContainsFunc(p.Labels, func(l string) bool { return slices.Contains(labels, l) })
		if labelled && (len(states) == 0 || slices.Contains(states, pullState(p))) &&
			(base == "" || p.Base.Branch == base) && (head == "" || p.Head.Branch == head) {
			list = append(list, &pullNode{&repositoryNode{r.session, p.Base.Repo}, p})
		}
	}
	order := args.Object("orderBy")
	if order.String("field") == "UPDATED_AT" {
		slices.SortStableFunc(list, func(a, b *pullNode) int { return a.pull.UpdatedAt.Compare(b.pull.UpdatedAt) })
	}
	if order.String("direction") == "DESC" {
		slices.Reverse(list)
	}
	return graphql.Connect(list)
}
