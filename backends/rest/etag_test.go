package rest

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"mooring/backends/cmserr"
)

func conditional(url, token string) *Request {
	return &Request{Method: "GET", URL: url, Conditional: true, Header: Header{"authorization": token}}
}

func TestETags_ConfirmedAnswerIsGivenAgain(t *testing.T) {
	t.Parallel()
	s := newScript(
		status(200, "etag", `W/"1"`, "link", "<a>; rel=next", "content-type", "a/b", "x-left", "5").body("one"),
		status(304, "etag", `W/"1"`, "link", "<b>; rel=next", "content-type", "c/d", "x-left", "4"),
		status(200, "etag", `"2"`).body("two"),
		status(304),
	)
	e := NewETags(s)
	for i, want := range []string{"one", "one", "two", "two"} {
		res, err := e.Do(t.Context(), conditional("u", "t"))
		if err != nil || res.Status != 200 || string(res.Body) != want {
			t.Fatalf("%d: got %v, %v; want %q", i, res, err, want)
		}
		if i == 1 && (res.Header["link"] != "<b>; rel=next" || res.Header["content-type"] != "a/b" || res.Header["x-left"] != "4") {
			t.Errorf("header is %v", res.Header)
		}
	}
	for i, want := range []string{"", `W/"1"`, `W/"1"`, `"2"`} {
		if got := s.sent[i].Header.Get("if-none-match"); got != want {
			t.Errorf("request %d: If-None-Match is %q, want %q", i, got, want)
		}
	}
}

func TestETags_LeavesTheCallersRequest(t *testing.T) {
	t.Parallel()
	e := NewETags(newScript(status(200, "etag", `"1"`)))
	req := conditional("u", "t")
	for range 2 {
		if _, err := e.Do(t.Context(), req); err != nil {
			t.Fatal(err)
		}
	}
	if len(req.Header) != 1 {
		t.Errorf("header is %v", req.Header)
	}
}

func TestETags_KeysDoNotMix(t *testing.T) {
	t.Parallel()
	s := newScript(status(200, "etag", `"1"`).body("of the first"), status(200, "etag", `"2"`).body("other"))
	e := NewETags(s)
	other := conditional("u", "t")
	other.Header["accept"] = "raw"
	for _, req := range []*Request{conditional("u", "t"), conditional("u", "t2"), conditional("u2", "t"), other} {
		if _, err := e.Do(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		if got := s.sent[len(s.sent)-1].Header.Get("if-none-match"); got != "" {
			t.Errorf("%v was asked with %s", req, got)
		}
	}
}

func TestETags_PassesOn(t *testing.T) {
	t.Parallel()
	own := conditional("u", "t")
	own.Header["if-none-match"] = `"own"`
	post := conditional("u", "t")
	post.Method = "POST"
	for name, c := range map[string]struct {
		req   *Request
		reply reply
	}{
		"not conditional":   {get("u"), status(200, "etag", `"1"`)},
		"POST":              {post, status(200, "etag", `"1"`)},
		"its own condition": {own, status(304, "etag", `"own"`)},
		"no ETag":           {conditional("u", "t"), status(200)},
		"404":               {conditional("u", "t"), status(404, "etag", `"1"`)},
		"304 unasked":       {conditional("u", "t"), status(304, "etag", `"1"`)},
		"lost":              {conditional("u", "t"), lost()},
	} {
		s := newScript(c.reply)
		e := NewETags(s)
		for range 2 {
			if res, err := e.Do(t.Context(), c.req); res != c.reply.res || err != c.reply.err {
				t.Errorf("%s: got %v, %v", name, res, err)
			}
		}
		if s.sent[1].Header.Get("if-none-match") != c.req.Header.Get("if-none-match") || len(e.kept) != 0 {
			t.Errorf("%s: was remembered", name)
		}
	}
}

// remembered asks for a URL and says whether the answer to it was known.
func remembered(t *testing.T, e *ETags, s *script, url string) bool {
	t.Helper()
	if _, err := e.Do(t.Context(), conditional(url, "t")); err != nil {
		t.Fatal(err)
	}
	return s.sent[len(s.sent)-1].Header.Get("if-none-match") != ""
}

func TestETags_ForgetsTheOneUsedLongestAgo(t *testing.T) {
	t.Parallel()
	s := newScript(status(200, "etag", `"1"`))
	e := NewETags(s)
	for i := range keptAnswers {
		remembered(t, e, s, strconv.Itoa(i))
	}
	if !remembered(t, e, s, "0") || remembered(t, e, s, "new") {
		t.Fatal("the wrong ones are known")
	}
	if remembered(t, e, s, "1") || !remembered(t, e, s, "0") || len(e.kept) != keptAnswers {
		t.Errorf("%d are kept", len(e.kept))
	}
}

func TestETags_KeepsFourMegabytes(t *testing.T) {
	t.Parallel()
	s := newScript(status(200, "etag", `"1"`).body(strings.Repeat("x", keptBytes/2)))
	e := NewETags(s)
	for _, url := range []string{"a", "b", "a", "b"} {
		remembered(t, e, s, url)
	}
	if e.bytes != keptBytes || len(e.kept) != 2 {
		t.Errorf("%d bytes in %d answers", e.bytes, len(e.kept))
	}
	s.replies = []reply{status(200, "etag", `"1"`).body("small")}
	remembered(t, e, s, "c")
	if remembered(t, e, s, "a") {
		t.Error("the oldest is still known")
	}
	s.replies = []reply{status(200, "etag", `"1"`).body(strings.Repeat("x", keptBytes+1))}
	for range 2 {
		if remembered(t, e, s, "huge") {
			t.Error("one over the bound is known")
		}
	}
	if !remembered(t, e, s, "c") {
		t.Error("one over the bound drove out others")
	}
}

func TestETags_Clear(t *testing.T) {
	t.Parallel()
	s := newScript(status(200, "etag", `"1"`).body("x"))
	e := NewETags(s)
	remembered(t, e, s, "a")
	e.Clear()
	if e.bytes != 0 || remembered(t, e, s, "a") {
		t.Error("it is still known")
	}
}

// The 304 counts even if the answer was forgotten while it was asked for.
func TestETags_ForgottenMeanwhile(t *testing.T) {
	t.Parallel()
	var e *ETags
	e = NewETags(doerFunc(func(_ context.Context, req *Request) (*Response, error) {
		if req.Header.Get("if-none-match") == "" {
			return status(200, "etag", `"1"`).body("text").res, nil
		}
		e.Clear()
		return status(304).res, nil
	}))
	for range 2 {
		res, err := e.Do(t.Context(), conditional("u", "t"))
		if err != nil || res.Status != 200 || string(res.Body) != "text" {
			t.Errorf("got %v, %v", res, err)
		}
	}
}

func TestETags_OverAGovernor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScript(status(200, "etag", `"1"`).body("text"), status(503), status(304))
		e := NewETags(NewGovernor(s, Options{}))
		for range 2 {
			res, err := e.Do(t.Context(), conditional("u", "t"))
			if err != nil || string(res.Body) != "text" {
				t.Errorf("got %v, %v", res, err)
			}
		}
		s.replies = []reply{{err: cmserr.New(cmserr.Invalid, "")}}
		if _, err := e.Do(t.Context(), conditional("u", "t")); !cmserr.Is(err, cmserr.Invalid) {
			t.Errorf("an error became %v", err)
		}
	})
}
