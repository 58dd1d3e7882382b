package github

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// exchange is one of GitHub's real answers. They are kept beside the repository.
type exchange struct {
	Method, URL string
	Status      int
	Headers     map[string]any
	Response    json.RawMessage
}

const recordings = "../../../shared/recorded/github"

func recorded(t *testing.T) map[string][]exchange {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(recordings, "*.json"))
	if len(files) == 0 {
		t.Skip("there are no recorded answers of GitHub beside the repository")
	}
	all := map[string][]exchange{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var list []exchange
		if err := json.Unmarshal(data, &list); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all[filepath.Base(file)] = list
	}
	return all
}

func (e exchange) body(t *testing.T) []byte {
	t.Helper()
	var text string
	if json.Unmarshal(e.Response, &text) == nil {
		return []byte(text)
	}
	var packed struct{ Encoding, Content string }
	if len(e.Response) == 0 {
		return nil
	}
	if err := json.Unmarshal(e.Response, &packed); err != nil {
		t.Fatal(err)
	}
	data, err := base64.StdEncoding.DecodeString(packed.Content)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// decoders are what reads each kind of answer. The sum of what they decoded is
// counted, so that none of them passes for want of answers.
var decoders = []struct {
	name, method string
	path         *regexp.Regexp
	decode       func(gjson.Result) error
}{
	{"user", "GET", regexp.MustCompile(`^/user$`), func(v gjson.Result) error { _, err := decodeUser(v); return err }},
	{"repository", "GET", regexp.MustCompile(`^/repos/[^/]+/[^/]+$`), func(v gjson.Result) error { _, err := decodeFacts(v); return err }},
	{"tree", "GET", regexp.MustCompile(`/git/trees/`), func(v gjson.Result) error { _, _, err := decodeTree(v, "dir"); return err }},
	{"compare", "GET", regexp.MustCompile(`/compare/`), func(v gjson.Result) error { _, err := decodeComparison(v); return err }},
	{"pulls", "GET", regexp.MustCompile(`/pulls$`), decodePulls},
	{"new pull", "POST", regexp.MustCompile(`/pulls$`), decodePull},
	{"closed pull", "PATCH", regexp.MustCompile(`/pulls/\d+$`), decodePull},
	{"ref", "POST", regexp.MustCompile(`/git/refs$`), func(v gjson.Result) error { _, err := decodeRef(v); return err }},
	{"moved ref", "PATCH", regexp.MustCompile(`/git/refs/heads/`), func(v gjson.Result) error { _, err := decodeRef(v); return err }},
	{"statuses", "GET", regexp.MustCompile(`/commits/[^/]+/status$`), func(v gjson.Result) error { _, err := decodeStatuses(v); return err }},
	{"history", "GET", regexp.MustCompile(`/commits$`), decodeHistory},
	{"fork", "POST", regexp.MustCompile(`/forks$`), func(v gjson.Result) error { _, err := decodeFork(v); return err }},
	{"object", "POST", regexp.MustCompile(`/git/(blobs|trees|commits)$`), decodeObject},
	{"graphql", "POST", regexp.MustCompile(`^/graphql$`), decodeGraphQL},
}

// unused are answers to requests that this driver does not make: by another
// request it asks for the same, or the answer's body says nothing.
var unused = regexp.MustCompile(`/branches/|/collaborators/|/git/blobs/[0-9a-f]+$|/labels$|/merge$|DELETE `)

func decodePulls(v gjson.Result) error {
	for _, item := range v.Array() {
		if err := decodePull(item); err != nil {
			return err
		}
	}
	return nil
}

func decodePull(v gjson.Result) error {
	p, err := (&Repo{name: "owner/repo"}).decodePull(v)
	if err == nil && (p.UpdatedAt.IsZero() || p.Author == "" || p.URL == "") {
		err = misshapen("date, author or address")
	}
	return err
}

func decodeHistory(v gjson.Result) error {
	if c := decodeChange(v.Get("0.commit.author"), v.Get("0.author.login")); c.Author == "" || c.Date.IsZero() {
		return misshapen("author")
	}
	return nil
}

func decodeObject(v gjson.Result) error {
	if !has(v, "sha") {
		return misshapen("id")
	}
	return nil
}

// decodeGraphQL reads the answers to the built-in backend's operations: they hold
// the same objects as ours.
func decodeGraphQL(v gjson.Result) error {
	a, err := decodeAnswer(v)
	if err != nil {
		return err
	}
	if len(a.errors) > 0 {
		return a.err()
	}
	if blob := a.data.Get("repository.object"); blob.Get("text").Exists() {
		if data := decodeText(blob); data == nil && !blob.Get("is_binary").Bool() && blob.Get("byteSize").Exists() {
			return misshapen("text")
		}
	}
	return nil
}

func TestRecorded_EveryAnswerDecodes(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	for file, list := range recorded(t) {
		for i, e := range list {
			path, _, _ := strings.Cut(e.URL, "?")
			body := e.body(t)
			if e.Status >= 300 {
				checkRefusal(t, e, body)
				continue
			}
			name := ""
			for _, d := range decoders {
				if d.method != e.Method || !d.path.MatchString(path) {
					continue
				}
				name = d.name
				counts[name]++
				if err := d.decode(gjson.ParseBytes(body)); err != nil {
					t.Errorf("%s %d: %s %s: %v", file, i, e.Method, e.URL, err)
				}
			}
			if name == "" && !unused.MatchString(e.Method+" "+path) {
				t.Errorf("%s %d: nothing decodes %s %s", file, i, e.Method, e.URL)
			}
		}
	}
	for _, d := range decoders {
		if counts[d.name] == 0 {
			t.Errorf("no recorded answer is decoded as %s", d.name)
		}
	}
}

// checkRefusal: each refusal has a kind and a sentence.
func checkRefusal(t *testing.T, e exchange, body []byte) {
	t.Helper()
	header := rest.Header{}
	for name, value := range e.Headers {
		if text, ok := value.(string); ok {
			header[strings.ToLower(name)] = text
		}
	}
	got := cmserr.From(refused(&rest.Response{Status: e.Status, Header: header, Body: body}))
	want := map[int]cmserr.Kind{403: cmserr.Forbidden, 404: cmserr.NotFound}[e.Status]
	if got.Kind != want || got.Msg == "" || got.Status != e.Status {
		t.Errorf("%s %s: %+v, want %v", e.Method, e.URL, got, want)
	}
}

// TestRecorded_PullsSayWhereTheyComeFrom: forks are told from the repository itself.
func TestRecorded_PullsSayWhereTheyComeFrom(t *testing.T) {
	t.Parallel()
	own, forks := 0, 0
	for _, list := range recorded(t) {
		for _, e := range list {
			path, _, _ := strings.Cut(e.URL, "?")
			if e.Method != "POST" || !strings.HasSuffix(path, "/pulls") {
				continue
			}
			p, err := (&Repo{name: "owner/repo"}).decodePull(gjson.ParseBytes(e.body(t)))
			if err != nil {
				t.Fatal(err)
			}
			if p.Fork == "" {
				own++
			} else if strings.HasPrefix(p.Head, "cms/"+p.Fork+"/") {
				forks++
			}
			if p.Base == "" || len(p.HeadCommit) != 40 || p.Number == 0 {
				t.Errorf("%+v", p)
			}
		}
	}
	if own == 0 || forks == 0 {
		t.Errorf("%d of the repository and %d of forks", own, forks)
	}
}
