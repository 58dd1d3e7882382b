package drivertest

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
)

// repo is an opened repository with the steps that most cases are made of. A
// step that fails ends the case.
type repo struct {
	driver.Driver
	t      *testing.T
	branch string
	opened Opened
}

// open seeds a repository with regular files of text.
func (h Harness) open(t *testing.T, files map[string]string) *repo {
	t.Helper()
	return h.openFiles(t, seed(files))
}

func (h Harness) openFiles(t *testing.T, files map[string]File) *repo {
	t.Helper()
	o := h.Open(t, files)
	return &repo{Driver: o.Driver, t: t, branch: o.Branch, opened: o}
}

// seed turns texts into files, and adds one so that no repository is empty.
func seed(files map[string]string) map[string]File {
	out := map[string]File{"README.md": {Data: []byte("A site.\n")}}
	for path, text := range files {
		out[path] = File{Data: []byte(text)}
	}
	return out
}

// head is where a branch stands; "" is the default branch.
func (r *repo) head(branch string) string {
	r.t.Helper()
	if branch == "" {
		branch = r.branch
	}
	id, err := r.Head(r.t.Context(), branch)
	r.ok(err, "Head of "+branch)
	return id
}

// commit adds changes to the default branch and returns its new head.
func (r *repo) commit(changes ...driver.Change) string {
	r.t.Helper()
	return r.commitTo(r.branch, changes...)
}

func (r *repo) commitTo(branch string, changes ...driver.Change) string {
	r.t.Helper()
	return r.must(driver.Commit{
		Branch: branch, ExpectedHead: r.head(branch), Message: "Change files", Changes: changes,
	})
}

// branchOff creates a branch at the default branch's head, with changes.
func (r *repo) branchOff(branch string, changes ...driver.Change) string {
	r.t.Helper()
	return r.must(driver.Commit{
		Branch: branch, Base: r.head(""), Message: "Start " + branch, Changes: changes,
	})
}

// must makes a commit that has to succeed.
func (r *repo) must(c driver.Commit) string {
	r.t.Helper()
	done, err := r.Commit(r.t.Context(), c)
	r.ok(err, "Commit")
	return r.made(c, done)
}

// made is the commit that was made, where the host does not tell by the branch's head.
func (r *repo) made(c driver.Commit, done driver.Committed) string {
	r.t.Helper()
	if done.Head != "" {
		return done.Head
	}
	if c.ExpectedHead == "" {
		r.t.Fatal("Commit: a new branch without a head")
	}
	return r.head(c.Branch)
}

// tree lists a commit's files and directories, all of them.
func (r *repo) tree(commit string) []driver.TreeEntry {
	r.t.Helper()
	entries, err := r.Tree(r.t.Context(), commit, "", true)
	r.ok(err, "Tree")
	return entries
}

// entry finds one file or directory at a commit.
func (r *repo) entry(commit, path string) driver.TreeEntry {
	r.t.Helper()
	for _, e := range r.tree(commit) {
		if e.Path == path {
			return e
		}
	}
	r.t.Fatalf("Tree lacks %q", path)
	return driver.TreeEntry{}
}

// read returns all files of a commit.
func (r *repo) read(commit string) map[string]string {
	r.t.Helper()
	var refs []driver.BlobRef
	for _, e := range r.tree(commit) {
		if e.IsFile() {
			refs = append(refs, driver.BlobRef{ID: e.ID, Path: e.Path, Commit: commit})
		}
	}
	if len(refs) == 0 {
		return map[string]string{}
	}
	blobs, err := r.Blobs(r.t.Context(), refs)
	r.ok(err, "Blobs")
	if len(blobs) != len(refs) {
		r.t.Fatalf("Blobs answered %d of %d", len(blobs), len(refs))
	}
	files := map[string]string{}
	for i, ref := range refs {
		files[ref.Path] = string(blobs[i])
	}
	return files
}

// holds asserts that a commit has exactly these files, and the seed's own.
func (r *repo) holds(commit string, want map[string]string) {
	r.t.Helper()
	want = maps.Clone(want)
	want["README.md"] = "A site.\n"
	if got := r.read(commit); !maps.Equal(got, want) {
		r.t.Errorf("files differ:\n got %s\nwant %s", brief(got), brief(want))
	}
}

// unmoved asserts that a branch still points to a commit.
func (r *repo) unmoved(branch, head string) {
	r.t.Helper()
	if got := r.head(branch); got != head {
		r.t.Errorf("the branch moved from %s to %s", head, got)
	}
}

func (r *repo) ok(err error, what string) {
	r.t.Helper()
	if err != nil {
		r.t.Fatalf("%s: %v (%v)", what, err, cmserr.KindOf(err))
	}
}

// wantKind asserts that err is a *cmserr.Error of a kind, and returns it.
func wantKind(t *testing.T, err error, kind cmserr.Kind) *cmserr.Error {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %v", kind)
	}
	e, ok := errors.AsType[*cmserr.Error](err)
	if !ok {
		t.Fatalf("a %T (%v) is no *cmserr.Error", err, err)
	}
	if e.Kind != kind {
		t.Fatalf("%v: %v, want %v", e.Kind, err, kind)
	}
	return e
}

// wantPaths asserts that err is a Conflict over exactly these paths.
func wantPaths(t *testing.T, err error, paths ...string) {
	t.Helper()
	got := slices.Sorted(slices.Values(wantKind(t, err, cmserr.Conflict).Paths))
	if !slices.Equal(got, paths) {
		t.Errorf("conflict over %q, want %q", got, paths)
	}
}

// put, remove and move make changes.
func put(path, text string) driver.Change {
	return driver.Change{Op: driver.Put, Path: path, Data: []byte(text)}
}

func remove(path string) driver.Change { return driver.Change{Op: driver.Delete, Path: path} }

func move(from, to string) driver.Change {
	return driver.Change{Op: driver.Move, From: from, Path: to}
}

// brief is a map of files short enough to read in a failure.
func brief(files map[string]string) string {
	var b bytes.Buffer
	for _, path := range slices.Sorted(maps.Keys(files)) {
		text := files[path]
		if len(text) > 40 {
			text = text[:40] + "…"
		}
		b.WriteString("\n\t" + path + ": " + text)
	}
	return b.String()
}

// paths lists the paths of entries, in their order.
func paths(entries []driver.TreeEntry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.Path
	}
	return out
}
