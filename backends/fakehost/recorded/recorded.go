// Package recorded reads what real hosts once answered, and compares with it what
// their fakes answer. The recordings are kept beside the repository.
package recorded

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Call is an exchange with a real host.
type Call struct {
	Method, URL    string // the URL has no origin
	Status         int
	Headers        map[string]string // of the answer
	Body, Response Content           // of the request, and of the answer

	File   string `json:"-"` // that it was read from
	Number int    `json:"-"` // in the file, from 0
}

// String says which call it is.
func (c Call) String() string {
	return c.File + ", number " + strconv.Itoa(c.Number) + ": " + c.Method + " " + c.URL
}

// Path is the URL without its query.
func (c Call) Path() string {
	path, _, _ := strings.Cut(c.URL, "?")
	return path
}

// Content is a recorded body. In a file it is a string, or of what is no text
// {"encoding": "base64", "content": …}, or null.
type Content []byte

// UnmarshalJSON implements json.Unmarshaler.
func (c *Content) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*c = []byte(text)
		return nil
	}
	var packed struct{ Content []byte } // package json decodes Base64
	err := json.Unmarshal(data, &packed)
	*c = packed.Content
	return err
}

// Calls are those of all files of a folder. Where there are none, the test is skipped.
func Calls(t *testing.T, folder string) []Call {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.FromSlash(folder), "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("no recorded answers in %s", folder)
	}
	var all []Call
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var list []Call
		if err := json.Unmarshal(data, &list); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for i := range list {
			list[i].File, list[i].Number = filepath.Base(file), i
		}
		all = append(all, list...)
	}
	return all
}

// Kind is a kind of calls: what a comparable one of a fake's is compared with.
type Kind struct {
	method string
	url    *regexp.Regexp
	status int
}

// To are the calls whose URLs a pattern matches, and that had that status.
func To(method, url string, status int) Kind {
	return Kind{method, regexp.MustCompile(url), status}
}

// Method is that of its calls.
func (k Kind) Method() string { return k.method }

// Status is that of its calls.
func (k Kind) Status() int { return k.status }

func (k Kind) String() string {
	return k.method + " " + k.url.String() + " " + strconv.Itoa(k.status)
}

// Has says whether a call is one of them.
func (k Kind) Has(c Call) bool {
	return c.Method == k.method && c.Status == k.status && k.url.MatchString(c.URL)
}

// Of are those among calls. That there are none is an error: nothing would be compared.
func (k Kind) Of(t *testing.T, calls []Call) []Call {
	t.Helper()
	found := slices.DeleteFunc(slices.Clone(calls), func(c Call) bool { return !k.Has(c) })
	if len(found) == 0 {
		t.Fatalf("nothing like %s was recorded", k)
	}
	return found
}

// AllCompared demands of each call that a line of a test's table is like it.
func AllCompared[Like interface{ Has(Call) bool }](t *testing.T, calls []Call, likes []Like) {
	t.Helper()
	for _, c := range calls {
		if !slices.ContainsFunc(likes, func(l Like) bool { return l.Has(c) }) {
			t.Errorf("nothing is compared with %s, which the host answered with %d", c, c.Status)
		}
	}
}
