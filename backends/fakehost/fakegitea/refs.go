package fakegitea

import (
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

// pullRefs are the server's own references: the heads of pull requests, which
// stay when their branch is gone. After a push they are behind for a moment
// (Settings.HeadLag).
func (c *call) pullRefs() []fakehost.Ref {
	var refs []fakehost.Ref
	for _, p := range c.repo.Pulls() {
		p, _ = c.repo.SeenPull(p.Number)
		refs = append(refs, fakehost.Ref{Name: pullRef(p.Number), ID: p.Head.SHA})
	}
	return refs
}

func pullRef(number int) string { return "refs/pull/" + strconv.Itoa(number) + "/head" }

// resolve finds the commit that a name or id means to Git.
func (c *call) resolve(rev string) (plumbing.Hash, bool) {
	if strings.HasPrefix(rev, "refs/pull/") {
		for _, ref := range c.pullRefs() {
			if ref.Name == rev {
				return ref.ID, true
			}
		}
	}
	return c.repo.ResolveCommit(rev)
}

// listRefs: GET …/git/refs/{ref}: all references whose name starts so, in a
// list even when it is one.
func listRefs(c *call) (*answer, error) {
	prefix := "refs/" + strings.TrimSuffix(c.params["ref"], "/")
	refs := c.repo.SeenRefs(prefix)
	if strings.HasPrefix("refs/pull/", prefix) || strings.HasPrefix(prefix, "refs/pull/") {
		refs = append(refs, c.pullRefs()...)
	}
	list := []obj{}
	for _, ref := range refs {
		if !strings.HasPrefix(ref.Name, prefix) {
			continue
		}
		kind := c.repo.TypeOf(ref.ID).String()
		list = append(list, obj{"ref": ref.Name, "url": c.repoAPI("git", ref.Name),
			"object": obj{"type": kind, "sha": ref.ID.String(), "url": c.repoAPI("git", kind+"s", ref.ID.String())}})
	}
	if len(list) == 0 {
		return nil, notFound()
	}
	return ok(list)
}
