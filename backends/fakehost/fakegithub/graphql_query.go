package fakegithub

import (
	"context"
	"fmt"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// queryRoot is the type Query.
type queryRoot struct{ *session }

func (queryRoot) TypeName() string { return "Query" }

func (q queryRoot) Field(ctx context.Context, name string, args graphql.Args) (any, error) {
	switch name {
	case "viewer":
		return q.actor(q.viewer), nil
	case "repository":
		return orError(q.lookup(args.String("owner"), args.String("name")))
	case "node":
		return q.node(args.String("id"))
	case "nodes":
		return q.nodes(args.Strings("ids"))
	case "user", "repositoryOwner", "organization":
		return q.owner(name, args.String("login"))
	case "rateLimit":
		return q.rateLimit(ctx), nil
	}
	return nil, graphql.ErrNoField
}

// orError keeps a nil pointer from becoming an Object.
func orError[T any](o *T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return o, nil
}

func (q queryRoot) nodes(ids []string) (any, error) {
	list := make([]any, len(ids))
	for i, id := range ids {
		o, err := q.node(id)
		if err != nil {
			return nil, err
		}
		list[i] = o
	}
	return list, nil
}

func (q queryRoot) owner(field, login string) (any, error) {
	u, ok := q.host.User(login)
	typ := map[string]string{"user": "User", "organization": "Organization", "repositoryOwner": "RepositoryOwner"}[field]
	if !ok && field == "repositoryOwner" {
		return nil, nil
	}
	if !ok || field == "user" && u.Organization || field == "organization" && !u.Organization {
		return nil, graphql.Errorf("NOT_FOUND", "Could not resolve to a %s with the login of '%s'.", typ, login)
	}
	return q.actor(u), nil
}

// rateLimit does not yet count what the request costs beyond its first point.
func (q queryRoot) rateLimit(ctx context.Context) graphql.Object {
	nodes, cost := graphql.Weight(ctx)
	rate, _ := q.host.Spend(q.viewer.Login, "graphql", 0)
	return graphql.Fields{Type: "RateLimit", Values: map[string]any{
		"limit": rate.Limit, "remaining": rate.Remaining(), "used": rate.Used, "resetAt": rate.Reset,
		"cost": cost, "nodeCount": nodes,
	}}
}

// actorNode is a User or an Organization.
type actorNode struct {
	*session
	fakehost.User
}

func (s *session) actor(u fakehost.User) *actorNode { return &actorNode{s, u} }

// actorOf is the user of a login, or nil.
func (s *session) actorOf(login string) any {
	if u, ok := s.host.User(login); ok {
		return s.actor(u)
	}
	return nil
}

func (a *actorNode) TypeName() string {
	if a.Organization {
		return "Organization"
	}
	return "User"
}

func (a *actorNode) Field(_ context.Context, name string, args graphql.Args) (any, error) {
	switch name {
	case "id":
		return nodeID(a.TypeName(), a.ID), nil
	case "databaseId":
		return a.ID, nil
	case "login":
		return a.Login, nil
	case "name":
		return orNull(a.Name), nil
	case "email":
		return a.Email, nil
	case "avatarUrl":
		return fmt.Sprintf("%s/avatars/%d", a.web, a.ID), nil
	case "url":
		return a.web + "/" + a.Login, nil
	case "resourcePath":
		return "/" + a.Login, nil
	case "isViewer":
		return a.Login == a.viewer.Login, nil
	case "repository":
		return orError(a.lookup(a.Login, args.String("name")))
	}
	return nil, graphql.ErrNoField
}

// orNull is null for an empty text.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
