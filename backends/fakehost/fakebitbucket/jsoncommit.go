package fakebitbucket

import (
	"html"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// rendered is text with markup. The fake knows paragraphs, no markup.
func rendered(raw string) obj {
	text := strings.TrimSpace(raw)
	if text != "" {
		text = "<p>" + html.EscapeString(text) + "</p>"
	}
	return obj{"type": "rendered", "raw": raw, "markup": "markdown", "html": text}
}

// authorJSON is a commit's author: a user, where the address is one's.
func (c *call) authorJSON(s object.Signature) obj {
	o := obj{"type": "author", "raw": s.Name + " <" + s.Email + ">"}
	if u, found := c.host.UserByEmail(s.Email); found {
		o["user"] = c.userJSON(u)
	}
	return o
}

// commitBrief is a commit as part of something else.
func (c *call) commitBrief(r *fakehost.Repository, id string) obj {
	return obj{"type": "commit", "hash": id, "links": obj{
		"self": href(c.of(r, "commit", id)), "html": href(c.web(r.FullName(), "commits", id)),
	}}
}

// commitJSON is a commit in a list.
func (c *call) commitJSON(commit *object.Commit) (obj, error) {
	o := c.commitOfBranch(commit)
	o["rendered"], o["summary"] = obj{"message": rendered(commit.Message)}, rendered(commit.Message)
	o["committer"] = extra(func() any { return c.authorJSON(commit.Committer) })
	return o, nil
}

// commitOfBranch is a commit as a branch's target.
func (c *call) commitOfBranch(commit *object.Commit) obj {
	id := commit.Hash.String()
	o := c.commitBrief(c.repo, id)
	links := o["links"].(obj)
	for _, name := range []string{"comments", "approve", "statuses"} {
		links[name] = href(c.inRepo("commit", id, name))
	}
	links["patch"], links["diff"] = href(c.inRepo("patch", id)), href(c.inRepo("diff", id))
	parents := []obj{}
	for _, p := range commit.ParentHashes {
		parents = append(parents, c.commitBrief(c.repo, p.String()))
	}
	o["repository"], o["author"], o["parents"] = c.repositoryBrief(c.repo), c.authorJSON(commit.Author), parents
	o["date"], o["message"] = commitTime(commit.Author.When), commit.Message
	return o
}

// getCommit: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/#api-repositories-workspace-repo-slug-commit-commit-get
func getCommit(c *call) (*answer, error) {
	id, err := c.commitOf(c.path["commit"])
	if err != nil {
		return nil, err
	}
	commit, err := c.repo.CommitByID(id)
	if err != nil {
		return nil, err
	}
	o, err := c.commitJSON(commit)
	o["participants"] = []obj{}
	return &answer{body: o}, err
}

// commitOf finds the commit that a revision means: a hash of 7 digits or more, a
// branch or a tag.
func (c *call) commitOf(revision string) (plumbing.Hash, error) {
	if id, found := c.repo.ResolveCommit(revision); found && revision != "" {
		return id, nil
	}
	return plumbing.ZeroHash, &apiError{status: 404, message: "Commit not found", data: obj{"shas": []string{revision}}}
}
