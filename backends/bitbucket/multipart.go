package bitbucket

import (
	"bytes"
	"math/rand/v2"
	"path"
	"strconv"
	"strings"
)

// multipart writes the parts of a form (RFC 7578). It stands in for mime/multipart, which
// would add some 60 kB to the browser module.
type multipart struct {
	boundary string
	buf      []byte
}

// newMultipart begins a form that will hold data, with room for it.
func newMultipart(data ...[]byte) *multipart {
	size := 1 << 10
	for _, d := range data {
		size += len(d) + 1<<9
	}
	return &multipart{boundary: boundaryOf(data), buf: make([]byte, 0, size)}
}

// boundaryOf is a line that is in none of data.
func boundaryOf(data [][]byte) string {
	for {
		b := "mooring-" + strconv.FormatUint(rand.Uint64(), 36) + strconv.FormatUint(rand.Uint64(), 36)
		found := false
		for _, d := range data {
			found = found || bytes.Contains(d, []byte(b))
		}
		if !found {
			return b
		}
	}
}

func (m *multipart) contentType() string { return "multipart/form-data; boundary=" + m.boundary }

// field writes a field.
func (m *multipart) field(name, value string) {
	m.begin(name)
	m.write("\r\n\r\n", value, "\r\n")
}

// file writes a file. That it has a file name tells it from a field of the same name.
func (m *multipart) file(f upload) {
	m.begin(f.path)
	m.write(`; filename="`, quoted(path.Base(f.path)), `"`)
	if f.attributes != "" {
		m.write(`; x-attributes="`, f.attributes, `"`)
	}
	m.write("\r\nContent-Type: application/octet-stream\r\n\r\n")
	m.buf = append(m.buf, f.data...)
	m.write("\r\n")
}

func (m *multipart) begin(name string) {
	m.write("--", m.boundary, "\r\nContent-Disposition: form-data; name=\"", quoted(name), `"`)
}

// end ends the form, and answers all of it.
func (m *multipart) end() []byte {
	m.write("--", m.boundary, "--\r\n")
	return m.buf
}

func (m *multipart) write(texts ...string) {
	for _, t := range texts {
		m.buf = append(m.buf, t...)
	}
}

// quoted escapes a name as in other fields of a header (RFC 9110, 5.6.4). Browsers write
// "%22" for a quote, which means a percent sign to whoever takes it so.
func quoted(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, `\`, `\\`), `"`, `\"`)
}
