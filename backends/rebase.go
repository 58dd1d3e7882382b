package backends

import (
	"context"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// draftFile is what a draft does to one path, in all its commits together.
type draftFile struct {
	from    string // where it lies on the published branch, "" if it is new
	deleted bool
	data    []byte         // its content, nil for that of blob
	blob    driver.BlobRef // its content as it is in the draft
}

// rebase prepares a commit on a draft so that the draft lies on top of what is
// published now. Where both changed the same file it leaves the commit as it was:
// replacing the file would undo silently what was published, and merging is the
// host's to do.
func (w *workflowRepository) rebase(ctx context.Context, d draft, c *driver.Commit, main string, cmp driver.Comparison) error {
	host, able := d.at.host.(driver.Rebaser)
	if !able && !w.wrote(d, cmp) {
		return nil
	}
	files := filesOf(c.ExpectedHead, cmp.Files)
	before, err := d.at.trees.lookup(ctx, c.ExpectedHead, changePaths(c.Changes))
	if err != nil {
		return err
	}
	for _, change := range c.Changes {
		files.apply(change, c.ExpectedHead, before)
	}
	old, err := w.trees.lookup(ctx, cmp.MergeBase, files.paths())
	if err != nil {
		return err
	}
	now, err := w.trees.lookup(ctx, main, files.paths())
	switch {
	case err != nil || !same(old, now, files.paths()):
		return err
	case able:
		return d.rebaseBy(ctx, host, c, before)
	}
	changes, err := files.redo(ctx, d.at, now)
	if err == nil && len(changes) > 0 {
		c.Base, c.Changes = main, changes
	}
	return err
}

// same says whether the same lies at paths.
func same(then, now map[string]driver.TreeEntry, paths []string) bool {
	for _, p := range paths {
		was, had := then[p]
		is, has := now[p]
		if had != has || had && (was.ID == "" || was.ID != is.ID) {
			return false
		}
	}
	return true
}

// rebaseBy has the host rebase the draft before the commit is added to it. A draft
// that it can't rebase takes the commit as it is. before is what the draft held at the
// commit's paths: if something else is there now, somebody saved it meanwhile.
func (d draft) rebaseBy(ctx context.Context, host driver.Rebaser, c *driver.Commit, before map[string]driver.TreeEntry) error {
	head, err := host.Rebase(ctx, d.pull.Number, c.ExpectedHead)
	switch cmserr.KindOf(err) {
	case cmserr.Conflict, cmserr.Forbidden, cmserr.Unsupported:
		return nil
	}
	if err != nil {
		return err
	}
	paths := changePaths(c.Changes)
	now, err := d.at.trees.lookup(ctx, head, paths)
	switch {
	case err != nil:
		return err
	case !same(before, now, paths):
		return changedByOthers(paths)
	}
	c.ExpectedHead = head
	return nil
}

// draftFiles maps paths to what a draft does to them.
type draftFiles map[string]*draftFile

func filesOf(commit string, diffs []driver.FileDiff) draftFiles {
	d := draftFiles{}
	for _, f := range diffs {
		file := &draftFile{blob: driver.BlobRef{ID: f.ID, Path: f.Path, Commit: commit}}
		switch f.Status {
		case driver.Modified:
			file.from = f.Path
		case driver.Renamed:
			file.from = f.OldPath
		case driver.Deleted:
			file.from, file.deleted = f.Path, true
		}
		d[f.Path] = file
	}
	return d
}

// apply adds one more change. before is what the draft held at its paths.
func (d draftFiles) apply(c driver.Change, commit string, before map[string]driver.TreeEntry) {
	switch c.Op {
	case driver.Put:
		file := d.take(c.Path, commit, before)
		file.data, file.deleted = c.Data, false
		d.place(c.Path, file)
	case driver.Delete:
		file := d.take(c.Path, commit, before)
		if file.from != "" {
			file.deleted = true
			d[file.from] = file
		}
	case driver.Move:
		file := d.take(c.From, commit, before)
		if c.Data != nil {
			file.data = c.Data
		}
		d.place(c.Path, file)
	}
}

// take is what the draft does to the file at path, taken out of it.
func (d draftFiles) take(path, commit string, before map[string]driver.TreeEntry) *draftFile {
	if file, ok := d[path]; ok {
		delete(d, path)
		return file
	}
	e, ok := before[path]
	if !ok {
		return &draftFile{}
	}
	return &draftFile{from: path, blob: driver.BlobRef{ID: e.ID, Path: path, Commit: commit}}
}

// place puts a file where it lies in the draft. Where the draft had deleted another,
// that one is replaced, and the file is a new one as far as Git can tell.
func (d draftFiles) place(path string, file *draftFile) {
	if gone, ok := d[path]; ok && gone.deleted && file.from != path {
		if file.from != "" {
			d[file.from] = &draftFile{from: file.from, deleted: true}
		}
		file.from = path
	}
	d[path] = file
}

// paths are all that the draft touches on the published branch.
func (d draftFiles) paths() []string {
	all := map[string]bool{}
	for p, file := range d {
		all[p] = true
		if file.from != "" {
			all[file.from] = true
		}
	}
	return keys(all)
}

func changePaths(changes []driver.Change) []string {
	all := map[string]bool{}
	for _, c := range changes {
		all[c.Path] = true
		if c.Op == driver.Move {
			all[c.From] = true
		}
	}
	return keys(all)
}

// redo says the draft again, as changes of what is published now.
func (d draftFiles) redo(ctx context.Context, at home, now map[string]driver.TreeEntry) ([]driver.Change, error) {
	var changes []driver.Change
	var read []driver.BlobRef
	var into []int
	for _, p := range keys(d) {
		file := d[p]
		from, there := now[file.from]
		c := driver.Change{Op: driver.Put, Path: p, Data: file.data}
		switch {
		case file.deleted:
			c.Op = driver.Delete
		case file.from != "" && file.from != p:
			c.Op, c.From = driver.Move, file.from
		}
		unread := c.Op != driver.Delete && c.Data == nil
		same := there && from.ID != "" && from.ID == file.blob.ID
		switch {
		case c.Op == driver.Put && unread && same:
			continue
		case unread && !same:
			into = append(into, len(changes))
			read = append(read, file.blob)
		}
		changes = append(changes, c)
	}
	if len(read) == 0 {
		return changes, nil
	}
	data, err := at.blobs.read(ctx, read)
	if err != nil {
		return nil, err
	}
	for i, at := range into {
		changes[at].Data = filled(data[i])
	}
	return changes, nil
}

// filled is data, and not nil: that would mean that a move carries a file over unchanged.
func filled(data []byte) []byte {
	if data == nil {
		return []byte{}
	}
	return data
}
