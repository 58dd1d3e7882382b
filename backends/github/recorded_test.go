package github

import (
	"regexp"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
	"mooring/backends/rest/resttest"
)

const recordings = "../../../shared/recorded/github"

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
	if !rest.Has(v, "sha") {
		return misshapen("id")
	}
	return nil
}

// decodeGraphQL reads the answers to the built-in backend's operations: they hold
// the same objects as ours.
func decodeGraphQL(v gjson.Result) error {
	a, err := graphql.Decode("GitHub", v)
	if err != nil {
		return err
	}
	if len(a.Errors) > 0 {
		return refusedQuery(a)
	}
	if blob := a.Data.Get("repository.object"); blob.Get("text").Exists() {
		if data := decodeText(blob); data == nil && !blob.Get("is_binary").Bool() && blob.Get("byteSize").Exists() {
			return misshapen("text")
		}
	}
	return nil
}

func TestRecorded_EveryAnswerDecodes(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	for file, list := range resttest.Recorded(t, recordings) {
		for i, e := range list {
			path, _, _ := strings.Cut(e.URL, "?")
			answer := e.Answer(t)
			if e.Status >= 300 {
				checkRefusal(t, e, answer)
				continue
			}
			name := ""
			for _, d := range decoders {
				if d.method != e.Method || !d.path.MatchString(path) {
					continue
				}
				name = d.name
				counts[name]++
				if err := d.decode(gjson.ParseBytes(answer.Body)); err != nil {
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
func checkRefusal(t *testing.T, e resttest.Exchange, answer *rest.Response) {
	t.Helper()
	got := cmserr.From(refused(answer))
	want := map[int]cmserr.Kind{403: cmserr.Forbidden, 404: cmserr.NotFound}[e.Status]
	if got.Kind != want || got.Msg == "" || got.Status != e.Status {
		t.Errorf("%s %s: %+v, want %v", e.Method, e.URL, got, want)
	}
}

// TestRecorded_PullsSayWhereTheyComeFrom: forks are told from the repository itself.
func TestRecorded_PullsSayWhereTheyComeFrom(t *testing.T) {
	t.Parallel()
	own, forks := 0, 0
	for _, list := range resttest.Recorded(t, recordings) {
		for _, e := range list {
			path, _, _ := strings.Cut(e.URL, "?")
			if e.Method != "POST" || !strings.HasSuffix(path, "/pulls") {
				continue
			}
			p, err := (&Repo{name: "owner/repo"}).decodePull(gjson.ParseBytes(e.Answer(t).Body))
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
