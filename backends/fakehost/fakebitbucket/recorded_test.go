package fakebitbucket

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mooring/backends/fakehost/fakelfs"
)

const recordings = "../../../../shared/recorded/bitbucket"

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

// like pairs recorded requests with a comparable one.
type like struct {
	method, url string // of the recorded ones; url is a pattern
	status      int
	ask         func(s *recordedSite) reply
	newer       []string // what the host has added since the recordings
	left        []string // what the fake hasn't: the recorded answer was made up, or it says nothing here
}

// recordedSite is a site with what the table asks for.
type recordedSite struct {
	*site
	head, oid string
	body      map[string]any // of the LFS batch for a new object
}

const (
	anyRepo = `^/2\.0/repositories/owner/repo`
	largeID = "large content"
)

func newRecordedSite(t *testing.T) *recordedSite {
	t.Helper()
	s := newSite(t, map[string]string{"posts/a.md": "a", "media/i.png": "\x89\x00"})
	s.pull("cms/x")
	s.upload(201, "/more.md", "more", "branch", "cms/x") // by a user of the host
	s.wants(201, "POST", "/pullrequests/1/comments", `{"content":{"raw":"cms/draft"}}`)
	oid := s.repo.PutLFS([]byte("large"))
	s.change("main", "large.png", pointerHead+"oid sha256:"+oid+"\nsize 5\n")
	s.change("cms/y", "y.md", "y")
	return &recordedSite{site: s, head: s.head("main"), oid: oid, body: decode[map[string]any](t, s.batch("dev", "upload", largeID).body)}
}

const origin = "https://cms.example"

// api asks for something of the repository's, from a page.
func api(method, path, body string) func(*recordedSite) reply {
	return func(s *recordedSite) reply {
		return s.asks("owner", method, inRepo+strings.ReplaceAll(path, "{head}", s.head), body, "Origin", origin)
	}
}

// upload is what the store is sent, and how it is verified.
func (s *recordedSite) link(kind, login, method, body string) reply {
	object := s.body["objects"].([]any)[0].(map[string]any)
	link := object["actions"].(map[string]any)[kind].(map[string]any)
	headers := []string{"Origin", origin, "Content-Type", fakelfs.MIME}
	given, _ := link["header"].(map[string]any)
	for name, value := range given {
		headers = append(headers, name, value.(string))
	}
	return s.asks(login, method, strings.TrimPrefix(link["href"].(string), s.url), body, headers...)
}

func verified(s *recordedSite) reply {
	s.link("upload", "", "PUT", largeID)
	return s.link("verify", "owner", "POST", quoted(map[string]any{"oid": s.body["objects"].([]any)[0].(map[string]any)["oid"], "size": len(largeID)}))
}

var (
	newOfWorkspace = []string{".workspace*", ".owner.username"}
	newOfPull      = []string{".draft", ".queued", ".rendered.reason*", ".links.request-changes*", ".participants[].state"}
	inList         = func(names []string) []string {
		list := make([]string, len(names))
		for i, name := range names {
			list[i] = ".values[]" + name
		}
		return list
	}
)

