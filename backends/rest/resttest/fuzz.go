package resttest

import (
	"testing"

	"github.com/tidwall/gjson"
)

// Fuzz feeds a decoder with JSON: whatever it is, it ends in a value or an error.
func Fuzz(f *testing.F, decode func(gjson.Result), seeds ...string) {
	for _, seed := range append(seeds, `{}`, `[]`, `null`, `""`, `[{}]`) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, body []byte) {
		if gjson.ValidBytes(body) { // rest.API lets nothing else through
			decode(gjson.ParseBytes(body))
		}
	})
}
