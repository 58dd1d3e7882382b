package gitea_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"mooring/backends/driver"
	"mooring/backends/drivertest"
	"mooring/backends/gitea"
	"mooring/backends/rest"
	"mooring/backends/rest/nethttp"
)

// real is a real Gitea or Forgejo, in whose token's account repositories are made for
// the tests, and removed again.
type real struct {
	url, token, owner string
}

// realServer is the one that the environment names: its address, and a token that may do
// everything.
func realServer(t *testing.T) real {
	t.Helper()
	s := real{url: strings.TrimSuffix(os.Getenv("MOORING_GITEA_URL"), "/"), token: os.Getenv("MOORING_GITEA_TOKEN")}
	if s.url == "" || s.token == "" {
		t.Skip("no real server: MOORING_GITEA_URL and MOORING_GITEA_TOKEN are not set")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git, with which repositories are pushed to the real server")
	}
	var user struct{ Login string }
	s.call(t, "GET", "/user", nil, &user)
	s.owner = user.Login
	return s
}

// TestReal_Conformance runs the conformance suite against it.
func TestReal_Conformance(t *testing.T) {
	t.Parallel()
	s := realServer(t)
	drivertest.Run(t, drivertest.Harness{
		Open:    s.opened,
		Nobody:  func(t *testing.T) driver.Driver { return s.open(t, "nobody", "any/thing", s.url) },
		Missing: func(t *testing.T) driver.Driver { return s.open(t, s.token, s.owner+"/no-such-repository", s.url) },
	})
}

// opened makes a repository, and a door to it that can lose answers.
func (s real) opened(t *testing.T, files map[string]drivertest.File) drivertest.Opened {
	t.Helper()
	name := "mooring-" + strings.ToLower(rand.Text())
	s.call(t, "POST", "/user/repos", map[string]any{"name": name, "default_branch": "main", "private": true}, nil)
	t.Cleanup(func() { s.call(t, "DELETE", "/repos/"+s.owner+"/"+name, nil, nil) })
	s.push(t, name, files)
	s.awaitCommit(t, name)
	door := &losingDoor{}
	target, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	door.to = httputil.NewSingleHostReverseProxy(target)
	door.to.ErrorLog = nil
	server := httptest.NewServer(door)
	t.Cleanup(server.Close)
	protect := func(rule map[string]any) {
		s.call(t, "POST", "/repos/"+s.owner+"/"+name+"/branch_protections", rule, nil)
	}
	return drivertest.Opened{
		Driver: s.open(t, s.token, s.owner+"/"+name, server.URL), Branch: "main", LoseAnswer: door.lose,
		Protect: func(branch string) { protect(map[string]any{"rule_name": branch, "enable_push": false}) },
		RefuseMerge: func(int) string {
			protect(map[string]any{"rule_name": "main", "enable_push": true, "required_approvals": 1})
			return "approvals"
		},
	}
}

