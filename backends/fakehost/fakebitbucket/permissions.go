package fakebitbucket

import (
	"slices"
	"strings"

	"mooring/backends/fakehost"
)

// listWorkspaces are the workspaces in which the caller has something to do
// (https://developer.atlassian.com/cloud/bitbucket/changelog/#CHANGE-3022).
func listWorkspaces(c *call) (*answer, error) {
	var owners []string
	for _, r := range c.given("") {
		if owner := r.Info().Owner; !slices.Contains(owners, owner) {
			owners = append(owners, owner)
		}
	}
	return paged(c, owners, usualListing, func(owner string) (obj, error) {
		return obj{"type": "workspace_access", "administrator": c.host.Member(owner, c.user.Login) == fakehost.Admin || owner == c.user.Login,
			"workspace": c.workspaceJSON(owner, "workspace_base")}, nil
	})
}

// workspaceJSON is the workspace that an owner's repositories are in.
func (c *call) workspaceJSON(owner, kind string) obj {
	u, _ := c.host.User(owner)
	o := obj{"type": kind, "slug": owner, "uuid": userUUID(u), "links": obj{"self": obj{"href": c.api("workspaces", owner)}}}
	if kind == "workspace" {
		o["name"] = displayName(u)
		links := o["links"].(obj)
		links["html"], links["avatar"] = obj{"href": c.web(owner) + "/"}, obj{"href": c.web("account", "avatars", owner)}
	}
	return o
}

// given are the repositories of a workspace ("" is any) in which the caller was
// given a permission. That all may read a public one gives none.
func (c *call) given(workspace string) []*fakehost.Repository {
	return slices.DeleteFunc(c.host.Repositories(), func(r *fakehost.Repository) bool {
		return workspace != "" && !strings.EqualFold(r.Info().Owner, workspace) || c.givenIn(r) == fakehost.None
	})
}

func (c *call) givenIn(r *fakehost.Repository) fakehost.Permission {
	p := r.Permission(c.user.Login)
	if p == fakehost.Read && !r.Info().Private {
		return r.DirectPermission(c.user.Login)
	}
	return p
}

// listPermissions is what the caller may do in a workspace's repositories: the
// greatest permission, whatever it comes from.
func listPermissions(c *call) (*answer, error) {
	return paged(c, c.given(c.path["workspace"]), usualListing, func(r *fakehost.Repository) (obj, error) {
		return obj{"type": "repository_permission", "permission": c.givenIn(r).String(), "user": c.userJSON(c.user),
			"repository": c.repositoryBrief(r)}, nil
	})
}

// listUserPermissions:
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/#api-repositories-workspace-repo-slug-permissions-config-users-get
func listUserPermissions(c *call) (*answer, error) {
	users := slices.DeleteFunc(c.host.Users(), func(u fakehost.User) bool {
		return c.repo.DirectPermission(u.Login) == fakehost.None
	})
	return paged(c, users, usualListing, func(u fakehost.User) (obj, error) {
		return obj{"type": "repository_user_permission", "permission": c.repo.DirectPermission(u.Login).String(), "user": c.userJSON(u),
			"links": obj{"self": obj{"href": c.inRepo("permissions-config", "users", userUUID(u))}}}, nil
	})
}

// listRestrictions are the rules that the model's protections come to
// (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-branch-restrictions/).
func listRestrictions(c *call) (*answer, error) {
	var rules []obj
	for _, ref := range c.repo.Refs(headsPrefix) {
		if p, protected := c.repo.Protection(ref.Branch()); protected {
			rules = append(rules, c.restrictions(ref.Branch(), p)...)
		}
	}
	for i, rule := range rules {
		rule["id"] = i + 1
		rule["links"] = obj{"self": obj{"href": c.inRepo("branch-restrictions", digits(i+1))}}
	}
	if kind := c.param("kind"); kind != "" {
		rules = slices.DeleteFunc(rules, func(o obj) bool { return o["kind"] != kind })
	}
	return paged(c, rules, usualListing, func(o obj) (obj, error) { return o, nil })
}

func (c *call) restrictions(branch string, p fakehost.Protection) []obj {
	rule := func(kind string, value any) obj {
		users := []obj{}
		if !p.EnforceAdmins && value == nil {
			users = c.admins()
		}
		return obj{"type": "branchrestriction", "kind": kind, "pattern": branch, "branch_match_kind": "glob", "value": value,
			"users": users, "groups": []obj{}}
	}
	rules := []obj{rule("delete", nil), rule("force", nil)}
	if p.RestrictPushes || p.RequiredReviews > 0 {
		rules = append(rules, rule("push", nil))
	}
	if p.RestrictMerges {
		rules = append(rules, rule("restrict_merges", nil))
	}
	if p.RequiredReviews > 0 {
		rules = append(rules, rule("require_approvals_to_merge", p.RequiredReviews))
	}
	if len(p.RequiredChecks) > 0 {
		rules = append(rules, rule("require_passing_builds_to_merge", len(p.RequiredChecks)))
	}
	return rules
}

func (c *call) admins() []obj {
	list := []obj{}
	for _, u := range c.host.Users() {
		if !u.Organization && c.repo.Permission(u.Login) == fakehost.Admin {
			list = append(list, c.userJSON(u))
		}
	}
	return list
}
