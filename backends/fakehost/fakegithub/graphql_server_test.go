package fakegithub

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"

	"mooring/backends/fakehost"
)

// site is a fake GitHub with a repository: owner/repo, which owner owns and
// reader may read. Their tokens are their logins followed by "-token".
type site struct {
	t    *testing.T
	host *fakehost.Host
	repo *fakehost.Repository
	url  string
}

func newSite(t *testing.T, files map[string]string) *site {
	t.Helper()
	host := fakehost.New(fakehost.Options{})
	for _, login := range []string{"owner", "reader"} {
		host.AddUser(fakehost.User{Login: login})
		host.AddToken(login, login+"-token")
	}
	content := map[string]fakehost.File{}
	for path, text := range files {
		content[path] = fakehost.File{Content: []byte(text)}
	}
	repo, err := host.AddRepository("owner", "repo", content, fakehost.RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return serveSite(t, host, repo)
}

// serveSite skips the test when GitHub's own descriptions aren't installed.
func serveSite(t *testing.T, host *fakehost.Host, repo *fakehost.Repository) *site {
	t.Helper()
	for _, file := range []string{schemaFile, descriptionFile} {
		if _, err := moduleFile(file); err != nil {
			t.Skip(err)
		}
	}
	server, err := Open(host, Options{})
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	return &site{t, host, repo, listener.URL}
}

// post sends a GraphQL request.
func (s *site) post(login, query string, variables any) (*http.Response, string) {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.send(login, body)
}

func (s *site) send(login string, body []byte) (*http.Response, string) {
	s.t.Helper()
	response, err := s.try(login, body)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response, string(text)
}

// try sends a GraphQL request that may get no answer.
func (s *site) try(login string, body []byte) (*http.Response, error) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if login != "" {
		r.Header.Set("Authorization", "bearer "+login+"-token")
	}
	return http.DefaultClient.Do(r)
}

// ask sends a query for owner/repo, and demands that the fake knows all of it.
func (s *site) ask(login, query string, variables map[string]any) string {
	s.t.Helper()
	response, body := s.post(login, query, variables)
	if response.StatusCode != http.StatusOK {
		s.t.Fatalf("status %d: %s", response.StatusCode, body)
	}
	log := s.host.Requests()
	if problem := log[len(log)-1].Err; problem != "" {
		s.t.Fatalf("%s\n%s\n%s", problem, query, body)
	}
	return body
}

// in asks for selections on owner/repo and answers what is within them.
func (s *site) in(login, selections string) string {
	s.t.Helper()
	body := s.ask(login, `{ repository(owner: "owner", name: "repo") {`+selections+`} }`, nil)
	inner, ok := strings.CutPrefix(body, `{"data":{"repository":{`)
	if !ok || strings.Contains(body, `"errors":[`) {
		return body
	}
	return "{" + strings.TrimSuffix(inner, "}}")
}

// head is the commit that a branch is at.
func (s *site) head(branch string) string {
	s.t.Helper()
	id, ok := s.repo.Head(branch)
	if !ok {
		s.t.Fatalf("no branch %s", branch)
	}
	return id.String()
}

func contains(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
}

func TestGraphQL_NeedsSignIn(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	response, body := s.post("", `{ viewer { login } }`, nil)
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("status %d", response.StatusCode)
	}
	contains(t, body, "requires you to be authenticated")
	if response, _ := s.post("nobody", `{ viewer { login } }`, nil); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a wrong token: status %d", response.StatusCode)
	}
}

func TestGraphQL_InvalidRequestIsNoted(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	response, body := s.post("owner", `query Wrong { viewer { nickname } }`, nil)
	if response.StatusCode != http.StatusOK {
		t.Errorf("status %d", response.StatusCode)
	}
	contains(t, body, `{"errors":[{`, `"code":"undefinedField"`, `"locations":[{"line":1,"column":24}]`)
	log := s.host.Requests()
	last := log[len(log)-1]
	if last.Operation != "Wrong" || last.Status != http.StatusOK {
		t.Errorf("the log has %+v", last)
	}
	contains(t, last.Err, "nickname")
	if response, _ := s.send("owner", []byte("{")); response.StatusCode != http.StatusBadRequest {
		t.Errorf("no JSON: status %d", response.StatusCode)
	}
}

