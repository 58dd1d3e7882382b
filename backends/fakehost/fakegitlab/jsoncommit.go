package fakegitlab

import (
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// commitTime is how the API writes a commit's time.
func commitTime(t time.Time) string { return t.Format("2006-01-02T15:04:05.000-07:00") }

// timestamp is how the API writes any other time, nil when it is zero.
func timestamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// commitJSON is a commit in a list
// (https://docs.gitlab.com/api/commits/#list-repository-commits).
func (c *call) commitJSON(commit *object.Commit) (obj, error) {
	parents := []string{}
	for _, p := range commit.ParentHashes {
		parents = append(parents, p.String())
	}
	id := commit.Hash.String()
	return obj{
		"id": id, "short_id": id[:8], "parent_ids": parents,
		"title": title(commit.Message), "message": commit.Message,
		"author_name": commit.Author.Name, "author_email": commit.Author.Email, "authored_date": commitTime(commit.Author.When),
		"committer_name": commit.Committer.Name, "committer_email": commit.Committer.Email,
		"committed_date": commitTime(commit.Committer.When), "created_at": commitTime(commit.Committer.When),
		"trailers": obj{}, "extended_trailers": obj{},
		"web_url": c.web(c.repo.FullName(), "-", "commit", id),
	}, nil
}

// title is the first line of a message, shortened.
func title(message string) string {
	line, _, _ := strings.Cut(message, "\n")
	if runes := []rune(line); len(runes) > 100 {
		return string(runes[:99]) + "…"
	}
	return line
}

func (c *call) commitByID(id plumbing.Hash) (obj, error) {
	commit, err := c.repo.CommitByID(id)
	if err != nil {
		return nil, err
	}
	return c.commitJSON(commit)
}

// commitDetail is a single commit.
func (c *call) commitDetail(id plumbing.Hash, stats bool) (obj, error) {
	o, err := c.commitByID(id)
	if err != nil {
		return nil, err
	}
	o["status"], o["project_id"], o["last_pipeline"] = nil, c.repo.Info().ID, nil
	if p, found := c.pipelineOf(id); found {
		o["status"], o["last_pipeline"] = p.status, c.pipelineJSON(p)
	}
	if stats {
		o["stats"], err = c.stats(id)
	}
	return o, err
}

// stats are the numbers of lines that a commit added and removed.
func (c *call) stats(id plumbing.Hash) (obj, error) {
	changes, err := c.repo.Diff(id)
	if err != nil {
		return nil, err
	}
	added, removed := 0, 0
	for _, f := range changes {
		p, err := f.Patch()
		if err != nil {
			return nil, err
		}
		added, removed = added+p.Additions, removed+p.Deleted
	}
	return obj{"additions": added, "deletions": removed, "total": added + removed}, nil
}
