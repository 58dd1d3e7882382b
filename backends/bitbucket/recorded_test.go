package bitbucket

import (
	"regexp"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
	"mooring/backends/rest/resttest"
)

const recordings = "../../../shared/recorded/bitbucket"

// decoders are what reads each kind of answer. The sum of what they decoded is counted, so
// that none of them passes for want of answers.
var decoders = []struct {
	name, method string
	path         *regexp.Regexp
	decode       func(gjson.Result) error
}{
	{"user", "GET", regexp.MustCompile(`^/2.0/user$`), func(v gjson.Result) error { _, err := decodeUser(v); return err }},
	{"repository", "GET", regexp.MustCompile(`^/2.0/repositories/[^/]+/[^/]+$`), decodeAnyRepository},
	{"branch", "GET", regexp.MustCompile(`/refs/branches/.+$`), func(v gjson.Result) error { _, err := decodeBranch(v); return err }},
	{"tree", "GET", regexp.MustCompile(`/src/[0-9a-f]{40}/(content/posts|static/media)$`), eachItem(decodeAnyEntry)},
	{"history", "GET", regexp.MustCompile(`/commits$`), eachItem(decodeAnyCommit)},
	{"pulls", "GET", regexp.MustCompile(`/pullrequests$`), eachItem(decodeAnyPull)},
	{"new pull", "POST", regexp.MustCompile(`/pullrequests$`), decodeAnyPull},
	{"merged pull", "POST", regexp.MustCompile(`/merge$`), decodeAnyPull},
	{"declined pull", "POST", regexp.MustCompile(`/decline$`), decodeAnyPull},
	{"comments", "GET", regexp.MustCompile(`/comments$`), eachItem(decodeAnyComment)},
	{"new comment", "POST", regexp.MustCompile(`/comments$`), decodeAnyComment},
	{"statuses", "GET", regexp.MustCompile(`/statuses$`), eachItem(func(v gjson.Result) error { _, err := decodeStatus(v); return err })},
}

// unused are answers whose bodies say nothing, are files, or that are none of the API's.
var unused = regexp.MustCompile(`^DELETE |^POST .*/src$|/src/[0-9a-f]{40}/.*\.|/diff/|/info/lfs/|/(file|upload)/`)

func eachItem(decode func(gjson.Result) error) func(gjson.Result) error {
	return func(v gjson.Result) error {
		if !v.Get("values").IsArray() {
			return misshapen("list")
		}
		for _, item := range v.Get("values").Array() {
			if err := decode(item); err != nil {
				return err
			}
		}
		return nil
	}
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
	counts := map[string]int{}
	for file, list := range resttest.Recorded(t, recordings) {
		for i, e := range list {
			path, _, _ := strings.Cut(e.URL, "?")
			answer := e.Answer(t)
			if e.Status >= 400 {
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
		if counts[d.name] == 0 && d.name != "statuses" { // of which all that were recorded are empty
			t.Errorf("no recorded answer is decoded as %s", d.name)
		}
	}
}

// checkRefusal: each refusal has a kind and a sentence.
func checkRefusal(t *testing.T, e resttest.Exchange, answer *rest.Response) {
	t.Helper()
	if strings.Contains(e.URL, "/info/lfs/") {
		return
	}
	got := cmserr.From(refused(answer))
	if got.Kind != cmserr.NotFound || got.Msg != noFileThere || got.Status != e.Status {
		t.Errorf("%s %s: %+v", e.Method, e.URL, got)
	}
}

// TestRecorded_CommitsAreTold: where a new commit is shown, it is read.
func TestRecorded_CommitsAreTold(t *testing.T) {
	t.Parallel()
	commits := 0
	for file, list := range resttest.Recorded(t, recordings) {
		for i, e := range list {
			if e.Method != "POST" || !strings.HasSuffix(e.URL, "/src") {
				continue
			}
			commits++
			if id := newCommit(e.Answer(t)); len(id) != 40 {
				t.Errorf("%s %d: the new commit is %q", file, i, id)
			}
		}
	}
	if commits == 0 {
		t.Error("no commits were recorded")
	}
}
