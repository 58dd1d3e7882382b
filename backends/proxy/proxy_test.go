package proxy

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"mooring/backends/cms"
	"mooring/backends/cmserr"
	"mooring/backends/rest"
)

// script is a Doer that answers each request with the next of its answers, and
// keeps the requests' bodies.
type script struct {
	t       *testing.T
	answers []answer
	bodies  []gjson.Result
}

// answer is one scripted answer: a body for a status, or an error.
type answer struct {
	status int
	body   string
	err    error
}

func (s *script) Do(_ context.Context, req *rest.Request) (*rest.Response, error) {
	if !gjson.ValidBytes(req.Body) {
		s.t.Errorf("not JSON: %s", req.Body)
	}
	s.bodies = append(s.bodies, gjson.ParseBytes(req.Body))
	if len(s.answers) == 0 {
		s.t.Fatalf("one request too many: %s", req.Body)
	}
	a := s.answers[0]
	s.answers = s.answers[1:]
	return &rest.Response{Status: a.status, Body: []byte(a.body)}, a.err
}

func scripted(t *testing.T, o Options, answers ...answer) (*Client, *script) {
	t.Helper()
	s := &script{t: t, answers: answers}
	o.URL = "http://localhost:8081/api/v1?secret"
	c, err := Open(o, s)
	if err != nil {
		t.Fatal(err)
	}
	c.sleep = func(context.Context, time.Duration) error { return nil }
	return c, s
}

func ok(body string) answer { return answer{status: 200, body: body} }

const saved = `{"message":"entry persisted"}`

func fileAnswer(path, data string) string {
	var j rest.JSON
	j.Object().Field("data", data).Key("file").Object().Field("path", path).Field("id", "1").EndObject().EndObject()
	return string(j.Bytes())
}

func noFile(path string) string { return `{"data":null,"file":{"path":"` + path + `","id":null}}` }

func TestOpen_NoURL(t *testing.T) {
	t.Parallel()
	_, err := Open(Options{}, nil)
	if e := wantKind(t, err, cmserr.Invalid); !strings.Contains(e.Msg, "backend.proxy_url") {
		t.Errorf("got %q", e.Msg)
	}
}

func TestEntry_WireErrors(t *testing.T) {
	t.Parallel()
	refused := cmserr.New(cmserr.Network, "refused")
	for name, test := range map[string]struct {
		answer
		kind cmserr.Kind
		says string
	}{
		"refused":       {answer{err: refused}, cmserr.Network, "npx @staticcms/proxy-server"},
		"cancelled":     {answer{err: context.Canceled}, cmserr.Canceled, ""},
		"html":          {ok("<!doctype html><p>hi"), cmserr.Invalid, "proxy_url"},
		"html 404":      {answer{404, "<pre>Cannot POST /", nil}, cmserr.Invalid, "proxy_url"},
		"html 502":      {answer{502, "<h1>Bad Gateway", nil}, cmserr.Network, ""},
		"half":          {ok(`{"data":"te`), cmserr.Network, "broke off"},
		"nothing":       {ok(""), cmserr.Network, "nothing"},
		"list":          {ok(`[]`), cmserr.Unknown, "does not know"},
		"number":        {ok(`{"data":1,"file":{"path":"a"}}`), cmserr.Unknown, ""},
		"no data":       {ok(`{"file":{"path":"a"}}`), cmserr.Unknown, ""},
		"null data":     {ok(noFile("a.md")), cmserr.NotFound, ""},
		"not found":     {answer{404, `{"error":"Not found"}`, nil}, cmserr.NotFound, ""},
		"no branch":     {answer{422, `{"error":"Default branch 'x' doesn't exist"}`, nil}, cmserr.NotFound, "backend.branch"},
		"unknown":       {answer{422, `{"error":"Unknown action getEntry"}`, nil}, cmserr.Unsupported, "Update"},
		"joi":           {answer{422, `{"error":"\"params.path\" is required"}`, nil}, cmserr.Invalid, `"params.path" is required`},
		"failure":       {answer{500, `{"error":"Unknown error"}`, nil}, cmserr.Unknown, "terminal"},
		"too large":     {answer{413, "<pre>PayloadTooLargeError", nil}, cmserr.Invalid, "50 MB"},
		"unauthorised":  {answer{401, `{"message":"who?"}`, nil}, cmserr.Unauthenticated, "401"},
		"error as list": {answer{500, `{"error":["x"]}`, nil}, cmserr.Unknown, ""},
	} {
		c, _ := scripted(t, Options{}, test.answer)
		_, err := c.Entry(t.Context(), "a.md")
		e := cmserr.From(err)
		if err == nil || e.Kind != test.kind || !strings.Contains(e.Message(), test.says) || e.Path != "a.md" {
			t.Errorf("%s: got %v, %v", name, e.Kind, err)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: tells the URL: %v", name, err)
		}
	}
}

