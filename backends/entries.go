package backends

import (
	"context"

	"mooring/backends/cms"
)

// EntriesByFolder implements cms.Entries.
func (b *Backend) EntriesByFolder(ctx context.Context, q cms.FolderQuery) (cms.Page, error) {
	const op = "entriesByFolder"
	var err error
	if q.Folder, err = cleanFolder(op, "folder", q.Folder); err != nil {
		return cms.Page{}, b.at(err, op, "")
	}
	if q.Extension, err = cleanExtension(op, q.Extension); err != nil {
		return cms.Page{}, b.at(err, op, q.Folder)
	}
	switch {
	case q.Depth == 0:
		q.Depth = 1
	case q.Depth < 0:
		return cms.Page{}, b.at(invalid(op, "depth", "give 1 for the folder alone, more for its subfolders"), op, q.Folder)
	}
	if q.Offset < 0 || q.Limit < 0 {
		return cms.Page{}, b.at(invalid(op, "offset or limit", "neither may be negative"), op, q.Folder)
	}
	page, err := b.svc.EntriesByFolder(ctx, q)
	return page, b.at(err, op, q.Folder)
}

// EntriesByFiles implements cms.Entries.
func (b *Backend) EntriesByFiles(ctx context.Context, files []cms.File) ([]cms.Entry, error) {
	const op = "entriesByFiles"
	if len(files) == 0 {
		return []cms.Entry{}, nil
	}
	clean := make([]cms.File, len(files))
	for i, f := range files {
		p, err := cleanPath(op, "path", f.Path)
		if err != nil {
			return nil, b.at(err, op, f.Path)
		}
		clean[i] = f
		clean[i].Path = p
	}
	entries, err := b.svc.EntriesByFiles(ctx, clean)
	return entries, b.at(err, op, "")
}

// Entry implements cms.Entries.
func (b *Backend) Entry(ctx context.Context, path string) (cms.Entry, error) {
	const op = "getEntry"
	p, err := cleanPath(op, "path", path)
	if err != nil {
		return cms.Entry{}, b.at(err, op, path)
	}
	entry, err := b.svc.Entry(ctx, p)
	return entry, b.at(err, op, p)
}

// PersistEntry implements cms.Entries.
func (b *Backend) PersistEntry(ctx context.Context, e cms.EntryDraft, o cms.PersistOptions) error {
	const op = "persistEntry"
	e, err := cleanDraft(op, e)
	if err != nil {
		return b.at(err, op, "")
	}
	if o.UseWorkflow {
		if err := b.checkWorkflowSave(op, e, o); err != nil {
			return b.at(err, op, e.Files[0].Path)
		}
	}
	err = b.write(ctx, func() error { return b.svc.PersistEntry(ctx, e, o) })
	return b.at(err, op, e.Files[0].Path)
}

func (b *Backend) checkWorkflowSave(op string, e cms.EntryDraft, o cms.PersistOptions) error {
	if _, err := b.workflow(); err != nil {
		return err
	}
	if _, err := cleanKey(op, cms.Key{Collection: o.Collection, Slug: e.Files[0].Slug}); err != nil {
		return err
	}
	if o.Status == "" {
		return nil
	}
	return checkStatus(op, o.Status)
}

// cleanDraft checks what the editor saves: clean paths, and one writer for each.
func cleanDraft(op string, e cms.EntryDraft) (cms.EntryDraft, error) {
	if len(e.Files) == 0 {
		return e, invalid(op, "dataFiles", "an entry needs at least one file")
	}
	out := cms.EntryDraft{Files: make([]cms.DataFile, len(e.Files))}
	taken := map[string]bool{}
	for i, f := range e.Files {
		p, err := cleanPath(op, "path", f.Path)
		if err != nil {
			return e, err
		}
		f.Path = p
		if f.NewPath != "" {
			if f.NewPath, err = cleanPath(op, "newPath", f.NewPath); err != nil {
				return e, err
			}
		}
		if taken[f.Target()] {
			return e, invalid(op, "dataFiles", "two files are to be saved as "+quote(f.Target()))
		}
		taken[f.Target()] = true
		out.Files[i] = f
	}
	for _, f := range out.Files {
		if f.Moves() && taken[f.Path] {
			return e, invalid(op, "dataFiles", "one file is to move to "+quote(f.Path)+" while another leaves it, save twice")
		}
	}
	var err error
	out.Assets, err = cleanAssets(op, e.Assets, taken)
	return out, err
}

// cleanAssets checks an entry's assets. Of two with one path the later counts:
// an editor may pick a file, and then another of the same name.
func cleanAssets(op string, assets []cms.Asset, taken map[string]bool) ([]cms.Asset, error) {
	var out []cms.Asset
	at := map[string]int{}
	for _, a := range assets {
		p, err := cleanPath(op, "assets", a.Path)
		if err != nil {
			return nil, err
		}
		if taken[p] {
			return nil, invalid(op, "assets", "an asset is to be saved as "+quote(p)+", which is the entry itself")
		}
		a.Path = p
		if i, twice := at[p]; twice {
			out[i] = a
			continue
		}
		at[p] = len(out)
		out = append(out, a)
	}
	return out, nil
}
