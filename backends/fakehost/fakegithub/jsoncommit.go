package fakegithub

import (
	"net/url"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

func (c *call) repoAPI(parts ...string) string {
	return c.api(append([]string{"repos", c.repo.FullName()}, parts...)...)
}

func (c *call) repoWeb(parts ...string) string {
	return c.web(append([]string{c.repo.FullName()}, parts...)...)
}

func signatureJSON(s object.Signature) obj {
	return obj{"name": s.Name, "email": s.Email, "date": timeText(s.When)}
}

// byEmail is the user that commits under an address, null when nobody does.
func (c *call) byEmail(email string) any {
	u, ok := c.host.UserByEmail(email)
	if !ok {
		return nil
	}
	return c.userJSON(u)
}

func verificationJSON() obj {
	return obj{"verified": false, "reason": "unsigned", "signature": nil, "payload": nil}
}

func (c *call) treeLink(id plumbing.Hash) obj {
	return obj{"sha": id.String(), "url": c.repoAPI("git/trees", id.String())}
}

// gitCommitJSON is a commit as the git/commits endpoints give it.
func (c *call) gitCommitJSON(commit *object.Commit) obj {
	id := commit.Hash.String()
	parents := []obj{}
	for _, p := range commit.ParentHashes {
		parents = append(parents, obj{"sha": p.String(), "url": c.repoAPI("git/commits", p.String()),
			"html_url": c.repoWeb("commit", p.String())})
	}
	return obj{
		"sha": id, "node_id": nodeID("Commit", c.repo.Info().ID, id), "url": c.repoAPI("git/commits", id),
		"html_url": c.repoWeb("commit", id), "author": signatureJSON(commit.Author),
		"committer": signatureJSON(commit.Committer), "tree": c.treeLink(commit.TreeHash),
		"message": commit.Message, "parents": parents, "verification": verificationJSON(),
	}
}

// commitJSON is a commit as the commits endpoints and compare give it.
func (c *call) commitJSON(commit *object.Commit) obj {
	id := commit.Hash.String()
	parents := []obj{}
	for _, p := range commit.ParentHashes {
		parents = append(parents, obj{"sha": p.String(), "url": c.repoAPI("commits", p.String()),
			"html_url": c.repoWeb("commit", p.String())})
	}
	return obj{
		"sha": id, "node_id": nodeID("Commit", c.repo.Info().ID, id),
		"commit": obj{
			"author": signatureJSON(commit.Author), "committer": signatureJSON(commit.Committer),
			"message": commit.Message, "tree": c.treeLink(commit.TreeHash), "url": c.repoAPI("git/commits", id),
			"comment_count": 0, "verification": verificationJSON(),
		},
		"url": c.repoAPI("commits", id), "html_url": c.repoWeb("commit", id),
		"comments_url": c.repoAPI("commits", id, "comments"),
		"author":       c.byEmail(commit.Author.Email), "committer": c.byEmail(commit.Committer.Email),
		"parents": parents,
	}
}

// commitByID is commitJSON for an id; NotFound when there is no such commit.
func (c *call) commitByID(id plumbing.Hash) (obj, error) {
	commit, err := c.repo.CommitByID(id)
	if err != nil {
		return nil, err
	}
	return c.commitJSON(commit), nil
}

func (c *call) commitsByID(ids []plumbing.Hash) ([]obj, error) {
	list := []obj{}
	for _, id := range ids {
		commit, err := c.commitByID(id)
		if err != nil {
			return nil, err
		}
		list = append(list, commit)
	}
	return list, nil
}

// fileJSON is a changed file, in the state that commit ref has.
func (c *call) fileJSON(f fakehost.FileChange, ref plumbing.Hash) (obj, error) {
	patch, err := f.Patch()
	if err != nil {
		return nil, err
	}
	o := obj{
		"sha": f.ID.String(), "filename": f.Path, "status": f.Status, "additions": patch.Additions,
		"deletions": patch.Deleted, "changes": patch.Additions + patch.Deleted,
		"blob_url": c.repoWeb("blob", ref.String(), f.Path), "raw_url": c.repoWeb("raw", ref.String(), f.Path),
		"contents_url": c.repoAPI("contents", f.Path) + "?ref=" + ref.String(),
	}
	if patch.Hunks != "" {
		o["patch"] = patch.Hunks
	}
	if f.Previous != "" {
		o["previous_filename"] = f.Previous
	}
	return o, nil
}

func (c *call) filesJSON(files []fakehost.FileChange, ref plumbing.Hash) ([]obj, error) {
	list := []obj{}
	for _, f := range files {
		o, err := c.fileJSON(f, ref)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

// refJSON is a reference as the git/refs endpoints give it. The id of a
// branch's node has the short name, as in the recorded answers.
func (c *call) refJSON(ref fakehost.Ref) obj {
	kind := c.repo.TypeOf(ref.ID).String()
	return obj{
		"ref": ref.Name, "node_id": refID(c.repo, ref.Name),
		"url":    c.repoAPI("git", ref.Name),
		"object": obj{"sha": ref.ID.String(), "type": kind, "url": c.repoAPI("git", kind+"s", ref.ID.String())},
	}
}

// shortBranchJSON is a branch of the list of branches.
func (c *call) shortBranchJSON(ref fakehost.Ref) obj {
	name := ref.Branch()
	protection, protected := c.repo.Protection(name)
	checks := obj{"enforcement_level": "off", "contexts": []string{}}
	if len(protection.RequiredChecks) > 0 {
		checks = obj{"enforcement_level": "non_admins", "contexts": protection.RequiredChecks}
	}
	return obj{
		"name": name, "commit": obj{"sha": ref.ID.String(), "url": c.repoAPI("commits", ref.ID.String())},
		"protected":      protected,
		"protection":     obj{"enabled": protected, "required_status_checks": checks},
		"protection_url": c.repoAPI("branches", name, "protection"),
	}
}

// branchJSON is the answer of branches/{branch}.
func (c *call) branchJSON(ref fakehost.Ref) (obj, error) {
	o := c.shortBranchJSON(ref)
	commit, err := c.commitByID(ref.ID)
	if err != nil {
		return nil, err
	}
	o["commit"] = commit
	o["_links"] = obj{"self": c.repoAPI("branches", ref.Branch()), "html": c.repoWeb("tree", ref.Branch())}
	return o, nil
}

// query escapes a value for an address's query.
func query(value string) string { return strings.ReplaceAll(url.QueryEscape(value), "+", "%20") }
