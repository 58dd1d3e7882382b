package bitbucket

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// deepest is how many levels are asked for at once.
const deepest = 100

// Tree implements driver.Driver. Where the same folder was listed at another commit, only
// what has changed since is asked for.
func (r *Repo) Tree(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	return r.tree(ctx, commit, dir, recursive, r.trees.Latest)
}

// UpdateTree implements driver.TreeUpdater.
func (r *Repo) UpdateTree(ctx context.Context, commit, dir string, recursive bool, known driver.Listing) ([]driver.TreeEntry, error) {
	return r.tree(ctx, commit, dir, recursive, func(string, bool) (driver.Listing, bool) { return known, true })
}

func (r *Repo) tree(ctx context.Context, commit, dir string, recursive bool,
	earlier func(dir string, recursive bool) (driver.Listing, bool)) ([]driver.TreeEntry, error) {
	if err := ctx.Err(); err != nil {
		return nil, cmserr.From(err)
	}
	entries, err := r.trees.Tree(commit, dir, recursive, func() ([]driver.TreeEntry, error) {
		if known, ok := earlier(dir, recursive); ok && !r.begun.has(commit, dir) {
			return r.update(ctx, commit, dir, recursive, known)
		}
		return r.list(ctx, commit, dir, recursive)
	})
	if err != nil {
		return nil, at(err, dir)
	}
	return entries, nil
}

// list lists a folder. What was listed of it already is not asked for again.
func (r *Repo) list(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	if recursive {
		return r.listAll(ctx, commit, dir)
	}
	return r.finish(ctx, r.begun.take(commit, dir, r.folderPath(commit, dir, "1")))
}

// entryFields is what is told of an entry.
const entryFields = "values.path,values.type,values.attributes,values.size"

// folderPath is where a folder is listed. The slash at the end is needed for the root.
// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-source/#api-repositories-workspace-repo-slug-src-commit-path-get
func (r *Repo) folderPath(commit, dir, depth string) string {
	p := r.path("src", rest.EscapeSegment(commit)) + "/"
	if dir != "" {
		p += rest.EscapePath(dir) + "/"
	}
	return p + rest.Query("pagelen", pageSize, "max_depth", depth, "fields", "next,"+entryFields)
}

// listAll lists everything below a folder. Where that is too much at once, it goes on
// folder by folder.
func (r *Repo) listAll(ctx context.Context, commit, dir string) ([]driver.TreeEntry, error) {
	entries, err := r.finish(ctx, begunListing{commit: commit, dir: dir, next: r.folderPath(commit, dir, strconv.Itoa(deepest))})
	switch {
	case tookTooLong(err):
		return r.walk(ctx, commit, dir)
	case err != nil:
		return nil, err
	}
	cutOff := func(e driver.TreeEntry) bool { return e.IsDir() && levels(e.Path, dir) == deepest }
	return r.descend(ctx, commit, entries, cutOff)
}

// levels is how far a path lies below a folder: 1 is directly in it.
func levels(path, dir string) int {
	n := strings.Count(path, "/") + 1
	if dir != "" {
		n -= strings.Count(dir, "/") + 1
	}
	return n
}

// finish reads a listing to its end, and sorts it.
func (r *Repo) finish(ctx context.Context, b begunListing) ([]driver.TreeEntry, error) {
	for b.next != "" {
		if err := r.more(ctx, &b); err != nil {
			return nil, err
		}
	}
	driver.SortEntries(b.entries)
	return b.entries, checkEntries(b.entries, b.dir)
}

// tookTooLong says whether Bitbucket gave up on a listing.
func tookTooLong(err error) bool { return err != nil && cmserr.From(err).Status == timeout }

// timeout is the status by which Bitbucket says that it took too long.
const timeout = 555

// walk lists a folder, and everything below each folder in it.
func (r *Repo) walk(ctx context.Context, commit, dir string) ([]driver.TreeEntry, error) {
	entries, err := r.list(ctx, commit, dir, false)
	if err != nil {
		return nil, err
	}
	return r.descend(ctx, commit, entries, driver.TreeEntry.IsDir)
}

