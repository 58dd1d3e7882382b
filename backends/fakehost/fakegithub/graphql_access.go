package fakegithub

import (
	"slices"
	"strings"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// session is one GraphQL request: who asks, and of whom.
type session struct {
	host   *fakehost.Host
	viewer fakehost.User
	token  fakehost.Token
	web    string // root of the addresses that people open
	// fresh reads references as they are, past what stale readers are shown: a
	// mutation does.
	fresh bool
}

// visible says why the viewer may not read a repository, or nil. What is hidden
// does not exist for them.
func (s *session) visible(repo *fakehost.Repository) error {
	info := repo.Info()
	if repo.Permission(s.viewer.Login) < fakehost.Read || info.Private && !s.token.HasScope("repo") {
		return unknownRepository(info.Owner, info.Name)
	}
	owner, _ := s.host.User(info.Owner)
	if owner.RequireSSO && !slices.ContainsFunc(s.token.SSO, func(o string) bool { return strings.EqualFold(o, owner.Login) }) {
		err := graphql.Errorf("FORBIDDEN", "Resource protected by organization SAML enforcement. "+
			"You must grant your OAuth token access to this organization.")
		err.Extensions = map[string]any{"saml_failure": true}
		return err
	}
	if owner.RestrictApps && info.Private {
		return restricted(owner)
	}
	return nil
}

func unknownRepository(owner, name string) error {
	return graphql.Errorf("NOT_FOUND", "Could not resolve to a Repository with the name '%s/%s'.", owner, name)
}

func restricted(owner fakehost.User) error {
	return graphql.Errorf("FORBIDDEN", "Although you appear to have the correct authorization credentials, "+
		"the `%s` organization has enabled OAuth App access restrictions, meaning that data access to third-parties "+
		"is limited. For more information on these restrictions, including how to enable this app, visit "+
		"https://docs.github.com/articles/restricting-access-to-your-organization-s-data/", owner.Login)
}

// writable says why the viewer may not change a repository by a mutation, such as
// "CreateRef", that needs a permission; nil when they may.
func (s *session) writable(repo *fakehost.Repository, mutation string, need fakehost.Permission) error {
	if err := s.visible(repo); err != nil {
		return err
	}
	info := repo.Info()
	scopes := []string{"public_repo", "repo"}
	if info.Private {
		scopes = []string{"repo"}
	}
	if !s.token.HasScope(scopes...) {
		return graphql.Errorf("INSUFFICIENT_SCOPES", "Your token has not been granted the required scopes to execute this query. "+
			"The '%s' field requires one of the following scopes: ['%s'], but your token has only been granted the: ['%s'] scopes. "+
			"Please modify your token's scopes at: https://github.com/settings/tokens.",
			lowerFirst(mutation), strings.Join(scopes, "', '"), strings.Join(s.token.Scopes, "', '"))
	}
	if owner, _ := s.host.User(info.Owner); owner.RestrictApps {
		return restricted(owner)
	}
	if info.Archived {
		return graphql.Errorf("FORBIDDEN", "Repository was archived so is read-only.")
	}
	if repo.Permission(s.viewer.Login) < need {
		return s.forbidden(mutation)
	}
	return nil
}

func (s *session) forbidden(mutation string) error {
	return graphql.Errorf("FORBIDDEN", "%s does not have the correct permissions to execute `%s`", s.viewer.Login, mutation)
}

// lookup finds a repository by name as a client does.
func (s *session) lookup(owner, name string) (*repositoryNode, error) {
	repo, _, ok := s.host.Lookup(owner, name)
	if !ok {
		return nil, unknownRepository(owner, name)
	}
	if err := s.visible(repo); err != nil {
		return nil, err
	}
	return &repositoryNode{s, repo}, nil
}

// seen is what the viewer is shown of a reference.
func (s *session) seen(repo *fakehost.Repository, name string) (fakehost.Ref, bool) {
	if branch, ok := strings.CutPrefix(name, headsPrefix); ok && s.fresh {
		id, ok := repo.Head(branch)
		return fakehost.Ref{Name: name, ID: id}, ok
	}
	return repo.SeenRef(name)
}

func lowerFirst(text string) string { return strings.ToLower(text[:1]) + text[1:] }
