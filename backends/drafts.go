package backends

import (
	"context"
	"sync/atomic"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rfc3339"
)

// draftDriver is what a repository must offer to hold the branches of drafts.
type draftDriver interface {
	driver.Driver
	driver.Brancher
	driver.PullRequester
	driver.Comparer
}

// workflowDriver is what the editorial workflow needs of a host.
type workflowDriver interface {
	draftDriver
	driver.Labeler
}

// workflowRepository is a Repository with the editorial workflow. A draft is a
// branch with a pull request into the published branch; a label is its status.
type workflowRepository struct {
	*Repository
	host        workflowDriver
	contributor atomic.Pointer[contributor] // who works on a fork, nil for a maintainer
	user        atomic.Pointer[cms.User]    // who signed in
	stays       atomic.Bool                 // the host can't put a branch onto another base
	names       names
	board       board
	hidden      hidden
}

func newWorkflow(r *Repository, host workflowDriver) *workflowRepository {
	return &workflowRepository{Repository: r, host: host}
}

// draft is an entry under editorial workflow.
type draft struct {
	key cms.Key
	// pull asks to publish the draft. While nobody asks it has no Number, but the
	// branch all the same.
	pull driver.Pull
	at   home
	open bool // written by a contributor
}

// home is the repository in which drafts are read, compared and asked to be
// published.
type home struct {
	*Repository
	host draftDriver
	// fork has the branch, where that is on the fork of somebody else.
	fork driver.Driver
}

// desk is how somebody works on drafts: a maintainer in the repository itself, a
// contributor in a fork of it.
type desk interface {
	// list finds all drafts.
	list(ctx context.Context) ([]draft, error)
	// find finds a draft, or is NotInWorkflow.
	find(ctx context.Context, key cms.Key) (draft, error)
	// start names the branch of a draft that is to be.
	start(key cms.Key) draft
	// started does what a draft needs once its branch has its first commit.
	started(ctx context.Context, d draft, title, status string) error
	setStatus(ctx context.Context, d draft, status string) error
	publish(ctx context.Context, d draft) error
	discard(ctx context.Context, d draft) error
}

func (w *workflowRepository) desk() desk {
	if c := w.contributor.Load(); c != nil {
		return c
	}
	return maintainer{w}
}

func spaceOf(key cms.Key) space { return space(key.String()) }

func notInWorkflow(key cms.Key, err error) error {
	return cmserr.Wrap(cmserr.NotInWorkflow, err, "The entry "+quote(key.String())+" is not under editorial workflow.")
}

// PersistEntry implements cms.Entries.
func (w *workflowRepository) PersistEntry(ctx context.Context, e cms.EntryDraft, o cms.PersistOptions) error {
	if o.UseWorkflow {
		return w.saveDraft(ctx, e, o)
	}
	if err := w.mayPublish(); err != nil {
		return err
	}
	return w.publishEntry(ctx, e, o)
}

// describe is a draft in the CMS's words.
func (w *workflowRepository) describe(d draft, files []driver.FileDiff) cms.Draft {
	out := cms.Draft{
		Key: d.key, Status: w.status(d), Diffs: []cms.Diff{},
		UpdatedAt: rfc3339.Format(d.pull.UpdatedAt), Author: w.names.of(d.pull.Author), OpenAuthoring: d.at.fork != nil,
	}
	for _, f := range files {
		if f.Status != driver.Deleted {
			out.Diffs = append(out.Diffs, cms.Diff{ID: f.ID, Path: f.Path, NewFile: f.Status == driver.Added})
		}
	}
	return out
}

// DraftData implements cms.Workflow. What Draft told of under this id is read by it;
// anything else is read as it is in the draft now.
func (w *workflowRepository) DraftData(ctx context.Context, key cms.Key, path, id string) (string, error) {
	if at, ref, ok := w.board.blob(key, path, id); ok {
		text, err := at.text(ctx, ref)
		if err == nil {
			w.versions.note(spaceOf(key), path, id, text)
		}
		if !cmserr.Is(err, cmserr.NotFound) {
			return text, err
		}
	}
	d, err := w.desk().find(ctx, key)
	if err != nil {
		return "", err
	}
	e, text, err := d.at.readText(ctx, d.pull.HeadCommit, path)
	if err != nil {
		return "", err
	}
	w.versions.note(spaceOf(key), path, e.ID, text)
	return text, nil
}

// DraftMedia implements cms.Workflow.
func (w *workflowRepository) DraftMedia(ctx context.Context, key cms.Key, path, id string) (cms.MediaFile, error) {
	if at, ref, ok := w.board.blob(key, path, id); ok {
		file, err := at.file(ctx, ref)
		if err == nil {
			return mediaFile(driver.TreeEntry{ID: id, Path: path, Mode: driver.ModeRegular}, file), nil
		}
		if !cmserr.Is(err, cmserr.NotFound) {
			return cms.MediaFile{}, err
		}
	}
	d, err := w.desk().find(ctx, key)
	if err != nil {
		return cms.MediaFile{}, err
	}
	e, file, err := d.at.readFile(ctx, d.pull.HeadCommit, path)
	if err != nil {
		return cms.MediaFile{}, err
	}
	return mediaFile(e, file), nil
}

// status is what the labels say. Without one of ours a contributor's pull request
// asks for a review, for they can't set labels. Anything else is a draft: a pull
// request that somebody opened by hand must not keep the board from showing.
func (w *workflowRepository) status(d draft) string {
	for _, l := range d.pull.Labels {
		if s, ours := w.cfg.statusOf(l); ours && knownStatus(s) {
			return s
		}
	}
	if d.open && d.pull.Number != 0 {
		return cms.StatusPendingReview
	}
	return cms.StatusDraft
}

// change finds a draft and changes it, after which nothing that was told of it holds.
func (w *workflowRepository) change(ctx context.Context, key cms.Key, fn func(draft) error) error {
	defer w.board.forget(key)
	d, err := w.desk().find(ctx, key)
	if err != nil {
		return err
	}
	return fn(d)
}

// SetDraftStatus implements cms.Workflow.
func (w *workflowRepository) SetDraftStatus(ctx context.Context, key cms.Key, status string) error {
	return w.change(ctx, key, func(d draft) error { return w.desk().setStatus(ctx, d, status) })
}

// PublishDraft implements cms.Workflow.
func (w *workflowRepository) PublishDraft(ctx context.Context, key cms.Key) error {
	return w.change(ctx, key, func(d draft) error { return w.desk().publish(ctx, d) })
}

// DeleteDraft implements cms.Workflow.
func (w *workflowRepository) DeleteDraft(ctx context.Context, key cms.Key) error {
	return w.change(ctx, key, func(d draft) error { return w.desk().discard(ctx, d) })
}

// removeBranch deletes a draft's branch. Some hosts do so by themselves.
func (h home) removeBranch(ctx context.Context, branch, head string) error {
	err := h.host.DeleteBranch(ctx, branch, head)
	if cmserr.Is(err, cmserr.NotFound) {
		return nil
	}
	return err
}