var likes = []like{
	{method: "GET", url: `^/2\.0/user$`, status: 200, ask: func(s *recordedSite) reply { return s.asks("owner", "GET", "/2.0/user", "", "Origin", origin) },
		newer: []string{".*"}, left: []string{".name"}}, // the recorded answer was made up
	{method: "GET", url: anyRepo + `$`, status: 200, ask: api("GET", "", ""), newer: newOfWorkspace},
	{method: "GET", url: anyRepo + `/refs/branches/`, status: 200, ask: api("GET", "/refs/branches/cms/x", "")},
	{method: "DELETE", url: anyRepo + `/refs/branches/`, status: 204, ask: api("DELETE", "/refs/branches/cms/y", "")},
	{method: "GET", url: anyRepo + `/commits\?path`, status: 200, ask: api("GET", "/commits?path=large.png&include=main", ""),
		newer: []string{".values[].parents[]*"}}, // all recorded ones are first commits
	{method: "GET", url: anyRepo + `/src/\w+/[^?]+\?`, status: 404, ask: api("GET", "/src/{head}/none?max_depth=1&pagelen=100", "")},
	{method: "GET", url: anyRepo + `/src/\w+/content/posts\?`, status: 200, ask: api("GET", "/src/{head}/posts?max_depth=1&pagelen=20", "")},
	{method: "GET", url: anyRepo + `/src/\w+/static/media\?`, status: 200, ask: api("GET", "/src/{head}/media?max_depth=1&pagelen=100", "")},
	{method: "GET", url: anyRepo + `/src/\w+/.*(\.md|\.gitattributes)$`, status: 200, ask: api("GET", "/src/{head}/posts/a.md", "")},
	{method: "GET", url: anyRepo + `/src/\w+/.*\.md$`, status: 404, ask: api("GET", "/src/{head}/posts/none.md", "")},
	{method: "GET", url: anyRepo + `/src/\w+/.*\.png$`, status: 200, ask: api("GET", "/src/{head}/media/i.png", "")},
	{method: "GET", url: anyRepo + `/src/\w+/.*\.png$`, status: 302, ask: api("GET", "/src/{head}/large.png", "")},
	{method: "GET", url: `^/file/`, status: 200, ask: func(s *recordedSite) reply {
		to := api("GET", "/src/{head}/large.png", "")(s).header.Get("Location")
		return s.asks("", "GET", strings.TrimPrefix(to, s.url), "", "Origin", origin)
	}},
	{method: "POST", url: anyRepo + `/src$`, status: 201, ask: func(s *recordedSite) reply {
		body, kind := form(s.t, "/new.md", "new", "branch", "main")
		return s.asks("owner", "POST", inRepo+"/src", body, "Content-Type", kind, "Origin", origin)
	}},
	{method: "GET", url: anyRepo + `/diff/`, status: 200, ask: api("GET", "/diff/cms/x..main?binary=false", "")},
	{method: "GET", url: anyRepo + `/pullrequests\?`, status: 200, ask: api("GET", "/pullrequests?pagelen=50&q=comment_count%20%3E%200", ""),
		newer: inList(newOfPull)},
	{method: "POST", url: anyRepo + `/pullrequests$`, status: 201,
		ask: api("POST", "/pullrequests", `{"title":"T","source":{"branch":{"name":"cms/y"}},"description":"D"}`), newer: newOfPull},
	{method: "GET", url: anyRepo + `/pullrequests/\d+/comments`, status: 200, ask: api("GET", "/pullrequests/1/comments?pagelen=100", ""),
		newer: []string{".values[].pending"}},
	{method: "POST", url: anyRepo + `/pullrequests/\d+/comments`, status: 201, ask: api("POST", "/pullrequests/1/comments", `{"content":{"raw":"c"}}`),
		newer: []string{".pending"}},
	{method: "GET", url: anyRepo + `/pullrequests/\d+/statuses`, status: 200, ask: api("GET", "/pullrequests/1/statuses?pagelen=100", "")},
	{method: "POST", url: anyRepo + `/pullrequests/\d+/decline`, status: 200, ask: api("POST", "/pullrequests/1/decline", ""), newer: newOfPull},
	{method: "POST", url: anyRepo + `/pullrequests/\d+/merge`, status: 200, ask: api("POST", "/pullrequests/1/merge", `{"message":"M"}`), newer: newOfPull},
	{method: "POST", url: `^/owner/repo/info/lfs/objects/batch`, status: 200, ask: func(s *recordedSite) reply { return s.batch("owner", "upload", "another") }},
	{method: "POST", url: `info/lfs/locks/verify`, status: 404, ask: func(s *recordedSite) reply {
		return s.asks("owner", "POST", "/owner/repo.git/info/lfs/locks/verify", "{}")
	}},
	{method: "PUT", url: `^/upload/`, status: 200, ask: func(s *recordedSite) reply { return s.link("upload", "", "PUT", largeID) }},
	{method: "POST", url: `info/lfs/object/verify`, status: 200, ask: verified},
}

func (l like) matching(calls []recordedCall) []recordedCall {
	url := regexp.MustCompile(l.url)
	return slices.DeleteFunc(slices.Clone(calls), func(c recordedCall) bool {
		return c.Method != l.method || c.Status != l.status || !url.MatchString(c.URL)
	})
}

func (l like) name() string {
	return l.method + " " + strings.Trim(strings.ReplaceAll(l.url, anyRepo, ""), `^$/\`) + " " + strconv.Itoa(l.status)
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
			r := l.ask(newRecordedSite(t))
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

// shapeOf notes the shape of a body that is a JSON object or list.
func shapeOf(t *testing.T, body any, into map[string][]string) {
	t.Helper()
	if text, is := body.(string); is && json.Valid([]byte(text)) {
		shape(decode[any](t, text), "", into)
	}
}

// shape notes the types of all values, by path: .values[].id
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

// unlike are headers that say nothing of Bitbucket: of the machine that answered,
// the network in front of it, or the time.
var unlike = regexp.MustCompile(`(?i)^(content-length|connection|strict-transport|server|x-served-by|x-static-version|x-version|x-render-time|` +
	`x-request-count|bb\w+|x-usage-|x-b3-|x-dns|x-download|x-xss|x-envoy|x-logging|x-media|x-consumer|x-token-id|x-view-name|atl-|expect-ct|` +
	`content-security|timing-allow|accept-ranges|cache-control|vary)`)

// compareHeaders demands the headers of the recorded answer, and the values of
// those that don't depend on the content.
func compareHeaders(t *testing.T, got http.Header, want map[string]string) {
	t.Helper()
	if cache := want["Cache-Control"]; strings.HasPrefix(cache, "m") && got.Get("Cache-Control") != cache {
		t.Errorf("Cache-Control is %q, the real host's is %q", got.Get("Cache-Control"), cache)
	}
	for name, value := range want {
		if unlike.MatchString(name) {
			continue
		}
		here, given := got[http.CanonicalHeaderKey(name)]
		if !given {
			t.Errorf("the fake sends no %s: %s", name, value)
			continue
		}
		fixed := strings.HasPrefix(name, "Access-Control-Allow") || name == "Content-Type" || name == "X-Accepted-OAuth-Scopes"
		if fixed && here[0] != value {
			t.Errorf("%s is %q, the real host's is %q", name, here[0], value)
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
	if len(calls) < 300 {
		t.Errorf("only %d recorded calls were found", len(calls))
	}
	for _, c := range calls {
		if !slices.ContainsFunc(likes, func(l like) bool { return len(l.matching([]recordedCall{c})) > 0 }) {
			t.Errorf("nothing is compared with %s %s, which the host answered with %d", c.Method, c.URL, c.Status)
		}
	}
}
