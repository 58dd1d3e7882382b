package fakegitlab

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

const headsPrefix = "refs/heads/"

// listBranches: https://docs.gitlab.com/api/branches/#list-repository-branches
func listBranches(c *call) (*answer, error) {
	search := searcher(c.params.text("search"))
	list := slices.DeleteFunc(c.repo.SeenRefs(headsPrefix), func(r fakehost.Ref) bool { return !search(r.Branch()) })
	if c.params.text("pagination") == "keyset" {
		return c.keysetBranches(list)
	}
	return paged(c, list, withTotals, nil, c.branchJSON)
}

// searcher says which names a search finds: ^text at the start, text$ at the
// end, otherwise text anywhere; whatever the case.
func searcher(search string) func(name string) bool {
	search = strings.ToLower(search)
	prefix, atStart := strings.CutPrefix(search, "^")
	suffix, atEnd := strings.CutSuffix(search, "$")
	return func(name string) bool {
		name = strings.ToLower(name)
		switch {
		case atStart:
			return strings.HasPrefix(name, prefix)
		case atEnd:
			return strings.HasSuffix(name, suffix)
		}
		return strings.Contains(name, search)
	}
}

func (c *call) keysetBranches(list []fakehost.Ref) (*answer, error) {
	p := c.page()
	if token := c.params.text("page_token"); token != "" {
		rest, found := after(list, token, fakehost.Ref.Branch)
		if !found {
			return nil, refused(http.StatusUnprocessableEntity, "Invalid page token: refs/heads/"+token)
		}
		list = rest
	}
	a := &answer{}
	if len(list) > p.size {
		list = list[:p.size]
		a.header = c.keysetHeader(p, list[p.size-1].Branch(), nil)
	}
	out := make([]obj, len(list))
	for i, ref := range list {
		var err error
		if out[i], err = c.branchJSON(ref); err != nil {
			return nil, err
		}
	}
	a.body = out
	return a, nil
}

// getBranch: https://docs.gitlab.com/api/branches/#get-single-repository-branch
func getBranch(c *call) (*answer, error) {
	ref, err := c.branch()
	if err != nil {
		return nil, err
	}
	o, err := c.branchJSON(ref)
	if err != nil {
		return nil, err
	}
	return ok(o)
}

// branch is the branch that the path names.
func (c *call) branch() (fakehost.Ref, error) {
	if plumbing.ReferenceName(headsPrefix+c.path["branch"]).Validate() != nil {
		return fakehost.Ref{}, refused(http.StatusBadRequest, "The branch refname is invalid")
	}
	ref, found := c.repo.SeenRef(headsPrefix + c.path["branch"])
	if !found {
		return ref, notFound("Branch")
	}
	return ref, nil
}

// headBranch says whether a branch is there.
func headBranch(c *call) (*answer, error) {
	if _, found := c.repo.SeenRef(headsPrefix + c.path["branch"]); !found {
		return nil, notFound("")
	}
	return noContent()
}

// createBranch: https://docs.gitlab.com/api/branches/#create-repository-branch
func createBranch(c *call) (*answer, error) {
	if err := c.need(fakehost.Write); err != nil {
		return nil, err
	}
	if err := c.params.require("branch", "ref"); err != nil {
		return nil, err
	}
	name, ref := c.params.text("branch"), c.params.text("ref")
	id, found := c.repo.ResolveCommit(ref)
	err := c.repo.CreateRef("", headsPrefix+name, id)
	switch fakehost.KindOf(err) {
	case fakehost.Exists:
		return nil, refused(http.StatusBadRequest, "Branch already exists")
	case fakehost.Conflict:
		return nil, refused(http.StatusBadRequest, fmt.Sprintf("Failed to create branch '%s': 9:reference conflict", name))
	case fakehost.Invalid:
		if !found {
			return nil, refused(http.StatusBadRequest, fmt.Sprintf("Failed to create branch '%s': invalid reference name '%s'", name, ref))
		}
		return nil, refused(http.StatusBadRequest, "Branch name is invalid")
	}
	if err != nil {
		return nil, err
	}
	o, err := c.branchJSON(fakehost.Ref{Name: headsPrefix + name, ID: id})
	if err != nil {
		return nil, err
	}
	return created(o)
}

// deleteBranch: https://docs.gitlab.com/api/branches/#delete-repository-branch
func deleteBranch(c *call) (*answer, error) {
	if err := c.need(fakehost.Write); err != nil {
		return nil, err
	}
	ref, err := c.branch()
	if err != nil {
		return nil, err
	}
	if ref.Branch() == c.repo.Info().DefaultBranch {
		return nil, refused(http.StatusBadRequest, "The default branch of a project cannot be deleted.")
	}
	if _, protected := c.repo.Protection(ref.Branch()); protected && c.repo.Permission(c.user.Login) < fakehost.Admin {
		return nil, refused(http.StatusBadRequest, "You are not allowed to delete protected branches from this project. "+
			"Only a project maintainer or owner can delete a protected branch.")
	}
	if err := c.repo.DeleteRef("", ref.Name); err != nil {
		return nil, err
	}
	return noContent()
}

func (c *call) branchJSON(ref fakehost.Ref) (obj, error) {
	commit, err := c.commitByID(ref.ID)
	if err != nil {
		return nil, err
	}
	name, info := ref.Branch(), c.repo.Info()
	p, protected := c.repo.Protection(name)
	base, _ := c.repo.Head(info.DefaultBranch)
	return obj{
		"name": name, "commit": commit, "default": name == info.DefaultBranch,
		"merged":    name != info.DefaultBranch && c.repo.IsAncestor(ref.ID, base),
		"protected": protected, "can_push": c.mayPush(name),
		"developers_can_push":  protected && pushLevel(p) == developer,
		"developers_can_merge": protected && mergeLevel(p) == developer,
		"web_url":              c.web(info.FullName(), "-", "tree", name),
	}, nil
}
