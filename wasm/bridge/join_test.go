//go:build js && wasm

package bridge

import (
	"bytes"
	"strings"
	"testing"

	"github.com/hack-pad/safejs"
)

func TestJoin_KeepsEveryByte(t *testing.T) {
	long := strings.Repeat("0123456789abcde", joinBuffer/10) // longer than the buffer, which it does not divide
	for name, parts := range map[string][]string{
		"nothing": nil, "empty": {""}, "short": {"a", "", "ü"}, "long": {"a", long, "b"},
		"whole": {long[:joinBuffer], long[:joinBuffer]},
	} {
		array, sizes, err := Join(parts)
		if err != nil {
			t.Fatal(name, err)
		}
		want := strings.Join(parts, "")
		got := make([]byte, len(want)+1)
		n, err := safejs.CopyBytesToGo(got, array)
		if err != nil || !bytes.Equal(got[:n], []byte(want)) {
			t.Errorf("%s: %d bytes, %v; want %d", name, n, err, len(want))
		}
		if lengths := strings.Count(sizes, ",") + 1; sizes != "" && lengths != len(parts) {
			t.Errorf("%s: sizes are %q", name, sizes)
		}
	}
}
