package bitbucket

import (
	"context"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/rest"
)

// maxTries is how often a commit is tried on a branch that others move all the time;
// lostTries, how often one that got no answer is.
const (
	maxTries  = 12
	lostTries = 3
)

// Commit implements driver.Driver. Bitbucket makes a commit on the parent that it is told,
// and only if that is where the branch still is: so one that is sent twice is made once.
// Browsers are not shown the new commit, so for an ordinary one Head is "".
func (r *Repo) Commit(ctx context.Context, c driver.Commit) (driver.Committed, error) {
	way, err := changeset.WayOf(c)
	if err != nil {
		return driver.Committed{}, err
	}
	var head string
	switch way {
	case changeset.BranchOff:
		head, err = c.Base, r.createBranch(ctx, c.Branch, c.Base)
	case changeset.Create:
		head, err = r.create(ctx, c)
	case changeset.Replace:
		err = cmserr.New(cmserr.Unsupported, "Bitbucket can't put a branch onto another base.")
	default:
		head, err = r.advance(ctx, c)
	}
	if err != nil {
		return driver.Committed{}, err
	}
	now := r.api.clock.Now()
	r.heads.Wrote(c.Branch, c.ExpectedHead, head, now)
	if head != "" {
		r.seen.note(c.Branch, head, now)
	}
	return driver.Committed{Head: head}, nil
}

// advance adds a commit to a branch. Where that has moved, it is redone there unless
// others changed what it touches.
func (r *Repo) advance(ctx context.Context, c driver.Commit) (string, error) {
	if err := r.isThere(ctx, c); err != nil {
		return "", err
	}
	form, err := r.prepare(ctx, c, c.ExpectedHead)
	if err != nil {
		return "", r.unseen(ctx, c, err)
	}
	parent := c.ExpectedHead
	for try := range maxTries {
		head, err := r.post(ctx, form, parent)
		if err == nil {
			return head, nil
		}
		now, err := r.headAfter(ctx, c.Branch, parent, try, err)
		if err != nil {
			return "", err
		}
		if now != parent {
			if found, err := r.contains(ctx, now, parent, c); found != "" || err != nil {
				return found, err
			}
			if err := r.untouched(ctx, c, now); err != nil {
				return "", err
			}
		}
		parent = now
	}
	return "", cmserr.New(cmserr.Conflict, "Others change the branch “"+c.Branch+"” all the time. Try again in a moment.")
}

// ownBranches are those that somebody may delete at any time: drafts.
const ownBranches = "cms/"

// isThere finds a branch that is gone: Bitbucket would make it anew. One that was seen
// just now is there, unless it is a draft's.
func (r *Repo) isThere(ctx context.Context, c driver.Commit) error {
	if !strings.HasPrefix(c.Branch, ownBranches) && r.seen.just(c.Branch, c.ExpectedHead, r.api.clock.Now()) || r.sourceOnly.Load() {
		return nil
	}
	_, err := r.headNow(ctx, c.Branch)
	return err
}

// prepare checks a commit's changes against the commit that they are made to, and puts
// them into a form.
func (r *Repo) prepare(ctx context.Context, c driver.Commit, base string) (form, error) {
	at, err := r.look(ctx, base, changeset.Paths(c.Changes))
	if err != nil {
		return form{}, err
	}
	if err := changeset.Check(ctx, r, base, c.Changes, at); err != nil {
		return form{}, err
	}
	return r.fill(ctx, c, base, at)
}

// unseen is why a commit can't be looked at: its branch may be gone with it.
func (r *Repo) unseen(ctx context.Context, c driver.Commit, err error) error {
	if !cmserr.Is(err, cmserr.NotFound) {
		return err
	}
	if _, gone := r.Head(ctx, c.Branch); gone != nil {
		return gone
	}
	return err
}

// untouched fails with a Conflict if what a commit touches is not what it was when the
// branch was seen. Where commits can't be compared, the files are.
func (r *Repo) untouched(ctx context.Context, c driver.Commit, now string) error {
	diff, err := r.changed(ctx, now, c.ExpectedHead)
	switch {
	case err == nil:
		return changeset.Touched(c.Changes, diff)
	case !cannotDiff(err):
		return err
	}
	sides := make([]changeset.Places, 2)
	err = rest.Together(ctx, len(sides), func(ctx context.Context, i int) (err error) {
		sides[i], err = r.contents(ctx, []string{c.ExpectedHead, now}[i], changeset.Paths(c.Changes))
		return err
	})
	if err != nil {
		return err
	}
	return changeset.Moved(c.Changes, sides[0], sides[1])
}

