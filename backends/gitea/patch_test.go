package gitea

import (
	"bytes"
	"strings"
	"testing"

	"github.com/bluekeyes/go-gitdiff/gitdiff"

	"mooring/backends/driver"
	"mooring/backends/driver/changeset"
	"mooring/backends/gitid"
)

// TestLiteral_HasEveryByte: an independent reader finds the same bytes, whatever they are.
func TestLiteral_HasEveryByte(t *testing.T) {
	t.Parallel()
	all := make([]byte, 1<<16+300)
	for i := range all {
		all[i] = byte(i * 31 >> 3)
	}
	like := strings.Repeat("1", 40)
	for _, n := range []int{0, 1, 25, 26, 27, 51, 52, 53, 1000, 1<<16 - 1, 1 << 16, len(all)} {
		data := all[:n]
		patch := patchOf([]driver.Change{{Op: driver.Put, Path: "dir/ü \"x\".bin", Data: data}},
			changeset.Places{"other": {Entry: driver.TreeEntry{ID: like, Mode: driver.ModeRegular}}})
		files, _, err := gitdiff.Parse(strings.NewReader(patch))
		if err != nil || len(files) != 1 {
			t.Fatalf("%d bytes: %v", n, err)
		}
		var out bytes.Buffer
		if err := gitdiff.Apply(&out, bytes.NewReader(nil), files[0]); err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if !bytes.Equal(out.Bytes(), data) || files[0].NewName != "dir/ü \"x\".bin" ||
			files[0].NewOIDPrefix != gitid.Blob(data, like) || !files[0].IsNew {
			t.Errorf("%d bytes became %d of %q", n, out.Len(), files[0].NewName)
		}
	}
}

func TestObjectID_IsGits(t *testing.T) {
	t.Parallel()
	for like, want := range map[string]string{
		strings.Repeat("0", 40): "ce013625030ba8dba906f756967f9e9ca394464a",
		strings.Repeat("0", 64): "2cf8d83d9ee29543b34a87727421fdecb7e3f3a183d337639025de576db9ebb4",
	} {
		if got := gitid.Blob([]byte("hello\n"), like); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if noObject(want) != like {
			t.Errorf("%s is not as long as %s", noObject(want), like)
		}
	}
}

// TestNeedsPatch_OnlyWhereFilesDoNot: the server keeps in Git LFS what comes as a file.
func TestNeedsPatch_OnlyWhereFilesDoNot(t *testing.T) {
	t.Parallel()
	at := changeset.Places{
		"link": {Entry: driver.TreeEntry{Mode: driver.ModeSymlink}}, "file": {Entry: driver.TreeEntry{Mode: driver.ModeExecutable}},
		"dir": {Entry: driver.TreeEntry{Mode: driver.ModeDir}}, "file/x": {Above: "file"},
	}
	for _, c := range []struct {
		change driver.Change
		want   bool
	}{
		{driver.Change{Op: driver.Put, Path: "file"}, false},
		{driver.Change{Op: driver.Put, Path: "new/x"}, false},
		{driver.Change{Op: driver.Delete, Path: "link"}, false},
		{driver.Change{Op: driver.Put, Path: "link"}, true},
		{driver.Change{Op: driver.Move, From: "link", Path: "new"}, true},
		{driver.Change{Op: driver.Put, Path: "dir"}, true},
		{driver.Change{Op: driver.Put, Path: "file/x"}, true},
		{driver.Change{Op: driver.Put, Path: "-x"}, true},
		{driver.Change{Op: driver.Move, From: "-x", Path: "x"}, true},
	} {
		if got := needsPatch([]driver.Change{c.change}, at); got != c.want {
			t.Errorf("%+v: %v", c.change, got)
		}
	}
}
