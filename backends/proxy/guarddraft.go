package proxy

import (
	"context"
	"slices"
)

// guardDraft is guard for a save into a draft. Asking for the drafts first also
// keeps an entry from being published at once by a server without the workflow.
func (c *Client) guardDraft(ctx context.Context, s *save) error {
	keys, err := c.drafts(ctx)
	if err != nil {
		return err
	}
	if !slices.Contains(keys, s.key.String()) {
		return c.guardFirst(ctx, s)
	}
	if s.o.NewEntry && !c.opened(s.branch) {
		return conflict(s.paths(), "There is already a draft of "+s.key.String()+
			". Open it from the workflow board, or choose another title.")
	}
	now, err := c.states(ctx, s.branch, s.paths())
	if err != nil {
		return err
	}
	if err := c.guardTargets(s, s.branch, now); err != nil || s.o.NewEntry {
		return err
	}
	var changed []string
	for _, f := range s.files {
		is := now[f.Path]
		n := c.noted(s.branch, f.Path)
		if n == nil {
			// The draft may not touch this file: the editor then has the published one.
			n = c.noted(c.o.Branch, f.Path)
		}
		unseen := n == nil && is.exists && !c.opened(s.branch)
		if unseen || n != nil && !n.holds(is.text, is.exists) {
			changed = append(changed, f.Path)
		}
	}
	return changedSince(changed)
}

// guardFirst guards a save that starts a draft, from the published files. The
// editor may still have a draft open that was published or deleted meanwhile.
func (c *Client) guardFirst(ctx context.Context, s *save) error {
	now, err := c.states(ctx, c.o.Branch, s.paths())
	if err != nil {
		return err
	}
	if err := c.guardTargets(s, c.o.Branch, now); err != nil || s.o.NewEntry {
		return err
	}
	var changed []string
	for _, f := range s.files {
		is := now[f.Path]
		published, draft := c.noted(c.o.Branch, f.Path), c.noted(s.branch, f.Path)
		known := published == nil && (draft == nil || !is.exists) ||
			published.holds(is.text, is.exists) || draft.holds(is.text, is.exists)
		if !known {
			changed = append(changed, f.Path)
		}
	}
	return changedSince(changed)
}

// opened says whether the editor read anything of a draft.
func (c *Client) opened(branch string) bool {
	for key := range c.notes {
		if key.branch == branch {
			return true
		}
	}
	return false
}
