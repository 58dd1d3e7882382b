package fakegateway_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mooring/backends/fakehost/fakelfs"
	"mooring/backends/fakehost/recorded"
)

const recordings = "../../../../shared/recorded/gitgateway-"

// like pairs recorded requests to what the site answers by itself with a
// comparable one.
type like struct {
	recorded.Kind

	ask   func(s *site) answer
	newer []string // what the fake has and no recording
	left  []string // what only recordings have
}

const picture = "picture"

var likes = []like{
	{Kind: recorded.To("POST", `^/\.netlify/identity/token$`, 200), ask: func(s *site) answer {
		return s.asks("", "POST", "/.netlify/identity/token", "grant_type=password&username=bob@example.com&password=secret",
			"Content-Type", "application/x-www-form-urlencoded", "Origin", pageOrigin)
	}},
	{Kind: recorded.To("GET", `^/\.netlify/identity/user$`, 200), ask: func(s *site) answer {
		return s.asks(s.jwt("bob@example.com"), "GET", "/.netlify/identity/user", "", "Origin", pageOrigin)
	}},
	{Kind: recorded.To("GET", `^/\.netlify/git/settings$`, 200), ask: func(s *site) answer {
		return s.ann("GET", "/.netlify/git/settings", "", "Origin", pageOrigin)
	}},
	{Kind: recorded.To("POST", `^/\.netlify/large-media/verify$`, 404), ask: func(s *site) answer {
		_, body := ref(picture)
		return s.ann("POST", media+"/verify", body, "Origin", pageOrigin)
	}},
	{Kind: recorded.To("POST", `^/\.netlify/large-media/verify$`, 200), ask: func(s *site) answer {
		s.repo.PutLFS([]byte(picture))
		_, body := ref(picture)
		return s.ann("POST", media+"/verify", body, "Origin", pageOrigin)
	}},
	{Kind: recorded.To("POST", `^/\.netlify/large-media/objects/batch$`, 200), ask: func(s *site) answer {
		_, body := ref(picture)
		return s.ann("POST", media+"/objects/batch", `{"operation":"upload","transfers":["basic"],"objects":[`+body+`]}`,
			"Accept", fakelfs.MIME, "Origin", pageOrigin)
	}, newer: []string{".hash_algo", ".objects[].actions.upload.header"}, left: []string{".objects[].actions.verify.expires_in"}},
	{Kind: recorded.To("GET", `^/\.netlify/large-media/origin/\w+\?nf_resize=fit`, 200), ask: func(s *site) answer {
		oid := s.repo.PutLFS(pngOf(s.t, 10, 10))
		return s.ann("GET", media+"/origin/"+oid+"?nf_resize=fit&w=560&h=320", "", "Origin", pageOrigin)
	}},
	{Kind: recorded.To("PUT", `X-Amz-Signature=`, 200), ask: func(s *site) answer {
		_, body := ref(picture)
		return s.asks("", "PUT", s.batch("upload", body).Objects[0].Actions["upload"].Href, picture, "Origin", pageOrigin)
	}},
}

const pageOrigin = "http://localhost:8080"

// TestRecorded_Own compares what the site answers by itself: the status, the
// headers, every key and the types.
func TestRecorded_Own(t *testing.T) {
	t.Parallel()
	for _, provider := range []string{"github", "gitlab"} {
		all := recorded.Calls(t, recordings+provider)
		for _, l := range likes {
			calls := l.Of(t, all)
			got := l.ask(newSite(t, provider))
			got.wants(t, l.Status(), "")
			compareHeaders(t, l.String(), got.header, calls[0].Headers)
			l.compare(t, recorded.ShapeOf(t, got.body), recorded.ShapeOfAnswers(t, calls))
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
		for _, c := range recorded.Calls(t, recordings+provider) {
			if sent[c.Method+c.URL] || slices.ContainsFunc(likes, func(l like) bool { return l.Has(c) }) {
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
		calls := recorded.To(http.MethodGet, c.url, 200).Of(t, recorded.Calls(t, recordings+c.provider))
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

func (l like) compare(t *testing.T, got, want recorded.Shape) {
	t.Helper()
	for path, types := range got {
		if !slices.Contains(l.newer, path) && !slices.Equal(types, want[path]) {
			t.Errorf("%s: %q is %v, the real site's is %v", l, path, types, want[path])
		}
	}
	for path, types := range want {
		if !slices.Contains(l.left, path) && got[path] == nil {
			t.Errorf("%s: the fake lacks %q, which is %v", l, path, types)
		}
	}
}
