package fakebitbucket

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"mooring/backends/fakehost/fakelfs"
	"mooring/backends/fakehost/recorded"
)

const recordings = "../../../../shared/recorded/bitbucket"

// like pairs recorded requests with a comparable one.
type like struct {
	recorded.Kind

	ask   func(s *recordedSite) reply
	newer []string // what the host has added since the recordings
	left  []string // what the fake hasn't: the recorded answer was made up, or it says nothing here
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
	{Kind: recorded.To("GET", `^/2\.0/user$`, 200), ask: func(s *recordedSite) reply { return s.asks("owner", "GET", "/2.0/user", "", "Origin", origin) },
		newer: []string{".*"}, left: []string{".name"}}, // the recorded answer was made up
	{Kind: recorded.To("GET", anyRepo+`$`, 200), ask: api("GET", "", ""), newer: newOfWorkspace},
	{Kind: recorded.To("GET", anyRepo+`/refs/branches/`, 200), ask: api("GET", "/refs/branches/cms/x", "")},
	{Kind: recorded.To("DELETE", anyRepo+`/refs/branches/`, 204), ask: api("DELETE", "/refs/branches/cms/y", "")},
	{Kind: recorded.To("GET", anyRepo+`/commits\?path`, 200), ask: api("GET", "/commits?path=large.png&include=main", ""),
		newer: []string{".values[].parents[]*"}}, // all recorded ones are first commits
	{Kind: recorded.To("GET", anyRepo+`/src/\w+/[^?]+\?`, 404), ask: api("GET", "/src/{head}/none?max_depth=1&pagelen=100", "")},
	{Kind: recorded.To("GET", anyRepo+`/src/\w+/content/posts\?`, 200), ask: api("GET", "/src/{head}/posts?max_depth=1&pagelen=20", "")},
	{Kind: recorded.To("GET", anyRepo+`/src/\w+/static/media\?`, 200), ask: api("GET", "/src/{head}/media?max_depth=1&pagelen=100", "")},
	{Kind: recorded.To("GET", anyRepo+`/src/\w+/.*(\.md|\.gitattributes)$`, 200), ask: api("GET", "/src/{head}/posts/a.md", "")},
	{Kind: recorded.To("GET", anyRepo+`/src/\w+/.*\.md$`, 404), ask: api("GET", "/src/{head}/posts/none.md", "")},
	{Kind: recorded.To("GET", anyRepo+`/src/\w+/.*\.png$`, 200), ask: api("GET", "/src/{head}/media/i.png", "")},
	{Kind: recorded.To("GET", anyRepo+`/src/\w+/.*\.png$`, 302), ask: api("GET", "/src/{head}/large.png", "")},
	{Kind: recorded.To("GET", `^/file/`, 200), ask: func(s *recordedSite) reply {
		to := api("GET", "/src/{head}/large.png", "")(s).header.Get("Location")
		return s.asks("", "GET", strings.TrimPrefix(to, s.url), "", "Origin", origin)
	}},
	{Kind: recorded.To("POST", anyRepo+`/src$`, 201), ask: func(s *recordedSite) reply {
		body, kind := form(s.t, "/new.md", "new", "branch", "main")
		return s.asks("owner", "POST", inRepo+"/src", body, "Content-Type", kind, "Origin", origin)
	}},
	{Kind: recorded.To("GET", anyRepo+`/diff/`, 200), ask: api("GET", "/diff/cms/x..main?binary=false", "")},
	{Kind: recorded.To("GET", anyRepo+`/pullrequests\?`, 200), ask: api("GET", "/pullrequests?pagelen=50&q=comment_count%20%3E%200", ""),
		newer: inList(newOfPull)},
	{Kind: recorded.To("POST", anyRepo+`/pullrequests$`, 201),
		ask: api("POST", "/pullrequests", `{"title":"T","source":{"branch":{"name":"cms/y"}},"description":"D"}`), newer: newOfPull},
	{Kind: recorded.To("GET", anyRepo+`/pullrequests/\d+/comments`, 200), ask: api("GET", "/pullrequests/1/comments?pagelen=100", ""),
		newer: []string{".values[].pending"}},
	{Kind: recorded.To("POST", anyRepo+`/pullrequests/\d+/comments`, 201), ask: api("POST", "/pullrequests/1/comments", `{"content":{"raw":"c"}}`),
		newer: []string{".pending"}},
	{Kind: recorded.To("GET", anyRepo+`/pullrequests/\d+/statuses`, 200), ask: api("GET", "/pullrequests/1/statuses?pagelen=100", "")},
	{Kind: recorded.To("POST", anyRepo+`/pullrequests/\d+/decline`, 200), ask: api("POST", "/pullrequests/1/decline", ""), newer: newOfPull},
	{Kind: recorded.To("POST", anyRepo+`/pullrequests/\d+/merge`, 200), ask: api("POST", "/pullrequests/1/merge", `{"message":"M"}`), newer: newOfPull},
	{Kind: recorded.To("POST", `^/owner/repo/info/lfs/objects/batch`, 200), ask: func(s *recordedSite) reply { return s.batch("owner", "upload", "another") }},
	{Kind: recorded.To("POST", `info/lfs/locks/verify`, 404), ask: func(s *recordedSite) reply {
		return s.asks("owner", "POST", "/owner/repo.git/info/lfs/locks/verify", "{}")
	}},
	{Kind: recorded.To("PUT", `^/upload/`, 200), ask: func(s *recordedSite) reply { return s.link("upload", "", "PUT", largeID) }},
	{Kind: recorded.To("POST", `info/lfs/object/verify`, 200), ask: verified},
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
			r := l.ask(newRecordedSite(t))
			if r.status != l.Status() {
				t.Fatalf("the status is %d, not %d: %s", r.status, l.Status(), r.body)
			}
			compareHeaders(t, r.header, like[0].Headers)
			recorded.ShapeOf(t, r.body).Compare(t, recorded.ShapeOfAnswers(t, like), l.newer, l.left)
		})
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

// TestREST_AllRecordedAreCompared finds recorded calls that the table forgot.
func TestREST_AllRecordedAreCompared(t *testing.T) {
	t.Parallel()
	calls := recorded.Calls(t, recordings)
	if len(calls) < 300 {
		t.Errorf("only %d recorded calls were found", len(calls))
	}
	recorded.AllCompared(t, calls, likes)
}
