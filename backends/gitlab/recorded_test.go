package gitlab

import (
	"regexp"
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
	"mooring/backends/rest/resttest"
)

const recordings = "../../../shared/recorded/gitlab"

// decoders are what reads each kind of answer.
var decoders = resttest.Decoders{
	List: []resttest.Decoder{
		resttest.Decodes("user", "GET", `^/api/v4/user$`, resttest.Value(decodeUser)),
		resttest.Decodes("project", "GET", `/projects/[^/]+$`, decodeAnyProject),
		resttest.Decodes("tree", "GET", `/repository/tree$`, resttest.Value(decodeEntry)).Each("@this"),
		resttest.Decodes("compare", "GET", `/repository/compare$`, func(v gjson.Result) error { _, _, err := decodeComparison(v); return err }),
		resttest.Decodes("pulls", "GET", `/merge_requests$`, decodeAnyPull).Each("@this"),
		resttest.Decodes("pull", "GET", `/merge_requests/\d+$`, decodeAnyPull),
		resttest.Decodes("new pull", "POST", `/merge_requests$`, decodeAnyPull),
		resttest.Decodes("changed pull", "PUT", `/merge_requests/\d+$`, decodeAnyPull),
		resttest.Decodes("merged pull", "PUT", `/merge$`, decodeAnyPull),
		resttest.Decodes("commit", "POST", `/repository/commits$`, resttest.Value(decodeCommit)),
		resttest.Decodes("history", "GET", `/repository/commits$`, decodeHistory).Each("@this"),
		resttest.Decodes("statuses", "GET", `/statuses$`, resttest.Value(decodeStatus)).Each("@this"),
	},
	// Unused are answers whose bodies say nothing, or are files.
	Unused:   regexp.MustCompile(`/raw$|/rebase$|^HEAD |^DELETE `),
	Refusals: 300,
	Refused:  checkRefusal,
	Empty:    []string{"statuses"},
}

func decodeAnyProject(v gjson.Result) error {
	a, level, err := decodeProject(v)
	if err == nil && (level < developer || a.DefaultBranch == "") {
		err = misshapen("level or branch")
	}
	return err
}

func decodeAnyPull(v gjson.Result) error {
	p, err := decodePull(v)
	if err == nil && (p.UpdatedAt.IsZero() || p.Author == "" || p.URL == "" || p.HeadCommit == "" || p.Fork != "") {
		err = misshapen("date, author, address or head")
	}
	statusOf(v)
	return err
}

func decodeHistory(v gjson.Result) error {
	if _, err := decodeCommit(v); err != nil {
		return err
	}
	if c := decodeChange(v.Get("author_name").String(), v.Get("authored_date").String()); c.Author == "" || c.Date.IsZero() {
		return misshapen("author")
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
	if got.Kind != cmserr.NotFound || got.Msg == "" || got.Status != answer.Status {
		t.Errorf("%s: %+v", path, got)
	}
}
