package control

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"mooring/backends/fakehost"
)

// remote is a host that is arranged over HTTP.
type remote struct {
	t       *testing.T
	host    *fakehost.Host
	handler http.Handler
	seeded  int
}

func newRemote(t *testing.T) *remote {
	t.Helper()
	r := &remote{t: t, host: fakehost.New(fakehost.Options{})}
	r.handler = New(r.host, func() error {
		r.seeded++
		return nil
	})
	return r
}

func (r *remote) send(method, path, body string) (int, string) {
	r.t.Helper()
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, httptest.NewRequest(method, Prefix+path, strings.NewReader(body)))
	return w.Code, w.Body.String()
}

func (r *remote) do(method, path, body string) string {
	r.t.Helper()
	status, answer := r.send(method, path, body)
	if status != http.StatusOK {
		r.t.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	return answer
}

func (r *remote) repo() *fakehost.Repository {
	r.t.Helper()
	repo, ok := r.host.Repository("owner", "repo")
	if !ok {
		r.t.Fatal("no repository")
	}
	return repo
}

// withRepo makes owner/repo.
func withRepo(t *testing.T) *remote {
	t.Helper()
	r := newRemote(t)
	r.do("POST", "users", `{"login":"owner","name":"O","tokens":[{"value":"t"}]}`)
	r.do("POST", "repositories", `{"owner":"owner","name":"repo","files":{"a":{"content":"text"},
		"b":{"base64":"AP8=","mode":"100755"}},"permissions":{"guest":"write"}}`)
	return r
}

func TestControl_Repository(t *testing.T) {
	t.Parallel()
	r := withRepo(t)
	files, err := r.repo().Files("main")
	if err != nil || string(files["a"].Content) != "text" || string(files["b"].Content) != "\x00\xff" || files["b"].Mode != filemode.Executable {
		t.Errorf("%v, %v", files, err)
	}
	if _, token, ok := r.host.UserByToken("t"); !ok || !slices.Equal(token.Scopes, []string{"read:user", "repo"}) {
		t.Errorf("the token is %+v", token)
	}
	if got := r.repo().Permission("guest"); got != fakehost.Write {
		t.Errorf("the guest has %s", got)
	}
	want := `{"a":{"base64":"dGV4dA==","mode":"100644"},"b":{"base64":"AP8=","mode":"100755"}}`
	if got := r.do("GET", "tree?repository=owner/repo&branch=main", ""); strings.TrimSpace(got) != want {
		t.Errorf("the tree is %s", got)
	}
}

func TestControl_Commit(t *testing.T) {
	t.Parallel()
	r := withRepo(t)
	var answer struct{ SHA string }
	text := r.do("POST", "commits", `{"repository":"owner/repo","branch":"main","author":"owner","message":"m","files":{"a":null,"c":{"content":"new"}}}`)
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatal(err)
	}
	head, _ := r.repo().Head("main")
	commit, err := r.repo().CommitByID(head)
	if err != nil || head.String() != answer.SHA || commit.Author.Name != "O" || commit.Message != "m" {
		t.Errorf("%s, %+v, %v", text, commit, err)
	}
	root, _ := r.repo().TreeOf(head)
	want := `{"main":{"commit":"` + head.String() + `","tree":"` + root.String() + `"}}`
	if got := r.do("GET", "branches?repository=owner/repo", ""); strings.TrimSpace(got) != want {
		t.Errorf("the branches are %s", got)
	}
}

func TestControl_Groups(t *testing.T) {
	t.Parallel()
	r := newRemote(t)
	for _, login := range []string{"team/web", "friends"} {
		r.do("POST", "users", `{"login":"`+login+`","organization":true}`)
	}
	r.do("POST", "repositories", `{"owner":"team/web","name":"site","private":true,"files":{"a":{"content":"x"}}}`)
	r.do("POST", "members", `{"group":"team","login":"ann","permission":"write"}`)
	r.do("POST", "members", `{"group":"friends","login":"ben","permission":"admin"}`)
	r.do("POST", "shares", `{"repository":"team/web/site","group":"friends","permission":"read"}`)
	repo, found := r.host.Repository("team/web", "site")
	if !found || repo.Permission("ann") != fakehost.Write || repo.Permission("ben") != fakehost.Read {
		t.Errorf("%t, %s, %s", found, repo.Permission("ann"), repo.Permission("ben"))
	}
	for _, wrong := range []string{`{"group":"team","login":"ann","permission":"all"}`, `{"team":"team"}`} {
		if status, _ := r.send("POST", "members", wrong); status != http.StatusBadRequest {
			t.Errorf("%s is taken", wrong)
		}
	}
	if status, _ := r.send("POST", "shares", `{"repository":"none","group":"friends","permission":"read"}`); status != http.StatusBadRequest {
		t.Error("a repository that isn't there is shared")
	}
}

