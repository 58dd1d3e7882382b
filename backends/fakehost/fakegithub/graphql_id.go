package fakegithub

import (
	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// node finds the object of a global id.
func (s *session) node(id string) (graphql.Object, error) {
	kind, number, rest, ok := parseNodeID(id)
	if ok {
		if o := s.nodeOf(kind, number, rest); o != nil {
			return o, nil
		}
	}
	return nil, graphql.Errorf("NOT_FOUND", "Could not resolve to a node with the global id of '%s'.", id)
}

// nodeOf is nil for what is not there, or hidden from the viewer.
func (s *session) nodeOf(kind string, number int64, rest string) graphql.Object {
	switch kind {
	case "User", "Organization":
		if u, ok := s.host.UserByID(number); ok {
			return s.actor(u)
		}
		return nil
	case "PullRequest":
		if repo, p, ok := s.host.PullByID(number); ok && s.visible(repo) == nil {
			return &pullNode{&repositoryNode{s, repo}, p}
		}
		return nil
	case "Label":
		if repo, l, ok := s.host.LabelByID(number); ok && s.visible(repo) == nil {
			return &labelNode{&repositoryNode{s, repo}, l}
		}
		return nil
	}
	repo, ok := s.host.RepositoryByID(number)
	if !ok || s.visible(repo) != nil {
		return nil
	}
	return s.inRepository(repo, kind, rest)
}

// inRepository finds the repository itself, or an object or reference in it.
func (s *session) inRepository(repo *fakehost.Repository, kind, rest string) graphql.Object {
	at := &repositoryNode{s, repo}
	switch kind {
	case "Repository":
		return at
	case "Ref":
		if ref, ok := s.seen(repo, fullRefName(rest)); ok {
			return &refNode{at, ref, headsPrefix}
		}
	case "Blob", "Tree", "Commit":
		if plumbing.IsHash(rest) {
			return at.objectByID(plumbing.NewHash(rest), "")
		}
	}
	return nil
}

// nodeAs finds the object of a global id that must be of one type.
func nodeAs[T graphql.Object](s *session, id string) (T, error) {
	o, err := s.node(id)
	if err != nil {
		var none T
		return none, err
	}
	t, ok := o.(T)
	if !ok {
		return t, graphql.Errorf("NOT_FOUND", "Could not resolve to %s node with the global id of '%s'.", t.TypeName(), id)
	}
	return t, nil
}
