package fakegitlab

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// site is a fake GitLab with the project owner/repo, which owner owns, dev may
// write and reader may read. Their tokens are their logins followed by
// "-token".
type site struct {
	t    *testing.T
	host *fakehost.Host
	repo *fakehost.Repository
	url  string // of the host
}

func newSite(t *testing.T, files map[string]string) *site {
	t.Helper()
	return newSiteAt(t, Options{}, "owner", files)
}

// newSiteAt makes the project owner/repo of a namespace on a server with other
// options.
func newSiteAt(t *testing.T, o Options, owner string, files map[string]string) *site {
	t.Helper()
	host := fakehost.New(fakehost.Options{})
	for _, login := range []string{"owner", "dev", "reader"} {
		host.AddUser(fakehost.User{Login: login, Name: strings.ToUpper(login[:1]) + login[1:]})
		host.AddToken(login, login+"-token")
	}
	content := map[string]fakehost.File{}
	for path, text := range files {
		content[path] = fakehost.File{Content: []byte(text)}
	}
	repo, err := host.AddRepository(owner, "repo", content, fakehost.RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	repo.SetPermission("dev", fakehost.Write)
	return listen(t, New(host, o), repo, o.Root)
}

// serve makes an owner/repo with the file a for a server.
func serve(t *testing.T, server *Server) *site {
	t.Helper()
	server.Host().AddToken("owner", "owner-token")
	repo, err := server.Host().AddRepository("owner", "repo", map[string]fakehost.File{"a": {Content: []byte("a")}}, fakehost.RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return listen(t, server, repo, "")
}

// listen holds each GraphQL query against GitLab's own schema, if it is there.
func listen(t *testing.T, server *Server, repo *fakehost.Repository, root string) *site {
	t.Helper()
	file := filepath.Join(filepath.FromSlash(specs), "gitlab-schema.graphql")
	if check, err := QueryChecker(file); err == nil {
		server.CheckQuery = check
	} else if !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	return &site{t, server.Host(), repo, listener.URL + root}
}

// reply is an answer of the host.
type reply struct {
	status int
	header http.Header
	body   string
}

// field is a value of a JSON object's; names are separated by dots.
func (r reply) field(t *testing.T, name string) any {
	t.Helper()
	value := decode[any](t, r.body)
	for part := range strings.SplitSeq(name, ".") {
		o, _ := value.(map[string]any)
		value = o[part]
	}
	return value
}

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

// asks sends a request to a path of the host. headers are names and values in
// turn.
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
	response, err := http.DefaultClient.Do(q)
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

// project is the path of something of the project's.
func (s *site) project(path string) string {
	return "/api/v4/projects/" + url.PathEscape(s.repo.FullName()) + path
}

// wants asks for something of the project's as its owner, and demands a status.
func (s *site) wants(status int, method, path, body string, headers ...string) reply {
	s.t.Helper()
	return s.wantsAs("owner", status, method, path, body, headers...)
}

func (s *site) wantsAs(login string, status int, method, path, body string, headers ...string) reply {
	s.t.Helper()
	r := s.asks(login, method, s.project(path), body, headers...)
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

var somebody = object.Signature{Name: "Somebody", Email: "somebody@example.com"}

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

// pull opens a merge request of a new branch that adds a file of its name.
func (s *site) pull(branch string) {
	s.t.Helper()
	s.change(branch, branch+".md", "text of "+branch)
	s.wants(201, "POST", "/merge_requests", quoted(map[string]any{"title": "Add " + branch, "source_branch": branch, "target_branch": "main"}))
}

func quoted(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// ask sends a GraphQL query, and answers the body.
func (s *site) ask(login, query string, variables map[string]any) string {
	s.t.Helper()
	r := s.asks(login, "POST", "/api/graphql", quoted(map[string]any{"query": query, "variables": variables}))
	if r.status != http.StatusOK {
		s.t.Fatalf("status %d: %s", r.status, r.body)
	}
	for _, q := range s.host.Requests() {
		if q.Err != "" {
			s.t.Error(q.Err)
		}
	}
	return r.body
}
