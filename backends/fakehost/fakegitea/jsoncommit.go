package fakegitea

import (
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

func signatureJSON(s object.Signature) obj {
	return obj{"name": s.Name, "email": s.Email, "date": timeText(s.When)}
}

func verificationJSON() obj {
	return obj{"verified": false, "reason": "gpg.error.not_signed_commit", "signature": "", "signer": nil, "payload": ""}
}

// metaJSON is a reference to a commit or tree.
func (c *call) metaJSON(kind string, id plumbing.Hash, created string) obj {
	return obj{"url": c.repoAPI("git", kind, id.String()), "sha": id.String(), "created": created}
}

func (c *call) parentsJSON(commit *object.Commit) []obj {
	parents := []obj{}
	for _, p := range commit.ParentHashes {
		parents = append(parents, c.metaJSON("commits", p, noTime))
	}
	return parents
}

// fileCommitJSON is the commit of a change of files. Its tree is the commit's.
func (c *call) fileCommitJSON(commit *object.Commit) obj {
	o := c.metaJSON("commits", commit.Hash, noTime)
	o["html_url"], o["message"] = c.repoWeb("commit", commit.Hash.String()), commit.Message
	o["author"], o["committer"] = signatureJSON(commit.Author), signatureJSON(commit.Committer)
	o["parents"], o["tree"] = c.parentsJSON(commit), c.metaJSON("trees", commit.TreeHash, noTime)
	return o
}

// commitParts are the costly parts of a commit, which a request can leave out.
type commitParts struct{ stat, verification, files bool }

// commitParts reads stat, verification and files, which are all on unless they
// are given as something else than true.
func (c *call) commitParts() commitParts {
	q := c.r.URL.Query()
	on := func(name string) bool { return q.Get(name) == "" || c.flag(name) }
	return commitParts{on("stat"), on("verification"), on("files")}
}

// commitJSON is a commit (services/convert/git_commit.go). What it calls its
// tree is its own id.
func (c *call) commitJSON(commit *object.Commit, parts commitParts) (obj, error) {
	when := timeText(commit.Committer.When)
	inner := obj{"url": c.repoAPI("git/commits", commit.Hash.String()), "author": signatureJSON(commit.Author),
		"committer": signatureJSON(commit.Committer), "message": commit.Message,
		"tree": c.metaJSON("trees", commit.Hash, when), "verification": nil}
	if parts.verification {
		inner["verification"] = verificationJSON()
	}
	o := c.metaJSON("commits", commit.Hash, when)
	o["html_url"], o["commit"], o["parents"] = c.repoWeb("commit", commit.Hash.String()), inner, c.parentsJSON(commit)
	o["author"], o["committer"] = c.byEmail(commit.Author.Email), c.byEmail(commit.Committer.Email)
	o["files"], o["stats"] = nil, nil
	if !parts.files && !parts.stat {
		return o, nil
	}
	changes, err := c.repo.Diff(commit.Hash)
	if err != nil {
		return nil, err
	}
	if parts.files {
		o["files"] = affected(changes)
	}
	if parts.stat {
		o["stats"], err = stats(changes)
	}
	return o, err
}

// affected are a commit's files: a rename is a removal and an addition.
func affected(changes []fakehost.FileChange) []obj {
	list := []obj{}
	for _, f := range changes {
		if f.Previous != "" {
			list = append(list, obj{"filename": f.Previous, "status": "removed"}, obj{"filename": f.Path, "status": "added"})
			continue
		}
		list = append(list, obj{"filename": f.Path, "status": f.Status})
	}
	return list
}

func stats(changes []fakehost.FileChange) (obj, error) {
	additions, deletions := 0, 0
	for _, f := range changes {
		patch, err := f.Patch()
		if err != nil {
			return nil, err
		}
		additions, deletions = additions+patch.Additions, deletions+patch.Deleted
	}
	return obj{"total": additions + deletions, "additions": additions, "deletions": deletions}, nil
}

// payloadCommitJSON is a branch's commit.
func (c *call) payloadCommitJSON(commit *object.Commit) obj {
	who := func(s object.Signature) obj {
		login := ""
		if u, ok := c.host.UserByEmail(s.Email); ok {
			login = u.Login
		}
		return obj{"name": s.Name, "email": s.Email, "username": login}
	}
	return obj{"id": commit.Hash.String(), "message": commit.Message, "url": c.repoWeb("commit", commit.Hash.String()),
		"author": who(commit.Author), "committer": who(commit.Committer), "verification": verificationJSON(),
		"timestamp": timeText(commit.Committer.When), "added": nil, "removed": nil, "modified": nil}
}

// side finds what a branch, a commit, owner:branch or owner/repo:branch names.
func (c *call) side(text string) (fakehost.Side, bool) {
	repo, rev := c.repo, text
	if owner, rest, ok := strings.Cut(text, ":"); ok {
		owner, name, named := strings.Cut(owner, "/")
		if !named {
			name = c.repo.Info().Name
		}
		other, found := c.host.Repository(owner, name)
		if !found || other.Permission(c.user.Login) == fakehost.None {
			return fakehost.Side{}, false
		}
		repo, rev = other, rest
	}
	id, found := repo.ResolveCommit(rev)
	return fakehost.Side{Repo: repo, Branch: rev, SHA: id}, found
}
