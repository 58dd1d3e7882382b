package changeset_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
)

// files is a repository with one commit: contents by path.
type files map[string]string

// Tree implements changeset.Trees.
func (f files) Tree(_ context.Context, _, dir string, recursive bool) ([]driver.TreeEntry, error) {
	seen := map[string]driver.TreeEntry{}
	for path, text := range f {
		rest, ok := strings.CutPrefix(path, dir+"/")
		if dir == "" {
			rest, ok = path, true
		}
		if !ok {
			continue
		}
		below := strings.TrimSuffix(path, rest)
		name, _, isDir := strings.Cut(rest, "/")
		if isDir {
			seen[below+name] = driver.TreeEntry{Path: below + name, Mode: driver.ModeDir, ID: "dir"}
		}
		if !isDir || recursive {
			seen[path] = driver.TreeEntry{Path: path, Mode: driver.ModeRegular, ID: text}
		}
	}
	if len(seen) == 0 && dir != "" {
		return nil, cmserr.New(cmserr.NotFound, "There is no folder '"+dir+"'.")
	}
	var out []driver.TreeEntry
	for _, e := range seen {
		out = append(out, e)
	}
	return out, nil
}

func put(path string) driver.Change    { return driver.Change{Op: driver.Put, Path: path} }
func remove(path string) driver.Change { return driver.Change{Op: driver.Delete, Path: path} }
func move(from, to string) driver.Change {
	return driver.Change{Op: driver.Move, From: from, Path: to}
}

func TestCheck_FollowsTheContract(t *testing.T) {
	t.Parallel()
	tree := files{"a": "1", "posts/a": "2", "posts/b": "3", "deep/er/x": "4"}
	const fine = cmserr.Kind(255)
	for name, c := range map[string]struct {
		changes []driver.Change
		want    cmserr.Kind
		path    string
	}{
		"a new file":                       {[]driver.Change{put("new/folder/x")}, fine, ""},
		"an update":                        {[]driver.Change{put("posts/a")}, fine, ""},
		"a folder's place":                 {[]driver.Change{put("posts")}, cmserr.Invalid, "posts"},
		"below a file":                     {[]driver.Change{put("a/x")}, cmserr.Invalid, "a/x"},
		"far below a file":                 {[]driver.Change{put("posts/a/x/y")}, cmserr.Invalid, "posts/a/x/y"},
		"an emptied folder's place":        {[]driver.Change{remove("posts/a"), move("posts/b", "b"), put("posts")}, fine, ""},
		"a half emptied folder's place":    {[]driver.Change{remove("posts/a"), put("posts")}, cmserr.Invalid, "posts"},
		"below a file that goes":           {[]driver.Change{remove("a"), put("a/x")}, fine, ""},
		"below a file of the same changes": {[]driver.Change{put("new"), put("new/x")}, cmserr.Invalid, "new/x"},
		"deleting nothing":                 {[]driver.Change{remove("none")}, cmserr.NotFound, "none"},
		"deleting below a missing folder":  {[]driver.Change{remove("no/such/x")}, cmserr.NotFound, "no/such/x"},
		"deleting a folder":                {[]driver.Change{remove("posts")}, cmserr.NotFound, "posts"},
		"moving nothing":                   {[]driver.Change{move("none", "x")}, cmserr.NotFound, "none"},
		"moving onto a file":               {[]driver.Change{move("a", "posts/a")}, cmserr.Conflict, "posts/a"},
		"moving below itself":              {[]driver.Change{move("a", "a/x")}, fine, ""},
		"an unknown change":                {[]driver.Change{{Op: 9, Path: "a"}}, cmserr.Invalid, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at, err := changeset.Look(t.Context(), tree, "c", changeset.Paths(c.changes))
			if err != nil {
				t.Fatal(err)
			}
			err = changeset.Check(t.Context(), tree, "c", c.changes, at)
			switch {
			case c.want == fine && err != nil:
				t.Error(err)
			case c.want != fine && (!cmserr.Is(err, c.want) || cmserr.From(err).Path != c.path):
				t.Errorf("%v, want %v at %q", err, c.want, c.path)
			}
		})
	}
}

func TestMoved_ComparesWhatChangesTouch(t *testing.T) {
	t.Parallel()
	then := files{"same": "1", "edited": "1", "gone": "1", "dir/x": "1", "wasfile": "1", "far/off": "1"}
	now := files{"same": "1", "edited": "2", "new": "1", "dir/y": "1", "wasfile/x": "1", "far": "1"}
	changes := []driver.Change{
		put("same"), put("edited"), remove("gone"), put("new"), move("dir", "nowhere"), put("wasfile"), put("far/off"),
	}
	paths := changeset.Paths(changes)
	before, err := changeset.Look(t.Context(), then, "c", paths)
	if err != nil {
		t.Fatal(err)
	}
	after, err := changeset.Look(t.Context(), now, "c", paths)
	if err != nil {
		t.Fatal(err)
	}
	err = changeset.Moved(changes, before, after)
	want := []string{"edited", "far/off", "gone", "new", "wasfile"}
	if !cmserr.Is(err, cmserr.Conflict) || !slices.Equal(cmserr.From(err).Paths, want) {
		t.Errorf("%v over %q, want %q", err, cmserr.From(err).Paths, want)
	}
	if err := changeset.Moved(changes, before, before); err != nil {
		t.Errorf("nothing moved: %v", err)
	}
}

func TestReshapes_SeesFilesAndFoldersChangePlaces(t *testing.T) {
	t.Parallel()
	tree := files{"a": "1", "posts/a": "2"}
	for _, c := range []struct {
		changes []driver.Change
		want    bool
	}{
		{[]driver.Change{put("a"), put("posts/b"), remove("posts/a")}, false},
		{[]driver.Change{remove("posts/a"), put("posts")}, true},
		{[]driver.Change{remove("a"), put("a/x")}, true},
	} {
		at, err := changeset.Look(t.Context(), tree, "c", changeset.Paths(c.changes))
		if err != nil {
			t.Fatal(err)
		}
		if got := changeset.Reshapes(c.changes, at); got != c.want {
			t.Errorf("%+v: %v", c.changes, got)
		}
	}
	if !changeset.Covers("a/x", "a") || !changeset.Covers("posts", "posts/a") || changeset.Covers("post", "posts/a") {
		t.Error("Covers")
	}
}

// broken fails to list.
type broken struct{}

func (broken) Tree(context.Context, string, string, bool) ([]driver.TreeEntry, error) {
	return nil, cmserr.New(cmserr.Network, "No answer.")
}

func TestLook_PassesErrorsOn(t *testing.T) {
	t.Parallel()
	if _, err := changeset.Look(t.Context(), broken{}, "c", []string{"a/b"}); !cmserr.Is(err, cmserr.Network) {
		t.Error(err)
	}
	if _, err := changeset.Look(t.Context(), missing{}, "c", []string{"a/b"}); !cmserr.Is(err, cmserr.NotFound) {
		t.Error(err)
	}
}

// missing is a commit that is not there.
type missing struct{}

func (missing) Tree(context.Context, string, string, bool) ([]driver.TreeEntry, error) {
	return nil, cmserr.New(cmserr.NotFound, "There is no commit.")
}