func (s real) open(t *testing.T, token, repo, server string) driver.Driver {
	t.Helper()
	client := nethttp.New(5 * time.Minute)
	t.Cleanup(client.Close)
	r, err := gitea.Open(gitea.Config{Repo: repo, APIRoot: server + "/api/v1"}, gitea.Env{
		Doer: client, Token: func(context.Context) (string, error) { return token, nil },
		Govern: rest.Options{Concurrency: 3},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// call speaks to the server's API behind the driver's back.
func (s real) call(t *testing.T, method, path string, body, answer any) {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(method, s.url+"/api/v1"+path, bytes.NewReader(data)) // also once the test's context has ended
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "token "+s.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		t.Fatalf("%s %s: %s %s, %v", method, path, res.Status, text, err)
	}
	if answer != nil {
		if err := json.Unmarshal(text, answer); err != nil {
			t.Fatal(err)
		}
	}
}

// push makes the first commit, with Git itself.
func (s real) push(t *testing.T, name string, files map[string]drivertest.File) {
	t.Helper()
	var in bytes.Buffer
	fmt.Fprintf(&in, "commit refs/heads/main\ncommitter A Seed <seed@example.com> %d +0000\ndata 4\nSeed\n", time.Now().Unix())
	for path, f := range files {
		mode := f.Mode
		if mode == 0 {
			mode = driver.ModeRegular
		}
		quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(path)
		fmt.Fprintf(&in, "M %o inline \"%s\"\ndata %d\n%s\n", mode, quoted, len(f.Data), f.Data)
	}
	address, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	address.User = url.UserPassword(s.owner, s.token)
	dir := t.TempDir()
	for _, args := range [][]string{
		{"init", "-q", "--bare"}, {"fast-import", "--quiet"},
		{"push", "-q", address.String() + "/" + s.owner + "/" + name + ".git", "main"},
	} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		if args[0] == "fast-import" {
			cmd.Stdin = &in
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
}

// awaitCommit waits until the server has noticed that the repository is not empty.
func (s real) awaitCommit(t *testing.T, name string) {
	t.Helper()
	for {
		var repo struct{ Empty bool }
		s.call(t, "GET", "/repos/"+s.owner+"/"+name, nil, &repo)
		if !repo.Empty {
			return
		}
		if err := rest.RealClock().Sleep(t.Context(), 20*time.Millisecond); err != nil {
			t.Fatal("the server has not noticed the first commit: ", err)
		}
	}
}

// losingDoor stands before a server, and loses one answer when asked to.
type losingDoor struct {
	to *httputil.ReverseProxy

	mu   sync.Mutex
	left int // requests until the answer is lost; 0: none is
}

func (d *losingDoor) lose(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.left = n
}

func (d *losingDoor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	lost := d.left == 1
	d.left = max(d.left-1, 0)
	d.mu.Unlock()
	if !lost {
		d.to.ServeHTTP(w, r)
		return
	}
	d.to.ServeHTTP(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler)
}

// TestReal_PullFiles compares what a real server's diffs tell with what comparing tells.
func TestReal_PullFiles(t *testing.T) {
	t.Parallel()
	s := realServer(t)
	text := "---\ntitle: A\n---\n\nSome text,\nof several lines,\nwith spaces at an end  \nand none behind"
	o := s.opened(t, files("edit.md", text, "both.md", text, "drop.md", text+"1", "from.md", text+"2", "empty.md", "", "run.sh", "x\n"))
	r := o.Driver.(*gitea.Repo)
	base, err := r.Head(t.Context(), "main")
	if err != nil {
		t.Fatal(err)
	}
	for i, changes := range [][]driver.Change{
		{put("posts/new ünï.md", "new\r\n\ntext"), put("void.md", ""), put("tab\tand \"quote\\.md", "odd\n")},
		{put("edit.md", "first\n"+text+"\n"), put("empty.md", "no more\n")},
		{put("both.md", text+"!"), put("picture.png", "\x89PNG\x00\xff")},
		{{Op: driver.Delete, Path: "drop.md"}, {Op: driver.Move, From: "from.md", Path: "sub/to.md"}},
		{{Op: driver.Move, From: "edit.md", Path: "moved.md", Data: []byte(text + "\nmore\n")}},
	} {
		branch := fmt.Sprintf("cms/posts/%d", i)
		if _, err := r.Commit(t.Context(), driver.Commit{Branch: branch, Base: base, Message: "Draft", Changes: changes}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.OpenPull(t.Context(), driver.NewPull{Head: branch, Base: "main", Title: branch, Body: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Commit(t.Context(), edit(base, put("both.md", "published meanwhile"))); err != nil {
		t.Fatal(err)
	}
	pulls, err := r.Pulls(t.Context(), "main", "cms/")
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.PullFiles(t.Context(), pulls)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pulls {
		want, err := r.Compare(t.Context(), base, p.HeadCommit)
		if err != nil {
			t.Fatal(err)
		}
		if ids(got[i]) != ids(want.Files) {
			t.Errorf("%s:\n got %s\nwant %s", p.Head, ids(got[i]), ids(want.Files))
		}
	}
}
