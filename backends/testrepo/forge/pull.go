package forge

import (
	"context"
	"strconv"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// Pulls implements driver.PullRequester.
func (v *View) Pulls(ctx context.Context, base, headPrefix string) ([]driver.Pull, error) {
	if err := v.call(ctx, "Pulls"); err != nil {
		return nil, err
	}
	all, err := v.f.Repo.Pulls(ctx, base, "")
	if err != nil {
		return nil, err
	}
	found := []driver.Pull{}
	for _, p := range all {
		p = v.show(p)
		if strings.HasPrefix(p.Head, headPrefix) && (v.fork == "" || v.fork == p.Fork) {
			found = append(found, p)
		}
	}
	return found, nil
}

// show is a pull request as it looks from outside.
func (v *View) show(p driver.Pull) driver.Pull {
	v.f.mu.Lock()
	defer v.f.mu.Unlock()
	return v.shown(p)
}

func (v *View) shown(p driver.Pull) driver.Pull {
	p.Fork, p.Head = forkOf(p.Head)
	p.Author = v.f.authors[p.Number]
	p.URL = "https://forge.example/pulls/" + strconv.Itoa(p.Number)
	return p
}

// Pull implements driver.PullRequester.
func (v *View) Pull(ctx context.Context, base, head string) (driver.Pull, error) {
	if err := v.call(ctx, "Pull"); err != nil {
		return driver.Pull{}, err
	}
	p, err := v.f.Repo.Pull(ctx, base, v.name(head))
	if err != nil {
		return driver.Pull{}, err
	}
	return v.show(p), nil
}

// OpenPull implements driver.PullRequester.
func (v *View) OpenPull(ctx context.Context, n driver.NewPull) (driver.Pull, error) {
	var opened driver.Pull
	err := v.change(ctx, "OpenPull", func() error {
		n.Head = v.name(n.Head)
		p, err := v.f.Repo.OpenPull(ctx, n)
		if err == nil {
			v.f.authors[p.Number] = v.login
			opened = v.shown(p)
		}
		return err
	})
	if err != nil {
		return driver.Pull{}, err
	}
	return opened, nil
}

// MergePull implements driver.PullRequester.
func (v *View) MergePull(ctx context.Context, number int, m driver.Merge) error {
	return v.change(ctx, "MergePull", func() error {
		switch why, refused := v.f.refused[number]; {
		case !v.mayWrite:
			return cmserr.New(cmserr.Forbidden, "The account '"+v.login+"' may not merge pull requests.")
		case refused:
			return cmserr.New(cmserr.Forbidden, "The pull request can't be merged: "+why)
		}
		p, err := v.find(ctx, number)
		if err != nil {
			return err
		}
		before, err := v.f.Repo.Head(ctx, p.Base)
		if err != nil {
			return err
		}
		if err := v.f.Repo.MergePull(ctx, number, m); err != nil {
			return err
		}
		v.f.merged[p.Head] = p.HeadCommit
		after, err := v.f.Repo.Head(ctx, p.Base)
		if err != nil {
			return err
		}
		parents := []string{before, p.HeadCommit}
		if m.Squash {
			parents = parents[:1]
		}
		return v.f.record(ctx, after, driver.LastChange{Author: v.login, Date: v.f.now()}, parents...)
	})
}

// find is an open pull request, with its branch as it is called inside. One that is
// not open is left to the repository to complain about.
func (v *View) find(ctx context.Context, number int) (driver.Pull, error) {
	a, err := v.f.Repo.Access(ctx)
	if err != nil {
		return driver.Pull{}, err
	}
	all, err := v.f.Repo.Pulls(ctx, a.DefaultBranch, "")
	for _, p := range all {
		if p.Number == number {
			return p, nil
		}
	}
	return driver.Pull{Base: a.DefaultBranch}, err
}

// ClosePull implements driver.PullRequester.
func (v *View) ClosePull(ctx context.Context, number int) error {
	return v.change(ctx, "ClosePull", func() error { return v.f.Repo.ClosePull(ctx, number) })
}

// Relabel implements driver.Labeler.
func (v *View) Relabel(ctx context.Context, number int, add, remove []string) error {
	return v.change(ctx, "Relabel", func() error {
		if !v.mayWrite {
			return cmserr.New(cmserr.Forbidden, "The account '"+v.login+"' may not set labels.")
		}
		return v.f.Repo.Relabel(ctx, number, add, remove)
	})
}

// PullFiles implements driver.PullFiler.
func (v *View) PullFiles(ctx context.Context, pulls []driver.Pull) ([][]driver.FileDiff, error) {
	if err := v.call(ctx, "PullFiles"); err != nil {
		return nil, err
	}
	files := make([][]driver.FileDiff, len(pulls))
	for i, p := range pulls {
		base, err := v.f.Repo.Head(ctx, p.Base)
		if err != nil {
			return nil, err
		}
		c, err := v.f.Repo.Compare(ctx, base, p.HeadCommit)
		if err != nil {
			return nil, err
		}
		files[i] = c.Files
	}
	return files, nil
}

// Statuses implements driver.StatusReader: the host runs one check of every commit.
func (v *View) Statuses(ctx context.Context, commit string) ([]driver.StatusCheck, error) {
	if err := v.call(ctx, "Statuses"); err != nil {
		return nil, err
	}
	url := "https://" + commit + ".forge.example"
	return []driver.StatusCheck{{Context: "deploy", State: "success", URL: url}}, nil
}

// Fork implements driver.Forker.
func (v *View) Fork(ctx context.Context, _ string, create bool) (driver.Fork, error) {
	name := v.login + "/site"
	err := v.change(ctx, "Fork", func() error {
		if !v.f.forks[name] && !create {
			return cmserr.New(cmserr.NotFound, "The account '"+v.login+"' has no fork.")
		}
		v.f.forks[name] = true
		return nil
	})
	if err != nil {
		return driver.Fork{}, err
	}
	return driver.Fork{Name: name, Driver: v.OpenFork(name)}, nil
}

// OpenFork implements driver.Forker.
func (v *View) OpenFork(name string) driver.Driver {
	return &View{f: v.f, login: v.login, mayWrite: v.mayWrite, fork: name}
}
