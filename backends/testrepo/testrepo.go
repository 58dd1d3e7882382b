// Package testrepo is a Git repository that lives in memory: the CMS's test-repo
// backend, and the reference for what package driver asks of a host. It keeps
// commits with parents, branches and pull requests, and merges three ways, so
// that whatever works here means the same on a real host.
//
// It imports next to nothing: the browser downloads every byte of it.
package testrepo

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

const host = "test-repo"

// Repo implements what this list says, and no other capability.
var (
	_ driver.Driver        = (*Repo)(nil)
	_ driver.Brancher      = (*Repo)(nil)
	_ driver.PullRequester = (*Repo)(nil)
	_ driver.Labeler       = (*Repo)(nil)
	_ driver.Comparer      = (*Repo)(nil)
)

// Options say what a repository starts with. The zero value is a repository
// whose first commit holds no file.
type Options struct {
	// Branch is the default branch, "main" if empty.
	Branch string
	// Files are what the first commit holds, by path. As everywhere in package
	// driver, paths are clean and relative, and none lies below another's file.
	Files map[string][]byte
	// Modes are those of the Files that are not regular.
	Modes map[string]driver.Mode
	// OnChange is called after the default branch's head moved, with the new
	// content of each path that changed; nil means deleted, an empty file is not
	// nil. Calls come one at a time, in the order of the commits, and before the
	// method that moved the head returns, unless another call is still running.
	// It may call the repository, and may keep what it is given.
	OnChange func(changed map[string][]byte)
	// Now is the clock, time.Now if nil.
	Now func() time.Time
}

// Repo is a repository in memory. It may be used concurrently.
type Repo struct {
	branch   string
	onChange func(map[string][]byte)
	now      func() time.Time

	mu       sync.RWMutex // guards everything below
	blobs    map[string][]byte
	commits  map[string]*commit
	branches map[string]*commit // by name, what each points to
	pulls    []*pull            // by number-1
	changes  []map[string][]byte
	telling  bool // OnChange is running
}

// Open makes a repository with one commit on its default branch.
func Open(o Options) *Repo {
	r := &Repo{
		branch:   o.Branch,
		onChange: o.OnChange,
		now:      o.Now,
		blobs:    map[string][]byte{},
		commits:  map[string]*commit{},
		branches: map[string]*commit{},
	}
	if r.branch == "" {
		r.branch = "main"
	}
	if r.now == nil {
		r.now = time.Now
	}
	files := make(tree, len(o.Files))
	for path, data := range o.Files {
		mode := driver.ModeRegular
		if special, ok := o.Modes[path]; ok {
			mode = special
		}
		files[path] = file{id: r.store(data), mode: mode}
	}
	r.branches[r.branch] = r.record(files, nil, "Initial commit")
	return r
}

// reading runs look while nothing changes.
func (r *Repo) reading(ctx context.Context, look func() error) error {
	if err := ctx.Err(); err != nil {
		return cmserr.At(err, "", host, "")
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return look()
}

// writing runs change alone, and tells OnChange once the lock is released.
func (r *Repo) writing(ctx context.Context, change func() error) error {
	if err := ctx.Err(); err != nil {
		return cmserr.At(err, "", host, "")
	}
	defer r.tell()
	r.mu.Lock()
	defer r.mu.Unlock()
	return change()
}

func fail(kind cmserr.Kind, msg string) error { return failAt(kind, "", msg) }

func failAt(kind cmserr.Kind, path, msg string) error {
	return &cmserr.Error{Host: host, Kind: kind, Path: path, Msg: msg}
}

// conflict names all paths that somebody else changed first.
func conflict(paths []string, msg string) error {
	slices.Sort(paths)
	return &cmserr.Error{Host: host, Kind: cmserr.Conflict, Path: paths[0], Paths: paths, Msg: msg}
}

// sortedPaths lists a tree's paths bytewise.
func sortedPaths(files tree) []string { return slices.Sorted(maps.Keys(files)) }
