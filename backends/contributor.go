package backends

import (
	"context"
	"sync"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// contributor is the desk of who may not write to the repository, but to a fork of
// it. A draft is a branch there; a pull request asks for its review.
type contributor struct {
	*workflowRepository
	login    string
	fork     string // its name, "owner/name"
	at       home
	branches driver.BranchLister

	mu     sync.Mutex
	titles map[cms.Key]string // what the first save of each draft was called
}

// list implements desk. A branch whose content was merged is done with.
func (c *contributor) list(ctx context.Context) ([]draft, error) {
	branches, err := c.branches.Branches(ctx, branchPrefix)
	if err != nil {
		return nil, err
	}
	pulls, err := c.at.host.Pulls(ctx, c.cfg.branch(), branchPrefix)
	if err != nil {
		return nil, err
	}
	byBranch := map[string]driver.Pull{}
	for _, p := range pulls {
		byBranch[p.Head] = p
	}
	var drafts []draft
	seen := map[cms.Key]bool{}
	for _, b := range c.sort(branches) {
		key, ok := keyOnFork(c.fork, b.Name)
		if !ok || seen[key] {
			continue
		}
		if b.Merged {
			_ = c.at.removeBranch(ctx, b.Name, b.Head) // the next draft replaces it otherwise
			continue
		}
		seen[key] = true
		drafts = append(drafts, c.draft(key, b, byBranch[b.Name]))
	}
	return drafts, nil
}

// sort puts branches that are called after the fork before others, which they hide.
func (c *contributor) sort(branches []driver.Branch) []driver.Branch {
	var ours, others []driver.Branch
	for _, b := range branches {
		if key, ok := keyOnFork(c.fork, b.Name); ok && forkBranchOf(c.fork, key) == b.Name {
			ours = append(ours, b)
		} else {
			others = append(others, b)
		}
	}
	return append(ours, others...)
}

// draft is the one on a branch, with the pull request that it has, if it has one.
func (c *contributor) draft(key cms.Key, b driver.Branch, p driver.Pull) draft {
	if p.Number == 0 {
		p = driver.Pull{Head: b.Name, Base: c.cfg.branch(), Author: c.login}
	}
	// The CMS has no column for what is ready on a contributor's board.
	p.HeadCommit, p.Labels = b.Head, nil
	return draft{key: key, pull: p, at: c.at, open: true}
}

// find implements desk.
func (c *contributor) find(ctx context.Context, key cms.Key) (draft, error) {
	branches, err := c.branches.Branches(ctx, branchPrefix)
	if err != nil {
		return draft{}, err
	}
	for _, b := range c.sort(branches) {
		if k, ok := keyOnFork(c.fork, b.Name); !ok || k != key || b.Merged {
			continue
		}
		p, err := c.at.host.Pull(ctx, c.cfg.branch(), b.Name)
		if err != nil && !cmserr.Is(err, cmserr.NotFound) {
			return draft{}, err
		}
		return c.draft(key, b, p), nil
	}
	return draft{}, notInWorkflow(key, nil)
}

// start implements desk.
func (c *contributor) start(key cms.Key) draft {
	return c.draft(key, driver.Branch{Name: forkBranchOf(c.fork, key)}, driver.Pull{})
}

// started implements desk. Whatever status a site's new entries have beyond a
// draft, a contributor can but ask for a review.
func (c *contributor) started(ctx context.Context, d draft, title, status string) error {
	c.mu.Lock()
	if c.titles == nil {
		c.titles = map[cms.Key]string{}
	}
	c.titles[d.key] = title
	c.mu.Unlock()
	if status == cms.StatusDraft {
		return nil
	}
	if _, err := d.openPull(ctx, title); err != nil {
		c.report(because(err, "The entry "+quote(d.key.String())+" is saved as a draft, but a review could not be "+
			"asked for: "+cmserr.From(err).Message()))
	}
	return nil
}

// setStatus implements desk. A pull request is the status: labels are for the
// maintainers to set.
func (c *contributor) setStatus(ctx context.Context, d draft, status string) error {
	switch {
	case status == cms.StatusPendingPublish:
		return cmserr.New(cmserr.Forbidden, "Only a maintainer of "+c.name()+
			" can set an entry to “ready”. Set it to “in review”, and they will see it.")
	case status == c.status(d):
		return nil
	case status == cms.StatusDraft:
		return c.at.host.ClosePull(ctx, d.pull.Number)
	}
	title, err := c.title(ctx, d)
	if err != nil {
		return err
	}
	_, err = d.openPull(ctx, title)
	return err
}

// title is what a pull request is called: like the first save of its draft, or for
// what the draft does if that save was made in an earlier session.
func (c *contributor) title(ctx context.Context, d draft) (string, error) {
	c.mu.Lock()
	title := c.titles[d.key]
	c.mu.Unlock()
	if title != "" {
		return title, nil
	}
	main, err := c.head(ctx)
	if err != nil {
		return "", err
	}
	cmp, err := d.at.host.Compare(ctx, main, d.pull.HeadCommit)
	if err != nil {
		return "", err
	}
	verb := "Create "
	for _, f := range cmp.Files {
		if f.Status != driver.Added {
			verb = "Update "
		}
	}
	return verb + d.key.Collection + " " + quote(d.key.Slug), nil
}

// publish implements desk.
func (c *contributor) publish(context.Context, draft) error { return c.mayPublish() }

// discard implements desk.
func (c *contributor) discard(ctx context.Context, d draft) error {
	if d.pull.Number != 0 {
		if err := c.at.host.ClosePull(ctx, d.pull.Number); err != nil {
			return err
		}
	}
	c.versions.drop(spaceOf(d.key))
	c.mu.Lock()
	delete(c.titles, d.key)
	c.mu.Unlock()
	return c.at.removeBranch(ctx, d.pull.Head, d.pull.HeadCommit)
}
