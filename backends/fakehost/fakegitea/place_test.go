package fakegitea

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

// place is a server that scenarios run on: the fake, or a real one.
type place struct {
	t      *testing.T
	root   string
	owner  string
	repo   string
	tokens map[string]string
}

// fakePlace is the fake. It takes requests that Gitea's description forbids.
func fakePlace(t *testing.T, o Options) *place {
	s := serve(t, New(fakehost.New(fakehost.Options{}), o), nil)
	return &place{t: t, root: s.url, owner: "owner", repo: "repo",
		tokens: map[string]string{"owner": "owner-token", "writer": "writer-token", "reader": "reader-token",
			"wrong": "wrong"}}
}

// realPlace makes three users and a repository on the real server.
func realPlace(t *testing.T) *place {
	t.Helper()
	root, admin := os.Getenv(realURL), os.Getenv(realToken)
	if root == "" || admin == "" {
		t.Skipf("no real server: %s and %s are not set", realURL, realToken)
	}
	p := &place{t: t, root: strings.TrimSuffix(root, "/"), tokens: map[string]string{"admin": admin, "wrong": "wrong"}}
	id := strings.ToLower(rand.Text()[:8])
	for _, name := range []string{"owner", "writer", "reader"} {
		login := name + id
		p.must("admin", "POST", "//admin/users", fmt.Sprintf(`{"username":%q,"email":"%s@example.com","password":"Mooring-%s","must_change_password":false,"full_name":%q}`,
			login, login, id, strings.ToUpper(name[:1])+name[1:]))
		q := p.request("POST", p.root+"/api/v1/users/"+login+"/tokens", `{"name":"t","scopes":["all"]}`)
		q.SetBasicAuth(login, "Mooring-"+id)
		made := struct{ SHA1 string }{}
		if err := json.Unmarshal([]byte(p.send(q).body), &made); err != nil || made.SHA1 == "" {
			t.Fatal("no token was made", err)
		}
		p.tokens[name] = made.SHA1
	}
	p.owner, p.repo = "owner"+id, "repo"+id
	p.must("owner", "POST", "//user/repos", fmt.Sprintf(`{"name":%q,"default_branch":"main"}`, p.repo))
	p.must("owner", "PUT", "/collaborators/writer"+id, `{"permission":"write"}`)
	t.Cleanup(func() {
		p.must("admin", "DELETE", "", "")
		for _, name := range []string{"owner", "writer", "reader"} {
			p.must("admin", "DELETE", "//admin/users/"+name+id, "")
		}
	})
	return p
}

func (p *place) request(method, address, body string) *http.Request {
	p.t.Helper()
	q, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	return q
}

func (p *place) send(q *http.Request) reply {
	p.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(q)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(text)}
}

func (p *place) ask(as, method, path, body string) reply {
	p.t.Helper()
	address := p.root + "/api/v1/repos/" + p.owner + "/" + p.repo + p.fill(path)
	if plain, ok := strings.CutPrefix(path, "//"); ok {
		address = p.root + "/api/v1/" + plain
	}
	q := p.request(method, address, p.fill(body))
	if as != "" {
		q.Header.Set("Authorization", "token "+p.tokens[as])
	}
	return p.send(q)
}

func (p *place) must(as, method, path, body string) reply {
	p.t.Helper()
	r := p.ask(as, method, path, body)
	if r.status >= 300 {
		p.t.Fatalf("%s %s: %d %s", method, path, r.status, r.body)
	}
	return r
}

var placeholder = regexp.MustCompile(`\{(head|blob|tree|label|pull|owner|repo)( [^{}]*)?\}`)

// fill replaces what a step can't know.
func (p *place) fill(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(match string) string {
		words := strings.Fields(strings.Trim(match, "{}"))
		switch words[0] {
		case "owner":
			return p.owner
		case "repo":
			return p.repo
		case "head":
			return p.look("/branches/"+url.PathEscape(words[1]), func(v any) any { return at(v, "commit", "id") })
		case "blob", "tree":
			return p.look("/git/trees/"+url.PathEscape(words[1])+"?recursive=true", func(v any) any {
				return entry(v, "tree", "path", words[2], "sha")
			})
		case "label":
			return p.look("/labels?limit=50", func(v any) any { return entry(obj{"list": v}, "list", "name", words[1], "id") })
		default:
			return p.look("/pulls?state=all&limit=50", func(v any) any {
				list, _ := v.([]any)
				i := slices.IndexFunc(list, func(v any) bool { return at(v, "head", "label") == words[1] })
				if i < 0 {
					return nil
				}
				return at(list[i], "number")
			})
		}
	})
}

func at(v any, keys ...string) any {
	for _, key := range keys {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}

func entry(v any, list, key, value, want string) any {
	items, _ := at(v, list).([]any)
	for _, item := range items {
		if at(item, key) == value {
			return at(item, want)
		}
	}
	return nil
}

func (p *place) look(path string, find func(any) any) string {
	p.t.Helper()
	var v any
	r := p.must("owner", "GET", path, "")
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		p.t.Fatal(err)
	}
	found := find(v)
	if found == nil {
		p.t.Fatalf("not found in %s: %.300s", path, r.body)
	}
	return fmt.Sprint(found)
}
