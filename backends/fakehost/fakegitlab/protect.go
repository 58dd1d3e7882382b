package fakegitlab

import (
	"net/http"

	"mooring/backends/fakehost"
)

// pushLevel is the least access level that may push to a protected branch: 0
// is no one, whatever their level.
func pushLevel(p fakehost.Protection) int {
	restricted := p.RestrictPushes || p.RequiredReviews > 0
	switch {
	case restricted && p.EnforceAdmins:
		return 0
	case restricted:
		return maintainer
	}
	return developer
}

// mergeLevel is the least access level that may merge into a protected branch.
func mergeLevel(p fakehost.Protection) int {
	if p.RestrictMerges {
		return maintainer
	}
	return developer
}

// protectedJSON: https://docs.gitlab.com/api/protected_branches/
func protectedJSON(name string, p fakehost.Protection) obj {
	access := func(level int) []obj {
		words := map[int]string{0: "No one", developer: "Developers + Maintainers", maintainer: "Maintainers"}
		return []obj{{"id": level + 1, "access_level": level, "access_level_description": words[level], "deploy_key_id": nil}}
	}
	return obj{"id": 1, "name": name, "allow_force_push": false,
		"push_access_levels": access(pushLevel(p)), "merge_access_levels": access(mergeLevel(p))}
}

// listProtected: https://docs.gitlab.com/api/protected_branches/#list-protected-branches
func listProtected(c *call) (*answer, error) {
	if err := c.need(fakehost.Write); err != nil {
		return nil, err
	}
	list := []obj{}
	for _, ref := range c.repo.Refs(headsPrefix) {
		if p, protected := c.repo.Protection(ref.Branch()); protected {
			list = append(list, protectedJSON(ref.Branch(), p))
		}
	}
	return paged(c, list, withTotals, nil, func(o obj) (obj, error) { return o, nil })
}

// getProtected: https://docs.gitlab.com/api/protected_branches/#get-a-single-protected-branch-or-wildcard-protected-branch
func getProtected(c *call) (*answer, error) {
	if err := c.need(fakehost.Write); err != nil {
		return nil, err
	}
	p, protected := c.repo.Protection(c.path["branch"])
	if !protected {
		return nil, notFound("")
	}
	return ok(protectedJSON(c.path["branch"], p))
}

// protectBranch: https://docs.gitlab.com/api/protected_branches/#protect-repository-branches
func protectBranch(c *call) (*answer, error) {
	if err := c.need(fakehost.Admin); err != nil {
		return nil, err
	}
	if err := c.params.require("name"); err != nil {
		return nil, err
	}
	name := c.params.text("name")
	if _, protected := c.repo.Protection(name); protected {
		return nil, refused(http.StatusConflict, "Protected branch '"+name+"' already exists")
	}
	push, merge := c.params.number("push_access_level", maintainer), c.params.number("merge_access_level", maintainer)
	p := fakehost.Protection{RestrictPushes: push != developer, EnforceAdmins: push == 0, RestrictMerges: merge != developer}
	c.repo.Protect(name, &p)
	return created(protectedJSON(name, p))
}

// unprotectBranch: https://docs.gitlab.com/api/protected_branches/#unprotect-repository-branches
func unprotectBranch(c *call) (*answer, error) {
	if err := c.need(fakehost.Admin); err != nil {
		return nil, err
	}
	if _, protected := c.repo.Protection(c.path["branch"]); !protected {
		return nil, notFound("")
	}
	c.repo.Protect(c.path["branch"], nil)
	return noContent()
}
