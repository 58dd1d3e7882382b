package backends

import (
	"context"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
)

// A save keeps in Git LFS what .gitattributes says. Those files are looked for where
// it brings media, in the media's folders and all above them, and where it writes a
// data file that is a pointer now. For other data files they cost no request: only
// what is known of the commit already counts, for texts are rarely kept in LFS.

// attributeFiles are those that speak of the media of a save.
func attributeFiles(assets []cms.Asset) []string {
	var paths []string
	for _, a := range assets {
		if a.Content != nil {
			paths = append(paths, attributePaths(a.Path)...)
		}
	}
	return paths
}

// resolve reads the data files that are kept in Git LFS.
func (p *planner) resolve(ctx context.Context, files []driver.TreeEntry) error {
	for i, ref := range refs(p.base.commit, files) {
		text, err := p.r.largeText(ctx, ref, p.data[files[i].Path])
		if err != nil {
			return err
		}
		p.data[files[i].Path] = text
	}
	return nil
}

// store decides where everything is kept that the plan writes, leaves out what is there
// already, and reads into memory what Git itself keeps. What goes to Git LFS is not read.
func (p *planner) store(ctx context.Context) error {
	large, err := p.point(ctx)
	if err != nil {
		return err
	}
	if err := p.read(ctx, p.perhapsSame()); err != nil {
		return err
	}
	var changes []driver.Change
	for _, c := range p.plan.changes {
		same, err := p.fill(ctx, &c)
		if err != nil {
			return cmserr.At(err, "", "", c.Path)
		}
		if same {
			continue
		}
		if file, isLarge := large[c.Path]; isLarge {
			if err := p.keep(ctx, file, &c); err != nil {
				return cmserr.At(err, "", "", c.Path)
			}
		}
		changes = append(changes, c)
	}
	p.plan.changes = changes
	return nil
}

// keep has a large file stored before the change that points to it, or gives it to a host
// that makes pointers itself.
func (p *planner) keep(ctx context.Context, file driver.LFSFile, c *driver.Change) error {
	itself, err := p.r.hostPoints(ctx, p.base.commit)
	switch {
	case err != nil:
		return err
	case itself:
		c.Data, err = file.Content.Bytes(ctx)
		return err
	}
	p.plan.large = append(p.plan.large, file)
	return nil
}

// point puts pointers in the place of what .gitattributes says, and answers with the
// files that they stand for.
func (p *planner) point(ctx context.Context) (map[string]driver.LFSFile, error) {
	attrs, err := p.attributes(ctx)
	if err != nil {
		return nil, err
	}
	large := map[string]driver.LFSFile{}
	for i := range p.plan.changes {
		c := &p.plan.changes[i]
		file := p.written(*c)
		if file == nil || !attrs.lfs(c.Path) {
			continue
		}
		pointer, err := pointerTo(ctx, file)
		if err != nil {
			return nil, cmserr.At(err, "", "", c.Path)
		}
		large[c.Path] = driver.LFSFile{LFSPointer: pointer, Path: c.Path, Content: file}
		delete(p.media, c.Path)
		c.Data = formatPointer(pointer)
	}
	return large, nil
}

// written is what a file holds after a change, nil if the change leaves that as it is.
func (p *planner) written(c driver.Change) content.Content {
	if file, ok := p.media[c.Path]; ok {
		return file
	}
	if c.Data == nil {
		return nil
	}
	return content.Bytes(c.Data)
}

// perhapsSame is what lies where media and pointers go, and is not plainly something else.
func (p *planner) perhapsSame() []driver.TreeEntry {
	var out []driver.TreeEntry
	for _, c := range p.plan.changes {
		e, ok := p.there[c.Path]
		_, isText := p.texts[c.Path] // compared already
		file := p.written(c)
		if ok && !isText && file != nil && c.Op == driver.Put && e.IsFile() && (e.Size < 0 || e.Size == file.Size()) {
			out = append(out, e)
		}
	}
	return out
}

// fill puts a file's content into its change, and says whether it is there already.
func (p *planner) fill(ctx context.Context, c *driver.Change) (same bool, err error) {
	if file, ok := p.media[c.Path]; ok {
		if c.Data, err = file.Bytes(ctx); err != nil {
			return false, err
		}
	}
	there, known := p.data[c.Path]
	return known && c.Op == driver.Put && string(there) == string(c.Data), nil
}

// hostPoints says whether the host makes pointers itself: see driver.LFSReader and
// driver.LFSChooser.
func (r *Repository) hostPoints(ctx context.Context, commit string) (bool, error) {
	if chooser, ok := r.d.(driver.LFSChooser); ok {
		stores, err := chooser.StoresLFS(ctx, commit)
		return !stores, err
	}
	_, reads := r.d.(driver.LFSReader)
	_, stores := r.d.(driver.LFSStore)
	return reads && !stores, nil
}

// attributes are the rules for what the plan writes.
func (p *planner) attributes(ctx context.Context) (attributes, error) {
	var free, asked []string
	for _, c := range p.plan.changes {
		switch {
		case p.written(c) == nil:
		case p.texts[c.Path]:
			free = append(free, attributePaths(c.Path)...)
		default:
			asked = append(asked, attributePaths(c.Path)...)
		}
	}
	found, err := p.r.trees.lookup(ctx, p.base.commit, asked)
	if err != nil {
		return nil, err
	}
	for name, e := range p.r.trees.known(p.base.commit, free) {
		found[name] = e
	}
	var files []driver.TreeEntry
	for _, name := range keys(found) {
		if editable(found[name]) {
			files = append(files, found[name])
		}
	}
	if len(files) == 0 {
		return nil, nil
	}
	data, err := p.r.blobs.read(ctx, refs(p.base.commit, files))
	if err != nil {
		return nil, err
	}
	rules := attributes{}
	for i, e := range files {
		rules[e.Path] = parseAttributes(string(data[i]))
	}
	return rules, nil
}
