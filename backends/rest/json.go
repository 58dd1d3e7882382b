package rest

import (
	"encoding/base64"
	"slices"
	"strconv"

	"github.com/tidwall/gjson"
)

// JSON writes a request body piece by piece, and sets the commas itself. Its
// methods return it, so that calls can be chained; the caller sees to it that
// every object and array is ended and every value in an object has a key. The
// zero value is ready to use. It stands in for encoding/json, which would add
// some 200 kB to the browser module.
type JSON struct{ buf []byte }

// Bytes is what was written so far.
func (j *JSON) Bytes() []byte { return j.buf }

// Grow makes room for n more bytes, so that a big body is not copied as it grows.
func (j *JSON) Grow(n int) { j.buf = slices.Grow(j.buf, n) }

// Object begins an object.
func (j *JSON) Object() *JSON { return j.raw("{") }

// EndObject ends the innermost object.
func (j *JSON) EndObject() *JSON {
	j.buf = append(j.buf, '}')
	return j
}

// Array begins an array.
func (j *JSON) Array() *JSON { return j.raw("[") }

// EndArray ends the innermost array.
func (j *JSON) EndArray() *JSON {
	j.buf = append(j.buf, ']')
	return j
}

// Key names the value that follows.
func (j *JSON) Key(name string) *JSON {
	j.String(name)
	j.buf = append(j.buf, ':')
	return j
}

// String writes a string. Bytes that are not UTF-8 become U+FFFD.
func (j *JSON) String(s string) *JSON {
	j.comma()
	j.buf = gjson.AppendJSONString(j.buf, s)
	return j
}

// Int writes a number.
func (j *JSON) Int(n int) *JSON {
	j.comma()
	j.buf = strconv.AppendInt(j.buf, int64(n), 10)
	return j
}

// Bool writes true or false.
func (j *JSON) Bool(b bool) *JSON {
	j.comma()
	j.buf = strconv.AppendBool(j.buf, b)
	return j
}

// Null writes null.
func (j *JSON) Null() *JSON { return j.raw("null") }

// Base64 writes data as a string in standard, padded base64.
func (j *JSON) Base64(data []byte) *JSON {
	j.raw(`"`)
	j.buf = base64.StdEncoding.AppendEncode(j.buf, data)
	j.buf = append(j.buf, '"')
	return j
}

// Field writes a key and a string.
func (j *JSON) Field(name, value string) *JSON { return j.Key(name).String(value) }

// FieldIf writes a key and a string unless the string is empty.
func (j *JSON) FieldIf(name, value string) *JSON {
	if value == "" {
		return j
	}
	return j.Field(name, value)
}

func (j *JSON) raw(s string) *JSON {
	j.comma()
	j.buf = append(j.buf, s...)
	return j
}

// comma separates what follows from a value before it. The last byte tells: a
// value never ends in one of these, since strings end in a quote.
func (j *JSON) comma() {
	if len(j.buf) == 0 {
		return
	}
	switch j.buf[len(j.buf)-1] {
	case '{', '[', ':', ',':
	default:
		j.buf = append(j.buf, ',')
	}
}