func TestListings_WrongShape_NeverEmpty(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `null`, `""`, `[1]`, `[{"path":1}]`, `[null]`, `{"message":"x"}`} {
		c, _ := scripted(t, Options{}, ok(body), ok(body), ok(body), ok(body), ok(body))
		_, folderErr := c.EntriesByFolder(t.Context(), cms.FolderQuery{Folder: "a", Extension: "md"})
		_, filesErr := c.EntriesByFiles(t.Context(), []cms.File{{Path: "a"}})
		_, mediaErr := c.Media(t.Context(), cms.MediaQuery{Folder: "a"})
		_, draftsErr := c.Drafts(t.Context())
		_, draftErr := c.Draft(t.Context(), cms.Key{Collection: "a", Slug: "b"})
		for i, err := range []error{folderErr, filesErr, mediaErr, draftsErr, draftErr} {
			if !cmserr.Is(err, cmserr.Unknown) {
				t.Errorf("%s, listing %d: got %v", body, i, err)
			}
		}
	}
	c, _ := scripted(t, Options{}, ok(`[]`))
	_, err := c.EntriesByFiles(t.Context(), []cms.File{{Path: "a"}})
	wantKind(t, err, cmserr.Unknown)
}

func TestEntriesByFolder_FiltersSortsAndPages(t *testing.T) {
	t.Parallel()
	listing := "[" + strings.Join([]string{fileAnswer("p/b.md", "b"), noFile("p/gone.md"), fileAnswer("p/a.md", "a"),
		fileAnswer("p/foo.amd", "x"), fileAnswer("p/q/deep.md", "x"), fileAnswer("pq/x.md", "x")}, ",") + "]"
	c, s := scripted(t, Options{}, ok(listing))
	q := cms.FolderQuery{Folder: "p", Extension: "md", Depth: 1, Limit: 1}
	for _, want := range []string{"p/a.md", "p/b.md", ""} {
		page, err := c.EntriesByFolder(t.Context(), q)
		if err != nil || page.Total != 2 || strings.Join(paths(page), " ") != want {
			t.Errorf("offset %d: %+v, %v", q.Offset, page, err)
		}
		q.Offset++
	}
	if len(s.bodies) != 1 || s.bodies[0].Get("params.branch").Str != "main" || s.bodies[0].Get("params.extension").Str != ".md" {
		t.Errorf("requests: %v", s.bodies)
	}
}

func TestMedia_BothServers(t *testing.T) {
	t.Parallel()
	c, _ := scripted(t, Options{MediaFolder: "m"},
		ok(`[{"path":"m/b.png","url":"/m/b.png","isDirectory":false},{"path":"m/a","url":"/m/a","isDirectory":true}]`),
		ok(`[{"id":"7","content":"AAECAw==","encoding":"base64","path":"m/c.png","name":"c.png"}]`))
	files, err := c.Media(t.Context(), cms.MediaQuery{Subfolders: true})
	if err != nil || len(files) != 2 || !files[0].IsDir || files[1].Name != "b.png" || files[1].Size != -1 || files[1].ID != "m/b.png" {
		t.Errorf("static: %+v, %v", files, err)
	}
	files, err = c.Media(t.Context(), cms.MediaQuery{})
	if err != nil || len(files) != 1 || files[0].Size != 4 || files[0].ID != "7" || files[0].Content != nil {
		t.Errorf("decap: %+v, %v", files, err)
	}
}

func TestAuthenticate_Strangers(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `[]`, `{"repo":"a","type":"local_fs"}`, `<html>`} {
		c, _ := scripted(t, Options{}, ok(body))
		if _, err := c.Authenticate(t.Context(), cms.Credentials{}); err == nil {
			t.Errorf("%s passed for a proxy server", body)
		}
	}
	c, _ := scripted(t, Options{}, answer{err: cmserr.New(cmserr.Network, "x")})
	if status, err := c.Status(t.Context()); err != nil || status.API {
		t.Errorf("status: %+v, %v", status, err)
	}
}

// gate lets a test look at how many requests are under way.
type gate struct {
	under, most atomic.Int32
	open        chan struct{}
}

func (g *gate) Do(ctx context.Context, _ *rest.Request) (*rest.Response, error) {
	g.most.Store(max(g.most.Load(), g.under.Add(1)))
	defer g.under.Add(-1)
	select {
	case <-g.open:
		return &rest.Response{Status: 200, Body: []byte(`[]`)}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func TestClient_OneRequestAtATime(t *testing.T) {
	t.Parallel()
	g := &gate{open: make(chan struct{})}
	c, err := Open(Options{URL: "http://x"}, g)
	must(t, err)
	results := make(chan error)
	for range 5 {
		go func() { _, err := c.Drafts(t.Context()); results <- err }()
	}
	for g.under.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = c.Drafts(ctx)
	wantKind(t, err, cmserr.Canceled)
	close(g.open)
	for range 5 {
		must(t, <-results)
	}
	if g.most.Load() != 1 {
		t.Errorf("%d requests at a time", g.most.Load())
	}
	ended, end := context.WithCancelCause(t.Context())
	end(errors.New("over"))
	_, err = c.Drafts(ended)
	wantKind(t, err, cmserr.Canceled)
}
