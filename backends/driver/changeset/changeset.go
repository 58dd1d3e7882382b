// Package changeset checks a commit's changes against the tree that they are made
// for, on behalf of hosts whose API takes them unchecked: GitHub, for one, puts a
// file in a folder's place without a word. See driver.Commit for the rules.
package changeset

import (
	"context"
	"path"
	"slices"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// Trees lists directories, as driver.Driver does. A change costs the listing of its
// file's directory, so a driver does well to remember its last answers.
type Trees interface {
	Tree(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error)
}

// Place is what a commit has at a path.
type Place struct {
	Entry driver.TreeEntry // zero if nothing is there
	Above string           // the file that lies where the path needs a folder
}

// Taken says whether something is there.
func (p Place) Taken() bool { return p.Entry.Mode != 0 }

// IsFile says whether a file is there, of whatever kind.
func (p Place) IsFile() bool { return p.Taken() && !p.Entry.IsDir() }

// same says whether two commits have the same at a path. Folders are the same
// whatever they hold.
func (p Place) same(q Place) bool {
	if p.Above != q.Above || p.Entry.Mode != q.Entry.Mode {
		return false
	}
	return p.Entry.IsDir() || p.Entry.ID == q.Entry.ID
}

// Places maps paths to what a commit has there.
type Places map[string]Place

// Paths lists the paths that changes read or write, sorted.
func Paths(changes []driver.Change) []string {
	var all []string
	for _, c := range changes {
		all = append(all, c.Path)
		if c.Op == driver.Move {
			all = append(all, c.From)
		}
	}
	driver.SortPaths(all)
	return slices.Compact(all)
}

// Look finds what a commit has at paths.
func Look(ctx context.Context, trees Trees, commit string, paths []string) (Places, error) {
	found := Places{}
	for _, p := range paths {
		place, err := look(ctx, trees, commit, p)
		if err != nil {
			return nil, err
		}
		found[p] = place
	}
	return found, nil
}

func look(ctx context.Context, trees Trees, commit, p string) (Place, error) {
	for at := p; ; {
		dir := parent(at)
		entries, err := trees.Tree(ctx, commit, dir, false)
		switch {
		case err == nil:
			return placeOf(find(entries, at), at == p), nil
		case dir == "" || !cmserr.Is(err, cmserr.NotFound):
			return Place{}, err
		}
		at = dir // the folder is not there; a file may be, in its place or above
	}
}

// placeOf is the place of an entry: of the path itself, or of what is in its way.
func placeOf(e driver.TreeEntry, itself bool) Place {
	switch {
	case itself:
		return Place{Entry: e}
	case e.Mode != 0 && !e.IsDir():
		return Place{Above: e.Path}
	}
	return Place{}
}

func find(entries []driver.TreeEntry, p string) driver.TreeEntry {
	for _, e := range entries {
		if e.Path == p {
			return e
		}
	}
	return driver.TreeEntry{}
}

func parent(p string) string {
	if dir := path.Dir(p); dir != "." {
		return dir
	}
	return ""
}

// Moved fails with a Conflict over those paths of changes at which two commits differ.
func Moved(changes []driver.Change, then, now Places) error {
	var moved []string
	for _, p := range Paths(changes) {
		if !then[p].same(now[p]) {
			moved = append(moved, p)
		}
	}
	if moved == nil {
		return nil
	}
	return movedConflict(moved)
}

func movedConflict(paths []string) error {
	return conflict(paths, "Somebody else has changed the same files meanwhile. Reload them and try again.")
}

// Touched fails with a Conflict over those paths of changes that a diff touches: for hosts
// without blob ids, of which only a diff tells what moved. A folder is touched where a
// file appears in its place, and the other way round.
func Touched(changes []driver.Change, diff []driver.FileDiff) error {
	touches := func(p string) bool {
		return slices.ContainsFunc(diff, func(f driver.FileDiff) bool {
			return f.Path == p || f.OldPath == p || Covers(p, f.Path) || f.OldPath != "" && Covers(p, f.OldPath)
		})
	}
	var moved []string
	for _, p := range Paths(changes) {
		if touches(p) {
			moved = append(moved, p)
		}
	}
	if moved == nil {
		return nil
	}
	return movedConflict(moved)
}

// Check says whether changes can be made to a commit, which has places at their
// paths. A file may take the place of a folder that the same changes empty.
func Check(ctx context.Context, trees Trees, commit string, changes []driver.Change, at Places) error {
	gone, put := map[string]bool{}, map[string]bool{}
	for _, c := range changes {
		taken, err := takesAway(c, at)
		if err != nil {
			return err
		}
		if taken != "" {
			gone[taken] = true
		}
		if c.Op != driver.Delete {
			put[c.Path] = true
		}
	}
	for _, c := range changes {
		if c.Op == driver.Delete {
			continue
		}
		if err := fits(ctx, trees, commit, c.Path, at[c.Path], gone, put); err != nil {
			return err
		}
	}
	return nil
}

// takesAway is the path of the file that a change removes, "" if it removes none.
func takesAway(c driver.Change, at Places) (string, error) {
	from := c.Path
	switch c.Op {
	case driver.Put:
		return "", nil
	case driver.Move:
		from = c.From
		if at[c.Path].IsFile() {
			return "", conflict([]string{c.Path}, "There is already a file '"+c.Path+"'.")
		}
	case driver.Delete:
	default:
		return "", failAt(cmserr.Invalid, c.Path, "This change is none that a repository knows.")
	}
	if !at[from].IsFile() {
		return "", failAt(cmserr.NotFound, from, "There is no file '"+from+"'.")
	}
	return from, nil
}

// fits refuses a file where a folder is, and below another file.
func fits(ctx context.Context, trees Trees, commit, p string, place Place, gone, put map[string]bool) error {
	for above := parent(p); above != ""; above = parent(above) {
		if put[above] || above == place.Above && !gone[above] {
			return failAt(cmserr.Invalid, p, "'"+above+"' is a file, so nothing can be put inside it.")
		}
	}
	if !place.Entry.IsDir() {
		return nil
	}
	held, err := trees.Tree(ctx, commit, p, true)
	if err != nil {
		return err
	}
	for _, e := range held {
		if !e.IsDir() && !gone[e.Path] {
			return failAt(cmserr.Invalid, p, "'"+p+"' is a folder, so no file can have that name.")
		}
	}
	return nil
}

// Reshapes says whether changes put a file in a folder's place or a folder in a
// file's, which some of a host's ways to commit can't say.
func Reshapes(changes []driver.Change, at Places) bool {
	for _, c := range changes {
		if c.Op != driver.Delete && (at[c.Path].Entry.IsDir() || at[c.Path].Above != "") {
			return true
		}
	}
	return false
}

// Covers says whether a file at p, or the folders that lead to it, replaces one that
// lies at other.
func Covers(p, other string) bool {
	return strings.HasPrefix(p, other+"/") || strings.HasPrefix(other, p+"/")
}

func failAt(kind cmserr.Kind, p, msg string) error {
	e := cmserr.New(kind, msg)
	e.Path = p
	return e
}

func conflict(paths []string, msg string) error {
	e := cmserr.New(cmserr.Conflict, msg)
	e.Path, e.Paths = paths[0], paths
	return e
}
