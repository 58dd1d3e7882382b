//go:build js && wasm

package bridge

import (
	"strconv"
	"strings"

	"github.com/hack-pad/safejs"

	"mooring/backends/cmserr"
)

// Decoder reads the fields of a JavaScript object once, into Go values. The first
// wrong field is kept as an error that names the method and the field; what is
// read after it is empty.
type Decoder struct {
	value  safejs.Value
	method string
	path   string // of this object within the arguments, "" for the arguments
	err    *error // shared with every Decoder of the same call
}

// Decode starts with the arguments object of a call.
func Decode(method string, args safejs.Value) *Decoder {
	var err error
	d := &Decoder{value: args, method: method, err: &err}
	if args.Type() != safejs.TypeObject {
		d.fail("", "an object", args)
	}
	return d
}

// Err is the first wrong field, an Invalid error, or nil.
func (d *Decoder) Err() error { return *d.err }

// String is a field that must be a string.
func (d *Decoder) String(name string) string {
	v := d.get(name)
	if v.Type() != safejs.TypeString {
		d.fail(name, "a string", v)
		return ""
	}
	return d.text(name, v)
}

// OptString is a string field that may be absent or null, which reads as "".
func (d *Decoder) OptString(name string) string {
	v := d.get(name)
	if absent(v) {
		return ""
	}
	if v.Type() != safejs.TypeString {
		d.fail(name, "a string", v)
		return ""
	}
	return d.text(name, v)
}

// OptBool is a boolean field that may be absent or null, which reads as false.
func (d *Decoder) OptBool(name string) bool {
	v := d.get(name)
	if absent(v) {
		return false
	}
	b, err := v.Bool()
	if err != nil || v.Type() != safejs.TypeBoolean {
		d.fail(name, "a boolean", v)
		return false
	}
	return b
}

// OptInt is a whole number that may be absent or null, which reads as 0.
func (d *Decoder) OptInt(name string) int {
	v := d.get(name)
	if absent(v) {
		return 0
	}
	f, err := v.Float()
	if err != nil || v.Type() != safejs.TypeNumber || f != float64(int32(f)) {
		d.fail(name, "a whole number", v)
		return 0
	}
	return int(f)
}

// Bytes is a field that must be a Uint8Array.
func (d *Decoder) Bytes(name string) []byte {
	v := d.get(name)
	length, err := getInt(v, "byteLength")
	if v.Type() != safejs.TypeObject || err != nil {
		d.fail(name, "a Uint8Array", v)
		return nil
	}
	data := make([]byte, length)
	if n, err := safejs.CopyBytesToGo(data, v); err != nil || n != length {
		d.fail(name, "a Uint8Array", v)
		return nil
	}
	return data
}

// Object is a field that must be an object.
func (d *Decoder) Object(name string) *Decoder {
	v := d.get(name)
	if v.Type() != safejs.TypeObject {
		d.fail(name, "an object", v)
	}
	return &Decoder{value: v, method: d.method, path: d.at(name), err: d.err}
}

// Has says whether a field is neither absent nor null.
func (d *Decoder) Has(name string) bool { return !absent(d.get(name)) }

// Each calls read for every object in a field that must be an array.
func (d *Decoder) Each(name string, read func(*Decoder)) {
	d.items(name, func(item safejs.Value, at string) {
		inner := &Decoder{value: item, method: d.method, path: at, err: d.err}
		if item.Type() != safejs.TypeObject {
			inner.fail("", "an object", item)
			return
		}
		read(inner)
	})
}

// Strings is a field that must be an array of strings.
func (d *Decoder) Strings(name string) []string {
	var list []string
	d.items(name, func(item safejs.Value, at string) {
		inner := &Decoder{value: item, method: d.method, path: at, err: d.err}
		if item.Type() != safejs.TypeString {
			inner.fail("", "a string", item)
			return
		}
		list = append(list, inner.text("", item))
	})
	return list
}

// Separator stands between texts that cross the border as one: one by one they take longer
// to cross than to be answered.
const Separator = "\x00"

// Packed is a string field with many texts in it, of which so many make up one item.
func (d *Decoder) Packed(name string, each int) []string {
	text := d.String(name)
	if text == "" {
		return nil
	}
	list := strings.Split(text, Separator)
	if len(list)%each != 0 {
		d.fail(name, "texts without NUL characters", d.get(name))
		return nil
	}
	return list
}

func (d *Decoder) items(name string, visit func(item safejs.Value, at string)) {
	list := d.get(name)
	length, err := list.Length()
	if err != nil || list.Type() != safejs.TypeObject {
		d.fail(name, "an array", list)
		return
	}
	for i := 0; i < length && *d.err == nil; i++ {
		item, err := list.Index(i)
		if err != nil {
			d.fail(name, "an array", list)
			return
		}
		visit(item, d.at(name)+"["+strconv.Itoa(i)+"]")
	}
}

func (d *Decoder) get(name string) safejs.Value {
	if *d.err != nil {
		return safejs.Undefined()
	}
	v, err := d.value.Get(name)
	if err != nil {
		d.fail(name, "readable", safejs.Undefined())
		return safejs.Undefined()
	}
	return v
}

func (d *Decoder) text(name string, v safejs.Value) string {
	s, err := v.String()
	if err != nil {
		d.fail(name, "a string", v)
	}
	return s
}

func (d *Decoder) at(name string) string {
	switch {
	case d.path == "":
		return name
	case name == "":
		return d.path
	}
	return d.path + "." + name
}

func (d *Decoder) fail(name, want string, got safejs.Value) {
	if *d.err != nil {
		return
	}
	field := d.at(name)
	if field == "" {
		field = "the arguments"
	}
	*d.err = cmserr.At(cmserr.New(cmserr.Invalid,
		d.method+": "+field+" must be "+want+", not "+got.Type().String()+"."), d.method, "", "")
}

func absent(v safejs.Value) bool {
	return v.Type() == safejs.TypeUndefined || v.Type() == safejs.TypeNull
}
