package rest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
)

// apiOf is an API at https://h/api that is answered by a script.
func apiOf(replies ...reply) (*API, *script) {
	s := newScript(replies...)
	return &API{Root: "https://h/api/", Doer: s, Header: func(context.Context) (Header, error) {
		return Header{"Authorization": "Bearer t", "accept": "json"}, nil
	}}, s
}

func TestAPI_Get(t *testing.T) {
	t.Parallel()
	a, s := apiOf(status(200).body(` {"a": [1]} `))
	got, err := a.Get(t.Context(), Path("x y"), Conditional, Validated, Accept("raw"))
	if err != nil || got.Get("a.0").Int() != 1 {
		t.Fatalf("got %v, %v", got, err)
	}
	req := s.sent[0]
	if req.Method != "GET" || req.URL != "https://h/api/x%20y" || !req.Conditional || !req.Validated || req.Repeatable || req.Body != nil {
		t.Errorf("sent %+v", req)
	}
	if req.Header["authorization"] != "Bearer t" || req.Header["accept"] != "raw" || len(req.Header) != 2 {
		t.Errorf("sent the header %v", req.Header)
	}
}

func TestAPI_Send(t *testing.T) {
	t.Parallel()
	a, s := apiOf(status(201).body(`{"id": 7}`), status(204), status(200).body("\n"))
	got, err := a.Send(t.Context(), "POST", "/x", new(JSON).Object().Field("k", "v").EndObject(), Repeatable, Halves)
	if err != nil || got.Get("id").Int() != 7 {
		t.Fatalf("got %v, %v", got, err)
	}
	req := s.sent[0]
	if req.Method != "POST" || string(req.Body) != `{"k":"v"}` || !req.Repeatable || !req.Halves ||
		req.Header["content-type"] != "application/json" {
		t.Errorf("sent %+v", req)
	}
	for range 2 {
		if got, err = a.Send(t.Context(), "DELETE", "/x", nil); err != nil || got.Exists() {
			t.Errorf("got %v, %v", got, err)
		}
	}
	if req = s.sent[1]; req.Body != nil || req.Header["content-type"] != "" {
		t.Errorf("sent %+v", req)
	}
}

func TestAPI_Do_RequestOverrules(t *testing.T) {
	t.Parallel()
	a, s := apiOf(status(200).body("bytes"))
	req := &Request{Method: "PUT", URL: "https://H/else", Body: []byte("b"),
		Header: Header{"Authorization": "own", "Content-Type": "text/plain"}}
	res, err := a.Do(t.Context(), req)
	if err != nil || string(res.Body) != "bytes" {
		t.Fatalf("got %v, %v", res, err)
	}
	sent := s.sent[0]
	if sent.URL != "https://H/else" || sent.Header["authorization"] != "own" || sent.Header["content-type"] != "text/plain" ||
		sent.Header["accept"] != "json" {
		t.Errorf("sent %+v", sent)
	}
	if len(req.Header) != 2 || req.Header["Authorization"] != "own" {
		t.Errorf("the caller's header became %v", req.Header)
	}
}

func TestAPI_Do_KeepsCredentialsHome(t *testing.T) {
	t.Parallel()
	a, s := apiOf(status(200))
	for _, url := range []string{"https://evil/", "http://h/api/x", `https://evil\@h/api`, "x"} {
		_, err := a.Get(t.Context(), url)
		if !cmserr.Is(err, cmserr.Internal) || strings.Contains(err.Error(), "Bearer") {
			t.Errorf("%s: got %v", url, err)
		}
	}
	if len(s.sent) != 0 {
		t.Errorf("sent %v", s.sent)
	}
}

func TestAPI_Failures(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reply reply
		kind  cmserr.Kind
		says  string
	}{
		"404":             {status(404).body(`{"message":"secret"}`), cmserr.NotFound, "https://h answered with HTTP 404."},
		"a redirect":      {status(302, "location", "https://evil"), cmserr.Unknown, "HTTP 302"},
		"lost":            {lost(), cmserr.Network, "No answer came."},
		"a web page":      {status(200).body("\n<!doctype html>secret"), cmserr.Invalid, "web page instead of data. Check api_root."},
		"half of it":      {status(200).body(`{"secret": `), cmserr.Network, "not whole JSON"},
		"other than JSON": {status(200).body("secret"), cmserr.Network, "not whole JSON"},
		"nothing":         {status(200), cmserr.Network, "nothing instead of data"},
	} {
		a, _ := apiOf(c.reply)
		_, err := a.Get(t.Context(), "/x?token=secret")
		e := cmserr.From(err)
		if e.Kind != c.kind || !strings.Contains(e.Msg, c.says) || strings.Contains(e.Error(), "secret") {
			t.Errorf("%s: got %v, %v", name, e.Kind, err)
		}
		if c.reply.res != nil && e.Status != c.reply.res.Status {
			t.Errorf("%s: status is %d", name, e.Status)
		}
	}
}

func TestAPI_Fail_IsTheHostsTable(t *testing.T) {
	t.Parallel()
	a, _ := apiOf(status(409).body("empty"))
	own := errors.New("own")
	a.Fail = func(res *Response) error {
		if res.Status == 409 && string(res.Body) == "empty" {
			return own
		}
		return nil
	}
	if _, err := a.Send(t.Context(), "PUT", "/x", nil); err != own {
		t.Errorf("got %v", err)
	}
}

func TestAPI_Header_ThatFails_IsTheError(t *testing.T) {
	t.Parallel()
	a, s := apiOf(status(200))
	nobody := cmserr.New(cmserr.Unauthenticated, "Sign in.")
	a.Header = func(context.Context) (Header, error) { return nil, nobody }
	if _, err := a.Get(t.Context(), "/x"); err != error(nobody) || len(s.sent) != 0 {
		t.Errorf("got %v after %d requests", err, len(s.sent))
	}
	a.Header = nil
	if _, err := a.Do(t.Context(), get("/x")); err != nil || len(s.sent[0].Header) != 0 {
		t.Errorf("without a header: %v, %v", err, s.sent)
	}
}

func TestAPI_Pages(t *testing.T) {
	t.Parallel()
	a, s := apiOf(
		status(200, "link", `<https://host/list?page=2>; rel=next`).body("[1]"),
		status(200, "link", `<?page=3>; rel=next`).body("[2]"),
		status(200, "link", `<?page=4>; rel=next`).body("oops"),
	)
	a.Rewrite = func(url string) string { return strings.Replace(url, "https://host", "https://h/api", 1) }
	var pages []gjson.Result
	var last error
	for page, err := range a.Pages(t.Context(), "/list", Accept("raw")) {
		if last = err; err == nil {
			pages = append(pages, page)
		}
	}
	if len(pages) != 2 || pages[1].Get("0").Int() != 2 || !cmserr.Is(last, cmserr.Network) {
		t.Errorf("got %v, %v", pages, last)
	}
	if len(s.sent) != 3 || s.sent[1].URL != "https://h/api/list?page=2" || s.sent[2].Header["accept"] != "raw" {
		t.Errorf("sent %+v", s.sent)
	}
}

func TestAPI_Pages_ErrorOfARequest(t *testing.T) {
	t.Parallel()
	a, _ := apiOf(status(404))
	rounds := 0
	for _, err := range a.Pages(t.Context(), "/list") {
		rounds++
		if !cmserr.Is(err, cmserr.NotFound) {
			t.Errorf("got %v", err)
		}
	}
	if rounds != 1 {
		t.Errorf("%d rounds", rounds)
	}
}
