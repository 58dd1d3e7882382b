package content_test

import (
	"testing"

	"mooring/backends/content"
)

func TestBytes_IsWhatItHolds(t *testing.T) {
	t.Parallel()
	for text, hash := range map[string]string{
		"":    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	} {
		c := content.Bytes(text)
		data, err := c.Bytes(t.Context())
		if err != nil || string(data) != text || c.Size() != int64(len(text)) {
			t.Errorf("%q: %q of %d bytes, %v", text, data, c.Size(), err)
		}
		if sum, err := c.SHA256(t.Context()); err != nil || sum != hash {
			t.Errorf("%q: hash %s, %v", text, sum, err)
		}
	}
}

func TestBytes_EmptyIsNotNothing(t *testing.T) {
	t.Parallel()
	if data, err := content.Bytes(nil).Bytes(t.Context()); err != nil || data == nil {
		t.Errorf("%v, %v", data, err)
	}
}
