package fakegithub

import (
	"encoding/base64"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// createCommitOnBranch commits to a branch that is where the client thinks. The
// author is the viewer; the host commits. Whatever a file was, an executable or a
// symlink, it becomes a regular one: the mutation knows no modes.
func (s *session) createCommitOnBranch(input graphql.Args) (map[string]any, error) {
	r, branch, err := s.committable(input.Object("branch"))
	if err != nil {
		return nil, err
	}
	if err := s.writable(r.repo, "CreateCommitOnBranch", fakehost.Write); err != nil {
		return nil, err
	}
	expected := plumbing.NewHash(input.String("expectedHeadOid"))
	stale := graphql.Errorf("STALE_DATA", "Expected branch to point to %q but it did not.  Pull and try again.", expected)
	if at, ok := r.repo.Head(branch); !ok || at != expected {
		return nil, stale
	}
	changes, err := r.fileChanges(expected, input.Object("fileChanges"))
	if err != nil {
		return nil, err
	}
	author := s.host.Signature(s.viewer)
	id, err := r.repo.CommitOn(branch, fakehost.NewCommit{By: s.viewer.Login, Author: author,
		Committer: object.Signature{Name: "GitHub", Email: webFlowEmail, When: author.When},
		Message:   commitMessage(input.Object("message")), Changes: changes, Expected: expected})
	if fakehost.KindOf(err) == fakehost.Moved {
		return nil, stale
	}
	if err != nil {
		return nil, err
	}
	return map[string]any{"commit": r.objectByID(id, ""), "ref": r.ref(headsPrefix + branch)}, nil
}

// committable finds the branch that is meant: by the id of its reference, or by
// repository and name.
func (s *session) committable(in graphql.Args) (*repositoryNode, string, error) {
	byName := in.Has("repositoryNameWithOwner") && in.Has("branchName")
	if in.Has("id") == byName {
		return nil, "", graphql.Errorf("UNPROCESSABLE",
			"Provide either the branch's id, or both repositoryNameWithOwner and branchName")
	}
	if in.Has("id") {
		ref, err := nodeAs[*refNode](s, in.String("id"))
		if err != nil {
			return nil, "", err
		}
		return ref.repositoryNode, ref.Branch(), nil
	}
	owner, name, _ := strings.Cut(in.String("repositoryNameWithOwner"), "/")
	r, err := s.lookup(owner, name)
	if err != nil {
		return nil, "", err
	}
	branch := strings.TrimPrefix(in.String("branchName"), headsPrefix)
	if _, ok := r.repo.Head(branch); !ok {
		return nil, "", graphql.Errorf("NOT_FOUND", "No such branch: %q", branch)
	}
	return r, branch, nil
}

// fileChanges are deletions and additions as changes of the tree at a commit.
func (r *repositoryNode) fileChanges(at plumbing.Hash, in graphql.Args) ([]fakehost.Change, error) {
	root, err := r.repo.TreeOf(at)
	if err != nil {
		return nil, err
	}
	var changes []fakehost.Change
	seen := map[string]bool{}
	add := func(c fakehost.Change) error {
		if seen[c.Path] {
			return graphql.Errorf("UNPROCESSABLE", "Path must be unique: %s", c.Path)
		}
		seen[c.Path] = true
		changes = append(changes, c)
		return nil
	}
	for _, deletion := range in.Objects("deletions") {
		file := deletion.String("path")
		if entry, ok := r.repo.EntryAt(root, file); !ok || entry.Type() == "tree" {
			return nil, graphql.Errorf("FILE_NOT_FOUND",
				"A path was requested for deletion which does not exist as of commit oid `%s`", at)
		}
		if err := add(fakehost.Change{Path: file, Delete: true}); err != nil {
			return nil, err
		}
	}
	for _, addition := range in.Objects("additions") {
		content, err := base64.StdEncoding.DecodeString(addition.String("contents"))
		if err != nil {
			return nil, graphql.Errorf("UNPROCESSABLE", "The contents of %s are not valid Base64", addition.String("path"))
		}
		if err := add(fakehost.Change{Path: addition.String("path"), Mode: filemode.Regular, Content: content}); err != nil {
			return nil, err
		}
	}
	return changes, nil
}

func commitMessage(in graphql.Args) string {
	if body := in.String("body"); body != "" {
		return in.String("headline") + "\n\n" + body
	}
	return in.String("headline")
}

func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
