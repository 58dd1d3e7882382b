package bitbucket

import (
	"bytes"
	"io"
	"mime"
	stdmultipart "mime/multipart"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"mooring/backends/cmserr"
	"mooring/backends/rest"
	"mooring/backends/rest/resttest"
)

func FuzzDecodeEntry(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		e, err := decodeEntry(v, "c1")
		if err == nil && (e.Path == "" || e.Mode == 0 || placeOf(driverRef(e.ID)).path != e.Path) {
			f.Errorf("half an entry: %+v", e)
		}
	}, `{"path":"a/b.md","type":"commit_file","attributes":["lfs","binary"],"size":3}`, `{"path":"a/","type":"commit_directory"}`,
		`{"path":"a","type":"commit_file","attributes":"executable"}`)
}

func FuzzDecodeDiff(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		d, err := decodeDiff(v)
		if err == nil && d.Path == "" {
			f.Errorf("half a file: %+v", d)
		}
	}, `{"status":"renamed","old":{"path":"a"},"new":{"path":"b"}}`, `{"old":null,"new":{"path":"b"}}`)
}

func FuzzDecodePull(f *testing.F) {
	resttest.Fuzz(f, func(v gjson.Result) {
		p := (&Repo{}).decodePull(v)
		if isPull(v) && p.Head == "" && v.Get("source.branch.name").String() != "" {
			f.Errorf("half a pull request: %+v", p)
		}
		_ = strategyFor(v, true)
		_ = blocked(v, cmserr.New(cmserr.Invalid, "no"))
		_ = labelText(v)
		_ = decodeChange(v)
		_ = restricts(v, "main") && exempts(v, "x")
	}, `{"id":1,"state":"OPEN","source":{"branch":{"name":"cms/a"},"commit":{"hash":"1"}},"destination":{"branch":{"name":"main"}}}`)
}

func FuzzRefused(f *testing.F) {
	f.Add(404, []byte(`{"type":"error","error":{"message":"No such file or directory: a"}}`))
	f.Add(403, []byte(`{"error":{"detail":{"required":["x"]},"fields":{"a":["b"]}}}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		e := cmserr.From(refused(&rest.Response{Status: status, Body: body}))
		if e.Msg == "" || e.Status != status {
			t.Errorf("%+v", e)
		}
	})
}

// FuzzMultipart: an independent reader finds in a form what was put there.
func FuzzMultipart(f *testing.F) {
	f.Add("a/b.md", "executable", []byte("text"), "A message\r\n--x")
	f.Add(`say "hi"\ there;=.md`, "", []byte("--mooring-\r\n\x00\xff"), "")
	f.Add("ünï 日本.png", "link", []byte{}, "m")
	f.Fuzz(func(t *testing.T, path, attributes string, data []byte, message string) {
		if path == "" || strings.ContainsFunc(path+attributes, isControl) || strings.ContainsAny(attributes, "\"\\;") || strings.HasSuffix(path, "/") {
			return
		}
		m := newMultipart(data)
		m.file(upload{path: path, attributes: attributes, data: data})
		m.field("message", message)
		checkForm(t, m.contentType(), m.end(), path, attributes, data, message)
	})
}

func checkForm(t *testing.T, contentType string, body []byte, path, attributes string, data []byte, message string) {
	t.Helper()
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	r := stdmultipart.NewReader(bytes.NewReader(body), params["boundary"])
	file, err := r.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(file)
	_, disposition, parseErr := mime.ParseMediaType(file.Header.Get("Content-Disposition"))
	if err != nil || parseErr != nil || !bytes.Equal(got, data) || disposition["name"] != path || disposition["x-attributes"] != attributes ||
		disposition["filename"] == "" {
		t.Errorf("the file reads %q, %v, %v: %v", got, disposition, err, parseErr)
	}
	field, err := r.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	if got, err = io.ReadAll(field); err != nil || string(got) != message || field.FormName() != "message" || field.FileName() != "" {
		t.Errorf("the message reads %q, %v", got, err)
	}
	if _, err := r.NextRawPart(); err != io.EOF {
		t.Errorf("the form goes on: %v", err)
	}
}
