package fakegithub

import (
	"strings"

	"mooring/backends/fakehost"
)

// getUser: https://docs.github.com/rest/users/users#get-the-authenticated-user
func getUser(c *call) (*answer, error) {
	if !c.signedIn() {
		return nil, &apiError{status: 401, message: "Requires authentication",
			docs: docsRoot + "/users/users#get-the-authenticated-user"}
	}
	return ok(c.profileJSON(c.user))
}

// getUserByName: https://docs.github.com/rest/users/users#get-a-user
func getUserByName(c *call) (*answer, error) {
	u, found := c.host.User(c.params["login"])
	if !found {
		return nil, notFound(docsRoot + "/users/users#get-a-user")
	}
	return ok(c.profileJSON(u))
}

// listMyRepos: https://docs.github.com/rest/repos/repos#list-repositories-for-the-authenticated-user
func listMyRepos(c *call) (*answer, error) {
	if !c.signedIn() {
		return nil, &apiError{status: 401, message: "Requires authentication"}
	}
	var list []*fakehost.Repository
	for _, r := range c.host.Repositories() {
		own := strings.EqualFold(r.Info().Owner, c.user.Login)
		if c.mayRead(r) && (own || r.Permission(c.user.Login) > fakehost.Read || r.Info().Private) {
			list = append(list, r)
		}
	}
	return paged(c, list, func(r *fakehost.Repository) (obj, error) { return c.listedRepoJSON(r), nil })
}

// getRepo: https://docs.github.com/rest/repos/repos#get-a-repository
func getRepo(c *call) (*answer, error) { return ok(c.fullRepoJSON(c.repo)) }

// getPermission: https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user
func getPermission(c *call) (*answer, error) {
	if c.permission() < fakehost.Write {
		return nil, &apiError{status: 403, message: "Must have push access to view collaborator permission.",
			docs: docsRoot + "/collaborators/collaborators#get-repository-permissions-for-a-user"}
	}
	u, found := c.host.User(c.params["login"])
	if !found {
		return nil, notFound("")
	}
	return ok(obj{"permission": c.repo.Permission(u.Login).String(), "user": c.userJSON(u)})
}

// rateLimit: https://docs.github.com/rest/rate-limit/rate-limit
func rateLimit(c *call) (*answer, error) {
	resources := obj{}
	for _, name := range []string{"core", "graphql"} {
		rate, _ := c.host.Spend(c.rateUser(), name, 0)
		resources[name] = obj{"limit": rate.Limit, "used": rate.Used, "remaining": rate.Remaining(),
			"reset": rate.Reset.Unix(), "resource": name}
	}
	return ok(obj{"resources": resources, "rate": resources["core"]})
}

// createFork: https://docs.github.com/rest/repos/forks#create-a-fork
func createFork(c *call) (*answer, error) {
	if !c.signedIn() || !c.canWriteScope(c.repo.Info()) {
		return nil, notFound("")
	}
	var in struct {
		Organization, Name string
		DefaultBranchOnly  bool `json:"default_branch_only"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	owner := c.user.Login
	if in.Organization != "" {
		owner = in.Organization
	}
	if strings.EqualFold(owner, c.repo.Info().Owner) {
		return nil, forbidden("You cannot fork a repository to its own owner.")
	}
	fork, err := c.host.Fork(owner, c.repo, fakehost.ForkOptions{Name: in.Name, DefaultBranchOnly: in.DefaultBranchOnly})
	if err != nil {
		return nil, err
	}
	return &answer{status: 202, body: c.fullRepoJSON(fork)}, nil
}

// listForks: https://docs.github.com/rest/repos/forks#list-forks
func listForks(c *call) (*answer, error) {
	return paged(c, c.repo.Forks(), func(r *fakehost.Repository) (obj, error) { return c.listedRepoJSON(r), nil })
}

// mergeUpstream: https://docs.github.com/rest/branches/branches#sync-a-fork-branch-with-the-upstream-repository
func mergeUpstream(c *call) (*answer, error) {
	if err := c.mayPush(); err != nil {
		return nil, err
	}
	var in struct{ Branch string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	did, err := c.repo.MergeUpstream(c.user.Login, in.Branch)
	switch fakehost.KindOf(err) {
	case fakehost.Conflict:
		return nil, &apiError{status: 409, message: "There are merge conflicts"}
	case fakehost.NotFound:
		return nil, invalid("Branch not found")
	}
	if err != nil {
		return nil, err
	}
	messages := map[string]string{
		"none":         "This branch is not behind the upstream " + did.Base + ".",
		"fast-forward": "Successfully fetched and fast-forwarded from upstream " + did.Base + ".",
		"merge":        "Successfully fetched and merged from upstream " + did.Base + ".",
	}
	return ok(obj{"message": messages[did.Type], "merge_type": did.Type, "base_branch": did.Base})
}
