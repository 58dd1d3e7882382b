package testrepo

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

type pull struct {
	number      int
	title, body string
	head, base  string
	labels      []string
	state       pullState
	updated     time.Time
}

type pullState uint8

const (
	pullOpen pullState = iota
	pullClosed
	pullMerged
)

// Pulls implements driver.PullRequester.
func (r *Repo) Pulls(ctx context.Context, base, headPrefix string) ([]driver.Pull, error) {
	found := []driver.Pull{}
	err := r.reading(ctx, func() error {
		for _, p := range r.pulls {
			if p.state == pullOpen && p.base == base && strings.HasPrefix(p.head, headPrefix) {
				found = append(found, r.show(p))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// Pull implements driver.PullRequester.
func (r *Repo) Pull(ctx context.Context, base, head string) (driver.Pull, error) {
	var found driver.Pull
	err := r.reading(ctx, func() error {
		p := r.openPull(base, head)
		if p == nil {
			return fail(cmserr.NotFound, "There is no open pull request from '"+head+"' into '"+base+"'.")
		}
		found = r.show(p)
		return nil
	})
	return found, err
}

// OpenPull implements driver.PullRequester. As on GitHub, a head that has nothing
// to offer its base is Invalid.
func (r *Repo) OpenPull(ctx context.Context, n driver.NewPull) (driver.Pull, error) {
	var opened driver.Pull
	err := r.writing(ctx, func() error {
		head, err := r.head(n.Head)
		if err != nil {
			return err
		}
		base, err := r.head(n.Base)
		if err != nil {
			return err
		}
		if r.openPull(n.Base, n.Head) != nil {
			return fail(cmserr.Conflict, "There is already an open pull request from '"+n.Head+"' into '"+n.Base+"'.")
		}
		if mergeBase(base, head) == head {
			return fail(cmserr.Invalid, "The branch '"+n.Head+"' has no commit that '"+n.Base+"' does not have.")
		}
		p := &pull{
			number: len(r.pulls) + 1, title: n.Title, body: n.Body,
			head: n.Head, base: n.Base, updated: r.now(),
		}
		r.pulls = append(r.pulls, p)
		opened = r.show(p)
		return nil
	})
	return opened, err
}

// ClosePull implements driver.PullRequester. Closing a closed one changes nothing.
func (r *Repo) ClosePull(ctx context.Context, number int) error {
	return r.writing(ctx, func() error {
		p, err := r.pull(number)
		switch {
		case err != nil:
			return err
		case p.state == pullMerged:
			return fail(cmserr.Conflict, "Pull request #"+strconv.Itoa(number)+" has been merged meanwhile.")
		case p.state == pullOpen:
			p.state, p.updated = pullClosed, r.now()
		}
		return nil
	})
}

// Relabel implements driver.Labeler.
func (r *Repo) Relabel(ctx context.Context, number int, add, remove []string) error {
	return r.writing(ctx, func() error {
		p, err := r.pull(number)
		if err != nil {
			return err
		}
		p.labels = slices.DeleteFunc(p.labels, func(l string) bool { return slices.Contains(remove, l) })
		for _, label := range add {
			if !slices.Contains(p.labels, label) {
				p.labels = append(p.labels, label)
			}
		}
		p.updated = r.now()
		return nil
	})
}

func (r *Repo) pull(number int) (*pull, error) {
	if number < 1 || number > len(r.pulls) {
		return nil, fail(cmserr.NotFound, "There is no pull request #"+strconv.Itoa(number)+".")
	}
	return r.pulls[number-1], nil
}

// openPull is the open pull request between two branches, or nil.
func (r *Repo) openPull(base, head string) *pull {
	for _, p := range r.pulls {
		if p.state == pullOpen && p.base == base && p.head == head {
			return p
		}
	}
	return nil
}

// show is a pull request as callers see it. It has no URL: there is no page of it.
func (r *Repo) show(p *pull) driver.Pull {
	base, head := r.branches[p.base], r.branches[p.head]
	return driver.Pull{
		Number: p.number, Title: p.title,
		Head: p.head, HeadCommit: head.id, Base: p.base, MergeBase: mergeBase(base, head).id,
		Labels: slices.Clone(p.labels), Author: user.Login, UpdatedAt: p.updated,
	}
}