func TestControl_GitLabsSettings(t *testing.T) {
	t.Parallel()
	r := newRemote(t)
	r.do("POST", "settings", `{"noTotals":true,"headLag":1,"rebasePoll":2,"maxComplexity":3}`)
	if s := r.host.Settings(); !s.NoTotals || s.HeadLag != 1 || s.RebasePoll != 2 || s.MaxComplexity != 3 {
		t.Errorf("the settings are %+v", s)
	}
}

func TestControl_Conditions(t *testing.T) {
	t.Parallel()
	r := withRepo(t)
	r.do("POST", "protection", `{"repository":"owner/repo","branch":"main","requiredChecks":["ci"],"requiredReviews":1}`)
	if p, ok := r.repo().Protection("main"); !ok || p.RequiredReviews != 1 || len(p.RequiredChecks) != 1 {
		t.Errorf("the protection is %+v", p)
	}
	r.do("POST", "protection", `{"repository":"owner/repo","branch":"main","off":true}`)
	if _, ok := r.repo().Protection("main"); ok {
		t.Error("it is still protected")
	}
	r.do("POST", "statuses", `{"repository":"owner/repo","ref":"main","context":"ci","state":"success","targetURL":"https://x.example"}`)
	r.do("POST", "checks", `{"repository":"owner/repo","ref":"main","name":"build","conclusion":"success"}`)
	r.do("POST", "deployments", `{"repository":"owner/repo","ref":"main","environment":"preview","state":"success","environmentURL":"https://y.example"}`)
	head, _ := r.repo().Head("main")
	s, c, d := r.repo().Statuses(head), r.repo().CheckRuns(head), r.repo().Deployments()
	if len(s) != 1 || s[0].TargetURL != "https://x.example" || len(c) != 1 || len(d) != 1 || d[0].Statuses[0].EnvironmentURL != "https://y.example" {
		t.Errorf("%+v %+v %+v", s, c, d)
	}
	r.do("POST", "commits", `{"repository":"owner/repo","branch":"x","message":"m","files":{"c":{"content":"new"}}}`)
	p, err := r.repo().CreatePull(fakehost.NewPull{By: "owner", HeadBranch: "x", BaseBranch: "main"})
	if err != nil {
		t.Fatal(err)
	}
	r.do("POST", "reviews", `{"repository":"owner/repo","number":1,"author":"guest","state":"APPROVED"}`)
	r.do("POST", "comments", `{"repository":"owner/repo","number":1,"author":"guest","text":"Hm.","count":3}`)
	if p, _ := r.repo().Pull(1); p.CommentCount() != 3 || p.Comments()[2].Text != "Hm." {
		t.Errorf("the comments are %v", p.Comments())
	}
	if p, _ = r.repo().Pull(p.Number); len(p.Reviews) != 1 || p.Reviews[0].Author != "guest" {
		t.Errorf("the reviews are %+v", p.Reviews)
	}
	if got := r.do("POST", "lfs", `{"repository":"owner/repo","content":"large"}`); !strings.Contains(got, `"size":5`) {
		t.Errorf("LFS: %s", got)
	}
	sum := sha256.Sum256([]byte("large"))
	if got := strings.TrimSpace(r.do("GET", "lfs?repository=owner/repo", "")); got != fmt.Sprintf(`{"%x":5}`, sum) {
		t.Errorf("LFS holds %s", got)
	}
	r.do("POST", "permissions", `{"repository":"owner/repo","login":"guest","permission":"none"}`)
	if got := r.repo().Permission("guest"); got != fakehost.Read {
		t.Errorf("the guest has %s", got)
	}
}

