package fakegitlab

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const recordings = "../../../../shared/recorded/gitlab"

// recordedCall is an exchange with the real host.
type recordedCall struct {
	Method, URL string
	Status      int
	Headers     map[string]string
	Response    any
}

func recordedCalls(t *testing.T) []recordedCall {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.FromSlash(recordings), "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("no recorded answers in %s", recordings)
	}
	var all []recordedCall
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, decode[[]recordedCall](t, string(text))...)
	}
	return all
}

const anyProject = `^/api/v4/projects/[^/?]+`

// like pairs recorded requests with a comparable one.
type like struct {
	method, url string // of the recorded ones; url is a pattern
	status      int
	path        func(s *site) string // of the comparable one, in the project unless it begins with /api
	body        func(s *site) string
	newer       []string // what the host has added since the recordings
	left        []string // what it had, and the fake hasn't: it was removed since, or says nothing here
}

func at(path string) func(*site) string { return func(*site) string { return path } }

// within prefixes paths.
func within(prefix string, paths ...string) []string {
	list := make([]string, len(paths))
	for i, p := range paths {
		list[i] = prefix + p
	}
	return list
}

var (
	newOfUser   = []string{".locked", ".public_email"}
	newOfCommit = []string{".trailers", ".extended_trailers"}
	// What a merge request got since 2020, and what a list and a single one lost.
	newOfPull = slices.Concat(within(".author", newOfUser...), within(".merged_by", newOfUser...), within(".closed_by", newOfUser...), []string{".merge_user*",
		".draft", ".imported", ".imported_from", ".detailed_merge_status", ".merge_after", ".prepared_at", ".reviewers", ".squash_on_merge"})
	newOfDiff = []string{".collapsed", ".too_large", ".generated_file"}
	pullParts = []string{".first_contribution"} // of a GET alone, now
)

const pullURL = anyProject + `/merge_requests/\d+`

