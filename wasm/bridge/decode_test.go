//go:build js && wasm

package bridge

import (
	"strings"
	"syscall/js"
	"testing"

	"github.com/hack-pad/safejs"

	"mooring/backends/cmserr"
)

func object(t *testing.T, code string) *Decoder {
	t.Helper()
	return Decode("save", safejs.Safe(js.Global().Call("eval", "("+code+")")))
}

func TestDecoder_Reads(t *testing.T) {
	d := object(t, `{s: 'ä\u0000', b: true, n: 3, none: null, o: {in: 'x'},
		list: [{p: '1'}, {p: '2'}], texts: ['a', 'b'], bytes: new Uint8Array([0, 255])}`)
	var list []string
	d.Each("list", func(item *Decoder) { list = append(list, item.String("p")) })
	got := strings.Join([]string{
		d.String("s"), d.OptString("none"), d.OptString("absent"), d.Object("o").String("in"),
		strings.Join(list, "+"), strings.Join(d.Strings("texts"), "+"), string(d.Bytes("bytes")),
	}, "|")
	if want := "ä\x00|||x|1+2|a+b|\x00\xff"; got != want || !d.OptBool("b") || d.OptInt("n") != 3 {
		t.Errorf("got %q, want %q", got, want)
	}
	if d.Err() != nil || d.Has("none") || d.Has("absent") || !d.Has("s") {
		t.Errorf("got error %v", d.Err())
	}
}

func TestDecoder_WrongTypesNameTheField(t *testing.T) {
	for want, read := range map[string]func(d *Decoder){
		"save: s must be a boolean, not string.":                    func(d *Decoder) { d.OptBool("s") },
		"save: s must be a whole number, not string.":               func(d *Decoder) { d.OptInt("s") },
		"save: half must be a whole number, not number.":            func(d *Decoder) { d.OptInt("half") },
		"save: absent must be a string, not undefined.":             func(d *Decoder) { d.String("absent") },
		"save: o must be a string, not object.":                     func(d *Decoder) { d.OptString("o") },
		"save: o.deep must be a string, not undefined.":             func(d *Decoder) { d.Object("o").String("deep") },
		"save: s must be an object, not string.":                    func(d *Decoder) { d.Object("s") },
		"save: s must be an array, not string.":                     func(d *Decoder) { d.Strings("s") },
		"save: list[1] must be an object, not number.":              func(d *Decoder) { d.Each("list", func(*Decoder) {}) },
		"save: list[0].p must be a string, not undefined.":          func(d *Decoder) { d.Each("list", func(i *Decoder) { i.String("p") }) },
		"save: list[0] must be a string, not object.":               func(d *Decoder) { d.Strings("list") },
		"save: s must be a Uint8Array, not string.":                 func(d *Decoder) { d.Bytes("s") },
		"save: o must be a Uint8Array, not object.":                 func(d *Decoder) { d.Bytes("o") },
		"save: s must be texts without NUL characters, not string.": func(d *Decoder) { d.Packed("s", 2) },
	} {
		d := object(t, `{s: 'text', half: 0.5, o: {}, list: [{}, 2]}`)
		read(d)
		d.String("absent") // only the first wrong field counts
		if err := d.Err(); !cmserr.Is(err, cmserr.Invalid) || cmserr.From(err).Message() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestDecoder_Packed(t *testing.T) {
	d := object(t, `{none: '', one: 'ä', four: 'a\0\0b\0'}`)
	for name, want := range map[string]string{"none": "", "one": "ä", "four": "a||b|"} {
		if got := strings.Join(d.Packed(name, 1), "|"); got != want || d.Err() != nil {
			t.Errorf("%s: got %q, %v, want %q", name, got, d.Err(), want)
		}
	}
	if got := d.Packed("none", 1); len(got) != 0 {
		t.Errorf("nothing is %q", got)
	}
	if got := d.Packed("four", 4); len(got) != 4 || d.Err() != nil {
		t.Errorf("one item is %q, %v", got, d.Err())
	}
}

func TestDecode_NoObject(t *testing.T) {
	if err := object(t, `null`).Err(); err == nil || !strings.Contains(err.Error(), "the arguments must be an object") {
		t.Errorf("got %v", err)
	}
}

func TestJSON_Nests(t *testing.T) {
	var j JSON
	j.Object(func() {
		j.Field("a").Array(func() {
			j.Int(-1)
			j.Bool(true)
			j.Object(func() {})
			j.Array(func() {})
		})
		j.FieldIf("empty", "")
		j.FieldIf("text", "{\"\n[:,\u2028")
		j.Field("b").Bool(false)
	})
	parsed := js.Global().Get("JSON").Call("parse", string(j.Bytes()))
	got := js.Global().Get("JSON").Call("stringify", parsed).String()
	if want := `{"a":[-1,true,{},[]],"text":"{\"\n[:,` + "\u2028" + `","b":false}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
