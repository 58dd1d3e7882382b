package testrepo

import (
	"context"
	"hash/fnv"
	"maps"
	"strconv"
	"strings"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// ownBranches is where a branch may be replaced: see driver.Commit.
const ownBranches = "cms/"

// commit is never changed once it is recorded.
type commit struct {
	id      string
	seq     int // how many commits were there before: parents have smaller ones
	parents []*commit
	files   tree
	author  driver.Author // with the time of the commit
	message string
}

// Commit implements driver.Driver.
func (r *Repo) Commit(ctx context.Context, c driver.Commit) (driver.Committed, error) {
	var done driver.Committed
	err := r.writing(ctx, func() error {
		parent, err := r.parent(c)
		switch {
		case err != nil:
			return err
		case len(c.Changes) == 0 && c.ExpectedHead != "":
			return fail(cmserr.Invalid, "A commit needs changes.")
		case len(c.Changes) == 0:
			r.advance(c.Branch, parent)
			done.Head = parent.id
			return nil
		}
		files, err := r.apply(parent.files, c.Changes)
		if err != nil {
			return err
		}
		made := r.record(files, c.Author, c.Message, parent)
		r.advance(c.Branch, made)
		done.Head = made.id
		return nil
	})
	return done, err
}

// parent decides which commit the changes go onto.
func (r *Repo) parent(c driver.Commit) (*commit, error) {
	head, exists := r.branches[c.Branch]
	replaces := c.Base != "" && c.Base != c.ExpectedHead
	switch {
	case c.ExpectedHead == "" && exists:
		return nil, fail(cmserr.Conflict, "The branch '"+c.Branch+"' exists already.")
	case c.ExpectedHead == "" && c.Base == "":
		return nil, fail(cmserr.Invalid, "A new branch needs a commit to start from.")
	case c.ExpectedHead == "": // nothing is lost, so any name will do
		return r.find(c.Base)
	case replaces && !strings.HasPrefix(c.Branch, ownBranches):
		return nil, fail(cmserr.Invalid, "Only branches below '"+ownBranches+"' may be replaced, not '"+c.Branch+"'.")
	case !exists:
		return r.head(c.Branch)
	case replaces && head.id != c.ExpectedHead:
		return nil, fail(cmserr.Conflict, "The branch '"+c.Branch+"' has changed meanwhile.")
	case replaces:
		return r.find(c.Base)
	case head.id != c.ExpectedHead:
		return head, r.mayRedo(c, head)
	}
	return head, nil
}

// mayRedo says whether the changes may go onto a head that their author has not
// seen: if each path they touch is there what it was before.
func (r *Repo) mayRedo(c driver.Commit, head *commit) error {
	seen, known := r.commits[c.ExpectedHead]
	var moved []string
	for _, path := range touched(c.Changes) {
		if !known || seen.files.at(path) != head.files.at(path) {
			moved = append(moved, path)
		}
	}
	if len(moved) > 0 {
		return conflict(moved, "Somebody else has changed the same files meanwhile. Reload them and try again.")
	}
	return nil
}

// touched lists the paths that changes read or write.
func touched(changes []driver.Change) []string {
	var paths []string
	for _, ch := range changes {
		paths = append(paths, ch.Path)
		if ch.Op == driver.Move {
			paths = append(paths, ch.From)
		}
	}
	return paths
}

// place is what a tree holds at a path. Unlike a file it tells a free path from
// one that is a directory, or that has a file where it needs a directory.
type place struct {
	file
	isDir     bool
	fileAbove string
}

func (t tree) at(path string) place {
	if f, ok := t[path]; ok {
		return place{file: f}
	}
	return place{isDir: t.isDir(path), fileAbove: t.fileAbove(path)}
}

// apply makes a new tree with all changes, or none.
func (r *Repo) apply(old tree, changes []driver.Change) (tree, error) {
	files := maps.Clone(old)
	for _, ch := range changes {
		if err := takeAway(files, old, ch); err != nil {
			return nil, err
		}
	}
	data := map[string][]byte{}
	for _, ch := range changes {
		switch {
		case ch.Op == driver.Delete:
			continue
		case ch.Op == driver.Move:
			files[ch.Path] = old[ch.From]
		case old[ch.Path].mode == 0:
			files[ch.Path] = file{mode: driver.ModeRegular}
		}
		if ch.Op == driver.Put || ch.Data != nil {
			data[ch.Path] = ch.Data
		}
	}
	for _, ch := range changes {
		if err := fits(files, ch); err != nil {
			return nil, err
		}
	}
	for path, content := range data { // only now: a refused change leaves no blob behind
		files[path] = file{id: r.store(content), mode: files[path].mode}
	}
	return files, nil
}

// takeAway removes what a change deletes or moves. It goes first, for a file may
// take the place of a directory that the same commit empties.
func takeAway(files, old tree, ch driver.Change) error {
	gone := ch.Path
	switch ch.Op {
	case driver.Put:
		return nil
	case driver.Move:
		gone = ch.From
		if _, taken := old[ch.Path]; taken {
			return conflict([]string{ch.Path}, "There is already a file '"+ch.Path+"'.")
		}
	case driver.Delete:
	default:
		return failAt(cmserr.Invalid, ch.Path, "This change is none that a repository knows.")
	}
	if _, ok := old[gone]; !ok {
		return failAt(cmserr.NotFound, gone, "There is no file '"+gone+"'.")
	}
	delete(files, gone)
	return nil
}

// fits refuses a file where a directory is, and below another file.
func fits(files tree, ch driver.Change) error {
	if ch.Op == driver.Delete {
		return nil
	}
	if files.isDir(ch.Path) {
		return failAt(cmserr.Invalid, ch.Path, "'"+ch.Path+"' is a folder, so no file can have that name.")
	}
	if above := files.fileAbove(ch.Path); above != "" {
		return failAt(cmserr.Invalid, ch.Path, "'"+above+"' is a file, so nothing can be put inside it.")
	}
	return nil
}

// record makes a commit; without an author it is the user's.
func (r *Repo) record(files tree, by *driver.Author, message string, parents ...*commit) *commit {
	c := &commit{seq: len(r.commits), parents: parents, files: files, message: message}
	if by != nil {
		c.author = *by
	} else {
		c.author = driver.Author{Name: user.Name}
	}
	if c.author.Date.IsZero() {
		c.author.Date = r.now()
	}
	c.id = c.sum()
	r.commits[c.id] = c
	return c
}

// sum is the commit's id. The number makes it unique here; all the rest makes it
// unlike any other session's, so that whatever caches by commit is never wrong.
func (c *commit) sum() string {
	sum := fnv.New128a()
	for _, part := range []string{
		strconv.Itoa(c.seq), c.message, c.author.Name, c.author.Email,
		strconv.FormatInt(c.author.Date.UnixNano(), 10),
	} {
		sum.Write(append([]byte(part), 0))
	}
	for _, p := range c.parents {
		sum.Write(append([]byte(p.id), 0))
	}
	for _, path := range sortedPaths(c.files) {
		sum.Write(c.files[path].line(path))
	}
	return hexSum(sum)
}

func (r *Repo) find(id string) (*commit, error) {
	if c, ok := r.commits[id]; ok {
		return c, nil
	}
	return nil, fail(cmserr.NotFound, "There is no commit '"+id+"'.")
}
