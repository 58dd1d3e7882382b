package fakegitea

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// commitTree commits a tree and moves the branch.
func (c *call) commitTree(base, root plumbing.Hash, o fileOptions) (plumbing.Hash, error) {
	author, committer := c.signatures(o)
	commit := object.Commit{TreeHash: root, Author: author, Committer: committer, Message: c.message(o, committer)}
	if !base.IsZero() {
		commit.ParentHashes = []plumbing.Hash{base}
	}
	id, err := c.repo.WriteCommit(commit)
	if err != nil {
		return id, err
	}
	if err := c.checkForce(o, id); err != nil {
		return id, err
	}
	update := fakehost.RefUpdate{Name: "refs/heads/" + o.NewBranch, After: id, Force: o.ForcePush}
	if o.NewBranch == o.Branch {
		update.Before = &base
	}
	return id, c.lostRace(o, base, c.repo.UpdateRefs("", update))
}

// lostRace is what the loser of two requests is told: what Git's push said. (In
// older versions the server doesn't understand that.)
func (c *call) lostRace(o fileOptions, base plumbing.Hash, err error) error {
	text := "cannot lock ref 'refs/heads/" + o.NewBranch + "': "
	var e *fakehost.Error
	switch {
	case !errors.As(err, &e):
		return err
	case e.Kind == fakehost.Moved || e.Kind == fakehost.Exists || e.Kind == fakehost.NotFastForward:
		at, _ := c.repo.Head(o.NewBranch)
		text += "is at " + at.String() + " but expected " + base.String()
	case e.Kind == fakehost.Conflict:
		text += c.inTheWay(o.NewBranch)
	default:
		return err
	}
	if !c.offers.lostRace403 {
		return internal()
	}
	return forbidden(text)
}

// inTheWay names the branch that keeps Git from making another.
func (c *call) inTheWay(branch string) string {
	for _, ref := range c.repo.Refs("refs/heads/") {
		if other := ref.Branch(); strings.HasPrefix(other, branch+"/") || strings.HasPrefix(branch, other+"/") {
			return "'" + ref.Name + "' exists; cannot create 'refs/heads/" + branch + "'"
		}
	}
	return "cannot be created"
}

// signatures are who commits. One of the two stands for the other, and what
// neither says is the user's.
func (c *call) signatures(o fileOptions) (author, committer object.Signature) {
	own := c.host.Signature(c.user)
	fill := func(first, second identity, when time.Time) object.Signature {
		who := first
		if who == (identity{}) {
			who = second
		}
		if when.IsZero() {
			when = own.When
		}
		return object.Signature{Name: cmp.Or(who.Name, own.Name), Email: cmp.Or(who.Email, own.Email), When: when}
	}
	return fill(o.Author, o.Committer, o.Dates.Author), fill(o.Committer, o.Author, o.Dates.Committer)
}

func (c *call) message(o fileOptions, committer object.Signature) string {
	text := strings.TrimSpace(o.Message)
	if o.Signoff {
		return text + "\n\nSigned-off-by: " + committer.Name + " <" + committer.Email + ">"
	}
	return text + "\n"
}
