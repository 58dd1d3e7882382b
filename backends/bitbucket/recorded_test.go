package bitbucket

import (
	"regexp"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/fakehost/recorded"
	"mooring/backends/rest"
	"mooring/backends/rest/resttest"
)

const recordings = "../../../shared/recorded/bitbucket"

// decoders are what reads each kind of answer.
var decoders = resttest.Decoders{
	List: []resttest.Decoder{
		resttest.Decodes("user", "GET", `^/2.0/user$`, resttest.Value(decodeUser)),
		resttest.Decodes("repository", "GET", `^/2.0/repositories/[^/]+/[^/]+$`, decodeAnyRepository),
		resttest.Decodes("branch", "GET", `/refs/branches/.+$`, resttest.Value(decodeBranch)),
		resttest.Decodes("tree", "GET", `/src/[0-9a-f]{40}/(content/posts|static/media)$`, decodeAnyEntry).Each("values"),
		resttest.Decodes("history", "GET", `/commits$`, decodeAnyCommit).Each("values"),
		resttest.Decodes("pulls", "GET", `/pullrequests$`, decodeAnyPull).Each("values"),
		resttest.Decodes("new pull", "POST", `/pullrequests$`, decodeAnyPull),
		resttest.Decodes("merged pull", "POST", `/merge$`, decodeAnyPull),
		resttest.Decodes("declined pull", "POST", `/decline$`, decodeAnyPull),
		resttest.Decodes("comments", "GET", `/comments$`, decodeAnyComment).Each("values"),
		resttest.Decodes("new comment", "POST", `/comments$`, decodeAnyComment),
		resttest.Decodes("statuses", "GET", `/statuses$`, resttest.Value(decodeStatus)).Each("values"),
	},
	// Unused are answers whose bodies say nothing, are files, or that are none of the API's.
	Unused:   regexp.MustCompile(`^DELETE |^POST .*/src$|/src/[0-9a-f]{40}/.*\.|/diff/|/info/lfs/|/(file|upload)/`),
	Refusals: 400,
	Refused:  checkRefusal,
	Empty:    []string{"statuses"},
}

func decodeAnyRepository(v gjson.Result) error {
	if !rest.Has(v, "full_name", "mainbranch.name") {
		return misshapen("repository")
	}
	return nil
}

func decodeAnyEntry(v gjson.Result) error {
	e, err := decodeEntry(v, v.Get("commit.hash").String())
	if err == nil && (e.Size < 0 || !e.IsFile() || placeOf(driverRef(e.ID)).path != e.Path) {
		err = misshapen("size, kind or place")
	}
	return err
}

func decodeAnyCommit(v gjson.Result) error {
	if c := decodeChange(v); c.Author == "" || c.Date.IsZero() || v.Get("hash").String() == "" {
		return misshapen("author")
	}
	return nil
}

func decodeAnyPull(v gjson.Result) error {
	p := (&Repo{}).decodePull(v)
	if !isPull(v) || p.UpdatedAt.IsZero() || p.Author == "" || p.URL == "" || len(p.HeadCommit) != 12 || p.Fork != "" || p.Number == 0 {
		return misshapen("date, author, address or head")
	}
	return nil
}

func decodeAnyComment(v gjson.Result) error {
	_, dated := rest.ParseTime(v.Get("created_on").String())
	if !dated || !strings.HasPrefix(labelText(v), "decap-cms/") || v.Get("id").Int() == 0 {
		return misshapen("comment")
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
	if strings.Contains(path, "/info/lfs/") {
		return
	}
	got := cmserr.From(refused(answer))
	if got.Kind != cmserr.NotFound || got.Msg != noFileThere || got.Status != answer.Status {
		t.Errorf("%s: %+v", path, got)
	}
}

// TestRecorded_CommitsAreTold: where a new commit is shown, it is read.
func TestRecorded_CommitsAreTold(t *testing.T) {
	t.Parallel()
	commits := 0
	for _, c := range recorded.Calls(t, recordings) {
		if c.Method != "POST" || !strings.HasSuffix(c.URL, "/src") {
			continue
		}
		commits++
		if id := newCommit(resttest.Answer(c)); len(id) != 40 {
			t.Errorf("%s: the new commit is %q", c, id)
		}
	}
	if commits == 0 {
		t.Error("no commits were recorded")
	}
}
