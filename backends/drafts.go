package backends

import (
	"context"
	"strings"
	"time"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// workflowRepository is a Repository with the editorial workflow. A draft is a
// branch with a pull request into the published branch; a label is its status.
type workflowRepository struct {
	*Repository
	host workflowDriver
}

func spaceOf(key cms.Key) space { return space(key.String()) }

// pull finds the pull request of a draft.
func (w *workflowRepository) pull(ctx context.Context, key cms.Key) (driver.Pull, error) {
	p, err := w.host.Pull(ctx, w.cfg.branch(), branchOf(key))
	if cmserr.Is(err, cmserr.NotFound) {
		e := cmserr.Wrap(cmserr.NotInWorkflow, err, "The entry "+quote(key.String())+" is not under editorial workflow.")
		return p, e
	}
	return p, err
}

// PersistEntry implements cms.Entries.
func (w *workflowRepository) PersistEntry(ctx context.Context, e cms.EntryDraft, o cms.PersistOptions) error {
	if o.UseWorkflow {
		return w.saveDraft(ctx, e, o)
	}
	return w.publishEntry(ctx, e, o)
}

// Drafts implements cms.Workflow.
func (w *workflowRepository) Drafts(ctx context.Context) ([]string, error) {
	pulls, err := w.host.Pulls(ctx, w.cfg.branch(), branchPrefix)
	if err != nil {
		return nil, err
	}
	list := make([]string, 0, len(pulls))
	for _, p := range pulls {
		if key, ok := keyOf(p.Head); ok {
			list = append(list, key.String())
		}
	}
	return list, nil
}

// Draft implements cms.Workflow.
func (w *workflowRepository) Draft(ctx context.Context, key cms.Key) (cms.Draft, error) {
	p, err := w.pull(ctx, key)
	if err != nil {
		return cms.Draft{}, err
	}
	head, err := w.head(ctx)
	if err != nil {
		return cms.Draft{}, err
	}
	cmp, err := w.host.Compare(ctx, head, p.HeadCommit)
	if err != nil {
		return cms.Draft{}, err
	}
	d := cms.Draft{Key: key, Status: w.status(p.Labels), Diffs: []cms.Diff{}, Author: p.Author}
	if !p.UpdatedAt.IsZero() {
		d.UpdatedAt = p.UpdatedAt.UTC().Format(time.RFC3339)
	}
	for _, f := range cmp.Files {
		if f.Status != driver.Deleted {
			d.Diffs = append(d.Diffs, cms.Diff{ID: f.ID, Path: f.Path, NewFile: f.Status == driver.Added})
		}
	}
	return d, nil
}

// DraftData implements cms.Workflow. The draft is read as it is now, whatever the
// id was when it was listed.
func (w *workflowRepository) DraftData(ctx context.Context, key cms.Key, path, _ string) (string, error) {
	p, err := w.pull(ctx, key)
	if err != nil {
		return "", err
	}
	e, text, err := w.readText(ctx, p.HeadCommit, path)
	if err != nil {
		return "", err
	}
	w.versions.note(spaceOf(key), path, e.ID, text)
	return text, nil
}

// DraftMedia implements cms.Workflow.
func (w *workflowRepository) DraftMedia(ctx context.Context, key cms.Key, path, _ string) (cms.MediaFile, error) {
	p, err := w.pull(ctx, key)
	if err != nil {
		return cms.MediaFile{}, err
	}
	e, data, err := w.readFile(ctx, p.HeadCommit, path)
	if err != nil {
		return cms.MediaFile{}, err
	}
	return mediaFile(e, filled(data)), nil
}

// status is what the labels say. Without a label of ours it is a draft: a pull
// request that somebody opened by hand must not keep the board from showing.
func (w *workflowRepository) status(labels []string) string {
	for _, l := range labels {
		if s, ours := strings.CutPrefix(l, w.cfg.labelPrefix()); ours && knownStatus(s) {
			return s
		}
	}
	return cms.StatusDraft
}

// relabel gives a pull request the one status label. Other labels stay.
func (w *workflowRepository) relabel(ctx context.Context, p driver.Pull, status string) error {
	label := w.cfg.labelPrefix() + status
	add := []string{label}
	var remove []string
	for _, l := range p.Labels {
		switch {
		case l == label:
			add = nil
		case strings.HasPrefix(l, w.cfg.labelPrefix()):
			remove = append(remove, l)
		}
	}
	if len(add)+len(remove) == 0 {
		return nil
	}
	return w.host.Relabel(ctx, p.Number, add, remove)
}

// SetDraftStatus implements cms.Workflow.
func (w *workflowRepository) SetDraftStatus(ctx context.Context, key cms.Key, status string) error {
	p, err := w.pull(ctx, key)
	if err != nil {
		return err
	}
	return w.relabel(ctx, p, status)
}

// PublishDraft implements cms.Workflow. What is merged is published: a branch that
// can't be removed is reported, and replaced by the entry's next draft.
func (w *workflowRepository) PublishDraft(ctx context.Context, key cms.Key) error {
	p, err := w.pull(ctx, key)
	if err != nil {
		return err
	}
	err = w.host.MergePull(ctx, p.Number, driver.Merge{
		ExpectedHead: p.HeadCommit,
		Message:      "Publish " + key.String(),
		Squash:       w.cfg.SquashMerges,
	})
	if err != nil {
		return err
	}
	w.versions.publish(spaceOf(key))
	if err := w.removeBranch(ctx, p.Head, p.HeadCommit); err != nil {
		w.report(because(err, "The entry is published, but its branch "+quote(p.Head)+
			" could not be deleted: "+cmserr.From(err).Message()))
	}
	return nil
}

// DeleteDraft implements cms.Workflow.
func (w *workflowRepository) DeleteDraft(ctx context.Context, key cms.Key) error {
	p, err := w.pull(ctx, key)
	if err != nil {
		return err
	}
	if err := w.host.ClosePull(ctx, p.Number); err != nil {
		return err
	}
	w.versions.drop(spaceOf(key))
	return w.removeBranch(ctx, p.Head, p.HeadCommit)
}

// removeBranch deletes a draft's branch. Some hosts do so by themselves.
func (w *workflowRepository) removeBranch(ctx context.Context, branch, head string) error {
	err := w.host.DeleteBranch(ctx, branch, head)
	if cmserr.Is(err, cmserr.NotFound) {
		return nil
	}
	return err
}

// DeployPreview implements cms.Workflow.
func (w *workflowRepository) DeployPreview(ctx context.Context, key cms.Key) (*cms.Preview, error) {
	p, err := w.pull(ctx, key)
	if err != nil {
		return nil, err
	}
	reader, ok := w.d.(driver.StatusReader)
	if !ok {
		return nil, nil
	}
	checks, err := reader.Statuses(ctx, p.HeadCommit)
	if err != nil {
		return nil, err
	}
	for _, c := range checks {
		if c.URL == "" || !w.isPreview(c.Context) {
			continue
		}
		if c.State == "success" {
			return &cms.Preview{URL: c.URL, Status: "success"}, nil
		}
		return &cms.Preview{URL: c.URL, Status: "other"}, nil
	}
	return nil, nil
}

func (w *workflowRepository) isPreview(context string) bool {
	if w.cfg.PreviewContext != "" {
		return context == w.cfg.PreviewContext
	}
	return strings.Contains(context, "deploy")
}
