package resttest

import (
	"errors"
	"regexp"
	"slices"
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/fakehost/recorded"
	"mooring/backends/rest"
)

// Decoder is what reads one kind of a host's answers.
type Decoder struct {
	name, method string
	path         *regexp.Regexp
	list         string // "": the answer is one value
	read         func(gjson.Result) error
}

// Decodes reads the answers to requests of which a pattern matches the path.
func Decodes(name, method, path string, read func(gjson.Result) error) Decoder {
	return Decoder{name: name, method: method, path: regexp.MustCompile(path), read: read}
}

// Value is a decoder's function without what it decodes to.
func Value[T any](decode func(gjson.Result) (T, error)) func(gjson.Result) error {
	return func(v gjson.Result) error { _, err := decode(v); return err }
}

// Each reads the items of the list at a path of the answer, as package gjson has
// paths: "@this" is the answer itself.
func (d Decoder) Each(list string) Decoder {
	d.list = list
	return d
}

// decode tells how many values it read.
func (d Decoder) decode(answer gjson.Result) (read int, err error) {
	values := []gjson.Result{answer}
	if d.list != "" {
		if !answer.Get(d.list).IsArray() {
			return 0, errors.New("the answer has no list")
		}
		values = answer.Get(d.list).Array()
	}
	for _, v := range values {
		if err := d.read(v); err != nil {
			return 0, err
		}
	}
	return len(values), nil
}

// Decoders are what a driver reads of its host's answers.
type Decoders struct {
	List []Decoder
	// Unused matches "METHOD path" of the requests whose answers the driver does not
	// decode: it makes no such requests, or the bodies are files or say nothing.
	Unused *regexp.Regexp
	// Refusals is the lowest status that is a refusal, and Refused judges what the
	// driver makes of one, to a request of a path.
	Refusals int
	Refused  func(t *testing.T, path string, answer *rest.Response)
	// Empty are the names of the decoders for which only empty lists were recorded.
	Empty []string
}

// Check decodes all recorded answers of a folder. That a decoder meets nothing is an
// error, so that none of them passes for want of answers.
func (d Decoders) Check(t *testing.T, folder string) {
	t.Helper()
	counts := map[string]int{}
	for _, c := range recorded.Calls(t, folder) {
		if c.Status >= d.Refusals {
			d.Refused(t, c.Path(), Answer(c))
			continue
		}
		d.decode(t, c, counts)
	}
	for _, one := range d.List {
		if empty := slices.Contains(d.Empty, one.name); empty != (counts[one.name] == 0) {
			t.Errorf("%d recorded values are decoded as %s", counts[one.name], one.name)
		}
	}
}

// decode counts what is read by the decoders' names.
func (d Decoders) decode(t *testing.T, c recorded.Call, counts map[string]int) {
	t.Helper()
	known := false
	for _, one := range d.List {
		if one.method != c.Method || !one.path.MatchString(c.Path()) {
			continue
		}
		known = true
		read, err := one.decode(gjson.ParseBytes(c.Response))
		if err != nil {
			t.Errorf("%s: %v", c, err)
		}
		counts[one.name] += read
	}
	if !known && !d.Unused.MatchString(c.Method+" "+c.Path()) {
		t.Errorf("%s: nothing decodes it", c)
	}
}
