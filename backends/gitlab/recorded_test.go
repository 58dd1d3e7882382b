package gitlab

import (
	"regexp"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
	"mooring/backends/rest/resttest"
)

const recordings = "../../../shared/recorded/gitlab"

// decoders are what reads each kind of answer. The sum of what they decoded is
// counted, so that none of them passes for want of answers.
var decoders = []struct {
	name, method string
	path         *regexp.Regexp
	decode       func(gjson.Result) error
}{
	{"user", "GET", regexp.MustCompile(`^/api/v4/user$`), func(v gjson.Result) error { _, err := decodeUser(v); return err }},
	{"project", "GET", regexp.MustCompile(`/projects/[^/]+$`), decodeAnyProject},
	{"tree", "GET", regexp.MustCompile(`/repository/tree$`), eachItem(func(v gjson.Result) error { _, err := decodeEntry(v); return err })},
	{"compare", "GET", regexp.MustCompile(`/repository/compare$`), func(v gjson.Result) error { _, _, err := decodeComparison(v); return err }},
	{"pulls", "GET", regexp.MustCompile(`/merge_requests$`), eachItem(decodeAnyPull)},
	{"pull", "GET", regexp.MustCompile(`/merge_requests/\d+$`), decodeAnyPull},
	{"new pull", "POST", regexp.MustCompile(`/merge_requests$`), decodeAnyPull},
	{"changed pull", "PUT", regexp.MustCompile(`/merge_requests/\d+$`), decodeAnyPull},
	{"merged pull", "PUT", regexp.MustCompile(`/merge$`), decodeAnyPull},
	{"commit", "POST", regexp.MustCompile(`/repository/commits$`), func(v gjson.Result) error { _, err := decodeCommit(v); return err }},
	{"history", "GET", regexp.MustCompile(`/repository/commits$`), eachItem(decodeHistory)},
	{"statuses", "GET", regexp.MustCompile(`/statuses$`), eachItem(func(v gjson.Result) error { _, err := decodeStatus(v); return err })},
}

// unused are answers whose bodies say nothing, or are files.
var unused = regexp.MustCompile(`/raw$|/rebase$|^HEAD |^DELETE `)

func eachItem(decode func(gjson.Result) error) func(gjson.Result) error {
	return func(v gjson.Result) error {
		for _, item := range v.Array() {
			if err := decode(item); err != nil {
				return err
			}
		}
		return nil
	}
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
	if got.Kind != cmserr.NotFound || got.Msg == "" || got.Status != e.Status {
		t.Errorf("%s %s: %+v", e.Method, e.URL, got)
	}
}
