package fakegithub

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// commitNode is the type Commit.
type commitNode struct {
	gitObject
	commit *object.Commit
}

func (*commitNode) TypeName() string { return "Commit" }

func (c *commitNode) Field(_ context.Context, name string, args graphql.Args) (any, error) {
	headline, body, _ := strings.Cut(c.commit.Message, "\n")
	switch name {
	case "message":
		return c.commit.Message, nil
	case "messageHeadline":
		return headline, nil
	case "messageBody":
		return strings.Trim(body, "\n"), nil
	case "author":
		return c.gitActor(c.commit.Author), nil
	case "committer":
		return c.gitActor(c.commit.Committer), nil
	case "authors":
		return graphql.Connect([]graphql.Object{c.gitActor(c.commit.Author)}), nil
	case "authoredDate":
		return c.commit.Author.When, nil
	case "committedDate":
		return c.commit.Committer.When, nil
	case "authoredByCommitter":
		return c.commit.Author.Email == c.commit.Committer.Email, nil
	case "committedViaWeb":
		return c.commit.Committer.Email == webFlowEmail, nil
	case "url", "resourcePath":
		return pageURL(name, c.web, "/"+c.repo.FullName()+"/commit/"+c.id.String()), nil
	case "tree":
		return c.objectByID(c.commit.TreeHash, ""), nil
	case "file":
		return c.file(args.String("path"))
	case "parents":
		return graphql.Connect(c.commits(c.commit.ParentHashes)), nil
	case "history":
		return c.history(args)
	}
	return c.more(name, args)
}

// more answers what hangs on a commit, and its size.
func (c *commitNode) more(name string, args graphql.Args) (any, error) {
	switch name {
	case "additions", "deletions", "changedFiles", "changedFilesIfAvailable":
		return c.size(name)
	case "status":
		return c.status(), nil
	case "statusCheckRollup":
		return c.rollup(), nil
	case "checkSuites":
		return c.checkSuites(), nil
	case "deployments":
		return c.deployments(args, func(d fakehost.Deployment) bool { return d.SHA == c.id }), nil
	case "associatedPullRequests":
		return c.associatedPulls(), nil
	}
	return c.field("Commit", name)
}

// file is the entry at a path, an error when there is none.
func (c *commitNode) file(file string) (any, error) {
	entry, ok := c.repo.EntryAt(c.commit.TreeHash, strings.Trim(file, "/"))
	if !ok || entry.Path == "" {
		return nil, nil
	}
	return &entryNode{c.repositoryNode, entry, path.Base(entry.Path)}, nil
}

func (r *repositoryNode) commits(ids []plumbing.Hash) []*commitNode {
	var list []*commitNode
	for _, id := range ids {
		if c, ok := r.objectByID(id, "").(*commitNode); ok {
			list = append(list, c)
		}
	}
	return list
}

// history is the log of a commit, of one path if that is asked for.
func (c *commitNode) history(args graphql.Args) (any, error) {
	since, err := gitTime(args.String("since"))
	if err != nil {
		return nil, err
	}
	until, err := gitTime(args.String("until"))
	if err != nil {
		return nil, err
	}
	emails := args.Object("author").Strings("emails")
	var list []*commitNode
	err = c.repo.Log(c.id, args.String("path"), func(found *object.Commit) bool {
		at := found.Committer.When
		wanted := (since.IsZero() || !at.Before(since)) && (until.IsZero() || !at.After(until)) &&
			(len(emails) == 0 || slices.Contains(emails, found.Author.Email))
		if wanted {
			list = append(list, &commitNode{gitObject{c.repositoryNode, found.Hash, ""}, found})
		}
		return true
	})
	return graphql.Connect(list), err
}

func gitTime(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, graphql.Errorf("ARGUMENT_ERROR", "'%s' is not a valid GitTimestamp.", text)
	}
	return at, nil
}

// size counts what the commit changed against its first parent.
func (c *commitNode) size(name string) (any, error) {
	files, err := c.repo.Diff(c.id)
	if err != nil || strings.HasPrefix(name, "changedFiles") {
		return len(files), err
	}
	additions, deletions, err := lines(files)
	if name == "deletions" {
		return deletions, err
	}
	return additions, err
}

func lines(files []fakehost.FileChange) (additions, deletions int, err error) {
	for _, f := range files {
		patch, err := f.Patch()
		if err != nil {
			return 0, 0, err
		}
		additions += patch.Additions
		deletions += patch.Deleted
	}
	return additions, deletions, nil
}

// associatedPulls are the pull requests that brought the commit, or would.
func (c *commitNode) associatedPulls() any {
	var list []*pullNode
	for _, p := range c.repo.Pulls() {
		ahead, err := c.repo.Compare(p.Base.SHA, p.Head.SHA)
		if p.MergeCommit == c.id || err == nil && slices.Contains(ahead.Ahead, c.id) {
			list = append(list, &pullNode{c.repositoryNode, p})
		}
	}
	return graphql.Connect(list)
}

const webFlowEmail = "noreply@github.com"

// gitActor is who signed a commit. Its date keeps the time zone.
func (s *session) gitActor(by object.Signature) graphql.Object {
	var user any
	if u, ok := s.host.UserByEmail(by.Email); ok {
		user = s.actor(u)
	}
	return graphql.Fields{Type: "GitActor", Values: map[string]any{
		"name": by.Name, "email": by.Email, "date": by.When.Format(time.RFC3339), "user": user,
		"avatarUrl": fmt.Sprintf("%s/avatars/%s", s.web, by.Email),
	}}
}

// date orders references to commits by time.
func (r *refNode) date() time.Time {
	if c, err := r.repo.CommitByID(r.ID); err == nil {
		return c.Committer.When
	}
	return time.Time{}
}