// descend adds to entries everything that lies below some of them.
func (r *Repo) descend(ctx context.Context, commit string, entries []driver.TreeEntry,
	into func(driver.TreeEntry) bool) ([]driver.TreeEntry, error) {
	var folders []string
	for _, e := range entries {
		if into(e) {
			folders = append(folders, e.Path)
		}
	}
	if folders == nil {
		return entries, nil
	}
	below := make([][]driver.TreeEntry, len(folders))
	err := rest.Together(ctx, len(folders), func(ctx context.Context, i int) (err error) {
		below[i], err = r.listAll(ctx, commit, folders[i])
		return at(err, folders[i])
	})
	all := append([]driver.TreeEntry(nil), entries...)
	for _, some := range below {
		all = append(all, some...)
	}
	driver.SortEntries(all)
	return all, err
}

// more reads the next page of a listing.
func (r *Repo) more(ctx context.Context, b *begunListing) error {
	values, next, err := r.api.page(ctx, b.next)
	switch {
	case errors.Is(err, errNoList), cmserr.Is(err, cmserr.Network) && cmserr.From(err).Status == 200:
		return noFolder(err) // a file answers with what it holds
	case err != nil:
		return r.named(err, noFolder(nil).Error())
	}
	if next == b.next || len(b.entries) > mostEntries {
		return endless()
	}
	b.next = next
	values.ForEach(func(_, item gjson.Result) bool {
		var e driver.TreeEntry
		if e, err = decodeEntry(item, b.commit); err != nil {
			return false
		}
		b.entries = append(b.entries, e)
		return true
	})
	return err
}

// mostEntries is more than any listing has that can be worked with.
const mostEntries = 1_000_000

func noFolder(cause error) *cmserr.Error {
	return cmserr.Wrap(cmserr.NotFound, cause, "There is no such folder.")
}

// checkEntries finds what would be a wrong listing: pages that hold the same twice, or
// what lies elsewhere. A folder without anything is none.
func checkEntries(entries []driver.TreeEntry, dir string) error {
	if len(entries) == 0 && dir != "" {
		return noFolder(nil)
	}
	for i, e := range entries {
		if !inside(e.Path, dir) || i > 0 && e.Path == entries[i-1].Path {
			return misshapen("list of files")
		}
	}
	return nil
}

// inside says whether a path lies below a folder.
func inside(path, dir string) bool { return dir == "" || strings.HasPrefix(path, dir+"/") }

// decodeEntry reads an entry of a listing. It walks over it once: there may be many.
func decodeEntry(item gjson.Result, commit string) (driver.TreeEntry, error) {
	e := driver.TreeEntry{Size: -1}
	large := false
	kind := driver.ModeRegular
	item.ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "path":
			e.Path = strings.Clone(strings.TrimSuffix(value.Str, "/"))
		case "type":
			e.Mode = typeOf(value.Str)
		case "size":
			e.Size = value.Int()
		case "attributes":
			kind, large = attributesOf(value)
		}
		return true
	})
	if e.Path == "" || e.Mode == 0 {
		return e, misshapen("list of files")
	}
	if e.IsDir() {
		e.Size = -1
	} else {
		e.Mode = kind
	}
	e.ID = idOf(commit, e.Path, large)
	return e, nil
}

// typeOf is the mode of an entry without its attributes, 0 for what is not known.
func typeOf(kind string) driver.Mode {
	switch kind {
	case "commit_file":
		return driver.ModeRegular
	case "commit_directory":
		return driver.ModeDir
	}
	return 0
}

// attributesOf reads what kind of file an entry is, and whether Git LFS keeps it. There is
// a list of attributes, or none, or in older answers the one alone.
func attributesOf(v gjson.Result) (mode driver.Mode, large bool) {
	mode = driver.ModeRegular
	for _, a := range v.Array() {
		switch a.Str {
		case "link":
			mode = driver.ModeSymlink
		case "executable":
			mode = driver.ModeExecutable
		case "subrepository":
			mode = driver.ModeSubmodule
		case "lfs":
			large = true
		}
	}
	return mode, large
}
