package resttest

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mooring/backends/rest"
)

// Exchange is one of a host's real answers, with the request that it is to.
type Exchange struct {
	Method, URL string
	Status      int
	Headers     map[string]any
	Response    json.RawMessage
}

// Recorded reads the exchanges of a folder by file. They are kept beside the
// repository: where they are not, the test is skipped.
func Recorded(t *testing.T, folder string) map[string][]Exchange {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(folder, "*.json"))
	if len(files) == 0 {
		t.Skip("there are no recorded answers beside the repository, in " + folder)
	}
	all := map[string][]Exchange{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var list []Exchange
		if err := json.Unmarshal(data, &list); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all[filepath.Base(file)] = list
	}
	return all
}

// Answer is what the host answered.
func (e Exchange) Answer(t *testing.T) *rest.Response {
	t.Helper()
	header := rest.Header{}
	for name, value := range e.Headers {
		if text, ok := value.(string); ok {
			header[strings.ToLower(name)] = text
		}
	}
	return &rest.Response{Status: e.Status, Header: header, Body: e.content(t)}
}

// content is text, or base64 of what is none.
func (e Exchange) content(t *testing.T) []byte {
	t.Helper()
	var text string
	if len(e.Response) == 0 {
		return nil
	}
	if json.Unmarshal(e.Response, &text) == nil {
		return []byte(text)
	}
	var packed struct{ Encoding, Content string }
	if err := json.Unmarshal(e.Response, &packed); err != nil {
		t.Fatal(err)
	}
	data, err := base64.StdEncoding.DecodeString(packed.Content)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
