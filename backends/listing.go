package backends

import (
	"context"
	"path"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
)

// pages remembers what the first page of each listing was cut from, so that the
// next one continues it, whatever was committed meanwhile.
type pages struct {
	mu    sync.Mutex
	first map[pageKey]pageList
}

type pageKey struct {
	folder, extension string
	depth             int
}

type pageList struct {
	commit  string
	entries []driver.TreeEntry
	all     bool // or the first of them only
}

func (p *pages) get(k pageKey) (pageList, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, ok := p.first[k]
	return l, ok
}

func (p *pages) set(k pageKey, l pageList) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.first == nil {
		p.first = map[pageKey]pageList{}
	}
	p.first[k] = l
}

func (p *pages) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.first = nil
}

// EntriesByFolder implements cms.Entries.
func (r *Repository) EntriesByFolder(ctx context.Context, q cms.FolderQuery) (cms.Page, error) {
	start := time.Now()
	list, err := r.listFor(ctx, q)
	if err != nil {
		return cms.Page{}, err
	}
	shown := page(q, list.entries)
	var paths []string
	if q.Metadata {
		for _, e := range shown {
			paths = append(paths, e.Path)
		}
	}
	entries, err := r.withMetadata(ctx, start, list.commit, paths, func() ([]cms.Entry, error) {
		return r.readEntries(ctx, list.commit, shown)
	})
	return cms.Page{Entries: entries, Total: len(list.entries), More: !list.all}, err
}

// listFor is the listing that q is a page of. A search reads all of a listing
// while somebody pages through it, and must not shift their pages.
func (r *Repository) listFor(ctx context.Context, q cms.FolderQuery) (pageList, error) {
	key := pageKey{q.Folder, q.Extension, max(q.Depth, 1)}
	known, ok := r.pages.get(key)
	commit := known.commit
	if !ok || q.Offset == 0 {
		ahead := r.readAhead(ctx, key, q)
		var err error
		if commit, err = r.head(ctx); err != nil {
			return pageList{}, err
		}
		<-ahead
	} else if known.all || q.Limit > 0 && len(known.entries) > q.Offset+q.Limit {
		return known, nil
	}
	list, err := r.listAt(ctx, commit, key, q)
	if err == nil && (!ok || q.Limit > 0) {
		r.pages.set(key, list)
	}
	return list, err
}

// listAt lists a folder's entries at a commit: as many as q needs, and one more, where
// that takes fewer requests than all of them.
func (r *Repository) listAt(ctx context.Context, commit string, key pageKey, q cms.FolderQuery) (pageList, error) {
	if q.Limit == 0 || key.depth > 1 {
		all, err := r.trees.list(ctx, commit, key.folder, key.depth > 1)
		return pageList{commit, key.only(all), true}, err
	}
	enough := q.Offset + q.Limit + 1
	for n := enough; ; {
		first, all, err := r.trees.begin(ctx, commit, key.folder, n)
		list := pageList{commit, key.only(first), all}
		if err != nil || all || len(list.entries) >= enough {
			return list, err
		}
		n = len(first) + enough // some of them are folders, or other files
	}
}

// only are those of a directory's files that are entries of the folder.
func (k pageKey) only(all []driver.TreeEntry) []driver.TreeEntry {
	var entries []driver.TreeEntry
	for _, e := range all {
		if k.has(e) {
			entries = append(entries, e)
		}
	}
	return entries
}

// has says whether e is an entry of the folder.
func (k pageKey) has(e driver.TreeEntry) bool {
	if !editable(e) {
		return false
	}
	if n := levels(e.Path, k.folder); n == 0 || n > k.depth {
		return false
	}
	return k.extension == "" || strings.HasSuffix(path.Base(e.Path), "."+k.extension)
}

func (r *Repository) readEntries(ctx context.Context, commit string, files []driver.TreeEntry) ([]cms.Entry, error) {
	out := make([]cms.Entry, len(files))
	if len(files) == 0 {
		return out, nil
	}
	refs := refs(commit, files)
	data, err := r.blobs.read(ctx, refs)
	if err != nil {
		return nil, err
	}
	if err := r.showLarge(ctx, refs, data); err != nil {
		return nil, err
	}
	for i, f := range files {
		out[i] = cms.Entry{File: cms.File{Path: f.Path, ID: f.ID}, Data: string(data[i])}
	}
	return out, nil
}

