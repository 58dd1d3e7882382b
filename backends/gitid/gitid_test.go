package gitid_test

import (
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"testing"

	"mooring/backends/gitid"
)

func TestIsBlob_KnowsGitsNames(t *testing.T) {
	t.Parallel()
	text := []byte("Grüße\n")
	object := fmt.Sprintf("blob %d\x00%s", len(text), text)
	for id, want := range map[string]bool{
		fmt.Sprintf("%x", sha1.Sum([]byte(object))):      true,
		fmt.Sprintf("%x", sha256.Sum256([]byte(object))): true,
		fmt.Sprintf("%x", sha1.Sum(text)):                false,
		"":                                               false,
	} {
		if gitid.IsBlob(id, text) != want {
			t.Errorf("%q: %v", id, !want)
		}
	}
	// As `echo hello | git hash-object --stdin` has it.
	if !gitid.IsBlob("ce013625030ba8dba906f756967f9e9ca394464a", []byte("hello\n")) {
		t.Error("Git's own example")
	}
}
