package github

import (
	"context"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// forkPatience is how long a new fork may take. GitHub says five minutes at most; a
// site's repository takes seconds.
const forkPatience = 2 * time.Minute

// Fork implements driver.Forker.
// https://docs.github.com/en/rest/repos/forks#create-a-fork
func (r *Repo) Fork(ctx context.Context, branch string, create bool) (driver.Fork, error) {
	user, err := r.User(ctx)
	if err != nil {
		return driver.Fork{}, err
	}
	name, err := r.forkOf(ctx, user.Login)
	if cmserr.Is(err, cmserr.NotFound) && create {
		name, err = r.makeFork(ctx, user.Login)
	}
	if err != nil {
		return driver.Fork{}, err
	}
	fork := r.openFork(name)
	if err := fork.await(ctx, branch); err != nil {
		return driver.Fork{}, err
	}
	return driver.Fork{Name: name, Driver: fork}, fork.catchUp(ctx, branch)
}

// forkOf is the fork that a user has under the repository's own name. One that was
// renamed is found by makeFork, which makes no second one.
func (r *Repo) forkOf(ctx context.Context, login string) (string, error) {
	_, name, _ := strings.Cut(r.fullName(), "/")
	f, _, err := r.openFork(login + "/" + name).describe(ctx)
	switch {
	case err != nil:
		return "", err
	case !strings.EqualFold(f.parent, r.fullName()):
		return "", cmserr.New(cmserr.NotFound, "The account “"+login+"” has no fork of “"+r.name+"”.")
	}
	return f.name, nil
}

func (r *Repo) makeFork(ctx context.Context, login string) (string, error) {
	if strings.EqualFold(r.owner(), login) {
		return "", cmserr.New(cmserr.Forbidden, "The repository “"+r.name+
			"” is your own, so there can be no fork of it. Take `always_fork` out of the configuration, or sign in with another account.")
	}
	v, err := r.api.Send(ctx, "POST", r.path("forks"), new(rest.JSON).Object().
		Key("default_branch_only").Bool(false).EndObject(), rest.Repeatable)
	if err != nil {
		return "", err
	}
	return decodeFork(v)
}

func decodeFork(v gjson.Result) (string, error) {
	if !rest.Has(v, "full_name") {
		return "", misshapen("fork")
	}
	return v.Get("full_name").String(), nil
}

// await waits until a fork's branch can be read: GitHub makes forks in its own time.
func (r *Repo) await(ctx context.Context, branch string) error {
	until := r.api.clock.Now().Add(forkPatience)
	for pause := 500 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		_, err := r.headNow(ctx, branch)
		switch {
		case !cmserr.Is(err, cmserr.NotFound):
			return err
		case r.api.clock.Now().After(until):
			return cmserr.Wrap(cmserr.Network, err, "GitHub has not finished the fork “"+r.name+
				"” yet, or it has no branch “"+branch+"”. Look at it on GitHub and sign in again in a few minutes.")
		}
		if err := r.api.clock.Sleep(ctx, pause); err != nil {
			return cmserr.From(err)
		}
	}
}

// catchUp brings the fork's branch in step where that needs no force. Drafts start
// at the origin's head in any case, so a fork that went its own way does no harm.
// https://docs.github.com/en/rest/branches/branches#sync-a-fork-branch-with-the-upstream-repository
func (r *Repo) catchUp(ctx context.Context, branch string) error {
	var j rest.JSON
	j.Object().Field("branch", branch).EndObject()
	_, err := r.api.Send(ctx, "POST", r.path("merge-upstream"), &j, rest.Repeatable)
	switch cmserr.KindOf(err) {
	case cmserr.Conflict, cmserr.Invalid, cmserr.Forbidden, cmserr.NotFound:
		return nil
	}
	return err
}
