package backends

import (
	"context"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// maintainer is the desk of who may write to the repository. With open authoring
// the pull requests of contributors lie on it too.
type maintainer struct{ *workflowRepository }

func (m maintainer) home() home { return home{Repository: m.Repository, host: m.host} }

// list implements desk. Of two drafts of one entry the own one counts, then the
// older one; the person hears of the other.
func (m maintainer) list(ctx context.Context) ([]draft, error) {
	pulls, err := m.host.Pulls(ctx, m.cfg.branch(), branchPrefix)
	if err != nil {
		return nil, err
	}
	var drafts []draft
	at := map[cms.Key]int{}
	for _, p := range pulls {
		d, ok := m.draftOf(p)
		if !ok {
			continue
		}
		i, twice := at[d.key]
		switch {
		case !twice:
			at[d.key] = len(drafts)
			drafts = append(drafts, d)
		case drafts[i].open && !d.open:
			m.hidden.tell(m.report, drafts[i])
			drafts[i] = d
		default:
			m.hidden.tell(m.report, d)
		}
	}
	return drafts, nil
}

// draftOf is the draft that a pull request is of, if it is of any.
func (m maintainer) draftOf(p driver.Pull) (draft, bool) {
	if p.Fork == "" {
		key, ok := keyOf(p.Head)
		return draft{key: key, pull: p, at: m.home()}, ok
	}
	forker, forks := m.d.(driver.Forker)
	if !forks || !m.cfg.OpenAuthoring {
		return draft{}, false
	}
	key, ok := keyOnFork(p.Fork, p.Head)
	at := m.home()
	at.fork = forker.OpenFork(p.Fork)
	return draft{key: key, pull: p, at: at, open: true}, ok
}

// find implements desk.
func (m maintainer) find(ctx context.Context, key cms.Key) (draft, error) {
	p, err := m.host.Pull(ctx, m.cfg.branch(), branchOf(key))
	if err == nil {
		return draft{key: key, pull: p, at: m.home()}, nil
	}
	if !cmserr.Is(err, cmserr.NotFound) {
		return draft{}, err
	}
	if m.cfg.OpenAuthoring {
		pulls, err := m.host.Pulls(ctx, m.cfg.branch(), branchPrefix)
		if err != nil {
			return draft{}, err
		}
		for _, p := range pulls {
			if d, ok := m.draftOf(p); ok && d.key == key {
				return d, nil
			}
		}
	}
	return draft{}, notInWorkflow(key, err)
}

// start implements desk.
func (m maintainer) start(key cms.Key) draft {
	return draft{key: key, at: m.home(), pull: driver.Pull{Head: branchOf(key), Base: m.cfg.branch()}}
}

// started implements desk: it opens the pull request, or removes the branch again.
// It does so even when the caller has given up meanwhile.
func (m maintainer) started(ctx context.Context, d draft, title, status string) error {
	pull, err := d.openPull(ctx, title)
	if err != nil {
		if cmserr.Is(err, cmserr.Conflict) { // somebody took the branch over
			return err
		}
		if left := d.at.removeBranch(context.WithoutCancel(ctx), d.pull.Head, d.pull.HeadCommit); left != nil {
			m.report(because(left, "The branch "+quote(d.pull.Head)+" was left behind: "+cmserr.From(left).Message()))
		}
		return err
	}
	d.pull = pull
	if err := m.setStatus(ctx, d, status); err != nil {
		m.report(because(err, "The entry "+quote(d.key.String())+" is saved, but its status could not be set, "+
			"so it counts as a draft: "+cmserr.From(err).Message()))
	}
	return nil
}

// setStatus implements desk. It gives a pull request the one status label; other
// labels stay.
func (m maintainer) setStatus(ctx context.Context, d draft, status string) error {
	label := m.cfg.labelPrefix() + status
	add := []string{label}
	var remove []string
	for _, l := range d.pull.Labels {
		switch {
		case l == label:
			add = nil
		default:
			if _, ours := m.cfg.statusOf(l); ours {
				remove = append(remove, l)
			}
		}
	}
	if len(add)+len(remove) == 0 {
		return nil
	}
	return m.host.Relabel(ctx, d.pull.Number, add, remove)
}

// mergeMessage says how a merge came about, in the words of the CMS's own backends.
const mergeMessage = "Automatically generated. Merged on Static CMS."

// publish implements desk. What is merged is published: a branch that can't be
// removed is reported, and replaced by the entry's next draft. Those of forks are
// their owners' to remove.
func (m maintainer) publish(ctx context.Context, d draft) error {
	err := m.host.MergePull(ctx, d.pull.Number, driver.Merge{
		ExpectedHead: d.pull.HeadCommit,
		Message:      mergeMessage,
		Squash:       m.cfg.SquashMerges,
	})
	if err != nil {
		return err
	}
	m.versions.publish(spaceOf(d.key))
	if d.open {
		return nil
	}
	if err := d.at.removeBranch(ctx, d.pull.Head, d.pull.HeadCommit); err != nil {
		m.report(because(err, "The entry is published, but its branch "+quote(d.pull.Head)+
			" could not be deleted: "+cmserr.From(err).Message()))
	}
	return nil
}

// discard implements desk.
func (m maintainer) discard(ctx context.Context, d draft) error {
	if err := m.host.ClosePull(ctx, d.pull.Number); err != nil {
		return err
	}
	m.versions.drop(spaceOf(d.key))
	if d.open {
		return nil
	}
	return d.at.removeBranch(ctx, d.pull.Head, d.pull.HeadCommit)
}