// EntriesByFiles implements cms.Entries.
func (r *Repository) EntriesByFiles(ctx context.Context, files []cms.File) ([]cms.Entry, error) {
	start := time.Now()
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = f.Path
	}
	head, err := r.head(ctx)
	if err != nil {
		return nil, err
	}
	found, err := r.trees.lookup(ctx, head, paths)
	if err != nil {
		return nil, err
	}
	var there []driver.TreeEntry
	var labels, described []string
	for _, f := range files {
		if e, ok := found[f.Path]; ok && editable(e) {
			there = append(there, e)
			labels = append(labels, f.Label)
			if f.Metadata {
				described = append(described, f.Path)
			}
		}
	}
	entries, err := r.withMetadata(ctx, start, head, described, func() ([]cms.Entry, error) {
		return r.readEntries(ctx, head, there)
	})
	for i := range entries {
		entries[i].Label = labels[i]
	}
	return entries, err
}

// Entry implements cms.Entries.
func (r *Repository) Entry(ctx context.Context, path string) (cms.Entry, error) {
	head, err := r.head(ctx)
	if err != nil {
		return cms.Entry{}, err
	}
	e, text, err := r.readText(ctx, head, path)
	if err != nil {
		return cms.Entry{}, err
	}
	r.versions.note(published, path, e.ID, text)
	return cms.Entry{File: cms.File{Path: path, ID: e.ID}, Data: text}, nil
}

// readText reads a file for the editor, by its path.
func (r *Repository) readText(ctx context.Context, commit, p string) (driver.TreeEntry, string, error) {
	e, err := r.find(ctx, commit, p)
	if err != nil {
		return e, "", err
	}
	if !editable(e) {
		return e, "", missing(p)
	}
	text, err := r.text(ctx, driver.BlobRef{ID: e.ID, Path: p, Commit: commit})
	return e, text, err
}

// text reads a blob for the editor, and refuses one that the editor could not save
// unharmed.
func (r *Repository) text(ctx context.Context, ref driver.BlobRef) (string, error) {
	data, err := r.blobs.one(ctx, ref)
	if err == nil {
		data, err = r.largeText(ctx, ref, data)
	}
	if err != nil {
		return "", err
	}
	if !utf8.Valid(data) {
		return "", cmserr.New(cmserr.Invalid, "This file is not UTF-8 text, and editing it here would "+
			"damage it. Convert it to UTF-8 first.")
	}
	return string(data), nil
}

// editable says whether e is a file with a content of its own.
func editable(e driver.TreeEntry) bool { return e.IsFile() && e.Mode != driver.ModeSymlink }

func missing(p string) error {
	return cmserr.New(cmserr.NotFound, "There is no file "+quote(p)+".")
}

// find is what lies at a path, if that has content.
func (r *Repository) find(ctx context.Context, commit, p string) (driver.TreeEntry, error) {
	found, err := r.trees.lookup(ctx, commit, []string{p})
	if err != nil {
		return driver.TreeEntry{}, err
	}
	e, ok := found[p]
	if !ok || !e.IsFile() {
		return driver.TreeEntry{}, missing(p)
	}
	return e, nil
}

// readFile reads one file by its path.
func (r *Repository) readFile(ctx context.Context, commit, p string) (driver.TreeEntry, content.Content, error) {
	e, err := r.find(ctx, commit, p)
	if err != nil {
		return driver.TreeEntry{}, nil, err
	}
	data, err := r.file(ctx, driver.BlobRef{ID: e.ID, Path: p, Commit: commit})
	return e, data, err
}

// file reads a blob, or the large file that it points to.
func (r *Repository) file(ctx context.Context, ref driver.BlobRef) (content.Content, error) {
	data, err := r.blobs.read(ctx, []driver.BlobRef{ref})
	if err != nil {
		return nil, err
	}
	return r.large(ctx, ref, data[0])
}