func TestGraphQL_CountsPoints(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	response, _ := s.post("owner", `{ viewer { login } }`, nil)
	if got := response.Header.Get("X-RateLimit-Remaining"); got != "4999" {
		t.Errorf("%s points are left", got)
	}
	if got := response.Header.Get("X-RateLimit-Resource"); got != "graphql" {
		t.Errorf("of %s", got)
	}
	const dear = `{ repository(owner: "owner", name: "repo") { pullRequests(first: 100) { nodes { labels(first: 100) {
		nodes { pullRequests(first: 1) { totalCount } } } } } } }` // 1 + 100 + 10,000 requests
	response, _ = s.post("owner", dear, nil)
	if got := response.Header.Get("X-RateLimit-Remaining"); got != "4898" {
		t.Errorf("%s points are left after a dear query", got)
	}
	body := s.ask("owner", `{ rateLimit { limit remaining used cost nodeCount } repository(owner: "owner", name: "repo") { labels(first: 7) { totalCount } } }`, nil)
	contains(t, body, `"limit":5000,"remaining":4897,"used":103,"cost":1,"nodeCount":7`)
}

func TestGraphQL_WithoutPoints(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.host.Fault(fakehost.Rule{Path: "/graphql", Effect: fakehost.Effect{PrimaryLimit: 60e9}})
	response, body := s.post("owner", `{ viewer { login } }`, nil)
	if response.StatusCode != http.StatusOK || response.Header.Get("X-RateLimit-Remaining") != "0" {
		t.Errorf("status %d, %q left", response.StatusCode, response.Header.Get("X-RateLimit-Remaining"))
	}
	contains(t, body, `"type":"RATE_LIMITED"`)
}

func TestGraphQL_GivesUpOnManyBlobs(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "1", "b": "2", "c": "3"})
	s.host.Set(func(o *fakehost.Settings) { o.MaxBlobs = 2 })
	const two = `{ repository(owner: "owner", name: "repo") { a: object(expression: "main:a") { ...B } b: object(expression: "main:b") { ...B } } }
		fragment B on Blob { text }`
	contains(t, s.ask("owner", two, nil), `"a":{"text":"1"},"b":{"text":"2"}`)
	response, _ := s.post("owner", strings.Replace(two, "a:", `c: object(expression: "main:c") { ...B } a:`, 1), nil)
	if response.StatusCode != http.StatusBadGateway {
		t.Errorf("three blobs: status %d", response.StatusCode)
	}
}

func TestOpen_ChecksREST(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/repos/owner/repo?colour=red", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "token owner-token")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("status %d", response.StatusCode)
	}
	log := s.host.Requests()
	contains(t, log[len(log)-1].Err, "colour: no such query parameter")
}

// TestGraphQL_StaleRead shows what it looks like when the host's replicas lag.
func TestGraphQL_StaleRead(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	before := s.head("main")
	s.host.Fault(fakehost.Rule{Operation: "M", Count: 1, Effect: fakehost.Effect{StaleReads: 1}})
	s.commit("owner", "main", before, vars{"additions": []vars{add("a", "b")}})
	const target = `defaultBranchRef { target { oid } }`
	if got := s.in("owner", target); !strings.Contains(got, before) {
		t.Errorf("the first reader sees %s, not %s", got, before)
	}
	if got := s.in("owner", target); !strings.Contains(got, s.head("main")) {
		t.Errorf("the second reader sees %s", got)
	}
}

// TestGraphQL_MutationsSeeWhatIsThere moves a branch that readers don't see yet.
func TestGraphQL_MutationsSeeWhatIsThere(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	s.host.Fault(fakehost.Rule{Operation: "M", Count: 1, Effect: fakehost.Effect{StaleReads: 1}})
	s.do("owner", "createRef", `ref { id }`, vars{"repositoryId": s.repoID(), "name": "refs/heads/x", "oid": s.head("main")})
	body := s.do("owner", "updateRef", `ref { name }`, vars{"refId": refID(s.repo, "refs/heads/x"), "oid": s.head("main")})
	contains(t, body, `{"updateRef":{"ref":{"name":"x"}}}`)
}

// TestGraphQL_LostAnswer cuts the connection after the commit.
func TestGraphQL_LostAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{"a": "a"})
	before := s.head("main")
	s.host.Fault(fakehost.Rule{Path: "/graphql", Count: 1, Effect: fakehost.Effect{CutAfter: true}})
	body, err := json.Marshal(map[string]any{"query": `mutation($i: CreateRefInput!) { createRef(input: $i) { clientMutationId } }`,
		"variables": vars{"i": vars{"repositoryId": s.repoID(), "name": "refs/heads/x", "oid": before}}})
	if err != nil {
		t.Fatal(err)
	}
	if response, err := s.try("owner", body); err == nil {
		response.Body.Close()
		t.Fatalf("an answer came: %s", response.Status)
	}
	if id, ok := s.repo.Head("x"); !ok || id != plumbing.NewHash(before) {
		t.Error("the branch was not made")
	}
}
