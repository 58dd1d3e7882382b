package gitgateway_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/fakehost/recorded"
	"mooring/backends/gitgateway"
	"mooring/backends/rest"
	"mooring/backends/rest/resttest"
)

const recordings = "../../../shared/recorded/gitgateway-"

// replay answers what has a part in its path as a real gateway did once, and finds
// nothing else.
type replay struct {
	part   *regexp.Regexp
	answer *rest.Response
	owner  *rest.Response // to who asks whose the repository is
	files  []string       // that folders have
	asked  []string
}

func (r *replay) Do(_ context.Context, req *rest.Request) (*rest.Response, error) {
	r.asked = append(r.asked, req.URL)
	switch {
	case r.owner != nil && strings.HasSuffix(req.URL, "/commits?per_page=1"):
		return r.owner, nil
	case r.part.MatchString(strings.TrimPrefix(req.URL, "https://site.example")):
		return r.answer, nil
	case strings.Contains(req.URL, "/repository/tree") && r.files != nil:
		return r.tree(req.URL), nil
	}
	return &rest.Response{Status: 404, Header: rest.Header{"content-type": "application/json"}, Body: []byte(`{"message":"Not Found"}`)}, nil
}

// tree lists the files of a folder as GitLab does.
func (r *replay) tree(address string) *rest.Response {
	var j rest.JSON
	j.Array()
	at, err := url.Parse(address)
	if err != nil {
		return &rest.Response{Status: 400}
	}
	for _, p := range r.files {
		if path.Dir(p) != at.Query().Get("path") {
			continue
		}
		j.Object().Field("path", p).Field("mode", "100644").Field("id", strings.Repeat("a", 40)).EndObject()
	}
	return &rest.Response{Status: 200, Body: j.EndArray().Bytes()}
}

// read is what a driver makes of one kind of answer.
type read struct {
	name string
	url  *regexp.Regexp // of the recorded request
	part *regexp.Regexp // of the driver's own
	do   func(t *testing.T, d driver.Driver, e recorded.Call) error
}

var errEmpty = errors.New("nothing was read")

func readPulls(t *testing.T, d driver.Driver, e recorded.Call) error {
	list, err := d.(driver.PullRequester).Pulls(t.Context(), "master", "cms/")
	for _, p := range list {
		if p.Fork != "" || p.Author == "" || p.UpdatedAt.IsZero() || p.HeadCommit == "" {
			t.Errorf("the pull request is %+v", p)
		}
	}
	if err == nil && len(list) == 0 && has(e, "#(head.ref%\"cms/*\")") {
		err = errEmpty
	}
	return err
}

// has says whether an answer has something at a path.
func has(c recorded.Call, path string) bool { return gjson.GetBytes(c.Response, path).Exists() }

func readTree(t *testing.T, d driver.Driver, e recorded.Call) error {
	list, err := d.Tree(t.Context(), "master", "", false)
	if err == nil && len(list) == 0 && has(e, "0") {
		err = errEmpty
	}
	return err
}

func readComparison(t *testing.T, d driver.Driver, e recorded.Call) error {
	c, err := d.(driver.Comparer).Compare(t.Context(), "master", "head")
	if err == nil && (len(c.MergeBase) != 40 || len(c.Files) == 0) {
		err = errEmpty
	}
	return err
}

func readStatuses(t *testing.T, d driver.Driver, _ recorded.Call) error {
	_, err := d.(driver.StatusReader).Statuses(t.Context(), "commit")
	return err
}

func readHistory(t *testing.T, d driver.Driver, e recorded.Call) error {
	last, err := d.(driver.MetadataReader).LastChanges(t.Context(), "commit", []string{"a.md"})
	if err == nil && has(e, "0") && (last[0].Author == "" || last[0].Date.IsZero()) {
		err = errEmpty
	}
	return err
}

func readFile(t *testing.T, d driver.Driver, e recorded.Call) error {
	data, err := d.Blobs(t.Context(), []driver.BlobRef{{ID: "id", Path: "a.md", Commit: "commit"}})
	if err == nil && string(data[0]) != string(e.Response) {
		t.Errorf("reads %q", data)
	}
	return err
}

var reads = map[string][]read{
	"github": {
		{"pulls", regexp.MustCompile(`/pulls\?base`), regexp.MustCompile(`/github/pulls\?`), readPulls},
		{"tree", regexp.MustCompile(`/git/trees/`), regexp.MustCompile(`/github/git/trees/`), readTree},
		{"comparison", regexp.MustCompile(`/compare/`), regexp.MustCompile(`/github/compare/`), readComparison},
		{"statuses", regexp.MustCompile(`/status$`), regexp.MustCompile(`/github/commits/commit/status`), readStatuses},
		{"history", regexp.MustCompile(`/commits\?`), regexp.MustCompile(`/github/commits\?`), readHistory},
	},
	"gitlab": {
		{"merge requests", regexp.MustCompile(`GET \S+/merge_requests\?`), regexp.MustCompile(`/gitlab/merge_requests\?`), readPulls},
		{"tree", regexp.MustCompile(`/repository/tree`), regexp.MustCompile(`/gitlab/repository/tree`), readTree},
		{"comparison", regexp.MustCompile(`/repository/compare`), regexp.MustCompile(`/gitlab/repository/compare`), readComparison},
		{"statuses", regexp.MustCompile(`/statuses`), regexp.MustCompile(`/gitlab/repository/commits/commit/statuses`), readStatuses},
		{"history", regexp.MustCompile(`GET \S+/commits\?`), regexp.MustCompile(`/gitlab/repository/commits\?`), readHistory},
		{"file", regexp.MustCompile(`GET \S+/files/.*/raw`), regexp.MustCompile(`/gitlab/repository/files/`), readFile},
	},
}

