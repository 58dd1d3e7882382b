package backends

import (
	"context"
	"strings"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
)

// base is what a save is worked out against.
type base struct {
	commit string
	in     space
}

// plan is what a save has to change.
type plan struct {
	changes []driver.Change
	folders []folderMove
	large   []driver.LFSFile // what is to be stored before the changes are committed
}

// folderMove takes along what lies beside the index file of a nested entry.
type folderMove struct{ from, to string }

// planner works out a plan from what is there.
type planner struct {
	r     *Repository
	base  base
	there map[string]driver.TreeEntry
	data  map[string][]byte          // content of what is there, where it had to be read
	texts map[string]bool            // paths of data files, for which .gitattributes may cost no request
	media map[string]content.Content // what media files are to hold, until it is known where that is kept
	plan  plan
}

// plan compares what the editor saves with what is there, refuses to overwrite
// what they have not seen, and leaves out what is the same.
func (r *Repository) plan(ctx context.Context, at base, e cms.EntryDraft, newEntry bool) (plan, error) {
	p := &planner{r: r, base: at, media: map[string]content.Content{}}
	if err := p.look(ctx, e); err != nil {
		return plan{}, err
	}
	if err := p.check(e.Files, newEntry); err != nil {
		return plan{}, err
	}
	for _, f := range e.Files {
		p.file(f)
	}
	along, err := p.folders(ctx)
	if err != nil {
		return plan{}, err
	}
	if err := p.assets(e.Assets, along); err != nil {
		return plan{}, err
	}
	err = p.store(ctx)
	return p.plan, err
}

// look finds what the save would replace, and reads of it what is not known already.
func (p *planner) look(ctx context.Context, e cms.EntryDraft) error {
	var paths []string
	for _, f := range e.Files {
		paths = append(paths, f.Path, f.Target())
	}
	for _, a := range e.Assets {
		paths = append(paths, a.Path)
	}
	paths = append(paths, attributeFiles(e.Assets)...) // their folders are listed along with the others
	var err error
	if p.there, err = p.r.trees.lookup(ctx, p.base.commit, paths); err != nil {
		return err
	}
	return p.readTexts(ctx, e.Files)
}

// readTexts reads what the data files would replace.
func (p *planner) readTexts(ctx context.Context, files []cms.DataFile) error {
	p.data, p.texts = map[string][]byte{}, map[string]bool{}
	var unread []driver.TreeEntry
	for _, f := range files {
		path := p.now(f)
		entry, ok := p.there[path]
		if !ok || !entry.IsFile() {
			continue
		}
		if v, seen := p.r.versions.latest(p.base.in, path); seen && v.read && v.id != "" && v.id == entry.ID {
			p.data[path] = []byte(v.data)
			continue
		}
		unread = append(unread, entry)
	}
	if err := p.read(ctx, unread); err != nil {
		return err
	}
	if err := p.resolve(ctx, unread); err != nil {
		return err
	}
	for _, f := range files {
		p.texts[f.Target()] = !p.r.pointers.has(p.there[p.now(f)])
	}
	return nil
}

func (p *planner) read(ctx context.Context, entries []driver.TreeEntry) error {
	if len(entries) == 0 {
		return nil
	}
	data, err := p.r.blobs.read(ctx, refs(p.base.commit, entries))
	if err != nil {
		return err
	}
	for i, entry := range entries {
		p.data[entry.Path] = data[i]
	}
	return nil
}

// now is where the file lies now: at its path, or at the target of a move that
// the editor made in an earlier save and names again.
func (p *planner) now(f cms.DataFile) string {
	if _, ok := p.there[f.Path]; !ok && f.Moves() {
		if v, known := p.r.versions.at(p.base.in, f.Target()); known && v.wrote {
			return f.Target()
		}
	}
	return f.Path
}

