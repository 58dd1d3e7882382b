package fakegithub

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/object"

	"mooring/backends/fakehost"
)

// reply is an answer of the REST API.
type reply struct {
	status int
	header http.Header
	body   string
}

// asks sends a REST request, which must fit GitHub's description. headers are
// names and values in turn.
func (s *site) asks(login, method, path, body string, headers ...string) reply {
	s.t.Helper()
	r := s.sends(login, method, path, body, headers...)
	log := s.host.Requests()
	if problem := log[len(log)-1].Err; problem != "" {
		s.t.Fatal(problem)
	}
	return r
}

// sends is asks for requests that GitHub's description may forbid.
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

// wants asks for something below repos/owner/repo as the owner, and demands
// a status.
func (s *site) wants(status int, method, path, body string, headers ...string) reply {
	s.t.Helper()
	r := s.asks("owner", method, "/repos/owner/repo"+path, body, headers...)
	if r.status != status {
		s.t.Fatalf("%s %s is answered with %d, not %d: %s", method, path, r.status, status, r.body)
	}
	return r
}

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

// field is a string of a JSON object.
func (r reply) field(t *testing.T, name string) string {
	t.Helper()
	text, _ := decode[map[string]any](t, r.body)[name].(string)
	return text
}

// quoted is a JSON string.
func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(b)
}

var fakeAuthor = object.Signature{Name: "Somebody", Email: "somebody@example.com"}

// change commits a file as somebody else, and returns the commit's id.
func (s *site) change(branch, path, text string) string {
	s.t.Helper()
	id, err := s.repo.Commit(branch, fakeAuthor, "Change "+path, fakehost.Change{Path: path, Content: []byte(text)})
	if err != nil {
		s.t.Fatal(err)
	}
	return id.String()
}
