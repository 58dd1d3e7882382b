package backends

import (
	"context"

	"mooring/backends/cms"
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
		if a.Data != nil {
			paths = append(paths, attributePaths(a.Path)...)
		}
	}
	return paths
}

// resolve reads the data files that are kept in Git LFS.
func (p *planner) resolve(ctx context.Context, files []driver.TreeEntry) error {
	for i, ref := range refs(p.base.commit, files) {
		text, err := p.r.large(ctx, ref, p.data[files[i].Path])
		if err != nil {
			return err
		}
		p.data[files[i].Path] = text
	}
	return nil
}

// point puts pointers in the place of what is kept in Git LFS, notes what to upload,
// and leaves out what is there already.
func (p *planner) point(ctx context.Context) error {
	attrs, err := p.attributes(ctx)
	if err != nil || len(attrs) == 0 {
		return err
	}
	var changes []driver.Change
	for _, c := range p.plan.changes {
		if c.Op == driver.Delete || c.Data == nil || !attrs.lfs(c.Path) {
			changes = append(changes, c)
			continue
		}
		file := driver.LFSFile{LFSPointer: pointerTo(c.Data), Path: c.Path, Data: c.Data}
		pointer := c
		pointer.Data = formatPointer(file.LFSPointer)
		same, err := p.holds(ctx, pointer)
		switch {
		case err != nil:
			return err
		case same:
		case p.r.hostPoints():
			changes = append(changes, c)
		default:
			changes = append(changes, pointer)
			p.plan.large = append(p.plan.large, file)
		}
	}
	p.plan.changes = changes
	return nil
}

// hostPoints says whether the host makes pointers itself: see driver.LFSReader.
func (r *Repository) hostPoints() bool {
	_, reads := r.d.(driver.LFSReader)
	_, stores := r.d.(driver.LFSStore)
	return reads && !stores
}

// holds says whether what a change puts somewhere is there.
func (p *planner) holds(ctx context.Context, c driver.Change) (bool, error) {
	e, ok := p.there[c.Path]
	if !ok || c.Op != driver.Put || e.Size >= 0 && e.Size != int64(len(c.Data)) {
		return false, nil
	}
	data, err := p.r.blobs.read(ctx, refs(p.base.commit, []driver.TreeEntry{e}))
	return err == nil && string(data[0]) == string(c.Data), err
}

// attributes are the rules for what the plan writes.
func (p *planner) attributes(ctx context.Context) (attributes, error) {
	var free, asked []string
	for _, c := range p.plan.changes {
		switch {
		case c.Data == nil:
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
