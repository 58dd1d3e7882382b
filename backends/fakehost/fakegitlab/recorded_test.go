package fakegitlab

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mooring/backends/fakehost/recorded"
)

const recordings = "../../../../shared/recorded/gitlab"

const anyProject = `^/api/v4/projects/[^/?]+`

// like pairs recorded requests with a comparable one.
type like struct {
	recorded.Kind

	path  func(s *site) string // of the comparable one, in the project unless it begins with /api
	body  func(s *site) string
	newer []string // what the host has added since the recordings
	left  []string // what it had, and the fake hasn't: it was removed since, or says nothing here
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
	{Kind: recorded.To("GET", `^/api/v4/user$`, 200), path: at("/api/v4/user"),
		newer: []string{".*"}, left: []string{".login"}}, // the recorded answer was made up
	{Kind: recorded.To("GET", anyProject+`$`, 200), path: at(""), newer: []string{
		".topics", ".updated_at", ".squash_option", ".merge_commit_template", ".squash_commit_template", ".issue_branch_template",
		".repository_object_format", ".description_html", ".emails_enabled", ".printing_merge_request_link_enabled", ".owner.locked",
		".owner.public_email", ".allow_merge_on_skipped_pipeline", ".emails_disabled", ".default_branch", ".readme_url",
		".permissions.group_access", ".permissions.project_access*", ".container_registry_enabled"},
		left: []string{".auto*", ".build*", ".ci_*", ".container_expiration_policy*", ".external_authorization_classification_label", ".issues_template",
			".merge_requests_template", ".mirror", ".approvals_before_merge", ".marked_for_deletion*", ".compliance_frameworks*", ".service_desk_address",
			".forks_access_level", ".runners_token", ".group_runners_enabled", ".auto_cancel_pending_pipelines", ".permissions*", ".owner.public_email"}},
	{Kind: recorded.To("GET", anyProject+`/repository/tree`, 200), path: at("/repository/tree?path=posts&ref=main&recursive=false")},
	{Kind: recorded.To("GET", anyProject+`/repository/commits\?`, 200), path: at("/repository/commits?path=posts/a.md&ref_name=main"),
		newer: within("[]", append(newOfCommit, ".trailers*")...)},
	{Kind: recorded.To("POST", anyProject+`/repository/commits$`, 201), path: at("/repository/commits"),
		body: func(*site) string {
			return commit("", `{"action":"create","file_path":"new.md","content":"eA==","encoding":"base64"}`)
		}, newer: newOfCommit},
	{Kind: recorded.To("GET", anyProject+`/repository/commits/\w+/statuses`, 200),
		path: func(s *site) string { return "/repository/commits/" + s.head("cms/x") + "/statuses?ref=cms/x" }},
	{Kind: recorded.To("GET", anyProject+`/repository/compare`, 200), path: at("/repository/compare?from=main&to=cms%2Fx"),
		newer: slices.Concat(within(".commit", newOfCommit...), within(".commits[]", newOfCommit...), within(".diffs[]", newOfDiff...), []string{".web_url"})},
	{Kind: recorded.To("GET", anyProject+`/repository/files/[^/]+/raw`, 200), path: at("/repository/files/posts%2Fa.md/raw?ref=main&lfs=true")},
	{Kind: recorded.To("GET", anyProject+`/repository/files/[^/]+/raw`, 404), path: at("/repository/files/none/raw?ref=main")},
	{Kind: recorded.To("HEAD", anyProject+`/repository/files/`, 200), path: at("/repository/files/posts%2Fa.md?ref=main")},
	{Kind: recorded.To("HEAD", anyProject+`/repository/files/`, 404), path: at("/repository/files/none?ref=main")},
	{Kind: recorded.To("DELETE", anyProject+`/repository/branches/`, 204), path: at("/repository/branches/cms%2Fx")},
	{Kind: recorded.To("GET", anyProject+`/merge_requests\?`, 200),
		path:  at("/merge_requests?state=opened&labels=Any&per_page=100&target_branch=main&source_branch=cms/x"),
		newer: within("[]", newOfPull...)},
	{Kind: recorded.To("POST", anyProject+`/merge_requests\?`, 201),
		path:  at("/merge_requests?source_branch=cms/y&target_branch=main&title=T&description=D&labels=cms/draft&remove_source_branch=true&squash=false"),
		newer: newOfPull, left: pullParts},
	{Kind: recorded.To("GET", pullURL+`\?include_rebase`, 200), path: at("/merge_requests/1?include_rebase_in_progress=true"), newer: newOfPull, left: pullParts},
	{Kind: recorded.To("PUT", pullURL+`\?`, 200), path: at("/merge_requests/1?state_event=close"), newer: newOfPull, left: pullParts},
	{Kind: recorded.To("PUT", pullURL+`/merge\?`, 200), path: at("/merge_requests/1/merge?squash=false&should_remove_source_branch=true"), newer: newOfPull, left: pullParts},
	{Kind: recorded.To("PUT", pullURL+`/rebase`, 202), path: at("/merge_requests/1/rebase")},
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

// TestREST_LikeRecorded compares the shape of the fake's answer to that of all
// comparable recorded answers: the status, the headers, every key, the types.
func TestREST_LikeRecorded(t *testing.T) {
	t.Parallel()
	calls := recorded.Calls(t, recordings)
	for _, l := range likes {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			like := l.Of(t, calls)
			s := newRecordedSite(t)
			body := ""
			if l.body != nil {
				body = l.body(s)
			}
			path := l.path(s)
			if !strings.HasPrefix(path, "/api/") {
				path = s.project(path)
			}
			r := s.asks("owner", l.Method(), path, body, "Origin", "https://cms.example")
			if r.status != l.Status() {
				t.Fatalf("the status is %d, not %d: %s", r.status, l.Status(), r.body)
			}
			compareHeaders(t, r.header, like[0].Headers)
			recorded.ShapeOf(t, r.body).Compare(t, recorded.ShapeOfAnswers(t, like), l.newer, l.left)
		})
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

// TestREST_AllRecordedAreCompared finds recorded calls that the table forgot.
func TestREST_AllRecordedAreCompared(t *testing.T) {
	t.Parallel()
	calls := recorded.Calls(t, recordings)
	if len(calls) < 200 {
		t.Errorf("only %d recorded calls were found", len(calls))
	}
	recorded.AllCompared(t, calls, likes)
}
