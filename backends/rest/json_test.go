package rest

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestJSON_Nested(t *testing.T) {
	t.Parallel()
	var j JSON
	j.Object().Field("a", "x\"\\\n<&>ü, {[:").Key("b").Array().Int(1).Int(-2).Bool(true).
		Object().EndObject().Array().EndArray().String("").EndArray().
		FieldIf("none", "").FieldIf("some", "1").
		Key("c").Base64([]byte{0, 255, 'x'}).Key("d").Base64(nil).Key("e").Bool(false).EndObject()
	var got any
	if err := json.Unmarshal(j.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, j.Bytes())
	}
	want := map[string]any{
		"a":    "x\"\\\n<&>ü, {[:",
		"b":    []any{1.0, -2.0, true, map[string]any{}, []any{}, ""},
		"some": "1", "c": "AP94", "d": "", "e": false,
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func FuzzJSON_String(f *testing.F) {
	f.Add("a", "{")
	f.Add("\u2028\x00", "\xff")
	f.Fuzz(func(t *testing.T, key, value string) {
		var j JSON
		j.Object().Field(key, value).Field("last", value).EndObject()
		if !json.Valid(j.Bytes()) {
			t.Fatalf("invalid: %s", j.Bytes())
		}
	})
}