// check refuses a save that would overwrite what the editor has not seen.
func (p *planner) check(files []cms.DataFile, newEntry bool) error {
	var taken, changed, deleted []string
	for _, f := range files {
		now := p.now(f)
		entry, ok := p.there[now]
		if target, there := p.there[f.Target()]; there &&
			(newEntry || now != f.Target() || !editable(target)) {
			taken = append(taken, f.Target())
			continue
		}
		v, seen := p.r.versions.latest(p.base.in, now)
		switch {
		case newEntry || !seen:
		case !ok:
			deleted = append(deleted, now)
		case v.read && v.id != "" && v.id == entry.ID:
		case string(p.data[now]) == f.Raw: // saved already, and the answer was lost
		case !v.knows(string(p.data[now])):
			changed = append(changed, now)
		}
	}
	switch {
	case len(taken) > 0:
		return alreadyThere(taken)
	case len(changed) > 0:
		return changedByOthers(changed)
	case len(deleted) > 0:
		return deletedByOthers(deleted)
	}
	return nil
}

// file plans one data file, which check has let through.
func (p *planner) file(f cms.DataFile) {
	now := p.now(f)
	old, exists := p.data[now]
	same := exists && string(old) == f.Raw
	switch {
	case !exists || now == f.Target():
		if !same {
			p.add(driver.Change{Op: driver.Put, Path: f.Target(), Data: []byte(f.Raw)})
		}
		return
	case same:
		p.add(driver.Change{Op: driver.Move, From: now, Path: f.Target()})
	default:
		p.add(driver.Change{Op: driver.Move, From: now, Path: f.Target(), Data: []byte(f.Raw)})
	}
	if m, ok := folderOf(f); ok {
		for _, known := range p.plan.folders {
			if known == m {
				return
			}
		}
		p.plan.folders = append(p.plan.folders, m)
	}
}

func (p *planner) add(c driver.Change) { p.plan.changes = append(p.plan.changes, c) }

// folderOf says which folder a move takes along. Only an index file stands for its
// folder; any other moves alone, since its folder is shared.
func folderOf(f cms.DataFile) (folderMove, bool) {
	m := folderMove{parent(f.Path), parent(f.Target())}
	name := f.Path[strings.LastIndexByte(f.Path, '/')+1:]
	stem, _, _ := strings.Cut(name, ".")
	index := stem == "index" || stem == "_index"
	kept := name == f.Target()[strings.LastIndexByte(f.Target(), '/')+1:]
	return m, index && kept && m.from != m.to && m.from != ""
}

// folders plans the moves of what lies beside index files, and answers with where
// in the plan each of those files is, by its new path.
func (p *planner) folders(ctx context.Context) (map[string]int, error) {
	along := map[string]int{}
	touched := map[string]bool{}
	for _, c := range p.plan.changes {
		touched[c.Path], touched[c.From] = true, true
	}
	for _, m := range p.plan.folders {
		if inside(m.to, m.from) {
			return nil, cmserr.New(cmserr.Invalid, "The folder "+quote(m.from)+
				" can't be moved into itself. Choose a parent outside of it.")
		}
		entries, err := p.r.trees.list(ctx, p.base.commit, m.from, true)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if !e.IsFile() || touched[e.Path] {
				continue
			}
			to := m.new(e.Path)
			along[to] = len(p.plan.changes)
			p.add(driver.Change{Op: driver.Move, From: e.Path, Path: to})
		}
	}
	return along, p.free(ctx, keys(along))
}

// new is where the folder's move takes a path.
func (m folderMove) new(path string) string {
	rest := path[len(m.from)+1:]
	if m.to == "" {
		return rest
	}
	return m.to + "/" + rest
}

// free refuses paths at which something lies.
func (p *planner) free(ctx context.Context, paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	found, err := p.r.trees.lookup(ctx, p.base.commit, paths)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return alreadyThere(keys(found))
	}
	return nil
}

// assets plans the media files of an entry. Those in a folder that moves go where
// the folder goes; one without content stays as it is.
func (p *planner) assets(assets []cms.Asset, along map[string]int) error {
	for _, a := range assets {
		old, exists := p.there[a.Path]
		for _, m := range p.plan.folders {
			if inside(a.Path, m.from) {
				a.Path = m.new(a.Path)
			}
		}
		switch _, moves := along[a.Path]; {
		case moves:
		case exists && !old.IsFile():
			return alreadyThere([]string{a.Path})
		case a.Content != nil:
			p.add(driver.Change{Op: driver.Put, Path: a.Path})
		case !exists:
			return cmserr.New(cmserr.Invalid, "The file "+a.Path+" has no content. Remove it from the entry and add it again.")
		}
		if a.Content != nil {
			p.media[a.Path] = a.Content
		}
	}
	return nil
}