func TestControl_Trouble(t *testing.T) {
	t.Parallel()
	r := withRepo(t)
	r.do("POST", "settings", `{"latency":40,"treeLimit":7,"lfsUsable":true,"lfs":{"refuse":507,"lose":true}}`)
	if s := r.host.Settings(); s.Latency != 40*time.Millisecond || s.TreeLimit != 7 || !s.LFSUsable || s.HourlyLimit != 5000 ||
		s.LFS != (fakehost.LFSTrouble{Refuse: 507, Lose: true}) {
		t.Errorf("the settings are %+v", s)
	}
	r.do("POST", "settings", `{"latency":0}`)
	r.do("POST", "faults", `{"path":"/x","count":1,"status":429,"retryAfter":2000}`)
	r.do("POST", "limits", `{"login":"owner","resource":"core","remaining":3,"reset":60000}`)
	if rate, _ := r.host.Spend("owner", "core", 0); rate.Remaining() != 3 {
		t.Errorf("the limit is %+v", rate)
	}
	var seen fakehost.Effect
	served := r.host.Serve(http.NotFoundHandler(), func(w http.ResponseWriter, _ *http.Request, e fakehost.Effect) {
		seen = e
		w.WriteHeader(e.Status)
	})
	ask := func() { served.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/x?y=1", nil)) }
	ask()
	if seen.Status != 429 || seen.RetryAfter != 2*time.Second {
		t.Errorf("the effect is %+v", seen)
	}
	r.do("POST", "faults", `{"status":502}`)
	r.do("DELETE", "faults", "")
	ask()
	want := `[{"method":"GET","path":"/x","query":"y=1","status":429,"faulty":true},{"method":"GET","path":"/x","query":"y=1","status":404}]`
	if got := r.do("GET", "requests", ""); strings.TrimSpace(got) != want {
		t.Errorf("the log is %s", got)
	}
	r.do("DELETE", "requests", "")
	if got := r.do("GET", "requests", ""); strings.TrimSpace(got) != "[]" {
		t.Errorf("the log is %s", got)
	}
}

func TestControl_Reset(t *testing.T) {
	t.Parallel()
	r := withRepo(t)
	r.do("POST", "reset", "")
	if _, ok := r.host.Repository("owner", "repo"); ok || r.seeded != 1 {
		t.Errorf("seeded %d times", r.seeded)
	}
	r.do("POST", "reset", `{"empty":true}`)
	if r.seeded != 1 {
		t.Error("an empty host was seeded")
	}
}

func TestControl_Mistakes(t *testing.T) {
	t.Parallel()
	r := withRepo(t)
	for _, c := range []struct{ path, body, text string }{
		{"faults", `{"stauts":502}`, "stauts"},
		{"commits", `{"repository":"owner/none"}`, `no repository \"owner/none\"`},
		{"statuses", `{"repository":"owner/repo","ref":"none"}`, `no commit \"none\"`},
		{"repositories", `{"owner":"owner","name":"repo"}`, "exists already"},
		{"repositories", `{"owner":"owner","name":"x","files":{"a":{"mode":"x"}}}`, "not a file mode"},
		{"permissions", `{"repository":"owner/repo","login":"a","permission":"all"}`, "permission"},
		{"users", ``, "EOF"},
	} {
		status, answer := r.send("POST", c.path, c.body)
		if status != http.StatusBadRequest || !strings.Contains(answer, c.text) {
			t.Errorf("%s %s: %d %s", c.path, c.body, status, answer)
		}
	}
	if status, _ := r.send("GET", "tree?repository=owner/repo&branch=none", ""); status != http.StatusBadRequest {
		t.Errorf("a missing branch: %d", status)
	}
}

func TestControl_AnyOrigin(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	newRemote(t).handler.ServeHTTP(w, httptest.NewRequest("OPTIONS", Prefix+"reset", nil))
	body, err := io.ReadAll(w.Body)
	if w.Code != http.StatusNoContent || w.Header().Get("Access-Control-Allow-Origin") != "*" || len(body) != 0 || err != nil {
		t.Errorf("%d %v %q", w.Code, w.Header(), body)
	}
}
