package fakegithub

import (
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// getGitCommit: https://docs.github.com/rest/git/commits#get-a-commit-object
func getGitCommit(c *call) (*answer, error) {
	commit, err := c.repo.CommitByID(plumbing.NewHash(c.params["sha"]))
	if err != nil {
		return nil, notFound(docsRoot + "/git/commits#get-a-commit-object")
	}
	return ok(c.gitCommitJSON(commit))
}

// person is the author or committer of a new commit.
type person struct {
	Name, Email string
	Date        time.Time
}

func (p *person) signature(otherwise object.Signature) object.Signature {
	if p == nil || p.Name == "" && p.Email == "" {
		return otherwise
	}
	s := object.Signature{Name: p.Name, Email: p.Email, When: p.Date}
	if s.When.IsZero() {
		s.When = otherwise.When
	}
	return s
}

// createGitCommit: https://docs.github.com/rest/git/commits#create-a-commit
func createGitCommit(c *call) (*answer, error) {
	if err := c.mayPush(); err != nil {
		return nil, err
	}
	var in struct {
		Message, Tree     string
		Parents           []string
		Author, Committer *person
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	commit := object.Commit{Message: in.Message, TreeHash: plumbing.NewHash(in.Tree)}
	for _, p := range in.Parents {
		commit.ParentHashes = append(commit.ParentHashes, plumbing.NewHash(p))
	}
	commit.Author = in.Author.signature(c.host.Signature(c.user))
	commit.Committer = in.Committer.signature(commit.Author)
	id, err := c.repo.WriteCommit(commit)
	if err != nil {
		return nil, err
	}
	written, err := c.repo.CommitByID(id)
	if err != nil {
		return nil, err
	}
	o := c.gitCommitJSON(written)
	return created(o["url"].(string), o)
}
