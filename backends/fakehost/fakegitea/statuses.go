package fakegitea

import (
	"slices"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

// statusJSON is a commit status. What is called state elsewhere is called
// status here.
func (c *call) statusJSON(s fakehost.Status, id plumbing.Hash) obj {
	var creator any
	if u, found := c.host.User(s.Creator); found {
		creator = c.userJSON(u, fakehost.User{})
	}
	return obj{"id": s.ID, "status": s.State, "target_url": s.TargetURL, "description": s.Description,
		"url": c.repoAPI("statuses", id.String()), "context": s.Context, "creator": creator,
		"created_at": timeText(s.CreatedAt), "updated_at": timeText(s.CreatedAt)}
}

// statusOf finds the commit that the path's ref names.
func (c *call) statusOf() (plumbing.Hash, error) {
	id, found := c.repo.ResolveCommit(c.params["ref"])
	if !found {
		return id, notFound(missingObject(c.params["ref"], ""))
	}
	return id, nil
}

// combinedStatus: GET …/commits/{ref}/status: of each context the newest. All
// that it says, total_count too, is about the page: only X-Total-Count isn't.
func combinedStatus(c *call) (*answer, error) {
	id, err := c.statusOf()
	if err != nil {
		return nil, err
	}
	var latest []fakehost.Status
	for _, s := range c.repo.Statuses(id) {
		if !slices.ContainsFunc(latest, func(l fakehost.Status) bool { return l.Context == s.Context }) {
			latest = append(latest, s)
		}
	}
	p := c.page()
	from, to := p.part(len(latest))
	var list []obj // null when there are none
	for _, s := range latest[from:to] {
		list = append(list, c.statusJSON(s, id))
	}
	slices.Reverse(list)
	a := &answer{body: obj{"state": worst(latest[from:to]), "sha": id.String(), "total_count": len(list), "statuses": list,
		"repository": c.repoJSON(c.repo), "commit_url": c.repoAPI("commits", id.String()),
		"url": c.repoAPI("commits", id.String(), "status")}}
	c.links(a, p, len(latest))
	return a, nil
}

// worst is the state of all together; pending when there is none.
func worst(list []fakehost.Status) string {
	for _, state := range []string{"error", "failure", "pending"} {
		if slices.ContainsFunc(list, func(s fakehost.Status) bool { return s.State == state }) {
			return state
		}
	}
	if len(list) == 0 {
		return "pending"
	}
	return "success"
}

// listStatuses: GET …/commits/{ref}/statuses and …/statuses/{sha}
func listStatuses(c *call) (*answer, error) {
	id, err := c.statusOf()
	if err != nil {
		return nil, err
	}
	return paged(c, c.repo.Statuses(id), func(s fakehost.Status) (obj, error) { return c.statusJSON(s, id), nil })
}

// createStatus: POST …/statuses/{sha}. Any state is taken; an unknown commit is
// a 500.
func createStatus(c *call) (*answer, error) {
	var in struct {
		State, Description, Context string
		TargetURL                   string `json:"target_url"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, found := c.repo.ResolveCommit(c.params["ref"])
	if !found {
		return nil, internal()
	}
	s := c.repo.AddStatus(id, fakehost.Status{Context: in.Context, State: in.State, TargetURL: in.TargetURL,
		Description: in.Description, Creator: c.user.Login})
	return created(c.statusJSON(s, id))
}
