package fakegateway_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mooring/backends/fakehost/fakelfs"
)

const recordings = "../../../../shared/recorded/gitgateway-"

// recordedCall is an exchange with a real site.
type recordedCall struct {
	Method, URL string
	Status      int
	Headers     map[string]string
	Response    any
}

func recordedCalls(t *testing.T, provider string) []recordedCall {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.FromSlash(recordings+provider), "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("no recorded answers in %s", recordings+provider)
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

// like pairs recorded requests to what the site answers by itself with a
// comparable one.
type like struct {
	method, url string // of the recorded ones; url is a pattern
	status      int
	ask         func(s *site) answer
	newer       []string // what the fake has and no recording
	left        []string // what only recordings have
}

const picture = "picture"

var likes = []like{
	{method: "POST", url: `^/\.netlify/identity/token$`, status: 200, ask: func(s *site) answer {
		return s.asks("", "POST", "/.netlify/identity/token", "grant_type=password&username=bob@example.com&password=secret",
			"Content-Type", "application/x-www-form-urlencoded", "Origin", pageOrigin)
	}},
	{method: "GET", url: `^/\.netlify/identity/user$`, status: 200, ask: func(s *site) answer {
		return s.asks(s.jwt("bob@example.com"), "GET", "/.netlify/identity/user", "", "Origin", pageOrigin)
	}},
	{method: "GET", url: `^/\.netlify/git/settings$`, status: 200, ask: func(s *site) answer {
		return s.ann("GET", "/.netlify/git/settings", "", "Origin", pageOrigin)
	}},
	{method: "POST", url: `^/\.netlify/large-media/verify$`, status: 404, ask: func(s *site) answer {
		_, body := ref(picture)
		return s.ann("POST", media+"/verify", body, "Origin", pageOrigin)
	}},
	{method: "POST", url: `^/\.netlify/large-media/verify$`, status: 200, ask: func(s *site) answer {
		s.repo.PutLFS([]byte(picture))
		_, body := ref(picture)
		return s.ann("POST", media+"/verify", body, "Origin", pageOrigin)
	}},
	{method: "POST", url: `^/\.netlify/large-media/objects/batch$`, status: 200, ask: func(s *site) answer {
		_, body := ref(picture)
		return s.ann("POST", media+"/objects/batch", `{"operation":"upload","transfers":["basic"],"objects":[`+body+`]}`,
			"Accept", fakelfs.MIME, "Origin", pageOrigin)
	}, newer: []string{".hash_algo", ".objects[].actions.upload.header"}, left: []string{".objects[].actions.verify.expires_in"}},
	{method: "GET", url: `^/\.netlify/large-media/origin/\w+\?nf_resize=fit`, status: 200, ask: func(s *site) answer {
		oid := s.repo.PutLFS(pngOf(s.t, 10, 10))
		return s.ann("GET", media+"/origin/"+oid+"?nf_resize=fit&w=560&h=320", "", "Origin", pageOrigin)
	}},
	{method: "PUT", url: `X-Amz-Signature=`, status: 200, ask: func(s *site) answer {
		_, body := ref(picture)
		return s.asks("", "PUT", s.batch("upload", body).Objects[0].Actions["upload"].Href, picture, "Origin", pageOrigin)
	}},
}

const pageOrigin = "http://localhost:8080"

func (l like) matches(c recordedCall) bool {
	return c.Method == l.method && c.Status == l.status && regexp.MustCompile(l.url).MatchString(c.URL)
}

// TestRecorded_Own compares what the site answers by itself: the status, the
// headers, every key and the types.
func TestRecorded_Own(t *testing.T) {
	t.Parallel()
	for _, provider := range []string{"github", "gitlab"} {
		calls := recordedCalls(t, provider)
		for _, l := range likes {
			recorded := slices.DeleteFunc(slices.Clone(calls), func(c recordedCall) bool { return !l.matches(c) })
			if len(recorded) == 0 {
				t.Errorf("%s: no %s %s was recorded", provider, l.method, l.url)
				continue
			}
			got := l.ask(newSite(t, provider))
			got.wants(t, l.status, "")
			compareHeaders(t, l.url, got.header, recorded[0].Headers)
			want, have := map[string][]string{}, map[string][]string{}
			for _, c := range recorded {
				shapeOf(t, c.Response, want)
			}
			shapeOf(t, got.body, have)
			l.compare(t, have, want)
		}
	}
}

// TestRecorded_PassesAll sends all that was recorded of a provider, and demands
// that it reaches the host.
func TestRecorded_PassesAll(t *testing.T) {
	t.Parallel()
	for _, provider := range []string{"github", "gitlab"} {
		s := newSite(t, provider)
		sent := map[string]bool{}
		for _, c := range recordedCalls(t, provider) {
			if sent[c.Method+c.URL] || slices.ContainsFunc(likes, func(l like) bool { return l.matches(c) }) {
				continue
			}
			sent[c.Method+c.URL] = true
			if !strings.HasPrefix(c.URL, "/.netlify/git/"+provider+"/") {
				t.Errorf("nothing is compared with %s %s", c.Method, c.URL)
				continue
			}
			s.Host().ClearRequests()
			s.ann(c.Method, strings.ReplaceAll(c.URL, " ", "%20"), "")
			if log := s.Host().Requests(); len(log) != 1 || strings.HasPrefix(log[0].Path, "/.netlify/") {
				t.Errorf("%s %s did not reach the host: %+v", c.Method, c.URL, log)
			}
		}
		if len(sent) < 60 {
			t.Errorf("only %d recorded calls of %s were found", len(sent), provider)
		}
	}
}

// TestRecorded_HostsAnswers compares what the gateway makes of a host's answer:
// the body stays, and the headers are those of the recorded ones. That the fake
// hosts answer as the real ones is for their own tests.
func TestRecorded_HostsAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ provider, url, path, direct string }{
		{"github", `/github/branches/`, "branches/main", "/repos/owner/site/branches/main"},
		{"github", `/github/git/blobs/\w+$`, "git/blobs/2e65efe2a145dda7ee51d1741299f848e5bf752e", "/repos/owner/site/git/blobs/2e65efe2a145dda7ee51d1741299f848e5bf752e"},
		{"github", `/github/pulls\?`, "pulls?state=open", "/repos/owner/site/pulls?state=open"},
		{"gitlab", `/gitlab/merge_requests\?`, "merge_requests?state=opened", "/api/v4/projects/owner%2Fsite/merge_requests?state=opened"},
		{"gitlab", `/gitlab/repository/tree`, "repository/tree?ref=main", "/api/v4/projects/owner%2Fsite/repository/tree?ref=main"},
		{"gitlab", `/gitlab/repository/files/[^/]+/raw`, "repository/files/posts%2Fa.md/raw?ref=main", "/api/v4/projects/owner%2Fsite/repository/files/posts%2Fa.md/raw?ref=main"},
	} {
		calls := slices.DeleteFunc(recordedCalls(t, c.provider), func(r recordedCall) bool {
			return r.Method != http.MethodGet || r.Status != 200 || !regexp.MustCompile(c.url).MatchString(r.URL)
		})
		if len(calls) == 0 {
			t.Errorf("no %s was recorded", c.url)
			continue
		}
		s := newSite(t, c.provider)
		got := s.ann("GET", "/.netlify/git/"+c.provider+"/"+c.path, "", "Origin", pageOrigin).wants(t, 200, "")
		compareHeaders(t, c.path, got.header, calls[0].Headers)
		if direct := s.direct(c.direct); got.body != direct {
			t.Errorf("%s is %s; the host says %s", c.path, got.body, direct)
		}
	}
}

