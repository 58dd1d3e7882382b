package github

import (
	"regexp"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/fakehost/recorded"
	"mooring/backends/rest"
	"mooring/backends/rest/graphql"
	"mooring/backends/rest/resttest"
)

const recordings = "../../../shared/recorded/github"

// decoders are what reads each kind of answer.
var decoders = resttest.Decoders{
	List: []resttest.Decoder{
		resttest.Decodes("user", "GET", `^/user$`, resttest.Value(decodeUser)),
		resttest.Decodes("repository", "GET", `^/repos/[^/]+/[^/]+$`, resttest.Value(decodeFacts)),
		resttest.Decodes("tree", "GET", `/git/trees/`, func(v gjson.Result) error { _, _, err := decodeTree(v, "dir"); return err }),
		resttest.Decodes("compare", "GET", `/compare/`, resttest.Value(decodeComparison)),
		resttest.Decodes("pulls", "GET", `/pulls$`, decodePull).Each("@this"),
		resttest.Decodes("new pull", "POST", `/pulls$`, decodePull),
		resttest.Decodes("closed pull", "PATCH", `/pulls/\d+$`, decodePull),
		resttest.Decodes("ref", "POST", `/git/refs$`, resttest.Value(decodeRef)),
		resttest.Decodes("moved ref", "PATCH", `/git/refs/heads/`, resttest.Value(decodeRef)),
		resttest.Decodes("statuses", "GET", `/commits/[^/]+/status$`, resttest.Value(decodeStatuses)),
		resttest.Decodes("history", "GET", `/commits$`, decodeHistory),
		resttest.Decodes("fork", "POST", `/forks$`, resttest.Value(decodeFork)),
		resttest.Decodes("object", "POST", `/git/(blobs|trees|commits)$`, decodeObject),
		resttest.Decodes("graphql", "POST", `^/graphql$`, decodeGraphQL),
	},
	// Unused are answers to requests that this driver does not make: by another
	// request it asks for the same, or the answer's body says nothing.
	Unused:   regexp.MustCompile(`/branches/|/collaborators/|/git/blobs/[0-9a-f]+$|/labels$|/merge$|DELETE `),
	Refusals: 300,
	Refused:  checkRefusal,
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
	decoders.Check(t, recordings)
}

// checkRefusal: each refusal has a kind and a sentence.
func checkRefusal(t *testing.T, path string, answer *rest.Response) {
	t.Helper()
	got := cmserr.From(refused(answer))
	want := map[int]cmserr.Kind{403: cmserr.Forbidden, 404: cmserr.NotFound}[answer.Status]
	if got.Kind != want || got.Msg == "" || got.Status != answer.Status {
		t.Errorf("%s: %+v, want %v", path, got, want)
	}
}

// TestRecorded_PullsSayWhereTheyComeFrom: forks are told from the repository itself.
func TestRecorded_PullsSayWhereTheyComeFrom(t *testing.T) {
	t.Parallel()
	own, forks := 0, 0
	for _, c := range recorded.Calls(t, recordings) {
		if c.Method != "POST" || !strings.HasSuffix(c.Path(), "/pulls") {
			continue
		}
		p, err := (&Repo{name: "owner/repo"}).decodePull(gjson.ParseBytes(c.Response))
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
	if own == 0 || forks == 0 {
		t.Errorf("%d of the repository and %d of forks", own, forks)
	}
}
