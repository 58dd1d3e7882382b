package fakegitlab

import (
	"context"
	"slices"
	"strings"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// queryRoot is the type Query.
type queryRoot struct{ *session }

func (queryRoot) TypeName() string { return "Query" }

func (q queryRoot) Field(ctx context.Context, name string, args graphql.Args) (any, error) {
	switch name {
	case "currentUser":
		if !q.signedIn() {
			return nil, nil
		}
		return q.userNode(q.user), nil
	case "project":
		repo, found := q.findProject(args.String("fullPath"))
		if !found || !strings.EqualFold(repo.FullName(), args.String("fullPath")) { // a number or an old name
			return nil, nil
		}
		return &projectNode{q.session, repo}, nil
	case "users":
		return q.users(args), nil
	case "queryComplexity":
		score, limit := graphql.Complexity(ctx)
		return graphql.Fields{Type: "QueryComplexity", Values: map[string]any{"score": score, "limit": limit}}, nil
	case "metadata":
		if !q.signedIn() {
			return nil, nil
		}
		return graphql.Fields{Type: "Metadata", Values: map[string]any{"version": q.options.Version, "revision": "fakefakefak"}}, nil
	}
	return nil, graphql.ErrNoField
}

func (q queryRoot) users(args graphql.Args) graphql.Connection {
	var list []graphql.Object
	names := args.Strings("usernames")
	for _, u := range q.people() {
		wanted := names == nil || slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, u.Login) })
		if wanted && strings.Contains(strings.ToLower(u.Login+"\n"+u.Name), strings.ToLower(args.String("search"))) {
			list = append(list, q.userNode(u))
		}
	}
	slices.Reverse(list) // created_desc
	return graphql.Connect(list)
}

// globalID is an object's id in GraphQL.
func globalID(kind string, id any) string {
	return "gid://gitlab/" + kind + "/" + params{"id": id}.text("id")
}

func (s *session) userNode(u fakehost.User) graphql.Object {
	o := s.userBasic(u)
	return graphql.Fields{Type: "UserCore", Values: map[string]any{"id": globalID("User", u.ID), "username": u.Login, "name": o["name"],
		"avatarUrl": o["avatar_url"], "webUrl": o["web_url"], "webPath": "/" + u.Login, "publicEmail": "", "bot": false, "state": "active"}}
}

// userNodeOf is the user of a login, or null.
func (s *session) userNodeOf(login string) any {
	if u, found := s.host.User(login); found && login != "" {
		return s.userNode(u)
	}
	return nil
}

// projectNode is the type Project.
type projectNode struct {
	*session
	project *fakehost.Repository
}

func (*projectNode) TypeName() string { return "Project" }

func (p *projectNode) Field(_ context.Context, name string, args graphql.Args) (any, error) {
	switch name {
	case "repository":
		return &repositoryNode{p}, nil
	case "mergeRequest":
		return p.mergeRequest(args.String("iid")), nil
	case "mergeRequests":
		return p.mergeRequests(args), nil
	case "userPermissions":
		return p.permissions(), nil
	}
	i := p.project.Info()
	values := map[string]any{"id": globalID("Project", i.ID), "fullPath": i.FullName(), "name": i.Name, "path": i.Name, "archived": i.Archived,
		"lfsEnabled": !i.NoLFS, "visibility": visibility(i), "webUrl": p.web(i.FullName())}
	if value, known := values[name]; known {
		return value, nil
	}
	return nil, graphql.ErrNoField
}

// at is the call as it would be in the project.
func (p *projectNode) at() *call {
	c := *p.call
	c.repo = p.project
	return &c
}

func (p *projectNode) permissions() graphql.Object {
	permission := fakehost.None
	if p.signedIn() {
		permission = p.project.Permission(p.user.Login)
	}
	writes := permission >= fakehost.Write && !p.project.Info().Archived
	return graphql.Fields{Type: "ProjectPermissions", Values: map[string]any{
		"readProject": true, "downloadCode": true, "readMergeRequest": true, "forkProject": p.signedIn(), "pushCode": writes,
		"createMergeRequestFrom": writes, "createMergeRequestIn": p.signedIn(), "adminProject": permission == fakehost.Admin,
		"pushToDeleteProtectedBranch": permission == fakehost.Admin}}
}