// contents is what a commit has at paths, with what each file holds in place of its id.
func (r *Repo) contents(ctx context.Context, commit string, paths []string) (changeset.Places, error) {
	places, err := r.look(ctx, commit, paths)
	if err != nil {
		return nil, err
	}
	var refs []driver.BlobRef
	for _, p := range paths {
		if e := places[p].Entry; e.Mode != 0 && e.IsFile() {
			refs = append(refs, driver.BlobRef{ID: e.ID, Path: p, Commit: commit})
		}
	}
	blobs, err := r.Blobs(ctx, refs)
	if err != nil {
		return nil, err
	}
	for i, ref := range refs {
		place := places[ref.Path]
		place.Entry.ID = string(blobs[i])
		places[ref.Path] = place
	}
	return places, nil
}

// headAfter is where a branch is after a commit failed, "" if there is none; or why it
// makes no sense to go on: where the branch did not move, few failures pass. What is read
// right after a write may be old, so a little time is given.
func (r *Repo) headAfter(ctx context.Context, branch, before string, try int, cause error) (string, error) {
	moved := cmserr.Is(cause, cmserr.Conflict)
	if !moved && !lost(cause) {
		return "", cause
	}
	if try > 0 || !moved {
		pause := min(250*time.Millisecond<<min(try, 4), 2*time.Second)
		if err := r.api.clock.Sleep(ctx, pause); err != nil {
			return "", cmserr.From(err)
		}
	}
	head, err := r.headNow(ctx, branch)
	if cmserr.Is(err, cmserr.NotFound) && before == "" {
		err = nil
	}
	if err == nil && head == before && try >= lostTries {
		err = cause
	}
	return head, err
}

// contains looks for a commit whose answer was lost, or that a browser had sent twice: the
// one on parent that has the same message and content. "" if there is none.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/#api-repositories-workspace-repo-slug-commits-get
func (r *Repo) contains(ctx context.Context, head, parent string, c driver.Commit) (string, error) {
	if head == "" {
		return "", nil
	}
	query := rest.Query("include", head, "exclude", parent, "pagelen", pageSize,
		"fields", "next,values.hash,values.message,values.parents.hash")
	var alike []string
	err := r.api.each(ctx, r.path("commits")+query, func(made gjson.Result) error {
		if made.Get("parents.0.hash").String() == parent && sameMessage(made, c) {
			alike = append(alike, made.Get("hash").String())
		}
		return nil
	})
	switch {
	case cmserr.Is(err, cmserr.Unsupported): // a gateway passes no history: what is there counts
		alike = []string{head}
	case err != nil:
		return "", err
	}
	for _, id := range alike {
		if same, err := changeset.Made(ctx, r, id, c.Changes); same || err != nil {
			return id, err
		}
	}
	return "", nil
}

func sameMessage(commit gjson.Result, c driver.Commit) bool {
	return strings.TrimSpace(commit.Get("message").String()) == strings.TrimSpace(c.Message)
}

// create makes a branch with one commit. Bitbucket would add the commit to a branch that
// is there already if it is at the base, so it is looked whether there is one.
func (r *Repo) create(ctx context.Context, c driver.Commit) (string, error) {
	var filled form
	steps := []func(context.Context) error{
		func(ctx context.Context) error { return r.isFree(ctx, c.Branch) },
		func(ctx context.Context) (err error) {
			filled, err = r.prepare(ctx, c, c.Base)
			return err
		},
	}
	if err := rest.Together(ctx, len(steps), func(ctx context.Context, i int) error { return steps[i](ctx) }); err != nil {
		return "", err
	}
	for try := 0; ; try++ {
		head, cause := r.post(ctx, filled, c.Base)
		if head != "" {
			return head, nil
		}
		if cause != nil {
			head, err := r.headAfter(ctx, c.Branch, "", try, cause)
			switch {
			case err != nil:
				return "", err
			case head == "":
				continue
			}
		}
		return r.created(ctx, c, cause)
	}
}

// isFree finds a branch that is in the way.
func (r *Repo) isFree(ctx context.Context, branch string) error {
	_, err := r.headNow(ctx, branch)
	switch {
	case err == nil:
		return branchExists(branch, nil)
	case cmserr.Is(err, cmserr.NotFound):
		return nil
	}
	return err
}

// created is the first commit of a new branch, as far as it is ours: others may have been
// faster, or have gone on from there.
func (r *Repo) created(ctx context.Context, c driver.Commit, cause error) (string, error) {
	t, err := r.tip(ctx, c.Branch)
	if err != nil || cause == nil && t.parent == c.Base {
		return t.id, err
	}
	found, err := r.contains(ctx, t.id, c.Base, c)
	if found == "" && err == nil {
		err = branchExists(c.Branch, cause)
	}
	return found, err
}
