package backends

import (
	"context"
	"strings"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
)

// workflow is the service's editorial workflow, if it has one.
func (b *Backend) workflow() (cms.Workflow, error) {
	if w, ok := b.svc.(cms.Workflow); ok {
		return w, nil
	}
	return nil, cmserr.New(cmserr.Unsupported, "The host "+quote(b.host)+" has no editorial workflow. "+
		"Set `publish_mode: simple` in the CMS's configuration, or use a host that has pull requests.")
}

func cleanKey(op string, k cms.Key) (cms.Key, error) {
	switch {
	case k.Collection == "" || strings.Contains(k.Collection, "/"):
		return k, invalid(op, "collection", "give the collection's name, without slashes")
	case strings.Trim(k.Slug, "/") == "":
		return k, invalid(op, "slug", "a draft needs a slug")
	case strings.ContainsRune(k.Collection+k.Slug, 0):
		return k, invalid(op, "slug", "neither collection nor slug may have a NUL byte")
	}
	return k, nil
}

func checkStatus(op, status string) error {
	if knownStatus(status) {
		return nil
	}
	return invalid(op, "status", quote(status)+" is not one of draft, pending_review and pending_publish")
}

// onDraft checks the key and runs fn on the workflow.
func (b *Backend) onDraft(op string, key cms.Key, fn func(cms.Workflow, cms.Key) error) error {
	key, err := cleanKey(op, key)
	if err != nil {
		return b.at(err, op, "")
	}
	w, err := b.workflow()
	if err == nil {
		err = fn(w, key)
	}
	return b.at(err, op, key.String())
}

// Drafts implements cms.Workflow.
func (b *Backend) Drafts(ctx context.Context) ([]string, error) {
	const op = "unpublishedEntries"
	w, err := b.workflow()
	if err != nil {
		return nil, b.at(err, op, "")
	}
	keys, err := w.Drafts(ctx)
	return keys, b.at(err, op, "")
}

// Draft implements cms.Workflow.
func (b *Backend) Draft(ctx context.Context, key cms.Key) (cms.Draft, error) {
	var d cms.Draft
	err := b.onDraft("unpublishedEntry", key, func(w cms.Workflow, key cms.Key) (err error) {
		d, err = w.Draft(ctx, key)
		return err
	})
	return d, err
}

// ListedDraft implements cms.DraftLister, on a host that has none of it too.
func (b *Backend) ListedDraft(ctx context.Context, key cms.Key) (cms.Draft, error) {
	var d cms.Draft
	err := b.onDraft("unpublishedEntry", key, func(w cms.Workflow, key cms.Key) (err error) {
		if l, ok := w.(cms.DraftLister); ok {
			d, err = l.ListedDraft(ctx, key)
		} else {
			d, err = w.Draft(ctx, key)
		}
		return err
	})
	return d, err
}

// DraftData implements cms.Workflow.
func (b *Backend) DraftData(ctx context.Context, key cms.Key, path, id string) (string, error) {
	const op = "unpublishedEntryDataFile"
	var data string
	err := b.onDraft(op, key, func(w cms.Workflow, key cms.Key) error {
		p, err := cleanPath(op, "path", path)
		if err != nil {
			return err
		}
		data, err = w.DraftData(ctx, key, p, id)
		return cmserr.At(err, op, b.host, p)
	})
	return data, err
}

// DraftMedia implements cms.Workflow.
func (b *Backend) DraftMedia(ctx context.Context, key cms.Key, path, id string) (cms.MediaFile, error) {
	const op = "unpublishedEntryMediaFile"
	var file cms.MediaFile
	err := b.onDraft(op, key, func(w cms.Workflow, key cms.Key) error {
		p, err := cleanPath(op, "path", path)
		if err != nil {
			return err
		}
		file, err = w.DraftMedia(ctx, key, p, id)
		return cmserr.At(err, op, b.host, p)
	})
	return file, err
}

// SetDraftStatus implements cms.Workflow.
func (b *Backend) SetDraftStatus(ctx context.Context, key cms.Key, status string) error {
	const op = "updateUnpublishedEntryStatus"
	return b.onDraft(op, key, func(w cms.Workflow, key cms.Key) error {
		if err := checkStatus(op, status); err != nil {
			return err
		}
		return b.write(ctx, func() error { return w.SetDraftStatus(ctx, key, status) })
	})
}

// PublishDraft implements cms.Workflow.
func (b *Backend) PublishDraft(ctx context.Context, key cms.Key) error {
	return b.onDraft("publishUnpublishedEntry", key, func(w cms.Workflow, key cms.Key) error {
		return b.write(ctx, func() error { return w.PublishDraft(ctx, key) })
	})
}

// DeleteDraft implements cms.Workflow.
func (b *Backend) DeleteDraft(ctx context.Context, key cms.Key) error {
	return b.onDraft("deleteUnpublishedEntry", key, func(w cms.Workflow, key cms.Key) error {
		return b.write(ctx, func() error { return w.DeleteDraft(ctx, key) })
	})
}

// DeployPreview implements cms.Workflow.
func (b *Backend) DeployPreview(ctx context.Context, key cms.Key) (*cms.Preview, error) {
	var p *cms.Preview
	err := b.onDraft("getDeployPreview", key, func(w cms.Workflow, key cms.Key) (err error) {
		p, err = w.DeployPreview(ctx, key)
		return err
	})
	return p, err
}
