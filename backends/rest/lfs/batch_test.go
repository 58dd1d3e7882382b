package lfs

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/content"
	"mooring/backends/driver"
	"mooring/backends/rest"
)

// doer answers the batch API with one text, and every transfer with 200.
type doer struct {
	body string
	sent []*rest.Request
}

func (d *doer) Do(_ context.Context, req *rest.Request) (*rest.Response, error) {
	d.sent = append(d.sent, req)
	if strings.HasSuffix(req.URL, "/objects/batch") {
		return &rest.Response{Status: 200, Body: []byte(d.body)}, nil
	}
	return &rest.Response{Status: 200}, nil
}

func clientOf(d *doer) *Client {
	return &Client{Host: "Example", Root: "https://git.example/info/lfs", Server: d, Store: d,
		Header: func(context.Context) (rest.Header, error) { return rest.Header{"Authorization": "Basic x"}, nil }}
}

var one = driver.LFSFile{LFSPointer: driver.LFSPointer{OID: "1", Size: 1}, Path: "a", Content: content.Bytes("a")}

// A link that says nothing of who asks is used with the session's credential, but only at
// the server's own origin.
func TestUpload_Credentials(t *testing.T) {
	t.Parallel()
	for object, want := range map[string]string{
		`"actions":{"upload":{"href":"https://git.example/put/1"}}`:                                            "Basic x",
		`"authenticated":true,"actions":{"upload":{"href":"https://git.example/put/1"}}`:                       "",
		`"actions":{"upload":{"href":"https://store.example/put/1"}}`:                                          "",
		`"actions":{"upload":{"href":"https://git.example.evil.example/put"}}`:                                 "",
		`"actions":{"upload":{"href":"https://git.example/1","header":{"Authorization":"Own"}}}`:               "Own",
		`"actions":{"upload":{"href":"https://store.example/1","header":{"AUTHORIZATION":"Own","X-Key":"k"}}}`: "Own",
	} {
		d := &doer{body: `{"objects":[{"oid":"1",` + object + `}]}`}
		// Without a verification the file is asked for, and that answer has no address.
		if err := clientOf(d).Upload(t.Context(), []driver.LFSFile{one}); err == nil {
			t.Errorf("%s: nobody saw that the file may be lost", object)
		}
		put := d.sent[1]
		if got := put.Header.Get("authorization"); put.Method != "PUT" || got != want {
			t.Errorf("%s: sent with %q, want %q", object, got, want)
		}
		if got := put.Header.Get("content-type"); got != "application/octet-stream" {
			t.Errorf("%s: sent as %q", object, got)
		}
	}
}

func TestUpload_KeepsTheLinksHeader(t *testing.T) {
	t.Parallel()
	d := &doer{body: `{"objects":[{"oid":"1","actions":{"upload":{"href":"https://s.example/1",` +
		`"header":{"Content-Type":"image/png","X-Key":"k","Transfer-Encoding":"chunked"}},"verify":{"href":"https://s.example/v"}}}]}`}
	if err := clientOf(d).Upload(t.Context(), []driver.LFSFile{one}); err != nil {
		t.Fatal(err)
	}
	h := d.sent[1].Header
	if h["content-type"] != "image/png" || h["x-key"] != "k" || h["transfer-encoding"] != "" {
		t.Errorf("header is %v", h)
	}
	if v := d.sent[2]; v.Method != "POST" || string(v.Body) != `{"oid":"1","size":1}` || v.Header["content-type"] != mediaType {
		t.Errorf("verified by %s %s with %v", v.Method, v.Body, v.Header)
	}
}

func TestBatch_Question(t *testing.T) {
	t.Parallel()
	want := `{"operation":"upload","transfers":["basic"],"hash_algo":"sha256","objects":[{"oid":"1","size":1}]}`
	if got := string(question(opUpload, []driver.LFSFile{one})); got != want {
		t.Errorf("asked %s, want %s", got, want)
	}
}

func TestBatch_MisshapenAnswers(t *testing.T) {
	t.Parallel()
	for _, body := range []string{``, `<html>`, `{}`, `[]`, `{"objects":[{"oid":"2"}]}`, `{"objects":[{"oid":"1"}]}`} {
		_, err := clientOf(&doer{body: body}).Download(t.Context(), one.LFSPointer, "a")
		if !cmserr.Is(err, cmserr.Unknown) || cmserr.From(err).Path != "a" {
			t.Errorf("%q: %v", body, err)
		}
	}
}

func TestBatch_NobodySaysWhoAsks(t *testing.T) {
	t.Parallel()
	d := &doer{body: `{"objects":[{"oid":"1"}]}`}
	c := clientOf(d)
	c.Header = nil
	if err := c.Upload(t.Context(), []driver.LFSFile{one}); err != nil || d.sent[0].Header.Get("authorization") != "" {
		t.Errorf("%v, sent with %v", err, d.sent[0].Header)
	}
	c.Header = func(context.Context) (rest.Header, error) { return nil, errors.New("signed out") }
	if err := c.Upload(t.Context(), []driver.LFSFile{one}); err == nil || len(d.sent) != 1 {
		t.Error("asked without a session")
	}
}

func TestDecodeLink_Expires(t *testing.T) {
	t.Parallel()
	asked := time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)
	for text, want := range map[string]time.Time{
		`{"href":"x"}`:                          {},
		`{"expires_in":60}`:                     asked.Add(time.Minute),
		`{"expires_in":-60}`:                    asked.Add(-time.Minute),
		`{"expires_at":"2016-11-10T15:29:07Z"}`: time.Date(2016, 11, 10, 15, 29, 7, 0, time.UTC),
		`{"expires_at":"2016-11-10T15:29:07Z","expires_in":1}`: asked.Add(time.Second),
		`{"expires_at":"tomorrow"}`:                            {},
	} {
		if l := decodeLink(gjson.Parse(text), asked); !l.until.Equal(want) {
			t.Errorf("%s: until %v, want %v", text, l.until, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"objects":[{"oid":"1","size":1,"actions":{"upload":{"href":"http://x/","header":{"A":"b"},"expires_in":9}}}]}`)
	f.Add(`{"objects":[{"oid":"1","error":{"code":404,"message":"no"}}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		c := clientOf(&doer{body: body})
		for _, op := range []string{opUpload, opDownload} {
			objects, err := c.batch(t.Context(), op, []driver.LFSFile{one})
			if err == nil && len(objects) != 1 {
				t.Errorf("%d objects", len(objects))
			}
			if err != nil && err.Error() == "" {
				t.Error("no sentence")
			}
		}
	})
}
