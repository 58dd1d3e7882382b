package fakegithub

import (
	"strings"

	"mooring/backends/fakehost"
)

const refDocs = docsRoot + "/git/refs#"

// getRef: https://docs.github.com/rest/git/refs#get-a-reference
func getRef(c *call) (*answer, error) {
	if err := c.nonEmpty(); err != nil {
		return nil, err
	}
	ref, found := c.repo.SeenRef("refs/" + c.params["ref"])
	if !found {
		return nil, notFound(refDocs + "get-a-reference")
	}
	return ok(c.refJSON(ref))
}

// getRefs is the older form of getRef: when there is no such reference, it
// lists all whose name starts so.
func getRefs(c *call) (*answer, error) {
	if ref, found := c.repo.SeenRef("refs/" + c.params["ref"]); found {
		return ok(c.refJSON(ref))
	}
	list := c.repo.SeenRefs("refs/" + c.params["ref"])
	if len(list) == 0 {
		a := c.failure(notFound(refDocs + "get-a-reference"))
		a.header = map[string]string{"X-Poll-Interval": "300"}
		return a, nil
	}
	return paged(c, list, func(r fakehost.Ref) (obj, error) { return c.refJSON(r), nil })
}

func listRefs(c *call) (*answer, error) {
	return paged(c, c.repo.SeenRefs("refs/"), func(r fakehost.Ref) (obj, error) { return c.refJSON(r), nil })
}

// matchingRefs: https://docs.github.com/rest/git/refs#list-matching-references.
// It isn't paged.
func matchingRefs(c *call) (*answer, error) {
	list := []obj{}
	for _, ref := range c.repo.SeenRefs("refs/" + c.params["ref"]) {
		list = append(list, c.refJSON(ref))
	}
	return ok(list)
}

// createRef: https://docs.github.com/rest/git/refs#create-a-reference
func createRef(c *call) (*answer, error) {
	if err := c.mayPush(); err != nil {
		return nil, err
	}
	if err := c.nonEmpty(); err != nil {
		return nil, err
	}
	var in struct{ Ref, SHA string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(in.Ref, "refs/") || strings.Count(in.Ref, "/") < 2 {
		return nil, invalid("Reference name must start with 'refs/' and contain at least two slashes.")
	}
	id, err := oid(in.SHA)
	if err != nil {
		return nil, err
	}
	if err := c.repo.CreateRef(c.user.Login, in.Ref, id); err != nil {
		if fakehost.KindOf(err) == fakehost.Conflict {
			return nil, invalid("Reference update failed")
		}
		return nil, err
	}
	o := c.refJSON(fakehost.Ref{Name: in.Ref, ID: id})
	return created(o["url"].(string), o)
}

// updateRef: https://docs.github.com/rest/git/refs#update-a-reference
func updateRef(c *call) (*answer, error) {
	if err := c.mayPush(); err != nil {
		return nil, err
	}
	var in struct {
		SHA   string
		Force bool
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := oid(in.SHA)
	if err != nil {
		return nil, err
	}
	name := "refs/" + c.params["ref"]
	if err := c.repo.UpdateRef(c.user.Login, name, id, in.Force); err != nil {
		return nil, refError(err)
	}
	return ok(c.refJSON(fakehost.Ref{Name: name, ID: id}))
}

// deleteRef: https://docs.github.com/rest/git/refs#delete-a-reference
func deleteRef(c *call) (*answer, error) {
	if err := c.mayPush(); err != nil {
		return nil, err
	}
	if err := c.repo.DeleteRef(c.user.Login, "refs/"+c.params["ref"]); err != nil {
		return nil, refError(err)
	}
	return noContent()
}

// refError: for the host a reference that isn't there is a mistake in the
// request, and no 404.
func refError(err error) error {
	if fakehost.KindOf(err) == fakehost.NotFound {
		return invalid("Reference does not exist")
	}
	return err
}

// listBranches: https://docs.github.com/rest/branches/branches#list-branches
func listBranches(c *call) (*answer, error) {
	return paged(c, c.repo.SeenRefs("refs/heads/"), func(r fakehost.Ref) (obj, error) { return c.shortBranchJSON(r), nil })
}

// getBranch: https://docs.github.com/rest/branches/branches#get-a-branch
func getBranch(c *call) (*answer, error) {
	ref, found := c.repo.SeenRef("refs/heads/" + c.params["branch"])
	if !found {
		return nil, &apiError{status: 404, message: "Branch not found", docs: docsRoot + "/branches/branches#get-a-branch"}
	}
	o, err := c.branchJSON(ref)
	if err != nil {
		return nil, err
	}
	return ok(o)
}
