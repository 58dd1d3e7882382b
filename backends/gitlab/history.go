package gitlab

import (
	"context"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
)

// contains looks in a branch's history since base for a commit whose answer was lost:
// the one with the same message and content, on a parent that has of its files what
// was seen.
// https://docs.gitlab.com/api/commits/#list-repository-commits
func (r *Repo) contains(ctx context.Context, head, base string, c driver.Commit, seen changeset.Places) (bool, error) {
	v, err := r.api.Get(ctx, r.path("repository", "commits")+rest.Query("ref_name", head, "per_page", "50"))
	if err != nil {
		return false, err
	}
	for _, item := range v.Array() {
		made, err := decodeCommit(item)
		if err != nil || made.id == base {
			return false, err
		}
		if strings.TrimSpace(item.Get("message").String()) != strings.TrimSpace(c.Message) {
			continue
		}
		follows, err := r.follows(ctx, made.parent, base, c, seen)
		if err != nil {
			return false, err
		}
		if follows {
			return changeset.Made(ctx, r, made.id, c.Changes)
		}
	}
	return false, nil
}

// follows says whether a commit's parent still has what was seen at base.
func (r *Repo) follows(ctx context.Context, parent, base string, c driver.Commit, seen changeset.Places) (bool, error) {
	if parent == base {
		return true, nil
	}
	at, err := changeset.Look(ctx, r, parent, changeset.Paths(c.Changes))
	return err == nil && changeset.Moved(c.Changes, seen, at) == nil, err
}

// checkParent looks at what a commit was added to, if that is not what was expected.
// GitLab compares the files that are changed with what was seen, but not at the moment
// in which it makes the commit, nor those that are new: what somebody changed meanwhile
// is restored.
func (r *Repo) checkParent(ctx context.Context, c driver.Commit, made recorded, expected string, seen changeset.Places) error {
	if made.parent == expected || made.parent == "" {
		return nil
	}
	at, err := changeset.Look(ctx, r, made.parent, changeset.Paths(c.Changes))
	if err != nil {
		return err
	}
	conflict := changeset.Moved(c.Changes, seen, at)
	if conflict == nil {
		return nil
	}
	if err := r.revert(ctx, c.Branch, made.id); err != nil {
		e := *cmserr.From(conflict)
		e.Msg = "Somebody else has changed the same files at the same moment, and this change went over theirs. " +
			"Theirs is in the commit before “" + made.id + "”."
		e.Err = err
		return &e
	}
	return conflict
}

// https://docs.gitlab.com/api/commits/#revert-a-commit
func (r *Repo) revert(ctx context.Context, branch, commit string) error {
	var j rest.JSON
	j.Object().Field("branch", branch).EndObject()
	_, err := r.api.Send(ctx, "POST", r.path("repository", "commits", commit, "revert"), &j)
	return err
}
