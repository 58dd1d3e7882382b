package fakegithub

import (
	"context"
	"slices"
	"strings"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

const headsPrefix = "refs/heads/"

// refNode is the type Ref.
type refNode struct {
	*repositoryNode
	fakehost.Ref
	prefix string // what is left out of the name
}

func (*refNode) TypeName() string { return "Ref" }

func (r *refNode) Field(_ context.Context, name string, args graphql.Args) (any, error) {
	switch name {
	case "id":
		return refID(r.repo, r.Name), nil
	case "name":
		return strings.TrimPrefix(r.Name, r.prefix), nil
	case "prefix":
		return r.prefix, nil
	case "target":
		return r.objectByID(r.ID, ""), nil
	case "repository":
		return r.repositoryNode, nil
	case "associatedPullRequests":
		return r.pulls(r.headOf(), args), nil
	case "branchProtectionRule":
		return r.protectionRule(), nil
	}
	return nil, graphql.ErrNoField
}

// refID leaves out refs/heads/, as GitHub does.
func refID(repo *fakehost.Repository, name string) string {
	return nodeID("Ref", repo.Info().ID, strings.TrimPrefix(name, headsPrefix))
}

// fullRefName completes the name of a branch.
func fullRefName(name string) string {
	if strings.HasPrefix(name, "refs/") {
		return name
	}
	return headsPrefix + name
}

// headOf lists the pull requests whose head the branch is, here and in the origin.
func (r *refNode) headOf() []fakehost.PullRequest {
	repos := []*fakehost.Repository{r.repo}
	if parent := r.repo.Info().Parent; parent != nil {
		repos = append(repos, parent)
	}
	var list []fakehost.PullRequest
	for _, repo := range repos {
		for _, p := range repo.Pulls() {
			if p.Head.Repo == r.repo && p.Head.Branch == r.Branch() {
				list = append(list, p)
			}
		}
	}
	return list
}

// protectionRule is shown to those who may push, as on the real host.
func (r *refNode) protectionRule() any {
	p, ok := r.repo.Protection(r.Branch())
	if !ok || r.repo.Permission(r.viewer.Login) < fakehost.Write {
		return nil
	}
	return graphql.Fields{Type: "BranchProtectionRule", Values: map[string]any{
		"id": nodeID("BranchProtectionRule", r.repo.Info().ID, r.Branch()), "pattern": r.Branch(),
		"requiresStatusChecks": len(p.RequiredChecks) > 0, "requiredStatusCheckContexts": p.RequiredChecks,
		"requiresApprovingReviews": p.RequiredReviews > 0, "requiredApprovingReviewCount": p.RequiredReviews,
		"restrictsPushes": p.RestrictPushes, "isAdminEnforced": p.EnforceAdmins,
		"allowsForcePushes": false, "allowsDeletions": false,
	}}
}

// ref finds a reference by its full name, or by that after refs/ or refs/heads/.
func (r *repositoryNode) ref(name string) any {
	for _, full := range []string{fullRefName(name), "refs/" + name, "refs/tags/" + name} {
		if ref, ok := r.seen(r.repo, full); ok {
			prefix := headsPrefix
			if !strings.HasPrefix(full, prefix) {
				prefix = full[:strings.LastIndex(full, "/")+1]
			}
			return &refNode{r, ref, prefix}
		}
	}
	return nil
}

// refs lists references below a prefix; their names leave it out.
func (r *repositoryNode) refs(args graphql.Args) (any, error) {
	prefix := args.String("refPrefix")
	if !strings.HasPrefix(prefix, "refs/") {
		return nil, graphql.Errorf("ARGUMENT_ERROR", "refPrefix must start with refs/")
	}
	if !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	var list []*refNode
	for _, ref := range r.repo.SeenRefs(prefix) {
		if strings.Contains(strings.TrimPrefix(ref.Name, prefix), args.String("query")) {
			list = append(list, &refNode{r, ref, prefix})
		}
	}
	order := args.Object("orderBy")
	if order.String("field") == "TAG_COMMIT_DATE" {
		slices.SortStableFunc(list, func(a, b *refNode) int { return a.date().Compare(b.date()) })
	}
	if order.String("direction") == "DESC" || args.String("direction") == "DESC" {
		slices.Reverse(list)
	}
	return graphql.Connect(list), nil
}
