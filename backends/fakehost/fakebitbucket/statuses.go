package fakebitbucket

import (
	"net/http"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

// states are the model's states in the API's words.
var states = map[string]string{"success": "SUCCESSFUL", "failure": "FAILED", "error": "FAILED", "pending": "INPROGRESS", "stopped": "STOPPED"}

// statusesOf are a commit's statuses. Of one key there is only the newest.
func (c *call) statusesOf(id plumbing.Hash) []fakehost.Status {
	var list []fakehost.Status
	for _, s := range c.repo.Statuses(id) {
		if !slices.ContainsFunc(list, func(other fakehost.Status) bool { return other.Context == s.Context }) {
			list = append(list, s)
		}
	}
	return list
}

// stateOf is the state of the status of a key, "" when there is none.
func (c *call) stateOf(id plumbing.Hash, key string) string {
	for _, s := range c.statusesOf(id) {
		if s.Context == key {
			return states[s.State]
		}
	}
	return ""
}

func (c *call) listStatusesOf(id plumbing.Hash) (*answer, error) {
	return paged(c, c.statusesOf(id), usualListing, func(s fakehost.Status) (obj, error) { return c.statusJSON(id, s), nil })
}

func (c *call) statusJSON(id plumbing.Hash, s fakehost.Status) obj {
	hash := id.String()
	return obj{
		"type": "build", "uuid": uuid("status", s.ID), "key": s.Context, "name": s.Context, "state": states[s.State], "description": s.Description,
		"url": s.TargetURL, "refname": orNull(s.Ref), "created_on": timestamp(s.CreatedAt, s.ID), "updated_on": timestamp(s.CreatedAt, s.ID),
		"commit": c.commitBrief(c.repo, hash), "repository": c.repositoryBrief(c.repo),
		"links": obj{"self": href(c.inRepo("commit", hash, "statuses", "build", s.Context)), "commit": href(c.inRepo("commit", hash))},
	}
}

// commitStatuses: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/#api-repositories-workspace-repo-slug-commit-commit-statuses-get
func commitStatuses(c *call) (*answer, error) {
	id, err := c.commitOf(c.path["commit"])
	if err != nil {
		return nil, err
	}
	return c.listStatusesOf(id)
}

// pullStatuses are those of the source's commit
// (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-statuses-get).
func pullStatuses(c *call) (*answer, error) {
	p, err := c.pull()
	if err != nil {
		return nil, err
	}
	return c.listStatusesOf(p.Head.SHA)
}

// createStatus: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/#api-repositories-workspace-repo-slug-commit-commit-statuses-build-post
func createStatus(c *call) (*answer, error) {
	var in struct{ Key, State, URL, Description, Refname string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := c.commitOf(c.path["commit"])
	if err != nil {
		return nil, err
	}
	state := ""
	for mine, theirs := range states {
		if theirs == in.State && mine != "error" {
			state = mine
		}
	}
	if state == "" {
		return nil, badField("state", `"`+in.State+`" is not a valid choice.`)
	}
	if in.Key == "" || in.URL == "" {
		return nil, badField("key", "This field is required, and so is url.")
	}
	s := c.repo.AddStatus(id, fakehost.Status{Context: in.Key, State: state, TargetURL: in.URL, Description: in.Description, Ref: in.Refname, Creator: c.user.Login})
	return &answer{status: http.StatusCreated, body: c.statusJSON(id, s)}, nil
}
