package fakegitea

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// site is a server with owner/repo: owner owns it, writer may write, reader may
// read. The token of each is their name and "-token".
type site struct {
	t    *testing.T
	host *fakehost.Host
	repo *fakehost.Repository
	url  string // of the server
}

// open serves files in owner/repo until the test ends.
func open(t *testing.T, o Options, files map[string]string) *site {
	t.Helper()
	server, err := Open(fakehost.New(fakehost.Options{}), o)
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, server, files)
}

// serve is open for a server that was made already.
func serve(t *testing.T, server *Server, files map[string]string) *site {
	t.Helper()
	h := server.Host()
	for _, login := range []string{"owner", "writer", "reader"} {
		h.AddUser(fakehost.User{Login: login, Name: strings.ToUpper(login[:1]) + login[1:], Email: login + "@example.com"})
		h.AddToken(login, login+"-token")
	}
	contents := map[string]fakehost.File{}
	for path, text := range files {
		contents[path] = fakehost.File{Content: []byte(text)}
	}
	repo, err := h.AddRepository("owner", "repo", contents, fakehost.RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	repo.SetPermission("writer", fakehost.Write)
	served := httptest.NewServer(server)
	t.Cleanup(served.Close)
	return &site{t: t, host: h, repo: repo, url: served.URL}
}

// reply is an answer.
type reply struct {
	status int
	header http.Header
	body   string
}

// asks sends a request of the API, which must fit Gitea's description. headers
// are names and values in turn.
func (s *site) asks(login, method, path, body string, headers ...string) reply {
	s.t.Helper()
	r := s.sends(login, method, "/api/v1"+path, body, headers...)
	log := s.host.Requests()
	if problem := log[len(log)-1].Err; problem != "" {
		s.t.Fatal(problem)
	}
	return r
}

// sends is asks for any path of the server, and requests that the description
// may forbid.
func (s *site) sends(login, method, path, body string, headers ...string) reply {
	s.t.Helper()
	q, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if login != "" {
		q.Header.Set("Authorization", "token "+login+"-token")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		q.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(q)
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

// wants asks for something below repos/owner/repo as the owner, and demands a
// status.
func (s *site) wants(status int, method, path, body string, headers ...string) reply {
	s.t.Helper()
	r := s.asks("owner", method, "/repos/owner/repo"+path, body, headers...)
	if r.status != status {
		s.t.Fatalf("%s %s is answered with %d, not %d: %s", method, path, r.status, status, r.body)
	}
	return r
}

// decode reads an answer.
func decode[T any](t *testing.T, r reply) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		t.Fatalf("%v: %s", err, r.body)
	}
	return v
}

// message is that of an error.
func (r reply) message(t *testing.T) string {
	t.Helper()
	return decode[struct{ Message string }](t, r).Message
}

// change commits a file as somebody else, and returns the commit's id.
func (s *site) change(branch, path, text string) string {
	s.t.Helper()
	by := object.Signature{Name: "Somebody", Email: "somebody@example.com", When: s.host.Now()}
	id, err := s.repo.Commit(branch, by, "Change "+path, fakehost.Change{Path: path, Content: []byte(text)})
	if err != nil {
		s.t.Fatal(err)
	}
	return id.String()
}

func TestServer_SmallTree(t *testing.T) {
	t.Parallel()
	s := open(t, Options{}, map[string]string{"a.md": "A", "dir/b.md": "B"})
	head, _ := s.repo.Head("main")
	tree := decode[treeJSON](t, s.wants(200, "GET", "/git/trees/main?recursive=true", ""))
	if tree.SHA != head.String() || tree.TotalCount != 3 || tree.Truncated || len(tree.Tree) != 3 || tree.Tree[2].Path != "dir/b.md" {
		t.Errorf("%+v", tree)
	}
	blob := decode[blobJSON](t, s.wants(200, "GET", "/git/blobs/"+tree.Tree[0].SHA, ""))
	if *blob.Content != "QQ==" || blob.Size != 1 {
		t.Errorf("%+v", blob)
	}
	made := s.wants(201, "POST", "/contents", `{"branch":"main","message":"m","files":[
		{"operation":"update","path":"a.md","sha":"`+tree.Tree[0].SHA+`","content":"Qg=="}]}`)
	after := decode[struct {
		Commit struct {
			SHA  string
			Tree struct{ SHA string }
		}
	}](t, made).Commit
	if at, _ := s.repo.Head("main"); at.String() != after.SHA {
		t.Errorf("main is at %s: %s", at, made.body)
	}
}
