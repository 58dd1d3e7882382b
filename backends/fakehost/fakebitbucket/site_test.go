package fakebitbucket

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// site is a fake Bitbucket with the repository owner/repo, which owner owns, dev
// may write and reader may read. Their tokens are their logins followed by
// "-token".
type site struct {
	t    *testing.T
	host *fakehost.Host
	repo *fakehost.Repository
	url  string // of the host
}

func newSite(t *testing.T, files map[string]string) *site {
	t.Helper()
	return newSiteWith(t, Options{}, files)
}

func newSiteWith(t *testing.T, o Options, files map[string]string) *site {
	t.Helper()
	host := fakehost.New(fakehost.Options{})
	for _, login := range []string{"owner", "dev", "reader"} {
		host.AddUser(fakehost.User{Login: login, Name: strings.ToUpper(login[:1]) + login[1:], Email: login + "@example.com"})
		host.AddToken(login, login+"-token")
	}
	content := map[string]fakehost.File{}
	for path, text := range files {
		content[path] = fakehost.File{Content: []byte(text)}
	}
	repo, err := host.AddRepository("owner", "repo", content, fakehost.RepositoryOptions{
		Author: object.Signature{Name: "Owner", Email: "owner@example.com", When: time.Now().Add(-time.Hour)}})
	if err != nil {
		t.Fatal(err)
	}
	repo.SetPermission("dev", fakehost.Write)
	repo.SetPermission("reader", fakehost.Read)
	server, err := Open(host, o)
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	return &site{t, host, repo, listener.URL}
}

// reply is an answer of the host.
type reply struct {
	status int
	header http.Header
	body   string
}

// field is a value of a JSON object's; names are separated by dots, and those of
// a list's items are numbers.
func (r reply) field(t *testing.T, name string) any {
	t.Helper()
	value := decode[any](t, r.body)
	for part := range strings.SplitSeq(name, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[part]
		case []any:
			i := slices.IndexFunc([]byte(part), func(b byte) bool { return b < '0' || b > '9' })
			if i >= 0 || len(part) != 1 || int(part[0]-'0') >= len(v) {
				t.Fatalf("no %s in %s", name, r.body)
			}
			value = v[part[0]-'0']
		default:
			value = nil
		}
	}
	return value
}

// text is a value that is a text, "" when it isn't.
func (r reply) text(t *testing.T, name string) string {
	t.Helper()
	text, _ := r.field(t, name).(string)
	return text
}

// all are the texts of one field of a page's values.
func (r reply) all(t *testing.T, name string) string {
	t.Helper()
	page := decode[struct{ Values []any }](t, r.body)
	var texts []string
	for _, value := range page.Values {
		text := reply{body: quoted(value)}.field(t, name)
		if s, is := text.(string); is {
			texts = append(texts, s)
			continue
		}
		texts = append(texts, quoted(text))
	}
	return strings.Join(texts, " ")
}

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

func quoted(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// asks sends a request to a path of the host, without following redirects.
// headers are names and values in turn.
func (s *site) asks(login, method, path, body string, headers ...string) reply {
	s.t.Helper()
	q, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if login != "" {
		q.Header.Set("Authorization", "Bearer "+login+"-token")
	}
	if body != "" {
		q.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		q.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(q)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(text)}
}

const inRepo = "/2.0/repositories/owner/repo"

// wants asks for something of the repository's as its owner, and demands a status.
func (s *site) wants(status int, method, path, body string, headers ...string) reply {
	s.t.Helper()
	return s.wantsAs("owner", status, method, path, body, headers...)
}

func (s *site) wantsAs(login string, status int, method, path, body string, headers ...string) reply {
	s.t.Helper()
	if !strings.HasPrefix(path, "/2.0") {
		path = inRepo + path
	}
	r := s.asks(login, method, path, body, headers...)
	if r.status != status {
		s.t.Fatalf("%s %s is answered with %d, not %d: %s", method, path, r.status, status, r.body)
	}
	return r
}

// refuses demands an error answer with a text in it.
func (s *site) refuses(status int, text, method, path, body string) {
	s.t.Helper()
	contains(s.t, s.wants(status, method, path, body).body, text)
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in %s", part, text)
		}
	}
}

// upload commits as dev. The pairs are names of fields and values; a name that
// begins with a slash is a file's.
func (s *site) upload(status int, pairs ...string) reply {
	s.t.Helper()
	body, kind := form(s.t, pairs...)
	return s.wantsAs("dev", status, "POST", "/src", body, "Content-Type", kind)
}

// form is a multipart form.
func form(t *testing.T, pairs ...string) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		name, isFile := strings.CutPrefix(pairs[i], "/")
		header := `form-data; name="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
		if isFile {
			header += `; filename="f"`
		}
		p, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {header}})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(p, pairs[i+1]) // a buffer takes everything
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

var somebody = object.Signature{Name: "Somebody", Email: "somebody@example.org"}

// change commits a file as somebody else.
func (s *site) change(branch, path, text string) string {
	s.t.Helper()
	id, err := s.repo.Commit(branch, somebody, "Change "+path, fakehost.Change{Path: path, Content: []byte(text)})
	if err != nil {
		s.t.Fatal(err)
	}
	return id.String()
}

func (s *site) head(branch string) string {
	s.t.Helper()
	id, found := s.repo.Head(branch)
	if !found {
		s.t.Fatalf("no branch %s", branch)
	}
	return id.String()
}

// file is a file's content, or "-" when it isn't there.
func (s *site) file(branch, path string) string {
	s.t.Helper()
	files, err := s.repo.Files(branch)
	if err != nil {
		s.t.Fatal(err)
	}
	if f, found := files[path]; found {
		return string(f.Content)
	}
	return "-"
}

// pull opens a pull request of a new branch that adds a file of its name, as dev.
func (s *site) pull(branch string) {
	s.t.Helper()
	s.change(branch, branch+".md", "text of "+branch)
	s.wantsAs("dev", 201, "POST", "/pullrequests", quoted(map[string]any{"title": "Add " + branch, "source": source(branch)}))
}

// source is a side of a pull request.
func source(branch string) map[string]any {
	return map[string]any{"branch": map[string]any{"name": branch}}
}

// where asks for a list with a filter.
func where(path, q string) string { return path + "?q=" + url.QueryEscape(q) }
