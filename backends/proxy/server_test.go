package proxy

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"mooring/backends/cms"
	"mooring/backends/rest/nethttp"
)

// realServer is one proxy server over a repository of its own.
type realServer struct {
	t    *testing.T
	dir  string
	url  string
	git  bool // MODE=git
	kill func()
	o    Options
}

// pairs are the servers and modes that all scenarios run against.
var pairs = []struct{ name, script, mode string }{
	{"static-fs", "@staticcms/proxy-server/dist/index.js", "fs"},
	{"static-git", "@staticcms/proxy-server/dist/index.js", "git"},
	{"decap-fs", "decap-server/dist/index.js", "fs"},
	{"decap-git", "decap-server/dist/index.js", "git"},
}

// nodeScript finds an installed server above the test's directory.
func nodeScript(t *testing.T, script string) string {
	t.Helper()
	if dir := os.Getenv("MOORING_NODE_MODULES"); dir != "" {
		return filepath.Join(dir, filepath.FromSlash(script))
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		file := filepath.Join(dir, "node_modules", filepath.FromSlash(script))
		if _, err := os.Stat(file); err == nil {
			return file
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatalf("%s is not installed: run `npm ci` in the project's root", script)
		}
		dir = parent
	}
}

// start makes a repository with files in it and serves it.
func start(t *testing.T, script, mode string, files map[string]string) *realServer {
	t.Helper()
	s := &realServer{t: t, dir: filepath.Join(t.TempDir(), "repo"), git: mode == "git"}
	if err := os.Mkdir(s.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s.run("init", "-q", "-b", "main")
	s.run("config", "user.email", "test@example.com")
	s.run("config", "user.name", "Test")
	s.commit("start", files)
	port := freePort(t)
	cmd := exec.Command("node", nodeScript(t, script))
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "GIT_REPO_DIRECTORY="+s.dir, "PORT="+port, "MODE="+mode,
		"LOG_LEVEL=error", "BIND_HOST=127.0.0.1")
	if err := cmd.Start(); err != nil {
		t.Fatalf("the tests need Node and Git: %v", err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	s.kill = func() { _ = cmd.Process.Kill(); <-ended }
	t.Cleanup(s.kill)
	s.url = "http://127.0.0.1:" + port + "/api/v1"
	s.o = Options{URL: s.url, MediaFolder: "static/img", PublicFolder: "/img"}
	s.await(ended)
	return s
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

func (s *realServer) await(ended chan struct{}) {
	s.t.Helper()
	c := s.client(s.o)
	for range 200 {
		if status, err := c.Status(context.Background()); err == nil && status.API {
			return
		}
		select {
		case <-ended:
			s.t.Fatal("the proxy server ended at once: run `npm ci` in the project's root")
		case <-time.After(50 * time.Millisecond):
		}
	}
	s.t.Fatal("the proxy server did not start within ten seconds")
}

func (s *realServer) client(o Options) *Client {
	s.t.Helper()
	doer := nethttp.New(20 * time.Second)
	s.t.Cleanup(doer.Close)
	o.Report = func(err error) { s.t.Logf("reported: %v", err) }
	c, err := Open(o, doer)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// run is git in the repository.
func (s *realServer) run(args ...string) string {
	s.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "core.quotePath=false"}, args...)...)
	cmd.Dir = s.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (s *realServer) commit(message string, files map[string]string) {
	s.t.Helper()
	for name, text := range files {
		file := filepath.Join(s.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			s.t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			s.t.Fatal(err)
		}
	}
	s.run("add", ".")
	s.run("commit", "-q", "--allow-empty", "-m", message)
}

// wantFile checks a file: in git mode what is committed, else what is on disk.
func (s *realServer) wantFile(path, want string) {
	s.t.Helper()
	if s.git {
		s.wantIn("main", path, want)
		return
	}
	got, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(path)))
	if err != nil || string(got) != want {
		s.t.Errorf("%s: got %q, %v; want %q", path, got, err, want)
	}
}

func (s *realServer) wantIn(branch, path, want string) {
	s.t.Helper()
	if got := s.run("show", branch+":"+path); got != want {
		s.t.Errorf("%s:%s: got %q, want %q", branch, path, got, want)
	}
}

// wantNone checks that a file is gone from the work tree and from branch.
func (s *realServer) wantNone(branch, path string) {
	s.t.Helper()
	if s.git {
		if out := s.run("ls-tree", "-r", "--name-only", branch, "--", path); out != "" {
			s.t.Errorf("%s still has %s", branch, path)
		}
		return
	}
	if _, err := os.Stat(filepath.Join(s.dir, filepath.FromSlash(path))); err == nil {
		s.t.Errorf("%s is still there", path)
	}
}

// wantCommit checks the last commit's message and that nothing is left over.
func (s *realServer) wantCommit(branch, subject string) {
	s.t.Helper()
	if !s.git {
		return
	}
	if got := strings.TrimSpace(s.run("log", "-1", "--format=%s", branch)); got != subject {
		s.t.Errorf("last commit of %s: got %q, want %q", branch, got, subject)
	}
	if got := s.run("status", "--porcelain"); got != "" {
		s.t.Errorf("work tree not clean:\n%s", got)
	}
}

func oneFile(path, raw string) cms.EntryDraft {
	return cms.EntryDraft{Files: []cms.DataFile{{Path: path, Slug: "slug", Raw: raw}}}
}