func openReplay(t *testing.T, provider string, r rest.Doer) driver.Driver {
	t.Helper()
	d, err := providers[provider].open(
		gitgateway.Config{URL: "https://site.example/.netlify/git", LargeMediaURL: "https://site.example/.netlify/large-media"},
		gitgateway.Env{Doer: r, Token: resttest.Token("jwt"), Govern: rest.Options{Clock: resttest.Hurried{}}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestRecorded_IsRead(t *testing.T) {
	t.Parallel()
	for provider, kinds := range reads {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			times := map[string]int{}
			for _, e := range recorded.Calls(t, recordings+provider) {
				for _, kind := range kinds {
					if !kind.url.MatchString(e.Method + " " + e.URL) {
						continue
					}
					times[kind.name]++
					r := &replay{part: kind.part, answer: resttest.Answer(e)}
					for _, diff := range gjson.GetBytes(e.Response, "diffs.#.new_path").Array() {
						r.files = append(r.files, diff.String())
					}
					err := kind.do(t, openReplay(t, provider, r), e)
					if (err != nil) != (e.Status >= 400) {
						t.Errorf("%s: %v", e, err)
					}
					for _, url := range r.asked {
						if !strings.HasPrefix(url, "https://site.example/.netlify/git/"+provider+"/") {
							t.Errorf("%s: asked %s", e, url)
						}
					}
				}
			}
			for _, kind := range kinds {
				if times[kind.name] == 0 {
					t.Errorf("no %s is recorded", kind.name)
				}
			}
		})
	}
}

// TestRecorded_TellsTheOwner: pull requests of a branch are asked for by the owner that
// the real gateway's answers name.
func TestRecorded_TellsTheOwner(t *testing.T) {
	t.Parallel()
	var commits *rest.Response
	byHead := regexp.MustCompile(`/pulls\?head=owner:`)
	found := 0
	all := recorded.Calls(t, recordings+"github")
	for _, e := range all {
		if regexp.MustCompile(`/commits\?`).MatchString(e.URL) && has(e, "0") {
			commits = resttest.Answer(e)
		}
	}
	for _, e := range all {
		if !byHead.MatchString(e.URL) || !has(e, "0") {
			continue
		}
		found++
		r := &replay{part: regexp.MustCompile(`/pulls\?.*head=owner%3Acms`), answer: resttest.Answer(e), owner: commits}
		branch := regexp.MustCompile(`head=owner:([^&]+)`).FindStringSubmatch(e.URL)[1]
		p, err := openReplay(t, "github", r).(driver.PullRequester).Pull(t.Context(), "master", branch)
		if err != nil || p.Head != branch || p.Fork != "" {
			t.Errorf("%s: %+v, %v", e.URL, p, err)
		}
	}
	if found == 0 {
		t.Error("no pull request of a branch is recorded")
	}
}

// mediaReplay is Netlify's Large Media as it answered once.
type mediaReplay struct {
	verify, batch *rest.Response
	sent          []string
}

func (m *mediaReplay) Do(_ context.Context, req *rest.Request) (*rest.Response, error) {
	m.sent = append(m.sent, req.Method)
	switch {
	case strings.HasSuffix(req.URL, "/objects/batch"):
		return m.batch, nil
	case strings.HasSuffix(req.URL, "/verify"):
		return m.verify, nil
	}
	return &rest.Response{Status: 200}, nil
}

func TestRecorded_LargeMediaTakesAFile(t *testing.T) {
	t.Parallel()
	oid := regexp.MustCompile(`"oid":"([0-9a-f]{64})"`)
	for _, provider := range []string{"github", "gitlab"} {
		m, id := &mediaReplay{}, ""
		for _, e := range recorded.Calls(t, recordings+provider) {
			switch {
			case strings.HasSuffix(e.URL, "/objects/batch"):
				m.batch = resttest.Answer(e)
				id = oid.FindStringSubmatch(string(e.Response))[1]
			case strings.HasSuffix(e.URL, "/verify") && e.Status == 200:
				m.verify = resttest.Answer(e)
			}
		}
		if m.batch == nil || m.verify == nil {
			t.Fatal("no upload is recorded")
		}
		file := driver.LFSFile{LFSPointer: driver.LFSPointer{OID: id, Size: 3470}, Path: "a.png",
			Content: make(content.Bytes, 3470)}
		d := openReplay(t, provider, m).(driver.LFSStore)
		if err := d.UploadLFS(t.Context(), []driver.LFSFile{file}); err != nil {
			t.Errorf("%s: %v", provider, err)
		}
		if fmt.Sprint(m.sent) != "[POST PUT POST]" {
			t.Errorf("%s: sent %v", provider, m.sent)
		}
	}
}
