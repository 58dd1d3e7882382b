package testrepo

import (
	"slices"
	"testing"

	"mooring/backends/driver"
)

func TestCompare_Renamed(t *testing.T) {
	t.Parallel()
	r := Open(Options{Files: map[string][]byte{"a/1": []byte("same"), "a/2": []byte("same"), "a/3": []byte("same")}})
	base := head(t, r, "main")
	made := edit(t, r, driver.Change{Op: driver.Move, From: "a/1", Path: "b/1"},
		driver.Change{Op: driver.Move, From: "a/2", Path: "b/2", Data: []byte("edited")}, drop("a/3"))
	got, err := r.Compare(t.Context(), base, made)
	if err != nil {
		t.Fatal(err)
	}
	same, edited := blobID([]byte("same")), blobID([]byte("edited"))
	want := []driver.FileDiff{
		{Status: driver.Deleted, Path: "a/2", OldID: same},
		{Status: driver.Deleted, Path: "a/3", OldID: same},
		{Status: driver.Renamed, Path: "b/1", OldPath: "a/1", ID: same, OldID: same},
		{Status: driver.Added, Path: "b/2", ID: edited},
	}
	if !slices.Equal(got.Files, want) {
		t.Errorf("\n got %+v\nwant %+v", got.Files, want)
	}
}
