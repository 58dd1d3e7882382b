package gitid

import (
	stdsha1 "crypto/sha1"
	stdsha256 "crypto/sha256"
	"fmt"
	"testing"
)

func TestSHA1_IsTheStandardLibrarys(t *testing.T) {
	t.Parallel()
	for n := range 300 {
		data := make([]byte, n)
		for i := range data {
			data[i] = byte(i*7 + n)
		}
		if got, want := sha1(data), stdsha1.Sum(data); got != want {
			t.Fatalf("%d bytes: %x, want %x", n, got, want)
		}
	}
}

func TestIsBlob_KnowsGitsNames(t *testing.T) {
	t.Parallel()
	text := []byte("Grüße\n")
	object := fmt.Sprintf("blob %d\x00%s", len(text), text)
	for id, want := range map[string]bool{
		fmt.Sprintf("%x", stdsha1.Sum([]byte(object))):      true,
		fmt.Sprintf("%x", stdsha256.Sum256([]byte(object))): true,
		fmt.Sprintf("%x", stdsha1.Sum(text)):                false,
		"":                                                  false,
	} {
		if IsBlob(id, text) != want {
			t.Errorf("%q: %v", id, !want)
		}
	}
	// As `printf 'hello\n' | git hash-object --stdin` has it.
	if !IsBlob("ce013625030ba8dba906f756967f9e9ca394464a", []byte("hello\n")) {
		t.Error("Git's own example")
	}
}