// direct asks the host itself, under the name that the gateway has for it.
func (s *site) direct(path string) string {
	s.t.Helper()
	root := "https://api.github.com"
	if strings.HasPrefix(path, "/api/v4/") {
		root = "https://gitlab.com"
	}
	q := httptest.NewRequestWithContext(s.t.Context(), http.MethodGet, root+path, nil)
	q.Header.Set("Authorization", "Bearer upstream-token")
	w := httptest.NewRecorder()
	s.up.ServeHTTP(w, q)
	return w.Body.String()
}

// unlike are headers that say nothing of the site: of the network in front of
// it, or of the time.
var unlike = regexp.MustCompile(`(?i)^(content-length|set-cookie|connection|strict-transport|gitlab-sv|cf-|expect-ct|server|accept-ranges|` +
	`date|expires|pragma|age|alt-svc|via|vary|x-amz|x-bb|referrer-policy|content-security|x-(xss|frame|content-type)|x-oauth|x-accepted)`)

// changing are headers whose value depends on what was asked for, or has grown.
var changing = regexp.MustCompile(`(?i)^(x-|link|content-disposition|cache-control|access-control-(expose|max|allow-methods))`)

func compareHeaders(t *testing.T, what string, got http.Header, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if unlike.MatchString(name) {
			continue
		}
		here := got.Values(name)
		// The store's say something on preflights alone.
		gone := strings.Contains(what, "X-Amz") && (name == "Access-Control-Allow-Methods" || name == "Access-Control-Max-Age")
		if len(here) == 0 && !gone {
			t.Errorf("%s lacks %s: %s", what, name, value)
		} else if len(here) > 0 && !changing.MatchString(name) && !slices.Equal(here, []string{value}) {
			t.Errorf("%s has %s: %q, the real site has %q", what, name, here, value)
		}
	}
}

// shapeOf notes the shape of a JSON body, if it is one.
func shapeOf(t *testing.T, body any, into map[string][]string) {
	t.Helper()
	var value any
	if text, is := body.(string); is && json.Unmarshal([]byte(text), &value) == nil {
		shape(value, "", into)
	}
}

// shape notes the types of all values, by path: .objects[].oid
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

func (l like) compare(t *testing.T, got, want map[string][]string) {
	t.Helper()
	for path, types := range got {
		if !slices.Contains(l.newer, path) && !slices.Equal(types, want[path]) {
			t.Errorf("%s %s: %q is %v, the real site's is %v", l.method, l.url, path, types, want[path])
		}
	}
	for path, types := range want {
		if !slices.Contains(l.left, path) && got[path] == nil {
			t.Errorf("%s %s: the fake lacks %q, which is %v", l.method, l.url, path, types)
		}
	}
}