var likes = []like{
	{method: "GET", url: `^/api/v4/user$`, status: 200, path: at("/api/v4/user"),
		newer: []string{".*"}, left: []string{".login"}}, // the recorded answer was made up
	{method: "GET", url: anyProject + `$`, status: 200, path: at(""), newer: []string{
		".topics", ".updated_at", ".squash_option", ".merge_commit_template", ".squash_commit_template", ".issue_branch_template",
		".repository_object_format", ".description_html", ".emails_enabled", ".printing_merge_request_link_enabled", ".owner.locked",
		".owner.public_email", ".allow_merge_on_skipped_pipeline", ".emails_disabled", ".default_branch", ".readme_url",
		".permissions.group_access", ".permissions.project_access*", ".container_registry_enabled"},
		left: []string{".auto*", ".build*", ".ci_*", ".container_expiration_policy*", ".external_authorization_classification_label", ".issues_template",
			".merge_requests_template", ".mirror", ".approvals_before_merge", ".marked_for_deletion*", ".compliance_frameworks*", ".service_desk_address",
			".forks_access_level", ".runners_token", ".group_runners_enabled", ".auto_cancel_pending_pipelines", ".permissions*", ".owner.public_email"}},
	{method: "GET", url: anyProject + `/repository/tree`, status: 200, path: at("/repository/tree?path=posts&ref=main&recursive=false")},
	{method: "GET", url: anyProject + `/repository/commits\?`, status: 200, path: at("/repository/commits?path=posts/a.md&ref_name=main"),
		newer: within("[]", append(newOfCommit, ".trailers*")...)},
	{method: "POST", url: anyProject + `/repository/commits$`, status: 201, path: at("/repository/commits"),
		body: func(*site) string {
			return commit("", `{"action":"create","file_path":"new.md","content":"eA==","encoding":"base64"}`)
		}, newer: newOfCommit},
	{method: "GET", url: anyProject + `/repository/commits/\w+/statuses`, status: 200,
		path: func(s *site) string { return "/repository/commits/" + s.head("cms/x") + "/statuses?ref=cms/x" }},
	{method: "GET", url: anyProject + `/repository/compare`, status: 200, path: at("/repository/compare?from=main&to=cms%2Fx"),
		newer: slices.Concat(within(".commit", newOfCommit...), within(".commits[]", newOfCommit...), within(".diffs[]", newOfDiff...), []string{".web_url"})},
	{method: "GET", url: anyProject + `/repository/files/[^/]+/raw`, status: 200, path: at("/repository/files/posts%2Fa.md/raw?ref=main&lfs=true")},
	{method: "GET", url: anyProject + `/repository/files/[^/]+/raw`, status: 404, path: at("/repository/files/none/raw?ref=main")},
	{method: "HEAD", url: anyProject + `/repository/files/`, status: 200, path: at("/repository/files/posts%2Fa.md?ref=main")},
	{method: "HEAD", url: anyProject + `/repository/files/`, status: 404, path: at("/repository/files/none?ref=main")},
	{method: "DELETE", url: anyProject + `/repository/branches/`, status: 204, path: at("/repository/branches/cms%2Fx")},
	{method: "GET", url: anyProject + `/merge_requests\?`, status: 200,
		path:  at("/merge_requests?state=opened&labels=Any&per_page=100&target_branch=main&source_branch=cms/x"),
		newer: within("[]", newOfPull...)},
	{method: "POST", url: anyProject + `/merge_requests\?`, status: 201,
		path:  at("/merge_requests?source_branch=cms/y&target_branch=main&title=T&description=D&labels=cms/draft&remove_source_branch=true&squash=false"),
		newer: newOfPull, left: pullParts},
	{method: "GET", url: pullURL + `\?include_rebase`, status: 200, path: at("/merge_requests/1?include_rebase_in_progress=true"), newer: newOfPull, left: pullParts},
	{method: "PUT", url: pullURL + `\?`, status: 200, path: at("/merge_requests/1?state_event=close"), newer: newOfPull, left: pullParts},
	{method: "PUT", url: pullURL + `/merge\?`, status: 200, path: at("/merge_requests/1/merge?squash=false&should_remove_source_branch=true"), newer: newOfPull, left: pullParts},
	{method: "PUT", url: pullURL + `/rebase`, status: 202, path: at("/merge_requests/1/rebase")},
}

// newRecordedSite has what the table asks for.
func newRecordedSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t, map[string]string{"posts/a.md": "a", "README.md": "r"})
	s.pull("cms/x")
	s.wants(200, "PUT", "/merge_requests/1", `{"labels":"cms/draft","remove_source_branch":true}`)
	s.change("cms/y", "y.md", "y")
	return s
}

func (l like) matching(calls []recordedCall) []recordedCall {
	url := regexp.MustCompile(l.url)
	return slices.DeleteFunc(slices.Clone(calls), func(c recordedCall) bool {
		return c.Method != l.method || c.Status != l.status || !url.MatchString(c.URL)
	})
}

