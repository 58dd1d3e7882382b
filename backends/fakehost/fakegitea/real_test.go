package fakegitea

import (
	"bytes"
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
	"time"

	"mooring/backends/fakehost"
)

// The real server that TestReal compares with is at MOORING_GITEA_URL;
// MOORING_GITEA_TOKEN is an administrator's token for all scopes.
const (
	realURL   = "MOORING_GITEA_URL"
	realToken = "MOORING_GITEA_TOKEN"
)

// step is one request of a scenario. Path is below repos/{owner}/{repo}, unless
// it begins with two slashes. Path and body may hold {head branch}, {blob branch
// path}, {tree branch path}, {label name} and {pull head}.
type step struct {
	as, method, path, body string
	status                 int
	message                string // of an error; "" is any
	shape                  bool   // compare what the real server answers, word by word
	settle                 bool   // the real server may need a while until it answers so
}

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

// do sends a step, on a real server as often as it needs.
func (p *place) do(s step) reply {
	p.t.Helper()
	as := s.as
	if as == "" {
		as = "owner"
	} else if as == "nobody" {
		as = ""
	}
	for try := 0; ; try++ {
		r := p.ask(as, s.method, s.path, s.body)
		if !s.settle || r.status == s.status && strings.Contains(r.body, s.message) || p.tokens["admin"] == "" || try == 50 {
			return r
		}
		time.Sleep(100 * time.Millisecond) // a real server works in the background
	}
}

// TestReal_Fake runs the scenarios on the fake alone.
func TestReal_Fake(t *testing.T) {
	t.Parallel()
	for name, steps := range scenarios {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := fakePlace(t, Options{CORS: &CORS{}})
			for i, s := range steps {
				s.check(t, i, "the fake", p.do(s))
			}
		})
	}
}

func (s step) check(t *testing.T, i int, who string, r reply) {
	t.Helper()
	if r.status != s.status || !strings.Contains(r.body, s.message) {
		t.Errorf("step %d, %s %s %s: %s answers %d %.400s, not %d %s", i, s.method, s.path, s.body, who, r.status, r.body, s.status, s.message)
	}
}

// TestReal runs the scenarios on a real server and on the fake, and compares.
func TestReal(t *testing.T) {
	for name, steps := range scenarios {
		t.Run(name, func(t *testing.T) {
			there := realPlace(t)
			here := fakePlace(t, Options{CORS: &CORS{}})
			thereNames, hereNames := newNames(there), newNames(here)
			for i, s := range steps {
				real, fake := there.do(s), here.do(s)
				s.check(t, i, "the real server", real)
				if !s.shape || t.Failed() {
					continue
				}
				want, got := thereNames.normal(t, real), hereNames.normal(t, fake)
				if want != got {
					t.Errorf("step %d, %s %s:\nreal %s\nfake %s", i, s.method, s.path, want, got)
				}
			}
		})
	}
}

// names gives ids, which differ between servers, names in their order.
type names struct {
	place *place
	known map[string]string
}

func newNames(p *place) *names { return &names{place: p, known: map[string]string{}} }

var (
	ids   = regexp.MustCompile(`\b[0-9a-f]{40}\b`)
	times = regexp.MustCompile(`\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)`)
	small = regexp.MustCompile(`(labels/|id: |issuecomment-)\d+`)
	// changing are fields that say nothing of how the server behaves.
	changing = []string{"avatar_url", "ssh_url", "email", "id", "repo_id", "last_login", "login_name", "is_admin", "active",
		"full_name", "clone_url", "updated_at", "watchers_count", "open_pr_counter",
		// two ways to merge that the fake doesn't have
		"allow_fast_forward_only_merge", "allow_rebase_explicit"}
)

// normal is an answer in which everything that differs by chance has the same
// name on both servers.
func (n *names) normal(t *testing.T, r reply) string {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintln(&b, r.status)
	for _, name := range []string{"Link", "X-Total-Count", "X-HasMore", "X-Page", "X-PerPage", "X-PageCount",
		"Access-Control-Expose-Headers", "Cache-Control", "ETag"} {
		value := r.header.Get(name)
		if name == "Access-Control-Expose-Headers" { // in any order
			value = strings.Join(slices.Sorted(strings.SplitSeq(value, ", ")), ", ")
		}
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	var v any
	if json.Unmarshal([]byte(r.body), &v) == nil {
		text, err := json.MarshalIndent(withoutChance(v), "", " ")
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
	} else {
		b.WriteString(r.body)
	}
	text := b.String()
	for _, name := range []string{"owner", "writer", "reader"} {
		text = strings.ReplaceAll(text, name+strings.TrimPrefix(n.place.owner, "owner"), name)
	}
	text = strings.ReplaceAll(text, n.place.root, "ROOT")
	text = strings.ReplaceAll(text, n.place.repo, "repo")
	text = times.ReplaceAllString(text, "TIME")
	text = small.ReplaceAllString(text, "${1}N")
	return ids.ReplaceAllStringFunc(text, func(id string) string {
		if n.known[id] == "" {
			n.known[id] = fmt.Sprintf("ID%d", len(n.known)+1)
		}
		return n.known[id]
	})
}

// withoutChance leaves out what changes: the sizes of repositories do, and
// whether a closed pull request could be merged. The files of a commit are in
// any order.
func withoutChance(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = withoutChance(v[i])
		}
		slices.SortStableFunc(v, func(a, b any) int {
			if at(a, "additions") != nil || at(a, "filename") == nil {
				return 0
			}
			return strings.Compare(fmt.Sprint(at(a, "filename")), fmt.Sprint(at(b, "filename")))
		})
	case map[string]any:
		if _, isRepo := v["full_name"]; isRepo {
			delete(v, "size")
		}
		if v["state"] == "closed" {
			delete(v, "mergeable")
		}
		for _, name := range changing {
			delete(v, name)
		}
		for key := range v {
			v[key] = withoutChance(v[key])
		}
	}
	return v
}
