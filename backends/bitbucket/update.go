package bitbucket

import (
	"context"
	"path"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// update lists a folder by what has changed since an earlier listing. Where commits can't
// be compared, or much has changed, it is listed anew; what a diff does not name keeps its
// entry then, too.
func (r *Repo) update(ctx context.Context, commit, dir string, recursive bool, known driver.Listing) ([]driver.TreeEntry, error) {
	diff, err := r.changed(ctx, commit, known.Commit)
	switch {
	case cannotDiff(err):
		return r.list(ctx, commit, dir, recursive)
	case err != nil:
		return nil, err
	}
	t := touchedBy(diff, dir, recursive)
	if asks := groups(t.unknown()); len(asks) > len(known.Entries)/100+1 {
		fresh, err := r.list(ctx, commit, dir, recursive)
		return t.keep(fresh, known.Entries), err
	}
	found, err := r.ask(ctx, commit, t.unknown())
	if err != nil {
		return nil, err
	}
	entries := t.merge(commit, known.Entries, found)
	driver.SortEntries(entries)
	return entries, checkEntries(entries, dir)
}

// touched says of the paths of a listing that a diff touches whether something is there
// that has to be asked for.
type touched struct {
	paths     map[string]bool // true: to be asked for
	dir       string
	recursive bool
}

// touchedBy finds what a diff touches of a listing. Of a folder in a listing of one level
// it is not known whether anything is left in it.
func touchedBy(diff []driver.FileDiff, dir string, recursive bool) touched {
	t := touched{map[string]bool{}, dir, recursive}
	for _, f := range diff {
		if f.OldPath != "" {
			t.add(f.OldPath, false)
		}
		t.add(f.Path, f.Status != driver.Deleted)
	}
	return t
}

func (t touched) add(p string, there bool) {
	if !inside(p, t.dir) {
		return
	}
	if !t.recursive {
		if child := childOf(p, t.dir); child != p {
			p, there = child, true
		}
	}
	t.paths[p] = t.paths[p] || there
}

// childOf is the path directly in dir that leads to p.
func childOf(p, dir string) string {
	start := 0
	if dir != "" {
		start = len(dir) + 1
	}
	if end := strings.IndexByte(p[start:], '/'); end >= 0 {
		return p[:start+end]
	}
	return p
}

func (t touched) unknown() []string {
	var all []string
	for p, ask := range t.paths {
		if ask {
			all = append(all, p)
		}
	}
	return all
}

// merge is the new listing: what is not touched as it was, and what was found. In a
// listing of all levels the folders follow from the files in them.
func (t touched) merge(commit string, known []driver.TreeEntry, found map[string]driver.TreeEntry) []driver.TreeEntry {
	was, changed := map[string]driver.TreeEntry{}, t.folders()
	var out []driver.TreeEntry
	for _, e := range known {
		if _, touched := t.paths[e.Path]; touched {
			continue
		}
		if t.recursive && e.IsDir() {
			was[e.Path] = e
			continue
		}
		out = append(out, e)
	}
	for _, e := range found {
		out = append(out, e)
	}
	if !t.recursive {
		return out
	}
	return append(out, foldersOf(out, t.dir, func(folder string) driver.TreeEntry {
		if e, ok := was[folder]; ok && !changed[folder] {
			return e
		}
		return driver.TreeEntry{Path: folder, Mode: driver.ModeDir, ID: idOf(commit, folder, false), Size: -1}
	})...)
}

// folders are those below the listing's own in which something was touched.
func (t touched) folders() map[string]bool {
	changed := map[string]bool{}
	for p := range t.paths {
		for above := parent(p); above != "" && inside(above, t.dir); above = parent(above) {
			changed[above] = true
		}
	}
	return changed
}

// foldersOf lists the folders that files lie in, below dir.
func foldersOf(files []driver.TreeEntry, dir string, entry func(folder string) driver.TreeEntry) []driver.TreeEntry {
	seen := map[string]bool{}
	var out []driver.TreeEntry
	for _, f := range files {
		for above := parent(f.Path); above != "" && inside(above, dir) && !seen[above]; above = parent(above) {
			seen[above] = true
			out = append(out, entry(above))
		}
	}
	return out
}

// keep gives the entries of a new listing that no diff touches the names that they had.
func (t touched) keep(fresh, known []driver.TreeEntry) []driver.TreeEntry {
	was, changed := map[string]driver.TreeEntry{}, t.folders()
	for _, e := range known {
		was[e.Path] = e
	}
	for i, e := range fresh {
		_, itself := t.paths[e.Path]
		if old, ok := was[e.Path]; ok && !itself && !changed[e.Path] && old.Mode == e.Mode {
			fresh[i] = old
		}
	}
	return fresh
}

// parent is the folder that p lies in, "" for the root.
func parent(p string) string {
	if dir := path.Dir(p); dir != "." {
		return dir
	}
	return ""
}

// askedAtOnce is how many entries of a folder are asked for in one request: their names
// are part of its address.
const askedAtOnce = 20

// groups puts paths together that one request can ask for: some of one folder, or one
// alone.
func groups(paths []string) [][]string {
	byFolder := map[string][]string{}
	var out [][]string
	for _, p := range paths {
		if !isPlain(p) {
			out = append(out, []string{p})
			continue
		}
		dir := parent(p)
		if byFolder[dir] = append(byFolder[dir], p); len(byFolder[dir]) == askedAtOnce {
			out = append(out, byFolder[dir])
			delete(byFolder, dir)
		}
	}
	for _, some := range byFolder {
		out = append(out, some)
	}
	return out
}

// ask finds what a commit has at paths. Those at which it has nothing are left out.
func (r *Repo) ask(ctx context.Context, commit string, paths []string) (map[string]driver.TreeEntry, error) {
	found, paths := r.ours(commit, paths)
	asks := groups(paths)
	answers := make([][]driver.TreeEntry, len(asks))
	err := rest.Together(ctx, len(asks), func(ctx context.Context, i int) (err error) {
		if len(asks[i]) == 1 {
			answers[i], err = r.askOne(ctx, commit, asks[i][0])
		} else {
			answers[i], err = r.askSome(ctx, commit, asks[i])
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, p := range paths {
		wanted[p] = true
	}
	for _, some := range answers {
		for _, e := range some {
			if wanted[e.Path] {
				found[e.Path] = e
			}
		}
	}
	return found, nil
}

// ours finds those paths that a commit of our own wrote, and the others.
func (r *Repo) ours(commit string, paths []string) (found map[string]driver.TreeEntry, others []string) {
	found = map[string]driver.TreeEntry{}
	for _, p := range paths {
		if f, ok := r.own.file(commit, p); ok {
			found[p] = f.entry(commit)
		} else {
			others = append(others, p)
		}
	}
	return found, others
}

// askOne describes what lies at a path.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-source/#file-meta-data
func (r *Repo) askOne(ctx context.Context, commit, p string) ([]driver.TreeEntry, error) {
	v, err := r.api.Get(ctx, r.filePath(place{commit: commit, path: p})+"?format=meta&fields=path,type,attributes,size")
	switch {
	case cmserr.Is(err, cmserr.NotFound):
		return nil, r.commitMissing(err)
	case err != nil:
		return nil, at(err, p)
	}
	e, err := decodeEntry(v, commit)
	return []driver.TreeEntry{e}, err
}

// askSome finds entries of one folder, which need not be there.
func (r *Repo) askSome(ctx context.Context, commit string, paths []string) ([]driver.TreeEntry, error) {
	named := make([]string, len(paths))
	for i, p := range paths {
		named[i] = is("path", p)
	}
	list := r.folderPath(commit, parent(paths[0]), "1") + "&" + rest.Query("q", strings.Join(named, " OR "))[1:]
	var out []driver.TreeEntry
	err := r.api.each(ctx, list, func(item gjson.Result) error {
		e, err := decodeEntry(item, commit)
		out = append(out, e)
		return err
	})
	if cmserr.Is(err, cmserr.NotFound) {
		return nil, r.commitMissing(err)
	}
	return out, err
}

// commitMissing is nil if a path alone is not there, or else says that nothing is: a
// commit that nobody knows has no paths.
func (r *Repo) commitMissing(err error) error {
	if strings.Contains(cmserr.From(err).Msg, noFileThere) {
		return nil
	}
	return r.named(err, cmserr.From(err).Message())
}
