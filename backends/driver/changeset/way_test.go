package changeset_test

import (
	"context"
	"slices"
	"testing"

	"mooring/backends/cmserr"
	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
)

func TestWayOf_TellsThemApart(t *testing.T) {
	t.Parallel()
	some := []driver.Change{put("a")}
	for name, c := range map[string]struct {
		commit driver.Commit
		want   changeset.Way
	}{
		"ordinary":  {driver.Commit{Branch: "main", ExpectedHead: "1", Changes: some}, changeset.Advance},
		"same base": {driver.Commit{Branch: "main", ExpectedHead: "1", Base: "1", Changes: some}, changeset.Advance},
		"bare":      {driver.Commit{Branch: "x", Base: "1"}, changeset.BranchOff},
		"new":       {driver.Commit{Branch: "x", Base: "1", Changes: some}, changeset.Create},
		"replaced":  {driver.Commit{Branch: "cms/x", ExpectedHead: "1", Base: "2", Changes: some}, changeset.Replace},
	} {
		if got, err := changeset.WayOf(c.commit); err != nil || got != c.want {
			t.Errorf("%s: %v, %v, want %v", name, got, err, c.want)
		}
	}
	for name, c := range map[string]driver.Commit{
		"from nowhere":   {Branch: "x", Changes: some},
		"no changes":     {Branch: "x", ExpectedHead: "1"},
		"not of our own": {Branch: "main", ExpectedHead: "1", Base: "2", Changes: some},
	} {
		if _, err := changeset.WayOf(c); !cmserr.Is(err, cmserr.Invalid) {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
}

// Blobs implements changeset.Files: the contents are the ids.
func (f files) Blobs(_ context.Context, refs []driver.BlobRef) ([][]byte, error) {
	var out [][]byte
	for _, ref := range refs {
		out = append(out, []byte(f[ref.Path]))
	}
	return out, nil
}

func TestMade_KnowsItsOwnChanges(t *testing.T) {
	t.Parallel()
	write := func(path, text string) driver.Change { return driver.Change{Path: path, Data: []byte(text)} }
	tree := files{"a": "1", "posts/b": "2", "empty": "", "large": "version https://git-lfs.github.com/spec/v1\n" +
		"oid sha256:d35c416a85b807e9b5384915d6ebb4a9f7352713efd89857b45a242f473728a9\nsize 5\n"}
	for name, c := range map[string]struct {
		changes []driver.Change
		want    bool
	}{
		"written":         {[]driver.Change{write("a", "1"), write("empty", "")}, true},
		"written so":      {[]driver.Change{write("a", "1"), write("posts/b", "other")}, false},
		"not written":     {[]driver.Change{write("c", "1")}, false},
		"deleted":         {[]driver.Change{remove("c")}, true},
		"not deleted":     {[]driver.Change{remove("posts/b")}, false},
		"moved":           {[]driver.Change{move("from", "posts/b")}, true},
		"moved and left":  {[]driver.Change{move("a", "posts/b")}, false},
		"not moved":       {[]driver.Change{move("from", "to")}, false},
		"moved otherwise": {[]driver.Change{{Op: driver.Move, From: "from", Path: "a", Data: []byte("2")}}, false},
	} {
		got, err := changeset.Made(t.Context(), tree, "head", c.changes)
		if err != nil || got != c.want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// history is a repository with a commit for each of its trees.
type history map[string]files

func (h history) Tree(ctx context.Context, commit, dir string, recursive bool) ([]driver.TreeEntry, error) {
	return h[commit].Tree(ctx, commit, dir, recursive)
}

func TestDiff_ListsEveryFile(t *testing.T) {
	t.Parallel()
	trees := history{
		"base": {"same": "1", "edit": "2", "dir/drop": "3"},
		"head": {"same": "1", "edit": "4", "new/add": "5"},
	}
	got, err := changeset.Diff(t.Context(), trees, "base", "head")
	want := []driver.FileDiff{
		{Status: driver.Deleted, Path: "dir/drop", OldID: "3"},
		{Status: driver.Modified, Path: "edit", ID: "4", OldID: "2"},
		{Status: driver.Added, Path: "new/add", ID: "5"},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
}