func (l like) name() string {
	return l.method + " " + strings.Trim(strings.ReplaceAll(l.url, anyProject, ""), `^$/\`) + " " + strconv.Itoa(l.status)
}

// TestREST_LikeRecorded compares the shape of the fake's answer to that of all
// comparable recorded answers: the status, the headers, every key, the types.
func TestREST_LikeRecorded(t *testing.T) {
	t.Parallel()
	calls := recordedCalls(t)
	for _, l := range likes {
		t.Run(l.name(), func(t *testing.T) {
			t.Parallel()
			recorded := l.matching(calls)
			if len(recorded) == 0 {
				t.Fatal("nothing like it was recorded")
			}
			s := newRecordedSite(t)
			body := ""
			if l.body != nil {
				body = l.body(s)
			}
			path := l.path(s)
			if !strings.HasPrefix(path, "/api/") {
				path = s.project(path)
			}
			r := s.asks("owner", l.method, path, body, "Origin", "https://cms.example")
			if r.status != l.status {
				t.Fatalf("the status is %d, not %d: %s", r.status, l.status, r.body)
			}
			compareHeaders(t, r.header, recorded[0].Headers)
			want, got := map[string][]string{}, map[string][]string{}
			for _, c := range recorded {
				shapeOf(t, c.Response, want)
			}
			shapeOf(t, r.body, got)
			l.compare(t, got, want)
		})
	}
}

// shapeOf notes the shape of a body, unless it is a file's content or nothing.
func shapeOf(t *testing.T, body any, into map[string][]string) {
	t.Helper()
	if text, is := body.(string); is && (strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")) {
		shape(decode[any](t, text), "", into)
	}
}

// shape notes the types of all values, by path: .commits[].id
func shape(value any, path string, into map[string][]string) {
	if typ := fmt.Sprintf("%T", value); !slices.Contains(into[path], typ) {
		into[path] = append(into[path], typ)
	}
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			shape(item, path+"."+key, into)
		}
	case []any:
		for _, item := range v {
			shape(item, path+"[]", into)
		}
	}
}

// unlike are headers that say nothing of GitLab: of the network in front of it,
// or of the time. X-Total of commits is gone since.
var unlike = regexp.MustCompile(`(?i)^(content-length|set-cookie|connection|strict-transport|gitlab-sv|cf-|expect-ct|server|accept-ranges|date|expires|pragma)`)

// compareHeaders demands the headers of the recorded answer, and the values of
// those that don't depend on the content.
func compareHeaders(t *testing.T, got http.Header, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if unlike.MatchString(name) || name == "Referrer-Policy" {
			continue
		}
		here := got.Get(name)
		_, given := got[http.CanonicalHeaderKey(name)]
		gone := got.Get("X-Total") == "" && strings.HasPrefix(name, "X-Total")
		if !given && !gone {
			t.Errorf("the fake sends no %s: %s", name, value)
		}
		fixed := strings.HasPrefix(name, "Access-Control-") || name == "Cache-Control" || name == "Vary" || name == "Content-Type"
		if fixed && here != value {
			t.Errorf("%s is %q, the real host's is %q", name, here, value)
		}
	}
}

func allowed(path string, list []string) bool {
	return slices.ContainsFunc(list, func(d string) bool {
		prefix, open := strings.CutSuffix(d, "*")
		return path == d || open && strings.HasPrefix(path, prefix)
	})
}

// compare demands that the fake and the recordings have the same paths, with
// the same types. What isn't set may be null.
func (l like) compare(t *testing.T, got, want map[string][]string) {
	t.Helper()
	for path, types := range got {
		if want[path] == nil && !allowed(path, l.newer) {
			t.Errorf("the real host has no %s", path)
			continue
		}
		for _, typ := range types {
			if typ != "<nil>" && want[path] != nil && !slices.Contains(want[path], typ) && !slices.Equal(want[path], []string{"<nil>"}) {
				t.Errorf("%s is a %s, the real host's is a %v", path, typ, want[path])
			}
		}
	}
	for path := range want {
		parent := path[:max(strings.LastIndexByte(path, '.'), 0)]
		if got[path] == nil && slices.Contains(got[parent], "map[string]interface {}") && !allowed(path, l.left) {
			t.Errorf("the fake has no %s", path)
		}
	}
}

// TestREST_AllRecordedAreCompared finds recorded calls that the table forgot.
func TestREST_AllRecordedAreCompared(t *testing.T) {
	t.Parallel()
	calls := recordedCalls(t)
	if len(calls) < 200 {
		t.Errorf("only %d recorded calls were found", len(calls))
	}
	for _, c := range calls {
		if !slices.ContainsFunc(likes, func(l like) bool { return len(l.matching([]recordedCall{c})) > 0 }) {
			t.Errorf("nothing is compared with %s %s, which the host answered with %d", c.Method, c.URL, c.Status)
		}
	}
}
